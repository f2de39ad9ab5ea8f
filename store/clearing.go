package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// JobClear is the kind of the jobs of a clearing: each cancels one order, with all its money back.
const JobClear = "clear"

// Clearing cancels all orders of an event that is cancelled, and gives all their money back.
type Clearing struct {
	ID, EventID, Actor, Reason  string
	At                          time.Time
	Waiting, Done, Failed       int64 // orders
	Refunded, Underway, Refused []registration.Money
	Trouble                     []ClearingTrouble // orders that need somebody, at most a hundred
}

// ClearingTrouble is an order that was not cancelled, or whose money did not go back.
type ClearingTrouble struct{ Code, Error string }

// ClearingJob is what a job of a clearing has to know.
type ClearingJob struct{ Clearing, Order, Actor, Reason string }

// clearable is which orders a clearing cancels: those that are alive. Checks of channels end by themselves.
const clearable = `event_id = $1 AND kind = '' AND state IN ('` + string(registration.OrderPending) + `', '` + string(registration.OrderPaid) + `', '` + string(registration.OrderAwaiting) + `')`

// clearingState is how an order of a clearing c stands: one whose job was given up waits for nobody.
const clearingState = `CASE WHEN c.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.kind = '` + JobClear + `' AND j.key = c.order_id AND j.state = 'open')
	THEN 'failed' ELSE c.state END`

// CountClearable tells how many orders a clearing would cancel now.
func (s *Store) CountClearable(ctx context.Context, eventID string) (n int64, err error) {
	if err = s.Row(ctx, `SELECT COUNT(*) FROM orders WHERE `+clearable, eventID).Scan(&n); err != nil {
		return 0, fmt.Errorf("count orders: %w", err)
	}
	return n, nil
}

// Clear begins to cancel every order of an event that is alive, one job each, in one transaction. While one is under way a second call
// begins none; orders whose job was given up are begun again.
func (s *Store) Clear(ctx context.Context, eventID, actor, reason string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		if _, err := tx.Exec(`UPDATE events SET updated_at = updated_at WHERE id = $1`, eventID); err != nil { // one at a time
			return fmt.Errorf("lock event: %w", err)
		}
		var open int64
		err := tx.Row(`SELECT COUNT(*) FROM clearing_orders c JOIN clearings k ON k.id = c.clearing_id WHERE k.event_id = $1 AND `+clearingState+` = 'waiting'`, eventID).Scan(&open)
		if err != nil || open > 0 {
			return err
		}
		_, err = tx.Exec(`UPDATE clearing_orders SET state = 'failed', error = 'given up', ended_at = $2
			WHERE state = 'waiting' AND clearing_id IN (SELECT id FROM clearings WHERE event_id = $1)`, eventID, ms(tx.Now()))
		if err != nil {
			return fmt.Errorf("end what was given up: %w", err)
		}
		rows, err := tx.Rows(`SELECT id FROM orders WHERE `+clearable+` ORDER BY id`, eventID)
		if err != nil {
			return fmt.Errorf("list orders: %w", err)
		}
		ids, err := scanAll(rows, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
		if err != nil || len(ids) == 0 {
			return err
		}
		c := newID()
		_, err = tx.Exec(`INSERT INTO clearings (id, event_id, actor, reason, created_at) VALUES ($1, $2, $3, $4, $5)`, c, eventID, actor, reason, ms(tx.Now()))
		if err != nil {
			return fmt.Errorf("begin clearing: %w", err)
		}
		for _, id := range ids {
			if err := addClearing(tx, ClearingJob{c, id, actor, reason}); err != nil {
				return err
			}
		}
		return auditRow(tx, audit{actor: actor, what: "event", eventID: eventID, to: "clearing", reason: reason})
	})
}

