package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

var _ payments.Ledger = (*Store)(nil)
var _ payments.Book = (*book)(nil)

// Change runs fn in one transaction in which the payment, its order, the order's quotas and the event's receipt series are locked.
// See payments.Ledger.
func (s *Store) Change(ctx context.Context, paymentID string, fn func(payments.Book) error) error {
	for range 2 {
		err := s.change(ctx, paymentID, fn)
		if !errors.Is(err, ErrUndeclared) {
			return err
		}
	}
	return s.change(ctx, paymentID, fn)
}

func (s *Store) change(ctx context.Context, paymentID string, fn func(payments.Book) error) error {
	a, err := s.around(ctx, paymentID)
	if err != nil {
		return err
	}
	locks, err := locksAround([]around{a})
	if err != nil {
		return err
	}
	return s.Write(ctx, locks, func(tx *Tx) error {
		tx.gather()
		b, err := openBook(tx, a)
		if err != nil {
			return err
		}
		c := newBatch(tx)
		c.add(b)
		if err := fn(b); err != nil {
			return err
		}
		return c.close()
	})
}

// book is one payment with its surroundings inside a transaction.
type book struct {
	tx      *Tx
	around  around
	payment payments.Payment
	orderPlaces
	charge    payments.Charge
	amendment *Amendment // that the charge is for; nil for the first charge
	siblings  []payments.Payment
	refunds   []payments.Refund

	batch   *batch           // of the change; nil where an order is changed without its payment
	was     payments.State   // of the payment's row
	row     payments.Payment // what is to be in it
	secret  string           // sealed, beside row; "" leaves what is there
	intent  *int64           // beside row; nil leaves what is there
	fresh   bool             // the payment was opened in this change: it has no row yet
	unsaved bool             // row is not written yet
	keep    time.Time        // to which the order's hold is to be kept; zero: as it is
	dropped map[string]bool  // kinds that are known to be off the attention list
}

// readPlaces reads which places the order has, and of which quotas.
func (b *book) readPlaces() error {
	var taken string
	if err := b.tx.Row(`SELECT places, taken FROM orders WHERE id = $1`, b.around.orderID).Scan(&b.places, &taken); err != nil {
		return fmt.Errorf("read places: %w", err)
	}
	return fromJSON(taken, &b.taken)
}

// Now is the time of the transaction.
func (b *book) Now() time.Time { return b.tx.Now() }

func (b *book) Payment() *payments.Payment   { return &b.payment }
func (b *book) Order() *registration.Order   { return b.order }
func (b *book) Siblings() []payments.Payment { return b.siblings }
func (b *book) Refunds() []payments.Refund   { return b.refunds }
func (b *book) Channel() string              { return b.around.channel }

// Charge is what the payment is for, as it stands now: renewing an expired order may have priced it anew.
func (b *book) Charge() payments.Charge { return b.charge }

// moved is what a guarded update gives when somebody else was first: the transaction is undone and the caller reads again.
func moved(what string) error {
	return &registration.Error{Code: registration.CodeConflict, Key: "order.moved", Err: fmt.Errorf("%s moved meanwhile", what)}
}

// Save keeps the payment's columns that are not its state for the end of the change.
func (b *book) Save() (err error) {
	b.secret, err = sealSecret(b.around.keys, &b.payment)
	b.row, b.unsaved = b.payment, true
	return err
}

// Move changes the payment's state and writes its audit row; the guarded update comes at the end of the change.
func (b *book) Move(to payments.State, actor, reason string) error {
	p := &b.payment
	if !p.State.CanBecome(to) {
		return fmt.Errorf("payment %s: %s cannot become %s", p.ID, p.State, to)
	}
	if to == payments.Confirming {
		now := ms(b.tx.Now())
		b.intent = &now
	}
	b.row.State, b.unsaved = to, true
	amount := p.Amount
	if to == payments.Confirmed || to == payments.Surplus {
		amount = p.Captured
	}
	from := p.State
	p.State = to
	return auditRow(b.tx, audit{
		actor: actor, what: "payment", eventID: p.EventID, orderID: p.OrderID, paymentID: p.ID,
		from: string(from), to: string(to), amount: &amount, reason: reason,
	})
}

// Claim writes the gateway's id into the payment, unless another payment of the merchant has it.
func (b *book) Claim(gatewayID string) (bool, error) {
	p := &b.payment
	if gatewayID == "" {
		return false, nil
	}
	if p.GatewayID != "" {
		return p.GatewayID == gatewayID, nil
	}
	var others int64
	err := b.tx.Row(`SELECT COUNT(*) FROM payments WHERE merchant = $1 AND gateway_id = $2`, p.Merchant, gatewayID).Scan(&others)
	if err != nil {
		return false, fmt.Errorf("look for the gateway's id: %w", err)
	}
	if others > 0 {
		return false, nil
	}
	b.row.GatewayID, b.unsaved = gatewayID, true
	p.GatewayID = gatewayID
	return true, nil
}

// Mail queues a message about the order.
func (b *book) Mail(kind, refundID string) error {
	if kind == payments.MailRegistered && b.order.Payer != (registration.Person{}) { // somebody who pays for others
		if err := mailPeople(b.tx, b.around.orderID); err != nil {
			return err
		}
	}
	return addMail(b.tx, Mail{Kind: kind, OrderID: b.around.orderID, RefundID: refundID})
}

// Raise puts the payment, or one of its refunds, on the attention list, and tells the organizer by mail when it was not there.
func (b *book) Raise(kind, refundID, note string) error {
	if err := b.exist(); err != nil {
		return err
	}
	p := &b.payment
	delete(b.dropped, kind+refundID)
	n, err := b.tx.Exec(`INSERT INTO attention (id, kind, event_id, order_id, payment_id, refund_id, since, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (kind, payment_id, refund_id) DO NOTHING`,
		newID(), kind, p.EventID, p.OrderID, p.ID, refundID, ms(b.tx.Now()), note)
	if err != nil {
		return fmt.Errorf("raise attention: %w", err)
	}
	if n == 0 {
		return nil // listed already
	}
	return addMail(b.tx, Mail{Kind: payments.MailAttention, OrderID: p.OrderID, RefundID: refundID, Note: kind})
}

// Drop takes an entry off the attention list.
func (b *book) Drop(kind, refundID string) error {
	if b.fresh || b.dropped[kind+refundID] {
		return nil
	}
	_, err := b.tx.Exec(`DELETE FROM attention WHERE kind = $1 AND payment_id = $2 AND refund_id = $3`, kind, b.payment.ID, refundID)
	if err != nil {
		return fmt.Errorf("drop attention: %w", err)
	}
	if b.dropped == nil {
		b.dropped = map[string]bool{}
	}
	b.dropped[kind+refundID] = true
	return nil
}
