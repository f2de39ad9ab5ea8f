package store

import (
	"fmt"

	"foyer/registration"
)

// audit is one row of the audit: who moved what from where to where, and why. Rows are only ever added.
type audit struct {
	actor, what                           string
	eventID, orderID, paymentID, refundID string
	from, to                              string
	amount                                *registration.Money
	reason                                string
}

// insertAudit writes audit rows.
var insertAudit = newInsert(`INSERT INTO audit (id, at, actor, what, event_id, order_id, payment_id, refund_id, from_state, to_state,
	amount, currency, reason)`, 13, ``)

// auditAt is where the time stands among an audit row's columns.
const auditAt = 1

// auditTo is where its new state stands.
const auditTo = 9

// auditRow writes an audit row in the transaction of what it tells.
func auditRow(tx *Tx, a audit) error {
	if err := insertAudit.add(tx, a.columns(ms(tx.Now()))); err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// columns gives the row as insertAudit wants it.
func (a audit) columns(at any) []any {
	var amount any
	cur := ""
	if a.amount != nil {
		amount, cur = a.amount.Minor, string(a.amount.Cur)
	}
	return []any{newID(), at, a.actor, a.what, null(a.eventID), null(a.orderID), null(a.paymentID), null(a.refundID),
		null(a.from), a.to, amount, cur, a.reason}
}

// null stores an empty text as NULL.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
