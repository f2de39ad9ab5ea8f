package portonev2

import (
	"context"
	"errors"

	"foyer/payments"
)

// CloseAccount closes an account that still waits for its deposit, and tells what became of it. PortOne refuses it once the deposit has
// come, and the payment is looked up. Calling it again is harmless.
func (g *gateway) CloseAccount(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	out, err := g.Lookup(ctx, a)
	if err != nil || out.Status != payments.StatusDeposit || out.OrderNo != a.OrderNo {
		return out, err
	}
	var answer struct {
		At text `json:"closedAt"`
	}
	in := struct {
		Store string `json:"storeId"`
	}{g.settings.store}
	err = g.post(ctx, opCancel, path(a.OrderNo, "virtual-account", "close"), in, &answer)
	if _, refused := errors.AsType[*payments.Refusal](err); err != nil && !refused {
		return payments.Outcome{}, err
	}
	return g.Lookup(ctx, a)
}
