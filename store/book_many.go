package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

// around is what surrounds a payment: which rows a change to it may touch.
type around struct {
	paymentID string
	chargeID  string
	orderID   string
	event     *registration.Event
	taken     map[string]int64
	channel   string
	keys      *Keys
}

func (s *Store) change(ctx context.Context, paymentID string, fn func(payments.Book) error) error {
	all, err := s.around(ctx, []string{paymentID})
	if err != nil {
		return err
	}
	locks, err := locksAround(all)
	if err != nil {
		return err
	}
	return s.Write(ctx, locks, func(tx *Tx) error {
		c, err := openBatch(tx, all)
		if err != nil {
			return err
		}
		for _, b := range c.books {
			if err := fn(b); err != nil {
				return err
			}
		}
		return c.close()
	})
}

// around reads which rows belong to each payment. They never change, but for what an expired order takes when it is renewed, and a paid
// one when it is amended; the lock of a quota that is missed then shows as an undeclared lock, not as a wrong count, and the change
// reads again.
func (s *Store) around(ctx context.Context, paymentIDs []string) ([]around, error) {
	in, args := placeholders(padded(paymentIDs))
	rows, err := s.Rows(ctx, `SELECT p.id, p.order_id, p.event_id, o.taken, c.key, p.charge_id, p.charge_no FROM payments p JOIN orders o ON o.id = p.order_id
		JOIN channels c ON c.id = p.channel_id WHERE p.id IN (`+in+`)`, args...)
	if err != nil {
		return nil, fmt.Errorf("read what surrounds payments: %w", err)
	}
	events, found := map[string]*registration.Event{}, map[string]around{}
	later := map[string]bool{} // payments of a later charge than the first
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		a := around{keys: s.keys, event: &registration.Event{}}
		var taken string
		var no int64
		if err := r.Scan(&a.paymentID, &a.orderID, &a.event.ID, &taken, &a.channel, &a.chargeID, &no); err != nil {
			return struct{}{}, err
		}
		err := fromJSON(taken, &a.taken)
		found[a.paymentID], events[a.event.ID], later[a.paymentID] = a, nil, no > 1
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what surrounds payments: %w", err)
	}
	return s.complete(ctx, paymentIDs, found, events, later)
}

// complete gives what was found in the order of ids, with the events, and with the quotas of the change that a later charge is for.
func (s *Store) complete(ctx context.Context, ids []string, found map[string]around, events map[string]*registration.Event, later map[string]bool) ([]around, error) {
	for id := range events {
		var err error
		if events[id], err = s.EventByID(ctx, id); err != nil {
			return nil, err
		}
	}
	all := make([]around, 0, len(ids))
	for _, id := range ids {
		a, ok := found[id]
		if !ok {
			return nil, registration.Fail(registration.CodeNotFound, "payment.unknown")
		}
		a.event = events[a.event.ID]
		if later[id] {
			if err := s.aroundAmendment(ctx, a.chargeID, a.taken); err != nil {
				return nil, err
			}
		}
		all = append(all, a)
	}
	return all, nil
}

// locksAround are the rows that changes to some payments may touch. The payments are of different orders: a book knows nothing of what
// another one of its order does at the same time.
func locksAround(all []around) (Locks, error) {
	quotas, orders, series := map[string]bool{}, map[string]bool{}, map[string]bool{}
	var locks Locks
	for _, a := range all {
		if orders[a.orderID] {
			return locks, fmt.Errorf("two payments of order %s in one change", a.orderID)
		}
		orders[a.orderID] = true
		for _, id := range quotaIDs(a.event.ID, a.taken) {
			quotas[id] = true
		}
		series[seriesOf(a.event, kindReceipt)], series[seriesOf(a.event, kindCorrection)] = true, true
		if a.paymentID != "" {
			locks.Payments = append(locks.Payments, a.paymentID)
		}
	}
	slices.Sort(locks.Payments)
	locks.Quotas, locks.Orders, locks.Series = slices.Sorted(maps.Keys(quotas)), slices.Sorted(maps.Keys(orders)), slices.Sorted(maps.Keys(series))
	return locks, nil
}
