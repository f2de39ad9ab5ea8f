package toss

import (
	"context"
	"errors"

	"foyer/payments"
)

// CloseAccount closes an account that still waits for its deposit, and tells what became of it. A cancel without an account for the money
// closes only what nobody has paid into: Toss refuses it once the deposit has come, and the payment is looked up. Calling it again is
// harmless.
func (g *gateway) CloseAccount(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	out, err := g.Lookup(ctx, a)
	if err != nil || out.Status != payments.StatusDeposit || out.GatewayID != a.GatewayID || (a.OrderNo != "" && out.OrderNo != a.OrderNo) {
		return out, err
	}
	p, err := g.post(ctx, opCancel, path(a.GatewayID, "cancel"), "close-"+a.PaymentID, cancelRequest{Reason: "not needed any more", Amount: literal(a.Amount)})
	if _, refused := errors.AsType[*payments.Refusal](err); refused {
		return g.Lookup(ctx, a)
	}
	if err != nil {
		return payments.Outcome{}, err
	}
	return p.outcome(g.channel.Mode), nil
}
