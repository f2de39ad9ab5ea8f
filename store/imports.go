package store

import (
	"context"
	"fmt"
	"time"
)

// Import is a list that staff have uploaded.
type Import struct {
	ID    string
	Kind  string // one of Import…
	Name  string // of the file
	Body  []byte // for KeepImport; ImportBody reads it
	State string // one of Import…
	Total int64  // rows that are to be taken over

	Options   string // how it is to be taken over, in the words of whoever does
	Actor     string
	CreatedAt time.Time
	EndedAt   time.Time // zero until done
}

// What lists there are.
const (
	ImportPapers = "papers"
	ImportOrders = "orders"
)

// States of an import.
const (
	ImportKept    = "kept"    // uploaded, nothing was done yet
	ImportRunning = "running" // it is being taken over
	ImportDone    = "done"    // every row was looked at
)

// importLife is how long an uploaded list is kept that nobody takes over.
const importLife = 24 * time.Hour

// KeepImport stores an uploaded list for a day, and deletes those whose day is over.
func (s *Store) KeepImport(ctx context.Context, eventID string, i Import) (id string, err error) {
	id = newID()
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		if _, err := tx.Exec(`DELETE FROM imports WHERE state = 'kept' AND created_at < $1`, ms(tx.Now().Add(-importLife))); err != nil {
			return fmt.Errorf("delete old imports: %w", err)
		}
		_, err := tx.Exec(`INSERT INTO imports (id, event_id, kind, name, body, state, options, total, actor, created_at, ended_at)
			VALUES ($1, $2, $3, $4, $5, 'kept', $6, $7, $8, $9, 0)`,
			id, eventID, i.Kind, clip(i.Name, 200), i.Body, i.Options, i.Total, i.Actor, ms(tx.Now()))
		if err != nil {
			return fmt.Errorf("keep import: %w", err)
		}
		return nil
	})
	return id, err
}

// Import reads what is known of an uploaded list, without its body; CodeNotFound when it is gone.
func (s *Store) Import(ctx context.Context, eventID, id string) (*Import, error) {
	i := &Import{ID: id}
	var created, ended int64
	err := s.Row(ctx, `SELECT kind, name, state, total, options, actor, created_at, ended_at FROM imports WHERE id = $1 AND event_id = $2`, clip(id, 64), eventID).
		Scan(&i.Kind, &i.Name, &i.State, &i.Total, &i.Options, &i.Actor, &created, &ended)
	i.CreatedAt, i.EndedAt = at(created), at(ended)
	return i, notFound(err, "import.gone")
}

// ImportBody reads the file of an uploaded list, which may have megabytes; CodeNotFound when it is gone.
func (s *Store) ImportBody(ctx context.Context, eventID, id string) (body []byte, err error) {
	err = s.Row(ctx, `SELECT body FROM imports WHERE id = $1 AND event_id = $2`, clip(id, 64), eventID).Scan(&body)
	return body, notFound(err, "import.gone")
}
