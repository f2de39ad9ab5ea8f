package stripe

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"

	api "github.com/stripe/stripe-go/v85"
)

// refund is Stripe's refund object, as far as it is read.
type refund struct {
	ID       string            `json:"id"`
	Status   string            `json:"status"`
	Amount   number            `json:"amount"`
	Currency text              `json:"currency"`
	Intent   ref               `json:"payment_intent"`
	Charge   ref               `json:"charge"`
	Failure  text              `json:"failure_reason"`
	Metadata map[string]string `json:"metadata"`
}

// Refund gives r.Amount back under r.Key. Stripe knows a key for a day only, and takes no balance to compare with; so the session is
// read first. When more has gone back than r.Balance tells, and a refund of ours is among it, that one is the answer and nothing is
// sent; when it is somebody else's, nothing is sent either. A repeat with the same attempt has the effect of one.
//
// A *payments.Refusal that is neither Settled nor Passing is final.
func (g *gateway) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	if err := sendable(&r); err != nil {
		return payments.RefundOutcome{}, err
	}
	s, err := g.read(ctx, r.GatewayID)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	paid, err := s.account()
	switch {
	case err != nil:
		return payments.RefundOutcome{}, err
	case paid.Status != payments.StatusCaptured || paid.Captured.Cur != r.Amount.Cur:
		return payments.RefundOutcome{}, fmt.Errorf("stripe: refund not sent: %w", rule{never, keyFailed}.refusal("not_paid"))
	}
	if r.Balance.Minor > 0 {
		gone := paid.Refunded.Minor - (paid.Captured.Minor - r.Balance.Minor) // since we decided
		switch {
		case gone >= r.Amount.Minor:
			return g.madeBefore(ctx, s, &r, paid.Refunded)
		case gone != 0:
			return payments.RefundOutcome{}, fmt.Errorf("stripe: refund not sent: %w", rule{otherBalance, keyAmount}.refusal("other_balance"))
		}
	}
	body, err := g.post(ctx, opRefund, "/v1/refunds", r.Key, refundParams(s, &r))
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	return made(body, s, &r, paid.Refunded)
}

// sendable checks a refund before anything is sent.
func sendable(r *payments.RefundAttempt) error {
	switch {
	case !sessionID(r.GatewayID):
		return errors.New("stripe: refund not sent: the session's id is missing")
	case !payments.Plain(r.Key, maxIdempotencyKey):
		return errors.New("stripe: refund not sent: no usable idempotency key")
	case !r.Amount.Cur.Known() || r.Amount.Minor <= 0:
		return errors.New("stripe: refund not sent: the amount must be more than zero of a known currency")
	case r.Balance.Minor < 0 || (r.Balance.Minor > 0 && (r.Balance.Cur != r.Amount.Cur || r.Balance.Minor < r.Amount.Minor)):
		return errors.New("stripe: refund not sent: it is more than the balance")
	}
	return nil
}

// metaRefund is the metadata by which a refund of ours is known again.
const metaRefund = "refund"

// refundParams is the body of a refund. The amount is always written, for a whole refund too: then Stripe can never give back more
// than was decided. It depends on the attempt and the session alone.
func refundParams(s *session, r *payments.RefundAttempt) *api.RefundCreateParams {
	p := &api.RefundCreateParams{
		PaymentIntent: api.String(s.Intent.id),
		Amount:        api.Int64(r.Amount.Minor),
		Reason:        api.String("requested_by_customer"),
		Metadata:      map[string]string{metaRefund: mark(r), metaOrder: string(s.OrderNo)},
		Expand:        api.StringSlice([]string{"charge"}),
	}
	if why := cut(r.Reason, 200); why != "" {
		p.Metadata["reason"] = why
	}
	return p
}

// mark names a refund of ours at Stripe.
func mark(r *payments.RefundAttempt) string { return cmp.Or(r.RefundID, r.Key) }

// made reads Stripe's answer to a refund. An account of another payment or another sum tells nothing.
func made(body []byte, s *session, r *payments.RefundAttempt, before registration.Money) (payments.RefundOutcome, error) {
	var f refund
	if err := json.Unmarshal(body, &f); err != nil || !payments.Plain(f.ID, maxID) || !payments.Plain(f.Status, maxCode) {
		return payments.RefundOutcome{}, noAnswer(opRefund, errors.New("answer is no refund"))
	}
	if !f.is(s, r) {
		return payments.RefundOutcome{}, noAnswer(opRefund, errors.New("answer is about another refund"))
	}
	total := registration.Money{Minor: before.Minor + r.Amount.Minor, Cur: r.Amount.Cur}
	if n, ok := minorOf(payments.Member[charge](f.Charge.object).Refunded); ok {
		total.Minor = n
	}
	return f.outcome(total)
}

// is reports whether a refund is the one that was asked for, by payment, sum and currency.
func (f *refund) is(s *session, r *payments.RefundAttempt) bool {
	n, ok := minorOf(f.Amount)
	return ok && n == r.Amount.Minor && strings.EqualFold(string(f.Currency), string(r.Amount.Cur)) && f.Intent.id == s.Intent.id
}

// lost reports whether a refund came to nothing.
func (f *refund) lost() bool { return f.Status == "failed" || f.Status == "canceled" }

// outcome is the contract's account of a refund. One that came to nothing is refused for good.
func (f *refund) outcome(total registration.Money) (payments.RefundOutcome, error) {
	if f.lost() {
		code := cmp.Or(payments.OnlyPlain(string(f.Failure), maxCode), "refund_"+f.Status)
		return payments.RefundOutcome{}, fmt.Errorf("stripe: %s: %w", opRefund, rule{never, keyCard}.refusal(code))
	}
	return payments.RefundOutcome{GatewayID: f.ID, Refunded: total, Pending: f.Status != "succeeded"}, nil
}

// madeBefore finds a refund of ours among those that a payment has.
func (g *gateway) madeBefore(ctx context.Context, s *session, r *payments.RefundAttempt, gone registration.Money) (payments.RefundOutcome, error) {
	params := &api.RefundListParams{PaymentIntent: api.String(s.Intent.id)}
	params.Limit = api.Int64(100)
	body, err := g.get(ctx, opRefund, "/v1/refunds", params)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	var in struct {
		Object string   `json:"object"`
		Data   []refund `json:"data"`
	}
	if err := json.Unmarshal(body, &in); err != nil || in.Object != "list" {
		return payments.RefundOutcome{}, noAnswer(opRefund, errors.New("answer is no list of refunds"))
	}
	for i := range in.Data {
		if f := &in.Data[i]; f.Metadata[metaRefund] == mark(r) && f.is(s, r) && !f.lost() && payments.Plain(f.ID, maxID) {
			return f.outcome(gone)
		}
	}
	return payments.RefundOutcome{}, fmt.Errorf("stripe: refund not sent: %w", rule{otherBalance, keyAmount}.refusal("other_balance"))
}
