package store

import (
	"context"
	"fmt"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

// Cancel ends an order, gives its places back once and asks for the refunds that back says.
// See payments.Ledger.
func (s *Store) Cancel(ctx context.Context, orderID, actor, reason string, back payments.Back) ([]payments.Refund, error) {
	var taken, eventID string
	if err := s.Row(ctx, `SELECT taken, event_id FROM orders WHERE id = $1`, orderID).Scan(&taken, &eventID); err != nil {
		return nil, notFound(err, "order.unknown")
	}
	places := map[string]int64{}
	if err := fromJSON(taken, &places); err != nil {
		return nil, err
	}
	e, err := s.EventByID(ctx, eventID)
	if err != nil {
		return nil, err
	}
	paid, err := s.Payments(ctx, orderID)
	if err != nil {
		return nil, err
	}
	locks := Locks{Quotas: quotaIDs(eventID, places), Orders: []string{orderID}, Series: []string{seriesOf(e, kindCorrection)}}
	for _, p := range paid {
		locks.Payments = append(locks.Payments, p.ID)
	}
	var asked []payments.Refund
	err = s.Write(ctx, locks, func(tx *Tx) error {
		asked = nil
		var err error
		asked, err = cancel(tx, around{orderID: orderID, event: e, taken: places, keys: s.keys}, paid, actor, reason, back)
		return err
	})
	return asked, err
}

func cancel(tx *Tx, a around, paid []payments.Payment, actor, reason string, back payments.Back) ([]payments.Refund, error) {
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
	b := &book{tx: tx, around: a, order: o, taken: a.taken}
	if err := tx.Row(`SELECT places FROM orders WHERE id = $1`, o.ID).Scan(&b.places); err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	silent := o.State == registration.OrderPending && actor == payments.ActorAttendee // they have just done it, and nothing was ever confirmed to them
	if err := b.MoveOrder(registration.OrderCancelled, actor, reason); err != nil {
		return nil, err
	}
	if err := b.Release(); err != nil {
		return nil, err
	}
	asked, err := refundRest(tx, a, paid, actor, reason, back)
	if err != nil {
		return nil, err
	}
	if silent {
		return asked, nil
	}
	return asked, addMail(tx, Mail{Kind: payments.MailCancelled, OrderID: o.ID})
}

// refundRest asks for what goes back of each confirmed payment, the newest first.
func refundRest(tx *Tx, a around, paid []payments.Payment, actor, reason string, back payments.Back) ([]payments.Refund, error) {
	var asked []payments.Refund
	for _, p := range slices.Backward(paid) {
		b, err := openBook(tx, a, p.ID)
		if err != nil {
			return nil, err
		}
		left := payments.Refundable(&b.payment, b.refunds)
		if b.payment.State != payments.Confirmed || left.Minor <= 0 {
			continue
		}
		share := back.Share(left)
		if share.Minor == 0 {
			continue
		}
		r := payments.Refund{
			PaymentID: p.ID, OrderID: p.OrderID, Amount: share, Source: payments.ByStaff, Reason: reason, Actor: actor, Nonce: "cancel-" + a.orderID,
		}
		if err := b.AddRefund(&r); err != nil {
			return nil, err
		}
		asked = append(asked, r)
	}
	return asked, nil
}
