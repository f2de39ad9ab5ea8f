package portonev2

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// cancelRequest is the body of a refund. The amount is always written, for a whole refund too: then PortOne can never give back more
// than was decided. Current is the balance that we believe in; PortOne does nothing when its own is another.
type cancelRequest struct {
	Store   string `json:"storeId"`
	Amount  int64  `json:"amount"`
	Reason  string `json:"reason"`
	Current int64  `json:"currentCancellableAmount"`

	Account *refundAccount `json:"refundAccount,omitempty"` // of a virtual account's money
}

// Refund gives r.Amount back. PortOne knows no idempotency keys, so the refund's own mark is in its reason, and what PortOne has of the
// payment is read first: a refund that is there already, or under way, is not sent again. A repeat has the effect of one.
//
// A Pending outcome is accepted and not carried out: the same call later tells more, and never starts another. A *payments.Refusal that
// is neither Settled nor Passing is final. ErrBusy while a refund that is not ours is under way.
func (g *gateway) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	if err := sendable(&r); err != nil {
		return payments.RefundOutcome{}, err
	}
	p, err := g.get(ctx, r.OrderNo)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	before, err := p.balance(&r)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	if out, known, err := p.known(&r, before); known || err != nil {
		return out, err
	}
	in := cancelRequest{Store: g.settings.store, Amount: r.Amount.Minor, Reason: reasonOf(&r), Current: r.Balance.Minor}
	if r.Method == payments.MethodVirtualAccount {
		if in.Account, err = returnTo(r.Account); err != nil {
			return payments.RefundOutcome{}, err
		}
	}
	var answer struct {
		Cancellation cancellation `json:"cancellation"`
	}
	if err := g.post(ctx, opCancel, path(r.OrderNo, "cancel"), in, &answer); err != nil {
		return payments.RefundOutcome{}, err
	}
	if n, ok := minorOf(answer.Cancellation.Amount); !ok || n != r.Amount.Minor {
		return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer does not show the refund"))
	}
	if answer.Cancellation.Status == cancelSucceeded {
		before.Minor += r.Amount.Minor
	}
	return told(&answer.Cancellation, before)
}

// sendable checks a refund before anything is asked.
func sendable(r *payments.RefundAttempt) error {
	switch {
	case !payments.Plain(r.OrderNo, maxOrderNo):
		return errors.New("portonev2: refund not sent: the order number is missing")
	case cmp.Or(r.RefundID, r.Key) == "":
		return errors.New("portonev2: refund not sent: it has no id")
	case !r.Amount.Cur.Known() || r.Amount.Minor <= 0:
		return errors.New("portonev2: refund not sent: the amount must be more than zero of a known currency")
	case r.Balance.Cur != r.Amount.Cur || r.Balance.Minor < r.Amount.Minor:
		return errors.New("portonev2: refund not sent: it is more than the balance")
	}
	return nil
}

// balance makes sure that there is money to give back in the refund's currency, and gives what has gone back so far.
func (p *payment) balance(r *payments.RefundAttempt) (registration.Money, error) {
	if p.state() != payments.StatusCaptured {
		return registration.Money{}, fmt.Errorf("portonev2: cancel: %w", cancelTypes["PAYMENT_NOT_PAID"].refusal("PAYMENT_NOT_PAID"))
	}
	captured, gone := p.money()
	if captured.Cur != r.Amount.Cur || captured.Minor <= 0 {
		return registration.Money{}, noAnswer(opLookup, errors.New("the payment's money is not what the refund is of"))
	}
	return gone, nil
}

// known tells what became of the refund when the payment has it already: by its mark, or, while PortOne is at it, by its amount.
func (p *payment) known(r *payments.RefundAttempt, gone registration.Money) (payments.RefundOutcome, bool, error) {
	var done, under, failed *cancellation
	other := false
	all := p.cancels()
	for i := range all {
		c := &all[i]
		n, _ := minorOf(c.Amount)
		same := n == r.Amount.Minor
		mine := same && strings.HasSuffix(string(c.Reason), markOf(r))
		switch {
		case mine && c.Status == cancelSucceeded:
			done = c
		case same && c.Status == cancelRequested:
			under = c
		case c.Status == cancelRequested:
			other = true
		case mine:
			failed = c
		}
	}
	if other && done == nil {
		return payments.RefundOutcome{}, true, fmt.Errorf("portonev2: cancel: another refund is under way: %w", payments.ErrBusy)
	}
	if c := cmp.Or(done, under, failed); c != nil {
		out, err := told(c, gone)
		return out, true, err
	}
	return payments.RefundOutcome{}, false, nil
}

// told is the contract's account of a cancellation; gone is what has gone back of the payment in all. A state that is new to us tells
// nothing.
func told(c *cancellation, gone registration.Money) (payments.RefundOutcome, error) {
	out := payments.RefundOutcome{GatewayID: payments.OnlyPlain(string(c.ID), maxID), Refunded: gone}
	switch c.Status {
	case cancelSucceeded:
		return out, nil
	case cancelRequested:
		out.Pending = true
		return out, nil
	case cancelFailed:
		return payments.RefundOutcome{}, fmt.Errorf("portonev2: cancel: %w", &payments.Refusal{Code: "CANCELLATION_FAILED", Key: keyFailed})
	}
	return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer does not say what became of the refund"))
}

// markOf is a refund's own mark, the same for every send of it.
func markOf(r *payments.RefundAttempt) string {
	sum := sha256.Sum256([]byte(cmp.Or(r.RefundID, r.Key)))
	return "#" + base32.StdEncoding.EncodeToString(sum[:])[:12]
}

// reasonOf is the reason as PortOne keeps it, with the refund's mark at its end.
func reasonOf(r *payments.RefundAttempt) string {
	return strings.TrimSpace(cmp.Or(cut(r.Reason, 80), "refund") + " " + markOf(r))
}
