package store

import (
	"fmt"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

const (
	refundColumns = `r.id, r.payment_id, r.order_id, r.state, r.amount, r.currency, r.source, r.reason, r.actor, COALESCE(r.nonce, ''), r.idempotency_key,
		r.send_open, r.sends, r.gateway_id, r.next_try, r.note, r.created_at, r.done_at, COALESCE(d.no, '')`
	refundsFrom = ` FROM refunds r LEFT JOIN receipts d ON d.refund_id = r.id`
)

func scanRefund(row scanner) (payments.Refund, error) {
	var r payments.Refund
	var next, created, done int64
	err := row.Scan(&r.ID, &r.PaymentID, &r.OrderID, &r.State, &r.Amount.Minor, &r.Amount.Cur, &r.Source, &r.Reason, &r.Actor, &r.Nonce, &r.Key,
		&r.SendOpen, &r.Sends, &r.GatewayID, &next, &r.Note, &created, &done, &r.ReceiptNo)
	r.NextTry, r.CreatedAt, r.DoneAt = at(next), at(created), at(done)
	return r, err
}

// AddRefund makes a refund in its first state, with its audit row.
func (b *book) AddRefund(r *payments.Refund) error {
	if r.State == "" {
		r.State = payments.RefundRequested
	}
	r.ID, r.CreatedAt = newID(), b.tx.Now()
	if r.State == payments.RefundRequested {
		r.NextTry = b.tx.Now()
	}
	account, err := sealAccount(b.around.keys, r)
	if err != nil {
		return err
	}
	if err := b.exist(); err != nil {
		return err
	}
	if err := insertRefund(b.tx, r, account); err != nil {
		return err
	}
	b.refunds = append(b.refunds, *r)
	return b.auditRefund(r, "", r.Actor, r.Reason)
}

func insertRefund(tx *Tx, r *payments.Refund, account string) error {
	_, err := tx.Exec(`INSERT INTO refunds (id, payment_id, order_id, state, amount, currency, source, reason, actor, nonce, idempotency_key,
			send_open, sends, gateway_id, next_try, note, created_at, done_at, account)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', FALSE, 0, '', $11, '', $12, $13, $14)`,
		r.ID, r.PaymentID, r.OrderID, r.State, r.Amount.Minor, r.Amount.Cur, r.Source, r.Reason, r.Actor, null(r.Nonce),
		ms(r.NextTry), ms(r.CreatedAt), ms(r.DoneAt), account)
	if err != nil {
		return fmt.Errorf("insert refund: %w", err)
	}
	return nil
}

func (b *book) auditRefund(r *payments.Refund, from payments.RefundState, actor, reason string) error {
	return auditRow(b.tx, audit{
		actor: actor, what: "refund", eventID: b.payment.EventID, orderID: r.OrderID, paymentID: r.PaymentID, refundID: r.ID,
		from: string(from), to: string(r.State), amount: &r.Amount, reason: reason,
	})
}

// SaveRefund writes a refund's columns that are not its state.
func (b *book) SaveRefund(r *payments.Refund) error {
	account, err := sealAccount(b.around.keys, r)
	if err != nil {
		return err
	}
	_, err = b.tx.Exec(`UPDATE refunds SET idempotency_key = $2, send_open = $3, sends = $4, gateway_id = $5, next_try = $6, note = $7, done_at = $8,
			account = CASE WHEN $9 <> '' THEN $9 ELSE account END WHERE id = $1`,
		r.ID, r.Key, r.SendOpen, r.Sends, r.GatewayID, ms(r.NextTry), r.Note, ms(r.DoneAt), account)
	if err != nil {
		return fmt.Errorf("save refund: %w", err)
	}
	return nil
}

// MoveRefund changes a refund's state by a guarded update and writes its audit row.
func (b *book) MoveRefund(r *payments.Refund, to payments.RefundState, actor, reason string) error {
	if !r.State.CanBecome(to) {
		return fmt.Errorf("refund %s: %s cannot become %s", r.ID, r.State, to)
	}
	n, err := b.tx.Exec(`UPDATE refunds SET state = $3 WHERE id = $1 AND state = $2`, r.ID, r.State, to)
	if err != nil {
		return fmt.Errorf("move refund: %w", err)
	}
	if n == 0 {
		return moved("refund")
	}
	from := r.State
	r.State = to
	return b.auditRefund(r, from, actor, reason)
}

// Kinds of receipts.
const (
	kindReceipt    = "receipt"
	kindCorrection = "correction"
)

// seriesOf names the counter of an event's receipts or corrections; test money has counters of its own.
func seriesOf(e *registration.Event, kind string) string {
	letter := "R"
	if kind == kindCorrection {
		letter = "C"
	}
	if e.Mode == registration.Test {
		return "TEST-" + e.Slug + "-" + letter
	}
	return e.Slug + "-" + letter
}

var insertReceipts = newInsert(`INSERT INTO receipts (no, series, number, kind, event_id, order_id, payment_id, refund_id, corrects, amount, currency,
	issued_at, body)`, 13, ``)

// Receipt issues the next number for the payment, or of the corrections for a refund. What the document shows is frozen with it.
func (b *book) Receipt(r *payments.Refund) (string, error) {
	kind, amount, refundID := kindReceipt, b.payment.Captured, ""
	if r != nil {
		kind, amount, refundID = kindCorrection, r.Amount, r.ID
	}
	series := seriesOf(b.around.event, kind)
	number, err := b.batch.next(series)
	if err != nil {
		return "", err
	}
	no := fmt.Sprintf("%s-%06d", series, number)
	body, corrects, err := b.receiptBody(r)
	if err != nil {
		return "", err
	}
	err = insertReceipts.add(b.tx, []any{no, series, number, kind, b.payment.EventID, b.payment.OrderID, b.payment.ID, null(refundID), corrects,
		amount.Minor, string(amount.Cur), ms(b.tx.Now()), toJSON(body)})
	if err != nil {
		return "", fmt.Errorf("insert receipt: %w", err)
	}
	if r != nil {
		r.ReceiptNo = no
	}
	return no, auditRow(b.tx, audit{
		actor: "system", what: "receipt", eventID: b.payment.EventID, orderID: b.payment.OrderID, paymentID: b.payment.ID, refundID: refundID,
		to: "issued", amount: &amount, reason: no,
	})
}

// receiptBody gathers what the document shows, and the number of the receipt that a correction corrects.
func (b *book) receiptBody(r *payments.Refund) (ReceiptBody, string, error) {
	regs, err := b.batch.registrations(b.order.ID)
	if err != nil {
		return ReceiptBody{}, "", err
	}
	whole := *b.order // which has no people of its own
	whole.Registrations = regs
	payerIsFirst(&whole)
	e, p := b.around.event, &b.payment
	body := ReceiptBody{
		OrderCode: b.order.Code, Lang: b.order.Lang, Mode: p.Mode, Event: e.Name, Place: e.Place, Starts: e.Starts, Ends: e.Ends, Timezone: e.Timezone,
		Organizer: e.Organizer, Tax: e.Tax, Payer: whole.Payer, Method: p.Method, Card: p.Card, Approve: p.Approve,
	}
	if came, issued := dayIn(p.PaidAt, e.Location()), dayIn(b.tx.Now(), e.Location()); r == nil && !p.PaidAt.IsZero() && came != issued {
		body.Paid = came
	}
	if r == nil && b.amendment != nil {
		body.Lines = b.amendment.lines()
		return body, "", nil
	}
	if r == nil {
		body.Lines = regs[0].Lines
		if len(regs) > 1 {
			body.People = len(regs)
		}
		for _, reg := range regs[1:] {
			body.Lines = registration.AddLines(slices.Clone(body.Lines), reg.Lines)
		}
		return body, "", nil
	}
	body.Reason = r.Reason
	if err := b.tx.flush(); err != nil { // the receipt may be one of this write
		return body, "", err
	}
	var corrects, corrected string
	err = b.tx.Row(`SELECT no, body, (SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM receipts c WHERE c.payment_id = $1 AND c.kind = 'correction')
		FROM receipts WHERE payment_id = $1 AND kind = 'receipt'`, p.ID).Scan(&corrects, &corrected, &body.Before)
	if err != nil {
		return body, "", fmt.Errorf("find the receipt to correct: %w", err)
	}
	var receipt struct { // the event's tax may be another by now
		Tax registration.Tax `json:"tax"`
	}
	if err := fromJSON(corrected, &receipt); err != nil {
		return body, "", fmt.Errorf("read the receipt to correct: %w", err)
	}
	body.Tax = receipt.Tax
	return body, corrects, nil
}
