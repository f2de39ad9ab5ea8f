package portonev1

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// cancelRequest is the body of a refund. The amount is always written, because PortOne takes none, and 0, for all that is left. Checksum
// is the balance that we believe in; PortOne does nothing when its own is another.
type cancelRequest struct {
	ID       string      `json:"imp_uid"`
	Amount   json.Number `json:"amount"`
	Checksum json.Number `json:"checksum"`
	Reason   string      `json:"reason"`
	Holder   string      `json:"refund_holder,omitempty"`
	Bank     string      `json:"refund_bank,omitempty"`
	Account  string      `json:"refund_account,omitempty"`
	Extra    *requester  `json:"extra,omitempty"`
}

// requester is who wants a refund, which NaverPay insists on.
type requester struct {
	Requester string `json:"requester"`
}

// Refund gives r.Amount back. PortOne knows no idempotency keys. Three things keep a refund from happening twice:
//
//   - the reason ends with the refund's own mark, and what PortOne has of the payment is read first: a refund that is there is not sent
//     again, so that a repeat has the effect of one;
//   - the balance must be what r.Balance says, both when we read it and, by the checksum, when PortOne carries the refund out: the
//     repeat of a refund that is only being written down there is refused;
//   - where a company takes refunds down and carries them out later (PayPal), a repeat whose first send may have arrived only looks.
//
// A Pending outcome is accepted and not carried out. A *payments.Refusal that is neither Settled nor Passing is final.
func (g *gateway) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	if err := sendable(&r); err != nil {
		return payments.RefundOutcome{}, err
	}
	before, err := g.refunded(ctx, &r)
	if err != nil {
		return payments.RefundOutcome{}, payments.NothingSent(err)
	}
	if out, done := before.refundOf(&r); done {
		return out, nil
	}
	if err := before.refundable(&r); err != nil {
		return payments.RefundOutcome{}, fmt.Errorf("portonev1: refund not sent: %w", err)
	}
	if before.slow() && r.Resumed {
		_, gone := before.money()
		return payments.RefundOutcome{Refunded: gone, Pending: true}, nil
	}
	var after payment
	err = g.send(ctx, opCancel, http.MethodPost, "/payments/cancel", before.cancelRequest(&r), &after)
	if err != nil {
		return g.refused(ctx, &r, err)
	}
	return after.carriedOut(&before, &r)
}

// sendable checks a refund before anything is asked.
func sendable(r *payments.RefundAttempt) error {
	switch {
	case !payments.Plain(r.OrderNo, maxOrderNo):
		return errors.New("portonev1: refund not sent: the order number is missing")
	case !payments.Plain(r.GatewayID, maxID):
		return errors.New("portonev1: refund not sent: imp_uid is missing")
	case cmp.Or(r.RefundID, r.Key) == "":
		return errors.New("portonev1: refund not sent: it has no id")
	case !r.Amount.Cur.Known() || r.Amount.Minor <= 0:
		return errors.New("portonev1: refund not sent: the amount must be more than zero of a known currency")
	case r.Balance.Cur != r.Amount.Cur || r.Balance.Minor < r.Amount.Minor:
		return errors.New("portonev1: refund not sent: it is more than the balance")
	}
	return nil
}

// refunded reads the payment that a refund is of.
func (g *gateway) refunded(ctx context.Context, r *payments.RefundAttempt) (payment, error) {
	p, err := g.get(ctx, r.GatewayID)
	if err == nil && p.orderNo() != r.OrderNo {
		err = noAnswer(opLookup, errors.New("answer is about another order number"))
	}
	return p, err
}

// refundable says what speaks against the refund in PortOne's account of the payment.
func (p *payment) refundable(r *payments.RefundAttempt) error {
	captured, gone := p.money()
	refusal := &payments.Refusal{Key: keyAmount}
	switch {
	case p.status() != payments.StatusCaptured:
		refusal.Code, refusal.Key = "NOT_PAID", keyFailed
	case captured.Cur != r.Amount.Cur:
		refusal.Code = "CURRENCY_DIFFERS"
	case gone == captured:
		refusal.Code, refusal.Key, refusal.Settled = "ALREADY_CANCELLED", keyFailed, true
	case captured.Minor-gone.Minor != r.Balance.Minor:
		refusal.Code = "BALANCE_DIFFERS"
	case p.PayMethod == vbank && (r.Account.Number == "" || r.Account.Bank == "" || r.Account.Holder == ""):
		refusal.Code, refusal.Key = "ACCOUNT_MISSING", keyFailed
	default:
		return nil
	}
	return refusal
}

// slow reports whether the company takes refunds down and carries them out later, without showing them meanwhile.
func (p *payment) slow() bool { return strings.HasPrefix(string(p.Company), "paypal") }

func (p *payment) cancelRequest(r *payments.RefundAttempt) cancelRequest {
	in := cancelRequest{ID: p.ID, Amount: literal(r.Amount), Checksum: literal(r.Balance), Reason: reasonOf(r)}
	if p.PayMethod == vbank {
		in.Holder, in.Bank, in.Account = cut(r.Account.Holder, 60), bankCode(string(p.Company), r.Account.Bank), digits(r.Account.Number)
	}
	if p.Company == "naverpay" {
		in.Extra = &requester{"admin"}
	}
	return in
}

// refused looks what is true after an answer that says no, or none: a company's no may come late. The error stands unless the refund
// is there.
func (g *gateway) refused(ctx context.Context, r *payments.RefundAttempt, cause error) (payments.RefundOutcome, error) {
	if _, ok := errors.AsType[*payments.Refusal](cause); !ok {
		return payments.RefundOutcome{}, cause
	}
	if p, err := g.refunded(ctx, r); err == nil {
		if out, done := p.refundOf(r); done {
			return out, nil
		}
	}
	return payments.RefundOutcome{}, cause
}

// refundOf finds the refund among those that the payment shows.
func (p *payment) refundOf(r *payments.RefundAttempt) (payments.RefundOutcome, bool) {
	captured, gone := p.money()
	all, ok := p.cancels()
	if !ok || captured.Cur != r.Amount.Cur {
		return payments.RefundOutcome{}, false
	}
	for _, c := range all {
		if m, err := registration.ParseMoney(string(c.Amount), captured.Cur); err == nil && m == r.Amount && strings.HasSuffix(string(c.Reason), markOf(r)) {
			return payments.RefundOutcome{GatewayID: payments.OnlyPlain(string(c.ID), maxID), Refunded: gone}, true
		}
	}
	return payments.RefundOutcome{}, false
}

// carriedOut reads PortOne's account of the payment after a refund that it accepted.
func (p *payment) carriedOut(before *payment, r *payments.RefundAttempt) (payments.RefundOutcome, error) {
	if p.check() != nil || p.ID != before.ID || p.orderNo() != r.OrderNo {
		return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer is about another payment"))
	}
	if out, done := p.refundOf(r); done {
		return out, nil
	}
	_, was := before.money()
	captured, gone := p.money()
	switch {
	case captured.Cur != r.Amount.Cur:
	case gone.Minor == was.Minor+r.Amount.Minor: // the row, or its reason, is not written yet
		return payments.RefundOutcome{Refunded: gone}, nil
	case gone == was && p.slow():
		return payments.RefundOutcome{Refunded: gone, Pending: true}, nil
	}
	return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer does not show the refund"))
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