func addClearing(tx *Tx, j ClearingJob) error {
	_, err := tx.Exec(`INSERT INTO clearing_orders (clearing_id, order_id, state, error, ended_at) VALUES ($1, $2, 'waiting', '', 0)`, j.Clearing, j.Order)
	if err != nil {
		return fmt.Errorf("add order to clearing: %w", err)
	}
	payload, err := json.Marshal(j)
	if err != nil {
		return fmt.Errorf("write job: %w", err)
	}
	return tx.AddJob(Job{Kind: JobClear, Key: j.Order, Payload: payload, About: j.Order})
}

// EndClearing writes down that an order of a clearing is done, or why it is not. A second call changes nothing.
func (s *Store) EndClearing(ctx context.Context, j ClearingJob, wrong string) error {
	state := "done"
	if wrong != "" {
		state = "failed"
	}
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE clearing_orders SET state = $3, error = $4, ended_at = $5 WHERE clearing_id = $1 AND order_id = $2 AND state = 'waiting'`,
			j.Clearing, j.Order, state, wrong, ms(tx.Now()))
		return err
	})
}

// Clearing gives the newest clearing of an event with where it stands; ok is false when there is none.
func (s *Store) Clearing(ctx context.Context, eventID string) (c Clearing, ok bool, err error) {
	var begun int64
	err = s.Row(ctx, `SELECT id, event_id, actor, reason, created_at FROM clearings WHERE event_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1`, eventID).
		Scan(&c.ID, &c.EventID, &c.Actor, &c.Reason, &begun)
	if err = notFound(err, "event.unknown"); isNotFound(err) {
		return c, false, nil
	}
	if err != nil {
		return c, false, err
	}
	c.At = at(begun)
	for state, into := range map[string]*int64{"waiting": &c.Waiting, "done": &c.Done, "failed": &c.Failed} {
		if err := s.Row(ctx, `SELECT COUNT(*) FROM clearing_orders c WHERE clearing_id = $1 AND `+clearingState+` = $2`, c.ID, state).Scan(into); err != nil {
			return c, true, fmt.Errorf("count orders of clearing: %w", err)
		}
	}
	return c, true, s.clearingMoney(ctx, &c)
}

// clearingMoney adds what has gone back of a clearing's orders, what is on its way, and what needs somebody.
func (s *Store) clearingMoney(ctx context.Context, c *Clearing) error {
	rows, err := s.Rows(ctx, `SELECT r.state, r.currency, SUM(r.amount) FROM refunds r JOIN clearing_orders o ON o.order_id = r.order_id
		WHERE o.clearing_id = $1 GROUP BY r.state, r.currency ORDER BY r.currency, r.state`, c.ID)
	if err != nil {
		return fmt.Errorf("add up refunds: %w", err)
	}
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		var state string
		var sum registration.Money
		if err := r.Scan(&state, &sum.Cur, &sum.Minor); err != nil {
			return struct{}{}, err
		}
		into := &c.Underway
		switch payments.RefundState(state) {
		case payments.RefundDone:
			into = &c.Refunded
		case payments.RefundRefused:
			into = &c.Refused
		case payments.RefundRequested, payments.RefundSending, payments.RefundUnknown:
		}
		*into = addMoney(*into, sum)
		return struct{}{}, nil
	})
	if err != nil {
		return err
	}
	rows, err = s.Rows(ctx, `SELECT o.code, c.error FROM clearing_orders c JOIN orders o ON o.id = c.order_id
		WHERE c.clearing_id = $1 AND (`+clearingState+` = 'failed' OR EXISTS (SELECT 1 FROM refunds r WHERE r.order_id = o.id AND r.state IN ('refused', 'unknown')))
		ORDER BY o.code LIMIT 100`, c.ID)
	if err != nil {
		return fmt.Errorf("list orders of clearing: %w", err)
	}
	c.Trouble, err = scanAll(rows, func(r scanner) (t ClearingTrouble, err error) { return t, r.Scan(&t.Code, &t.Error) })
	return err
}

// addMoney adds an amount to the sum of its currency.
func addMoney(sums []registration.Money, m registration.Money) []registration.Money {
	for i := range sums {
		if sums[i].Cur == m.Cur {
			sums[i].Minor += m.Minor
			return sums
		}
	}
	return append(sums, m)
}
