package store

import (
	"context"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// OrderView is everything that is kept about one order, as it stood at one moment.
type OrderView struct {
	Order      *registration.Order
	Category   string           // id in the event file
	Places     string           // held, sold or none
	Taken      map[string]int64 // places by quota, as in the event file
	PaidAt     time.Time        // zero until paid
	Charges    []payments.Charge
	Amendments []Amendment   // the first one first
	Payments   []PaymentView // the first attempt first
	Receipts   []Receipt     // corrections too, in the order of their issue, without their bodies
	Audit      []AuditRow    // in the order of writing
	Attention  []AttentionEntry
	Evidence   []Evidence // of its people, as far as anything is asked of them
	Mails      []MailView // filled by Store.OrderView only
}

// PaymentView is a payment with what belongs to it.
type PaymentView struct {
	payments.Payment
	Channel   string // id in the event file
	ReceiptNo string // "" without a receipt
	Refunds   []payments.Refund
	Attention bool // it, or one of its refunds, is on the attention list
}

// MailView is a mail about an order: queued, sent or given up.
type MailView struct {
	JobID    string
	Kind     string // one of payments.Mail…
	RefundID string // of the refund that it is about, "" for none
	To       string // address of a mail to somebody who is not the payer; "" otherwise
	State    string // open, done or dead

	Registration string // of the person that it goes to, "" for none
	Tries        int
	LastError    string
	QueuedAt     time.Time
	EndedAt      time.Time // zero while open
}

// OrderView reads everything about the order of that code; CodeNotFound when the event has none.
func (s *Store) OrderView(ctx context.Context, eventID, code string) (*OrderView, error) {
	var v *OrderView
	err := s.snapshot(ctx, func(q queryer) error {
		found, err := readViews(ctx, q, wholeView, `o.event_id = $1 AND o.code = $2`, eventID, clip(code, 64))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return registration.Fail(registration.CodeNotFound, "order.unknown")
		}
		v = found[0]
		v.Mails, err = s.mailsOf(ctx, q, v.Order.ID)
		return err
	})
	return v, err
}

// mailsOf finds the mail jobs about the order. Done ones are deleted after a while.
func (s *Store) mailsOf(ctx context.Context, q queryer, orderID string) ([]MailView, error) {
	mails, err := collect(ctx, q, scanMail, `SELECT id, state, payload, tries, last_error, created_at, ended_at FROM jobs
		WHERE about = $1 AND about <> '' AND kind = $2 ORDER BY created_at, id`, orderID, JobMail)
	if err != nil {
		return nil, fmt.Errorf("read mails: %w", err)
	}
	return mails, nil
}

func scanMail(row scanner) (MailView, error) {
	var m MailView
	var payload []byte
	var queued, ended int64
	if err := row.Scan(&m.JobID, &m.State, &payload, &m.Tries, &m.LastError, &queued, &ended); err != nil {
		return m, err
	}
	m.QueuedAt, m.EndedAt = at(queued), at(ended)
	var mail Mail
	err := fromJSON(string(payload), &mail)
	m.Kind, m.RefundID, m.To, m.Registration = mail.Kind, mail.RefundID, mail.Email, mail.Registration
	return m, err
}

// receiptOf finds the receipt of a payment, or nil.
func (v *OrderView) receiptOf(paymentID string) *Receipt {
	for i := range v.Receipts {
		if r := &v.Receipts[i]; r.PaymentID == paymentID && r.Kind == kindReceipt {
			return r
		}
	}
	return nil
}

// correctionOf finds the correction document of a refund, or nil.
func (v *OrderView) correctionOf(refundID string) *Receipt {
	for i := range v.Receipts {
		if r := &v.Receipts[i]; r.RefundID == refundID && r.Kind == kindCorrection {
			return r
		}
	}
	return nil
}

// Newest is the order's newest payment, or nil.
func (v *OrderView) Newest() *PaymentView {
	if len(v.Payments) == 0 {
		return nil
	}
	return &v.Payments[len(v.Payments)-1]
}
