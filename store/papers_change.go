package store

import (
	"context"
	"fmt"

	"foyer/registration"
)

// PaperChanges is what a list of papers changes.
type PaperChanges struct {
	Set    []registration.Paper // new, or as they are now
	Remove []string             // numbers that are no longer on the list
}

// ChangePapers stores papers in one transaction. A second call changes nothing more. Orders that cover a removed paper keep it.
func (s *Store) ChangePapers(ctx context.Context, e *registration.Event, c PaperChanges, actor string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		for i := range c.Set {
			if err := setPaper(tx, e.ID, &c.Set[i]); err != nil {
				return err
			}
		}
		for _, number := range c.Remove {
			if _, err := tx.Exec(`UPDATE papers SET removed = TRUE WHERE id = $1`, paperID(e.ID, number)); err != nil {
				return fmt.Errorf("remove paper: %w", err)
			}
		}
		return auditRow(tx, audit{actor: actor, what: "event", eventID: e.ID, to: "papers", reason: fmt.Sprintf("%d + %d", len(c.Set), len(c.Remove))})
	})
}

func paperID(eventID, number string) string { return eventID + "/" + number }

// setPaper makes a paper or changes it, with the quota of its one place.
func setPaper(tx *Tx, eventID string, p *registration.Paper) error {
	contacts := "[]"
	if len(p.Contacts) > 0 {
		contacts = toJSON(p.Contacts)
	}
	_, err := tx.Exec(`INSERT INTO papers (id, event_id, number, sort, title, authors, contacts, removed, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, $8) ON CONFLICT (id) DO UPDATE SET title = $5, authors = $6, contacts = $7, removed = FALSE`,
		paperID(eventID, p.Number), eventID, p.Number, registration.PaperOrder(p.Number), p.Title, p.Authors, contacts, ms(tx.Now()))
	if err != nil {
		return fmt.Errorf("store paper: %w", err)
	}
	key := registration.PaperQuota(p.Number)
	if _, err := tx.Exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, $3, 1, 0, 0) ON CONFLICT (id) DO NOTHING`,
		quotaID(eventID, key), eventID, key); err != nil {
		return fmt.Errorf("make paper's place: %w", err)
	}
	return nil
}
