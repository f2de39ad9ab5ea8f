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
	places, err := s.aroundOrders(ctx, all)
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

// aroundOrders reads what surrounds payments of orders that are still to be opened.
func (s *Store) aroundOrders(ctx context.Context, all []payments.Opening) ([]around, error) {
	ids := make([]string, len(all))
	for i, q := range all {
		ids[i] = q.OrderID
	}
	in, args := placeholders(padded(ids))
	rows, err := s.Rows(ctx, `SELECT o.id, o.event_id, o.taken, c.id, c.no FROM orders o JOIN charges c ON c.order_id = o.id WHERE o.id IN (`+in+`) ORDER BY c.no`, args...)
	if err != nil {
		return nil, fmt.Errorf("read what surrounds orders: %w", err)
	}
	found, events, later := map[string]around{}, map[string]*registration.Event{}, map[string]bool{}
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		a := around{keys: s.keys, event: &registration.Event{}}
		var taken string
		var no int64
		if err := r.Scan(&a.orderID, &a.event.ID, &taken, &a.chargeID, &no); err != nil {
			return struct{}{}, err
		}
		err := fromJSON(taken, &a.taken)
		found[a.orderID], events[a.event.ID], later[a.orderID] = a, nil, no > 1
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what surrounds orders: %w", err)
	}
	return s.complete(ctx, ids, found, events, later)
}

// openNew opens payments, and gives the books of all of them; those of the batch are of payments that were not there before.
func openNew(tx *Tx, all []payments.Opening, places []around) (*batch, []*book, error) {
	tx.gather()
	ids := make([]string, len(all))
	for i, q := range all {
		ids[i] = q.OrderID
	}
	payable, err := readPayable(tx, ids)
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
