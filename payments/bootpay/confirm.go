package bootpay

import (
	"context"
	"errors"
	"fmt"

	"foyer/payments"
)

// confirmRequest is the body of a confirmation.
type confirmRequest struct {
	ReceiptID string `json:"receipt_id"`
}

// Settle confirms the receipt that a.GatewayID names. It reads it first: a confirmation names no amount, and the browser chose the
// one that the payer saw. Only a receipt of our order, over our amount, in the channel's mode, is confirmed; one that has been
// confirmed is only read. So a second call has the effect of one, although Bootpay takes no idempotency key.
//
// Of a receipt that does not fit nothing was charged and nothing will be: it is a Refusal that is Declined. ErrBusy means that the
// confirmation was not sent, ErrNoAnswer that it is not known what it did.
func (g *gateway) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	if err := g.sound(&a); err != nil {
		return payments.Outcome{}, err
	}
	if !plain(a.GatewayID, maxReceipt) {
		return payments.Outcome{}, errors.New("bootpay: nothing to confirm: the receipt id is missing")
	}
	r, err := g.look(ctx, a.GatewayID)
	if err != nil {
		return payments.Outcome{}, payments.NothingSent(err)
	}
	if r.ReceiptID != a.GatewayID {
		return payments.Outcome{}, payments.NothingSent(noAnswer(opLookup, errOther))
	}
	switch {
	case r.orderNo() != a.OrderNo:
		return r.outcome(), nil
	case r.status == StatusConfirming:
		return payments.Outcome{}, fmt.Errorf("bootpay: confirm: %w", payments.ErrRunning)
	case r.status != StatusAuthenticated:
		return r.outcome(), nil
	}
	if err := g.fits(&r, &a); err != nil {
		return payments.Outcome{}, err
	}
	return g.confirm(ctx, &a)
}

// confirm sends the confirmation of a receipt that fits.
func (g *gateway) confirm(ctx context.Context, a *payments.Attempt) (payments.Outcome, error) {
	r, err := g.post(ctx, opConfirm, "/v2/confirm", confirmRequest{ReceiptID: a.GatewayID})
	if err != nil {
		return payments.Outcome{}, err
	}
	if r.ReceiptID != a.GatewayID {
		return payments.Outcome{}, noAnswer(opConfirm, errOther)
	}
	return r.outcome(), nil
}

// fits checks a receipt that waits for its confirmation against the attempt.
func (g *gateway) fits(r *receipt, a *payments.Attempt) error {
	price, ok := r.price()
	switch {
	case !ok || price != a.Amount:
		return fmt.Errorf("bootpay: not confirmed: %w", &payments.Refusal{Code: "PRICE_DIFFERS", Key: keyAmount, Declined: true})
	case r.mode() != g.channel.Mode:
		return fmt.Errorf("bootpay: not confirmed: %w", &payments.Refusal{Code: "SANDBOX_DIFFERS", Key: keyChannel, Declined: true})
	}
	return nil
}
