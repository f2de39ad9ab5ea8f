package store

import (
	"context"
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// Cancel ends an order, gives its places back once and asks for the refunds that back says.
// See payments.Ledger.
func (s *Store) Cancel(ctx context.Context, orderID, actor, reason string, back payments.Back) ([]payments.Refund, error) {
	a, locks, err := s.aroundOrder(ctx, orderID)
	if err != nil {
		return nil, err
	}
	var asked []payments.Refund
	err = s.Write(ctx, locks, func(tx *Tx) error {
		var err error
		asked, err = cancel(tx, a, actor, reason, back)
		return err
	})
	return asked, err
}

// aroundOrder reads what surrounds an order, and which rows its end may touch.
func (s *Store) aroundOrder(ctx context.Context, orderID string) (around, Locks, error) {
	a := around{orderID: orderID, keys: s.keys}
	var taken, eventID string
	if err := s.Row(ctx, `SELECT taken, event_id FROM orders WHERE id = $1`, orderID).Scan(&taken, &eventID); err != nil {
		return a, Locks{}, notFound(err, "order.unknown")
	}
	places := map[string]int64{}
	if err := fromJSON(taken, &places); err != nil {
		return a, Locks{}, err
	}
	var err error
	if a.event, err = s.EventByID(ctx, eventID); err != nil {
		return a, Locks{}, err
	}
	paid, err := s.Payments(ctx, orderID)
	if err != nil {
		return a, Locks{}, err
	}
	list, err := s.Amendments(ctx, orderID)
	if err != nil {
		return a, Locks{}, err
	}
	for i := range list {
		list[i].touch(places)
	}
	locks := Locks{Quotas: quotaIDs(eventID, places), Orders: []string{orderID}, Series: []string{seriesOf(a.event, kindCorrection)}}
	for _, p := range paid {
		locks.Payments = append(locks.Payments, p.ID)
	}
	return a, locks, nil
}

// cancel is Cancel under the order's lock, without which nobody begins or settles a payment of it: what it reads now is what there is.
func cancel(tx *Tx, a around, actor, reason string, back payments.Back) ([]payments.Refund, error) {
	o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, a.orderID))
	if err != nil {
		return nil, err
	}
	if o.State == registration.OrderCancelled {
		return nil, nil
	}
	if !o.State.CanBecome(registration.OrderCancelled) {
		return nil, registration.Fail(registration.CodeConflict, "order.moved")
	}
	paid, err := booksOf(tx, a)
	if err != nil {
		return nil, err
	}
	if back.Kept != nil && keeps(paid) != *back.Kept {
		return nil, registration.Fail(registration.CodeConflict, "order.moved")
	}
	b := &book{tx: tx, around: a, orderPlaces: orderPlaces{order: o}}
	if err := b.readPlaces(); err != nil {
		return nil, err
	}
	silent := (o.State == registration.OrderPending || o.State == registration.OrderAwaiting) && actor == payments.ActorAttendee // they have just done it, and nothing was ever confirmed to them
	waited := o.State == registration.OrderAwaiting
	if err := b.MoveOrder(registration.OrderCancelled, actor, reason); err != nil {
		return nil, err
	}
	if err := b.Release(); err != nil {
		return nil, err
	}
	if err := withdrawWith(tx, o, actor, reason); err != nil {
		return nil, err
	}
	asked, err := refundRest(a, paid, actor, reason, "cancel-"+o.ID, back)
	if err != nil {
		return nil, err
	}
	if silent {
		return asked, nil
	}
	if waited {
		return asked, addMail(tx, Mail{Kind: MailNotApproved, OrderID: o.ID})
	}
	return asked, addMail(tx, Mail{Kind: payments.MailCancelled, OrderID: o.ID})
}

// booksOf opens every payment of an order, the newest first.
func booksOf(tx *Tx, a around) ([]*book, error) {
	rows, err := tx.Rows(`SELECT id, charge_id FROM payments WHERE order_id = $1 ORDER BY attempt DESC`, a.orderID)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	paid, err := scanAll(rows, func(r scanner) (around, error) {
		of := a
		err := r.Scan(&of.paymentID, &of.chargeID)
		return of, err
	})
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	var all []*book
	for _, of := range paid {
		b, err := openBook(tx, of)
		if err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, nil
}

// keeps is what confirmed payments have brought and no refund has given or will give back; without currency when there is none.
func keeps(paid []*book) (sum registration.Money) {
	for _, b := range paid {
		if b.payment.State == payments.Confirmed {
			left := payments.Refundable(&b.payment, b.refunds)
			sum = registration.Money{Minor: sum.Minor + left.Minor, Cur: left.Cur}
		}
	}
	return sum
}

// refundRest asks for what goes back of each confirmed payment, the newest first. The same nonce again is the same refund.
func refundRest(a around, paid []*book, actor, reason, nonce string, back payments.Back) ([]payments.Refund, error) {
	var asked []payments.Refund
	for _, b := range paid {
		left := payments.Refundable(&b.payment, b.refunds)
		if b.payment.State != payments.Confirmed || left.Minor <= 0 {
			continue
		}
		share := back.Share(left)
		if share.Minor == 0 {
			continue
		}
		r := payments.Refund{
			PaymentID: b.payment.ID, OrderID: a.orderID, Amount: share, Source: payments.ByStaff, Reason: reason, Actor: actor, Nonce: nonce,
		}
		if err := b.AddRefund(&r); err != nil {
			return nil, err
		}
		asked = append(asked, r)
	}
	return asked, nil
}
