package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"foyer/registration"
)

// DraftLife is how long a draft is kept after it was last saved.
const DraftLife = 48 * time.Hour

// SaveDraft keeps what an attendee has filled in so far, as JSON, under a token of which only the hash is kept. Saving again
// replaces it and lets it live for ttl from now.
func (s *Store) SaveDraft(ctx context.Context, token, eventID string, data []byte, ttl time.Duration) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO drafts (id, event_id, data, expires_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET event_id = excluded.event_id, data = excluded.data, expires_at = excluded.expires_at`,
			DraftID(token), eventID, string(data), ms(tx.Now().Add(ttl)))
		if err != nil {
			return fmt.Errorf("save draft: %w", err)
		}
		return nil
	})
}

// Draft gives back what SaveDraft kept, and for which event. CodeNotFound when there is none or it is over.
func (s *Store) Draft(ctx context.Context, token string) (data []byte, eventID string, err error) {
	var text string
	row := s.Row(ctx, `SELECT data, event_id FROM drafts WHERE id = $1 AND expires_at > $2`, DraftID(token), ms(s.Now()))
	if err := row.Scan(&text, &eventID); err != nil {
		return nil, "", notFound(err, "draft.unknown")
	}
	return []byte(text), eventID, nil
}

// DraftAndEvent is Event and Draft in one question, for the busiest post. Without a draft, data is nil; CodeNotFound when there is no
// event.
func (s *Store) DraftAndEvent(ctx context.Context, token, slug string) (e *registration.Event, data []byte, eventID string, err error) {
	if s.engine == SQLite {
		a := &draftAsk{id: DraftID(token), slug: slug}
		s.drafts.ask(ctx, s, a)
		return a.event, a.data, a.eventID, a.err
	}
	var version int64
	var text, of sql.NullString
	row := s.Row(ctx, `SELECT e.version, d.data, d.event_id FROM events e LEFT JOIN drafts d ON d.id = $1 AND d.expires_at > $2 WHERE e.slug = $3`,
		DraftID(token), ms(s.Now()), slug)
	if err := row.Scan(&version, &text, &of); err != nil {
		return nil, nil, "", notFound(err, "event.unknown")
	}
	if e, err = s.eventOf(ctx, slug, version); err != nil || !text.Valid {
		return e, nil, "", err
	}
	return e, []byte(text.String), of.String, nil
}

// DropDraft deletes a draft and its files. A second call is harmless.
func (s *Store) DropDraft(ctx context.Context, token string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		if _, err := tx.Exec(`DELETE FROM drafts WHERE id = $1`, DraftID(token)); err != nil {
			return err
		}
		return pruneFiles(tx)
	})
}

// PruneDrafts deletes drafts that are over, a thousand at most, with their files, and says how many.
func (s *Store) PruneDrafts(ctx context.Context) (n int64, err error) {
	err = s.Write(ctx, Locks{}, func(tx *Tx) (err error) {
		if n, err = tx.Exec(`DELETE FROM drafts WHERE id IN (SELECT id FROM drafts WHERE expires_at <= $1 LIMIT 1000)`, ms(tx.Now())); err != nil {
			return err
		}
		return pruneFiles(tx)
	})
	return n, err
}
