package bootpay

import (
	"context"

	"foyer/payments"
)

// Lookup asks by the receipt id; StatusMissing when Bootpay does not know it.
//
// Bootpay has no look-up by order number. Without a receipt id the answer is StatusMissing, without a call: then we have confirmed
// nothing, and nothing is charged that we have not confirmed. The payment's webhook, if there is one, brings the id.
func (g *gateway) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	none := payments.Outcome{Status: payments.StatusMissing, Mode: g.channel.Mode}
	if !plain(a.GatewayID, maxReceipt) {
		return none, nil
	}
	r, err := g.look(ctx, a.GatewayID)
	switch {
	case missing(err):
		return none, nil
	case err != nil:
		return payments.Outcome{}, err
	case r.ReceiptID != a.GatewayID:
		return payments.Outcome{}, noAnswer(opLookup, errOther)
	}
	return r.outcome(), nil
}
