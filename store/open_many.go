package store

import (
	"context"
	"errors"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// OpenAll opens payments of different orders and runs fn on each that was not there before, in one transaction in which the orders, their
// quotas and the events' receipt series are locked. See payments.Ledger.
func (s *Store) OpenAll(ctx context.Context, all []payments.Opening, fn func(payments.Book) error) (made []payments.Payment, err error) {
	for range 3 {
		made, err = s.openAll(ctx, all, fn)
		if !errors.Is(err, ErrUndeclared) {
			break
		}
	}
	return made, err
}

func (s *Store) openAll(ctx context.Context, all []payments.Opening, fn func(payments.Book) error) (made []payments.Payment, err error) {
	places, err := s.aroundOrders(ctx, orderIDs(all))
	if err != nil {
		return nil, err
	}
	locks, err := locksAround(places)
	if err != nil {
		return nil, err
	}
	err = s.Write(ctx, locks, func(tx *Tx) error {
		c, opened, err := openNew(tx, all, places)
		if err != nil {
			return err
		}
		for _, b := range c.books {
			if err := fn(b); err != nil {
				return err
			}
		}
		made = nil
		for _, b := range opened {
			made = append(made, b.payment)
		}
		return c.close()
	})
	return made, err
}

// orderIDs are the orders of payments that are to be opened.
func orderIDs(all []payments.Opening) []string {
	ids := make([]string, len(all))
	for i, q := range all {
		ids[i] = q.OrderID
	}
	return ids
}

// aroundOrder is what surrounds a payment of an order that is still to be opened; no is the number of the order's newest charge.
type aroundOrder struct {
	around
	eventID string
	no      int64
}

// aroundOrders reads what surrounds payments of orders that are still to be opened.
func (s *Store) aroundOrders(ctx context.Context, ids []string) ([]around, error) {
	in, args := placeholders(padded(ids))
	rows, err := s.Rows(ctx, `SELECT o.id, o.event_id, o.taken, c.id, c.no FROM orders o JOIN charges c ON c.order_id = o.id WHERE o.id IN (`+in+`) ORDER BY c.no`, args...)
	if err != nil {
		return nil, fmt.Errorf("read what surrounds orders: %w", err)
	}
	found, err := scanAll(rows, func(r scanner) (a aroundOrder, err error) {
		var taken string
		if err := r.Scan(&a.orderID, &a.eventID, &taken, &a.chargeID, &a.no); err != nil {
			return a, err
		}
		a.keys = s.keys
		return a, fromJSON(taken, &a.taken)
	})
	if err != nil {
		return nil, fmt.Errorf("read what surrounds orders: %w", err)
	}
	newest, events := map[string]aroundOrder{}, map[string]*registration.Event{}
	for _, a := range found {
		newest[a.orderID] = a
	}
	places := make([]around, len(ids))
	for i, id := range ids {
		if places[i], err = s.complete(ctx, newest[id], events); err != nil {
			return nil, err
		}
	}
	return places, nil
}

// complete adds the event, which is read once for all, and the quotas of the change that a later charge is for.
func (s *Store) complete(ctx context.Context, a aroundOrder, events map[string]*registration.Event) (_ around, err error) {
	if a.orderID == "" {
		return around{}, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	if events[a.eventID] == nil {
		if events[a.eventID], err = s.EventByID(ctx, a.eventID); err != nil {
			return around{}, err
		}
	}
	if a.event = events[a.eventID]; a.no > 1 {
		err = s.aroundAmendment(ctx, a.chargeID, a.taken)
	}
	return a.around, err
}

// openNew opens payments, and gives the books of all of them; those of the batch are of payments that were not there before.
func openNew(tx *Tx, all []payments.Opening, places []around) (*batch, []*book, error) {
	tx.gather()
	payable, err := readPayable(tx, orderIDs(all))
	if err != nil {
		return nil, nil, err
	}
	c, opened := newBatch(tx), make([]*book, len(all))
	for i, q := range all {
		of := payable[q.OrderID]
		p, made, err := openOrBooked(tx, of, q)
		if err != nil {
			return nil, nil, err
		}
		b := &book{tx: tx, around: places[i], orderPlaces: of.orderPlaces, charge: of.charge, payment: p, row: p, siblings: of.before}
		b.around.paymentID, b.around.channel = p.ID, q.Channel.Key
		if opened[i] = b; made {
			b.fresh = true
			if err := b.readAmendment(); err != nil {
				return nil, nil, err
			}
			c.add(b)
		}
	}
	return c, opened, nil
}

// openOrBooked is open, but a payment that has its money already by the same way is given back, whichever attempt it was: who calls an order
// paid twice means the same money.
func openOrBooked(tx *Tx, of *payable, q payments.Opening) (p payments.Payment, made bool, err error) {
	if of != nil {
		for _, p := range of.before {
			if p.State == payments.Confirmed && p.ChargeID == of.charge.ID && p.ChannelID == q.Channel.ID && p.Asked == q.Method {
				return p, false, nil
			}
		}
	}
	return open(tx, of, q)
}

// exist writes the row of a payment that was opened in this change before anything that refers to it is written.
func (b *book) exist() error {
	if !b.fresh {
		return nil
	}
	b.fresh, b.was = false, payments.Started
	first := b.payment
	if err := insertPaymentIn(b.tx, &first, payments.Started, "", 0); err != nil {
		return err
	}
	return insertPayments.flush(b.tx)
}
