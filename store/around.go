package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

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

// around reads which rows belong to a payment. They never change, but for what an expired order takes when it is renewed, and a paid one
// when it is amended; the lock of a quota that is missed then shows as an undeclared lock, not as a wrong count, and the change reads
// again.
func (s *Store) around(ctx context.Context, paymentID string) (around, error) {
	a := around{paymentID: paymentID, keys: s.keys}
	var eventID, taken string
	var no int64
	err := s.Row(ctx, `SELECT p.order_id, p.event_id, o.taken, c.key, p.charge_id, p.charge_no FROM payments p JOIN orders o ON o.id = p.order_id
		JOIN channels c ON c.id = p.channel_id WHERE p.id = $1`, paymentID).Scan(&a.orderID, &eventID, &taken, &a.channel, &a.chargeID, &no)
	if err != nil {
		return a, notFound(err, "payment.unknown")
	}
	if err := fromJSON(taken, &a.taken); err != nil {
		return a, err
	}
	if a.event, err = s.EventByID(ctx, eventID); err != nil || no == 1 {
		return a, err
	}
	return a, s.aroundAmendment(ctx, a.chargeID, a.taken)
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
