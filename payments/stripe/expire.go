package stripe

import (
	"context"
	"errors"
	"net/url"

	"foyer/payments"

	api "github.com/stripe/stripe-go/v85"
)

// Expire ends an attempt's session, so that nothing can be paid in it any more, and tells what became of it. A payer may be quicker: then
// the outcome is the payment's, as a look-up would tell it. Calling it again is harmless.
func (g *gateway) Expire(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	s, err := g.find(ctx, &a)
	switch {
	case err != nil:
		return payments.Outcome{}, err
	case s == nil:
		return payments.Outcome{Status: payments.StatusMissing, Mode: g.channel.Mode}, nil
	case s.Status != "open" || (a.OrderNo != "" && string(s.OrderNo) != a.OrderNo):
		return s.account()
	}
	_, err = g.post(ctx, opExpire, "/v1/checkout/sessions/"+url.PathEscape(s.ID)+"/expire", "expire-"+s.ID, &api.CheckoutSessionExpireParams{})
	if _, refused := errors.AsType[*payments.Refusal](err); err != nil && !refused {
		return payments.Outcome{}, err
	}
	if s, err = g.read(ctx, s.ID); err != nil { // a refusal says that it is over already; which way, only this tells
		return payments.Outcome{}, err
	}
	return s.account()
}
