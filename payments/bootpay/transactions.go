package bootpay

import (
	"context"

	"foyer/payments"
)

// Transactions answers ErrNoInquiry: the list is not read yet.
func (g *gateway) Transactions(context.Context, payments.Day) ([]payments.Transaction, error) {
	return nil, payments.ErrNoInquiry
}
