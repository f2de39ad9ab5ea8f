package registration

import (
	"math/bits"
	"slices"
	"time"
)

// RefundPolicy says how much of what was paid goes back when somebody cancels, by date. The zero value gives nothing back.
type RefundPolicy struct {
	Steps      []RefundStep            `json:"steps,omitempty"`      // by Until, the soonest first
	ByCategory map[string][]RefundStep `json:"categories,omitempty"` // instead of Steps, for these categories
	Fee        Prices                  `json:"fee,omitempty"`        // withheld from each person's refund
}

// RefundStep is the share that goes back until a moment.
type RefundStep struct {
	Until   time.Time `json:"until"` // its last second, included
	Percent int64     `json:"percent"`
}

// Empty reports whether nothing was said.
func (p *RefundPolicy) Empty() bool { return len(p.Steps) == 0 && len(p.ByCategory) == 0 }

// Of lists the steps that hold for a category.
func (p *RefundPolicy) Of(category string) []RefundStep {
	if own, has := p.ByCategory[category]; has {
		return own
	}
	return p.Steps
}

// Step is the step that holds for a category at now; ok is false after the last one, when nothing goes back.
func (p *RefundPolicy) Step(category string, now time.Time) (step RefundStep, ok bool) {
	for _, s := range p.Of(category) {
		if now.Before(s.Until.Add(time.Second)) {
			return s, true
		}
	}
	return RefundStep{}, false
}

// Refund is what goes back of what one person of a category has paid, when they cancel at now: the step's share, rounded half up to the
// minor unit, less the fee, and never less than nothing.
func (p *RefundPolicy) Refund(category string, paid Money, now time.Time) Money {
	step, ok := p.Step(category, now)
	back := Money{Cur: paid.Cur}
	if ok && paid.Minor > 0 {
		back.Minor = max((paid.Minor*step.Percent+50)/100-p.Fee[paid.Cur], 0)
	}
	return back
}

// OrderRefund is what goes back of an order that its owner cancels at now: what the rule gives back for each of its people, of what was
// paid for them. paid is what the order has brought and kept so far; it is shared out by what each person's lines cost, the last one
// taking what is left over. What the order has kept beyond what its people cost was withheld by the rule before, from somebody who
// was cancelled or from a change, and is withheld for good. Nothing goes back in a currency in which the order has no price.
func (p *RefundPolicy) OrderRefund(o *Order, paid Money, now time.Time) Money {
	back, left, whole := Money{Cur: paid.Cur}, int64(0), int64(0)
	people := slices.DeleteFunc(slices.Clone(o.Registrations), func(r Registration) bool { return r.Gone })
	for _, r := range people {
		whole += Total(r.Lines)[paid.Cur]
	}
	paid.Minor = min(paid.Minor, whole)
	left = paid.Minor
	for i, r := range people {
		share := left
		if i < len(people)-1 && whole > 0 {
			share = min(portion(paid.Minor, Total(r.Lines)[paid.Cur], whole), left)
		}
		left -= share
		back.Minor += p.Refund(r.Category(), Money{Minor: share, Cur: paid.Cur}, now).Minor
	}
	return back
}

// portion is sum × part / whole, rounded down, for 0 ≤ part ≤ whole; the product may be larger than an int64.
func portion(sum, part, whole int64) int64 {
	hi, lo := bits.Mul64(uint64(sum), uint64(part))
	quotient, _ := bits.Div64(hi, lo, uint64(whole))
	return int64(quotient)
}
