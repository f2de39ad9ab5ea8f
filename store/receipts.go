package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// ReceiptBody is what a receipt shows, frozen when its number was issued.
type ReceiptBody struct {
	OrderCode string                 `json:"order_code"`
	Lang      registration.Lang      `json:"lang"`
	Mode      registration.Mode      `json:"mode"`
	Event     registration.Text      `json:"event"`
	Place     registration.Text      `json:"place"`
	Starts    registration.Date      `json:"starts"`
	Ends      registration.Date      `json:"ends"`
	Timezone  string                 `json:"timezone"`
	Organizer registration.Organizer `json:"organizer"`
	Tax       registration.Tax       `json:"tax"`
	Payer     registration.Person    `json:"payer"`
	Lines     []registration.Line    `json:"lines"` // of a receipt; a correction has none
	Method    string                 `json:"method"`
	Card      string                 `json:"card"`
	Approve   string                 `json:"approve"`
	Reason    string                 `json:"reason"`           // of a correction
	Paid      registration.Date      `json:"paid,omitzero"`    // day on which the money came, where the receipt is of another day
	People    int                    `json:"people,omitempty"` // of an order of several, whose equal lines are added up
	Before    int64                  `json:"before,omitempty"` // of a correction: what those before it gave back of the same receipt, in minor units
}

// dayIn is the day on which t falls in a zone.
func dayIn(t time.Time, zone *time.Location) registration.Date {
	t = t.In(zone)
	return registration.Date{Year: t.Year(), Month: t.Month(), Day: t.Day()}
}

// Receipt is a numbered, immutable document for money received, or a correction for money returned.
type Receipt struct {
	No        string
	Kind      string // receipt or correction
	OrderID   string
	PaymentID string
	RefundID  string // of a correction
	Corrects  string // number of the receipt that a correction belongs to
	Amount    registration.Money
	IssuedAt  time.Time
	Body      ReceiptBody
}

const receiptColumns = `no, kind, order_id, payment_id, COALESCE(refund_id, ''), corrects, amount, currency, issued_at, body`

func scanReceipt(row scanner) (Receipt, error) {
	var r Receipt
	var issued int64
	var body string
	err := row.Scan(&r.No, &r.Kind, &r.OrderID, &r.PaymentID, &r.RefundID, &r.Corrects, &r.Amount.Minor, &r.Amount.Cur, &issued, &body)
	if err != nil {
		return r, notFound(err, "receipt.unknown")
	}
	r.IssuedAt = at(issued)
	return r, fromJSON(body, &r.Body)
}

// Receipts lists an order's receipts and corrections in the order of their issue.
func (s *Store) Receipts(ctx context.Context, orderID string) ([]Receipt, error) {
	rows, err := s.Rows(ctx, `SELECT `+receiptColumns+` FROM receipts WHERE order_id = $1 ORDER BY issued_at, no`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read receipts: %w", err)
	}
	return scanAll(rows, scanReceipt)
}

// Receipt reads one document by its number; CodeNotFound when there is none.
func (s *Store) Receipt(ctx context.Context, no string) (Receipt, error) {
	return scanReceipt(s.Row(ctx, `SELECT `+receiptColumns+` FROM receipts WHERE no = $1`, no))
}
