package portonev2

import (
	"strconv"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// minorOf reads an amount, which PortOne counts in the currency's minor unit. Anything but digits is no amount: a fraction of a minor
// unit, an exponent, a sign.
func minorOf(n number) (int64, bool) {
	if n == "" || len(n) > 15 || strings.Trim(string(n), "0123456789") != "" {
		return 0, false
	}
	v, err := strconv.ParseInt(string(n), 10, 64)
	return v, err == nil
}

// amounts are what PortOne says about a payment's money.
type amounts struct {
	Total     number `json:"total"`
	Discount  number `json:"discount"`
	Paid      number `json:"paid"`
	Cancelled number `json:"cancelled"`
}

// cancellation is one refund of a payment.
type cancellation struct {
	Status text   `json:"status"`
	ID     text   `json:"id"`
	Amount number `json:"totalAmount"`
	Reason text   `json:"reason"`
	At     text   `json:"cancelledAt"`
}

// The states of a cancellation. A requested one has not given anything back yet, and may still fail.
const (
	cancelSucceeded = "SUCCEEDED"
	cancelRequested = "REQUESTED"
	cancelFailed    = "FAILED"
)

func (p *payment) cancels() []cancellation { return payments.Member[[]cancellation](p.Cancellations) }

// money is what was taken in all and what went back of it. What the payer paid and what a card company or promotion adds make up the
// total, which is what the merchant gets. An account of it that cannot be ours never passes for an amount: in a currency that we
// cannot count in, it is zero of that currency as PortOne names it; where its numbers contradict each other, it is the zero Money.
// Neither equals any price, so that the payment is not confirmed and goes before a person.
func (p *payment) money() (captured, refunded registration.Money) {
	cur := registration.Currency(strings.TrimPrefix(string(p.Currency), "CURRENCY_"))
	if !cur.Known() {
		none := registration.Money{Cur: registration.Currency(payments.OnlyPlain(string(cur), 12))}
		return none, none
	}
	a := payments.Member[amounts](p.Amount)
	total, ok := minorOf(a.Total)
	if !ok || total == 0 || !a.adds(total) {
		return registration.Money{}, registration.Money{}
	}
	gone, ok := p.gone(a)
	if !ok || gone > total {
		return registration.Money{}, registration.Money{}
	}
	return registration.Money{Minor: total, Cur: cur}, registration.Money{Minor: gone, Cur: cur}
}

// adds reports whether what was paid and what was discounted, as far as they are told, make up the total.
func (a amounts) adds(total int64) bool {
	discount, paid := int64(0), total
	ok := true
	if a.Discount != "" {
		discount, ok = minorOf(a.Discount)
		paid = total - discount
	}
	if ok && a.Paid != "" {
		paid, ok = minorOf(a.Paid)
	}
	return ok && paid+discount == total
}

// gone is what went back: the cancellations that succeeded, or the sum that PortOne gives where it lists none. That sum may or may
// not count what is only requested; when it fits neither way, ok is false.
func (p *payment) gone(a amounts) (gone int64, ok bool) {
	sum, told := minorOf(a.Cancelled)
	if a.Cancelled != "" && !told {
		return 0, false
	}
	all := p.cancels()
	if len(all) == 0 {
		return sum, true
	}
	var requested int64
	for _, c := range all {
		n, ok := minorOf(c.Amount)
		if !ok {
			return 0, false
		}
		switch c.Status {
		case cancelSucceeded:
			gone += n
		case cancelRequested:
			requested += n
		}
	}
	return gone, !told || sum == gone || sum == gone+requested
}
