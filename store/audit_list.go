package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// AuditRow is one row of the audit: who moved what from where to where, when and why.
type AuditRow struct {
	ID        string
	At        time.Time
	Actor     string // attendee, system, gateway:{channel} or staff:{email}
	What      string // order, payment, refund, receipt, staff or event
	EventID   string
	OrderID   string
	OrderCode string
	PaymentID string
	RefundID  string
	From      string // "" for the first state
	To        string
	Amount    *registration.Money // nil where no money is concerned
	Reason    string
}

const (
	auditColumns = `a.id, a.at, a.actor, a.what, COALESCE(a.event_id, ''), COALESCE(a.order_id, ''), COALESCE(o.code, ''), COALESCE(a.payment_id, ''),
		COALESCE(a.refund_id, ''), COALESCE(a.from_state, ''), a.to_state, a.amount, a.currency, a.reason`
	auditFrom = ` FROM audit a LEFT JOIN orders o ON o.id = a.order_id`
)

func scanAudit(row scanner) (AuditRow, error) {
	var a AuditRow
	var when int64
	var amount *int64
	var cur registration.Currency
	err := row.Scan(&a.ID, &when, &a.Actor, &a.What, &a.EventID, &a.OrderID, &a.OrderCode, &a.PaymentID, &a.RefundID, &a.From, &a.To, &amount, &cur, &a.Reason)
	if amount != nil {
		a.Amount = &registration.Money{Minor: *amount, Cur: cur}
	}
	a.At = at(when)
	return a, err
}

// Audit lists an event's audit rows, the newest first, at most limit of them and only those before the row of id before;
// "" begins with the newest.
func (s *Store) Audit(ctx context.Context, eventID, before string, limit int) ([]AuditRow, error) {
	rows, err := s.Rows(ctx, `SELECT `+auditColumns+auditFrom+` WHERE a.event_id = $1 AND ($2 = '' OR a.id < $2) ORDER BY a.id DESC LIMIT $3`,
		eventID, before, limit)
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	return scanAll(rows, scanAudit)
}

// AuditOf lists the audit rows of an order, the oldest first.
func (s *Store) AuditOf(ctx context.Context, orderID string) ([]AuditRow, error) {
	rows, err := s.Rows(ctx, `SELECT `+auditColumns+auditFrom+` WHERE a.order_id = $1 ORDER BY a.id`, orderID)
	if err != nil {
		return nil, fmt.Errorf("list audit of an order: %w", err)
	}
	return scanAll(rows, scanAudit)
}
