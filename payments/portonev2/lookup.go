package portonev2

import (
	"context"
	"errors"

	"foyer/payments"
)

// Settle looks the payment up: PortOne captured when the payer was through the window, and nothing is left to confirm.
func (g *gateway) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	return g.Lookup(ctx, a)
}

// Lookup asks by our order number, which is PortOne's key of a payment; a.GatewayID names one try only and is not needed.
// StatusMissing when PortOne does not know the number, as before the window opens.
//
// One order number may stand for several tries in the window, of which at most one captures: StatusFailed can still become
// StatusCaptured when the payer tries again in a window that is open.
func (g *gateway) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	if !payments.Plain(a.OrderNo, maxOrderNo) {
		return payments.Outcome{}, errors.New("portonev2: nothing to look up by: the order number is missing")
	}
	p, err := g.get(ctx, a.OrderNo)
	if missing(err) {
		return payments.Outcome{Status: payments.StatusMissing}, nil
	}
	if err != nil {
		return payments.Outcome{}, err
	}
	return p.outcome()
}
