package toss

import (
	"context"
	"errors"

	"foyer/payments"
)

// Lookup asks by the payment key, and by our order number when there is no key or the gateway does not know it, or will not show it:
// a candidate may be a stranger's. StatusMissing when neither is known.
//
// One order number may stand for several tries in the window; which of them the gateway then shows is not documented.
func (g *gateway) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	byKey, byOrder := plain(a.GatewayID, maxKey), plain(a.OrderNo, maxOrderNo)
	if !byKey && !byOrder {
		return payments.Outcome{}, errors.New("toss: nothing to look up by")
	}
	none := payments.Outcome{Status: payments.StatusMissing, Mode: g.channel.Mode}
	if byKey {
		p, err := g.get(ctx, path(a.GatewayID))
		if err == nil {
			return p.outcome(g.channel.Mode), nil
		}
		gone, hidden := missing(err)
		switch {
		case !byOrder && gone:
			return none, nil
		case !byOrder || (!gone && !hidden):
			return payments.Outcome{}, err
		}
	}
	p, err := g.get(ctx, path("orders", a.OrderNo))
	if gone, _ := missing(err); gone {
		return none, nil
	}
	if err != nil {
		return payments.Outcome{}, err
	}
	return p.outcome(g.channel.Mode), nil
}
