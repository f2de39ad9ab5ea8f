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

// auditRow writes an audit row in the transaction of what it tells.
func auditRow(tx *Tx, a audit) error {
	var amount *int64
	cur := registration.Currency("")
	if a.amount != nil {
		amount, cur = &a.amount.Minor, a.amount.Cur
	}
	_, err := tx.Exec(`INSERT INTO audit (id, at, actor, what, event_id, order_id, payment_id, refund_id, from_state, to_state, amount, currency, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		newID(), ms(tx.Now()), a.actor, a.what, null(a.eventID), null(a.orderID), null(a.paymentID), null(a.refundID),
		null(a.from), a.to, amount, cur, a.reason)
	if err != nil {
		return fmt.Errorf("write audit: %w", err)
	}
	return nil
}

// null stores an empty text as NULL.
func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}
