package store

import (
	"context"
	"fmt"

	"foyer/registration"
)

// WaitingCounts says how many entries of an event are in each state, and whether offers are paused.
type WaitingCounts struct {
	Paused bool
	Of     map[registration.WaitingState]int64
}

// WaitingCounts counts the entries of an event's waiting list.
func (s *Store) WaitingCounts(ctx context.Context, eventID string) (WaitingCounts, error) {
	c := WaitingCounts{Of: map[registration.WaitingState]int64{}}
	if err := s.Row(ctx, `SELECT waiting_paused FROM events WHERE id = $1`, eventID).Scan(&c.Paused); err != nil {
		return c, notFound(err, "event.unknown")
	}
	rows, err := s.Rows(ctx, `SELECT state, COUNT(*) FROM waiting WHERE event_id = $1 GROUP BY state`, eventID)
	if err != nil {
		return c, fmt.Errorf("count who waits: %w", err)
	}
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		var state registration.WaitingState
		var n int64
		err := r.Scan(&state, &n)
		c.Of[state] = n
		return struct{}{}, err
	})
	return c, wrapped("count who waits", err)
}

// WaitingList lists the entries of an event in their order, those after the entry of id after ("" begins at the top), at most limit.
// open leaves out those that wait for nothing any more.
func (s *Store) WaitingList(ctx context.Context, eventID, after string, open bool, limit int) ([]*WaitingEntry, error) {
	rows, err := s.Rows(ctx, `SELECT `+waitingColumns+waitingFrom+` WHERE w.event_id = $1 AND (NOT $2 OR w.state IN ('waiting', 'offered'))
		AND ($3 = '' OR (w.created_at, w.id) > (SELECT a.created_at, a.id FROM waiting a WHERE a.id = $3))
		ORDER BY w.created_at, w.id LIMIT $4`, eventID, open, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list who waits: %w", err)
	}
	return scanAll(rows, scanWaiting)
}

// WaitingBefore counts who is in line before an entry and needs a place of the same quota.
func (s *Store) WaitingBefore(ctx context.Context, w *WaitingEntry) (int64, error) {
	rows, err := s.Rows(ctx, `SELECT w.needs FROM waiting w WHERE w.event_id = $1 AND w.state = 'waiting' AND (w.created_at < $2 OR (w.created_at = $2 AND w.id < $3))`,
		w.EventID, ms(w.JoinedAt), w.ID)
	if err != nil {
		return 0, fmt.Errorf("count who waits: %w", err)
	}
	before := int64(0)
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		var text string
		needs := map[string]int64{}
		if err := r.Scan(&text); err != nil {
			return struct{}{}, err
		}
		err := fromJSON(text, &needs)
		for key := range w.Needs {
			if needs[key] > 0 {
				before++
				break
			}
		}
		return struct{}{}, err
	})
	return before, wrapped("count who waits", err)
}

// LeaveWaiting takes an entry off the list, by its owner or by staff; places that were offered to it go to the next. A second call is
// harmless.
func (s *Store) LeaveWaiting(ctx context.Context, e *registration.Event, id, actor string) error {
	return s.changeWaiting(ctx, e, id, func(tx *Tx, w *WaitingEntry) error {
		if w.State == registration.WaitingOffered {
			return endOffer(tx, w, registration.WaitingLeft, actor)
		}
		_, err := moveWaiting(tx, w, registration.WaitingLeft, w.OfferUntil, actor)
		return err
	})
}

// OfferTo offers places to somebody out of their turn. It fails with CodeFull when there are none, and with CodeConflict when they do not
// wait any more.
func (s *Store) OfferTo(ctx context.Context, e *registration.Event, id, actor string) error {
	return s.changeWaiting(ctx, e, id, func(tx *Tx, w *WaitingEntry) error { return offer(tx, e, w, actor) })
}

// changeWaiting changes one entry of an event, and then offers what has become free.
func (s *Store) changeWaiting(ctx context.Context, e *registration.Event, id string, change func(*Tx, *WaitingEntry) error) error {
	return s.Write(ctx, Locks{Quotas: everyQuota(e)}, func(tx *Tx) error {
		w, err := scanWaiting(tx.Row(`SELECT `+waitingColumns+waitingFrom+` WHERE w.id = $1 AND w.event_id = $2`, id, e.ID))
		if err != nil {
			return err
		}
		if err := change(tx, w); err != nil {
			return err
		}
		_, err = offerFree(tx, e)
		return err
	})
}

// PauseWaiting stops offers that are made by themselves, or lets them go on. Places that become free are then put by for staff to offer.
// A second call is harmless.
func (s *Store) PauseWaiting(ctx context.Context, e *registration.Event, paused bool, actor string) error {
	return s.Write(ctx, Locks{Quotas: everyQuota(e)}, func(tx *Tx) error {
		n, err := tx.Exec(`UPDATE events SET waiting_paused = $2 WHERE id = $1 AND waiting_paused <> $2`, e.ID, paused)
		if err != nil || n == 0 {
			return wrapped("pause offers", err)
		}
		to := "waiting.resumed"
		if paused {
			to = "waiting.paused"
		}
		if err := auditRow(tx, audit{actor: actor, what: "event", eventID: e.ID, to: to}); err != nil {
			return err
		}
		_, err = offerFree(tx, e)
		return err
	})
}

// waitedFor reports whether somebody waits for a category or an extra.
func waitedFor(tx *Tx, eventID, id string) (bool, error) {
	all, err := entriesOf(tx, `w.event_id = $1 AND w.state IN ('waiting', 'offered')`, eventID)
	for _, w := range all {
		if w.Cart.Category == id || w.Cart.Extras[id] > 0 {
			return true, nil
		}
	}
	return false, err
}
