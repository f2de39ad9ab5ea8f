package stripe

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"

	api "github.com/stripe/stripe-go/v85"
)

// Begin makes a Checkout Session under a.Key and leads to its page, with or without script. Calling it again for the same attempt
// within a day gives the same session. The session ends 35 minutes after a.StartedAt, or after a day when that is zero.
func (g *gateway) Begin(ctx context.Context, a payments.Attempt) (payments.Launch, error) {
	if err := g.sound(&a); err != nil {
		return payments.Launch{}, err
	}
	body, err := g.post(ctx, opCreate, "/v1/checkout/sessions", a.Key, createParams(&a))
	if err != nil {
		return payments.Launch{}, err
	}
	s, err := parseSession(body)
	if err != nil {
		return payments.Launch{}, noAnswer(opCreate, err)
	}
	href := payments.Link(string(s.URL), maxLink, g.channel.Mode)
	switch total, _ := s.total(); {
	case href == "" || string(s.OrderNo) != a.OrderNo:
		return payments.Launch{}, noAnswer(opCreate, errors.New("answer has no usable address for this order"))
	case total != a.Amount:
		return payments.Launch{}, noAnswer(opCreate, errors.New("session is for another amount"))
	case s.mode() != g.channel.Mode:
		return payments.Launch{}, noAnswer(opCreate, fmt.Errorf("session is in %s mode", s.mode()))
	}
	return payments.Launch{Gateway: "stripe", OrderNo: a.OrderNo, Href: href, GatewayID: s.ID}, nil
}

// sound checks an attempt before anything is sent.
func (g *gateway) sound(a *payments.Attempt) error {
	switch {
	case a.Amount.Cur != g.channel.Currency:
		return fmt.Errorf("stripe: the channel takes %s, not %q", g.channel.Currency, a.Amount.Cur)
	case a.Amount.Minor <= 0:
		return errors.New("stripe: the amount must be more than zero")
	case !payments.Plain(a.OrderNo, maxOrderNo):
		return errors.New("stripe: the order number must have 1 to 64 letters and digits")
	case a.Return == "" || a.Fail == "":
		return errors.New("stripe: the return addresses are missing")
	}
	return nil
}

// createParams is what a session is made from. It depends on the attempt alone, so that a repeat is the same bytes. The payer can pay
// by card only, and in no currency but ours: other methods may settle days later.
func createParams(a *payments.Attempt) *api.CheckoutSessionCreateParams {
	p := &api.CheckoutSessionCreateParams{
		Mode:              api.String("payment"),
		SubmitType:        api.String("pay"),
		ClientReferenceID: api.String(a.OrderNo),
		Metadata:          map[string]string{metaOrder: a.OrderNo},
		PaymentIntentData: &api.CheckoutSessionCreatePaymentIntentDataParams{
			Description: api.String(orderName(a)),
			Metadata:    map[string]string{metaOrder: a.OrderNo},
		},
		PaymentMethodTypes: api.StringSlice([]string{"card"}),
		AdaptivePricing:    &api.CheckoutSessionCreateAdaptivePricingParams{Enabled: api.Bool(false)},
		LineItems: []*api.CheckoutSessionCreateLineItemParams{{
			Quantity: api.Int64(1),
			PriceData: &api.CheckoutSessionCreateLineItemPriceDataParams{
				Currency:    api.String(strings.ToLower(string(a.Amount.Cur))),
				UnitAmount:  api.Int64(a.Amount.Minor), // Stripe counts in minor units too, and KRW and JPY have none
				ProductData: &api.CheckoutSessionCreateLineItemPriceDataProductDataParams{Name: api.String(orderName(a))},
			},
		}},
		Locale:     api.String(locale(a.Lang)),
		SuccessURL: api.String(withQuery(a.Return, "session_id={CHECKOUT_SESSION_ID}")),
		CancelURL:  api.String(withQuery(a.Fail, "cancelled=1")),
	}
	if email := cut(a.Payer.Email, 300); email != "" && len(email) <= 254 {
		p.CustomerEmail = api.String(email)
	}
	if !a.StartedAt.IsZero() {
		p.ExpiresAt = api.Int64(a.StartedAt.Add(sessionLife).Unix())
	}
	return p
}

// metaOrder is the metadata that carries our order number to the objects that have no client_reference_id.
const metaOrder = "order"

// orderName is what the payer sees on Stripe's page; Stripe requires one.
func orderName(a *payments.Attempt) string {
	if name := cut(a.OrderName, 200); name != "" {
		return name
	}
	return a.OrderNo
}

// locale is the language of Stripe's page.
func locale(l registration.Lang) string {
	if l == registration.Korean {
		return "ko"
	}
	return "en"
}
