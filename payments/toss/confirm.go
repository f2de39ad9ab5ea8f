package toss

import (
	"context"
	"encoding/json"
	"errors"

	"foyer/payments"
)

// confirmRequest is the body of a confirmation. Its bytes depend on the attempt alone.
type confirmRequest struct {
	PaymentKey string      `json:"paymentKey"`
	OrderID    string      `json:"orderId"`
	Amount     json.Number `json:"amount"`
}

// Settle confirms the payment that the payer has authenticated, under a.Key; a.GatewayID names it. A repeat with the same attempt
// sends the same bytes and has the effect of one. After a 5xx or no answer the same key must be used again, whatever the code:
// it is ErrNoAnswer, wrapped together with the Refusal when there was a code.
//
// The gateway knows a key by itself and ignores the body, so that a key used for two payments brings the first one's answer:
// the outcome's order number tells.
func (g *gateway) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	if err := g.sound(&a); err != nil {
		return payments.Outcome{}, err
	}
	if !plain(a.GatewayID, maxKey) {
		return payments.Outcome{}, errors.New("toss: nothing to confirm: the payment key is missing")
	}
	p, err := g.post(ctx, opConfirm, path("confirm"), a.Key, confirmRequest{
		PaymentKey: a.GatewayID, OrderID: a.OrderNo, Amount: literal(a.Amount),
	})
	if err != nil {
		return payments.Outcome{}, err
	}
	return p.outcome(g.channel.Mode), nil
}
