package toss

import (
	"context"
	"encoding/json"
	"errors"

	"foyer/payments"
	"foyer/registration"
)

// cancelRequest is the body of a refund. The amount is always written, for a whole refund too: then the gateway can never give back
// more than was decided, and a repeat is the same bytes.
type cancelRequest struct {
	Reason     string      `json:"cancelReason"`
	Amount     json.Number `json:"cancelAmount"`
	Refundable json.Number `json:"refundableAmount,omitempty"` // refuse when the balance is another
	Currency   string      `json:"currency,omitempty"`         // KRW is the gateway's default
	// Account is where the money of a virtual account goes back to.
	Account *refundAccount `json:"refundReceiveAccount,omitempty"`
}

// Refund gives r.Amount back under r.Key; r.Balance, when set, must be what the gateway still holds, else it refuses and does
// nothing. A repeat with the same attempt has the effect of one.
//
// A *payments.Refusal that is neither Settled nor Passing is final. ErrBusy with a Refusal in its chain (two refunds of one payment
// within a second) has its answer stored under the key: the next send needs a new one. ErrBusy alone has not.
func (g *gateway) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	if err := sendable(&r); err != nil {
		return payments.RefundOutcome{}, err
	}
	in := cancelRequest{Reason: cut(r.Reason, 200), Amount: literal(r.Amount)}
	if in.Reason == "" {
		in.Reason = "refund"
	}
	if r.Balance.Minor > 0 {
		in.Refundable = literal(r.Balance)
	}
	if r.Amount.Cur != registration.KRW {
		in.Currency = string(r.Amount.Cur)
	}
	if r.Method == payments.MethodVirtualAccount {
		account, err := returnTo(r.Account)
		if err != nil {
			return payments.RefundOutcome{}, err
		}
		in.Account = account
	}
	p, err := g.post(ctx, opCancel, path(r.GatewayID, "cancel"), r.Key, in)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	return refunded(&p, &r)
}

// sendable checks a refund before it is sent.
func sendable(r *payments.RefundAttempt) error {
	switch {
	case !plain(r.GatewayID, maxKey):
		return errors.New("toss: refund not sent: the payment key is missing")
	case !r.Amount.Cur.Known() || r.Amount.Minor <= 0:
		return errors.New("toss: refund not sent: the amount must be more than zero of a known currency")
	case r.Balance.Minor < 0 || (r.Balance.Minor > 0 && (r.Balance.Cur != r.Amount.Cur || r.Balance.Minor < r.Amount.Minor)):
		return errors.New("toss: refund not sent: it is more than the balance")
	}
	return nil
}

// refunded reads the gateway's account of a refund. An account of another payment, or of less than was asked for, tells nothing.
func refunded(p *payment, r *payments.RefundAttempt) (payments.RefundOutcome, error) {
	captured, gone := p.money()
	switch {
	case p.PaymentKey != r.GatewayID:
		return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer is about another payment"))
	case captured.Cur != r.Amount.Cur || gone.Minor < r.Amount.Minor:
		return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer does not show the refund"))
	}
	c := lastCancel(p)
	return payments.RefundOutcome{
		GatewayID: only(string(c.Key), maxKey), Refunded: gone, Pending: c.Status == "IN_PROGRESS",
	}, nil
}

// lastCancel is the refund that the payment's last transaction made.
func lastCancel(p *payment) cancel {
	all := payments.Member[[]cancel](p.Cancels)
	for _, c := range all {
		if c.Key != "" && c.Key == p.Last {
			return c
		}
	}
	if len(all) > 0 {
		return all[len(all)-1]
	}
	return cancel{}
}
