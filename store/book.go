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

// around is what surrounds a payment: which rows a change to it may touch.
type around struct {
	orderID string
	event   *registration.Event
	taken   map[string]int64
	channel string
	keys    *Keys
}

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
	locks := Locks{
		Quotas: quotaIDs(a.event.ID, a.taken), Orders: []string{a.orderID}, Payments: []string{paymentID},
		Series: []string{seriesOf(a.event, kindReceipt), seriesOf(a.event, kindCorrection)},
	}
	return s.Write(ctx, locks, func(tx *Tx) error {
		b, err := openBook(tx, a, paymentID)
		if err != nil {
			return err
		}
		return fn(b)
	})
}

// around reads which rows belong to a payment. They never change, but for what an expired order takes when it is renewed, and a paid
// one when it is amended; the lock of a quota that is missed then shows as an undeclared lock, not as a wrong count, and Change reads again.
func (s *Store) around(ctx context.Context, paymentID string) (around, error) {
	a := around{keys: s.keys}
	var eventID, taken, charge string
	var no int64
	err := s.Row(ctx, `SELECT p.order_id, p.event_id, o.taken, c.key, p.charge_id, p.charge_no FROM payments p JOIN orders o ON o.id = p.order_id
		JOIN channels c ON c.id = p.channel_id WHERE p.id = $1`, paymentID).Scan(&a.orderID, &eventID, &taken, &a.channel, &charge, &no)
	if err != nil {
		return a, notFound(err, "payment.unknown")
	}
	if err := fromJSON(taken, &a.taken); err != nil {
		return a, err
	}
	if no > 1 {
		if err := s.aroundAmendment(ctx, charge, a.taken); err != nil {
			return a, err
		}
	}
	a.event, err = s.EventByID(ctx, eventID)
	return a, err
}

// book is one payment with its surroundings inside a transaction.
type book struct {
	tx        *Tx
	around    around
	payment   payments.Payment
	order     *registration.Order
	charge    payments.Charge
	amendment *Amendment // that the charge is for; nil for the first charge
	places    string
	taken     map[string]int64
	siblings  []payments.Payment
	refunds   []payments.Refund
}

func openBook(tx *Tx, a around, paymentID string) (*book, error) {
	b := &book{tx: tx, around: a}
	var err error
	if b.payment, err = scanPayment(tx.Row(`SELECT `+paymentColumns+` FROM payments WHERE id = $1`, paymentID)); err != nil {
		return nil, notFound(err, "payment.unknown")
	}
	if b.order, err = scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, a.orderID)); err != nil {
		return nil, err
	}
	if b.charge, err = scanCharge(tx.Row(`SELECT `+chargeColumns+` FROM charges WHERE id = $1`, b.payment.ChargeID)); err != nil {
		return nil, err
	}
	if err := b.readPlaces(); err != nil {
		return nil, err
	}
	if err := b.readAmendment(); err != nil {
		return nil, err
	}
	rows, err := tx.Rows(`SELECT `+paymentColumns+` FROM payments WHERE order_id = $1 AND id <> $2`, a.orderID, paymentID)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	if b.siblings, err = scanAll(rows, scanPayment); err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	rows, err = tx.Rows(`SELECT `+refundColumns+refundsFrom+` WHERE r.payment_id = $1 ORDER BY r.id`, paymentID)
	if err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	if b.refunds, err = scanAll(rows, scanRefund); err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	return b, nil
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

// Save writes the payment's columns that are not its state.
func (b *book) Save() error {
	p := &b.payment
	secret, err := sealSecret(b.around.keys, p)
	if err != nil {
		return err
	}
	_, err = b.tx.Exec(`UPDATE payments SET candidate = $2, sent = $3, captured = $4, captured_currency = $5, verified_at = $6,
			idempotency_key = $7, send_open = $8, lease_until = $9, lease_owner = $10, confirmed_at = $11, next_look = $12, looks = $13,
			reason = $14, method = $15, card = $16, approve = $17, proof = $18, launch = $19,
			account = $20, deadline = $21, paid_at = $22, last_capture = $23, secret = CASE WHEN $24 <> '' THEN $24 ELSE secret END WHERE id = $1`,
		p.ID, p.Candidate, p.Sent, p.Captured.Minor, p.Captured.Cur, ms(p.VerifiedAt), p.Key, p.SendOpen, ms(p.LeaseUntil), p.LeaseOwner,
		ms(p.ConfirmedAt), ms(p.NextLook), p.Looks, p.Reason, p.Method, p.Card, p.Approve, p.Proof, string(p.Launch),
		toJSON(p.Account), ms(p.Deadline), ms(p.PaidAt), ms(p.LastCapture), secret)
	if err != nil {
		return fmt.Errorf("save payment: %w", err)
	}
	return nil
}

// Move changes the payment's state by a guarded update and writes its audit row.
func (b *book) Move(to payments.State, actor, reason string) error {
	p := &b.payment
	if !p.State.CanBecome(to) {
		return fmt.Errorf("payment %s: %s cannot become %s", p.ID, p.State, to)
	}
	var intent *int64
	if to == payments.Confirming {
		now := ms(b.tx.Now())
		intent = &now
	}
	n, err := b.tx.Exec(`UPDATE payments SET state = $3, intent_at = COALESCE($4, intent_at) WHERE id = $1 AND state = $2`,
		p.ID, p.State, to, intent)
	if err != nil {
		return fmt.Errorf("move payment: %w", err)
	}
	if n == 0 {
		return moved("payment")
	}
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
	n, err := b.tx.Exec(`UPDATE payments SET gateway_id = $2 WHERE id = $1 AND gateway_id IS NULL`, p.ID, gatewayID)
	if err != nil {
		return false, fmt.Errorf("write the gateway's id: %w", err)
	}
	if n == 0 {
		return false, moved("payment")
	}
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
	p := &b.payment
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
	_, err := b.tx.Exec(`DELETE FROM attention WHERE kind = $1 AND payment_id = $2 AND refund_id = $3`, kind, b.payment.ID, refundID)
	if err != nil {
		return fmt.Errorf("drop attention: %w", err)
	}
	return nil
}
