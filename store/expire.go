package store

import (
	"context"
	"errors"
	"fmt"

	"foyer/registration"
)

// ExpireHolds gives the places of orders back whose hold has run out, except while a payment of theirs is being confirmed or
// unknown, or waits for money without a deadline; so with changes of paid orders. It returns how many orders and changes ended. Any number of processes may call it at once.
func (s *Store) ExpireHolds(ctx context.Context) (int, error) {
	rows, err := s.Rows(ctx, `SELECT id, event_id, taken FROM orders WHERE state = 'pending' AND hold_until <= $1
		AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = orders.id AND (p.state IN ('confirming', 'unknown') OR (p.state = 'awaiting_deposit' AND p.deadline = 0)))
		ORDER BY hold_until LIMIT 500`, ms(s.Now()))
	if err != nil {
		return 0, fmt.Errorf("find ended holds: %w", err)
	}
	type hold struct {
		id, event, text string
		taken           map[string]int64
	}
	ended, err := scanAll(rows, func(r scanner) (h hold, err error) {
		if err := r.Scan(&h.id, &h.event, &h.text); err != nil {
			return h, err
		}
		return h, fromJSON(h.text, &h.taken)
	})
	if err != nil {
		return 0, fmt.Errorf("find ended holds: %w", err)
	}
	count := 0
	var failed []error
	for _, h := range ended {
		err := s.expire(ctx, h.id, h.event, h.text, h.taken)
		if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeConflict {
			continue // paid, extended, corrected or expired by somebody else meanwhile
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("order %s: %w", h.id, err)) // and it keeps no other order's places
			continue
		}
		count++
	}
	lapsed, err := s.lapseAmendments(ctx)
	return count + lapsed, errors.Join(append(failed, err)...)
}

// expire ends an order that has taken these places, in text as its row says it.
func (s *Store) expire(ctx context.Context, id, eventID, text string, taken map[string]int64) error {
	locks := Locks{Quotas: quotaIDs(eventID, taken), Orders: []string{id}}
	return s.Write(ctx, locks, func(tx *Tx) error {
		if err := tx.NeedOrder(id); err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE orders SET state = 'expired', places = 'none' WHERE id = $1 AND state = 'pending' AND places = 'held' AND hold_until <= $2 AND taken = $3
			AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.order_id = orders.id AND (p.state IN ('confirming', 'unknown') OR (p.state = 'awaiting_deposit' AND p.deadline = 0)))`,
			id, ms(tx.Now()), text)
		if err != nil {
			return fmt.Errorf("expire order: %w", err)
		}
		if n == 0 {
			return registration.Fail(registration.CodeConflict, "order.moved")
		}
		if err := movePlaces(tx, giveBackHeld, eventID, taken); err != nil {
			return err
		}
		return auditRow(tx, audit{actor: "system", what: "order", eventID: eventID, orderID: id, from: "pending", to: "expired"})
	})
}
