package sandbox

import (
	"fmt"
	"maps"
	"slices"
)

// deposit pays into a payment's virtual account, whole and at once.
func (s *Sandbox) deposit(name string) error {
	return s.change(name, func(t *tx, p *Payment) error {
		if p.State != StateDeposit {
			return errNoDeposit
		}
		p.State, p.CapturedAt = StateCaptured, t.now
		p.Captured += p.Amount
		p.Capture = s.dialects[p.Dialect].newTransaction()
		p.Transaction = p.Capture
		p.note(t.now, "deposited", p.Money(p.Amount).Decimal())
		t.save(p)
		t.tell(p)
		return nil
	})
}

// cancelDeposit takes a deposit back, as a bank does that found an error: the account waits again. The money that came and went stays
// in the books as a refund that the gateway's own answers do not show.
func (s *Sandbox) cancelDeposit(name string) error {
	return s.change(name, func(t *tx, p *Payment) error {
		if p.State != StateCaptured || p.Account == nil || p.Left() != p.Amount {
			return errDeposited
		}
		r := Refund{ID: s.dialects[p.Dialect].newTransaction(), Amount: p.Left(), Reason: "the bank took the deposit back", At: t.now, Outside: true, Taken: true}
		p.Refunds, p.Refunded = append(p.Refunds, r), p.Refunded+r.Amount
		p.State, p.Transaction = StateDeposit, r.ID
		p.note(t.now, "deposit-cancelled", p.Money(r.Amount).Decimal())
		t.save(p)
		t.tell(p)
		return nil
	})
}

// nightly gives everything back that was captured, as gateways do at night with payments made under test keys. It returns how many
// payments that were.
func (s *Sandbox) nightly() (int, error) {
	n := 0
	_, err := s.write(func(t *tx) {
		n = 0
		for _, id := range t.k.order {
			p := t.payment(id)
			if p.State != StateCaptured || p.Left() == 0 {
				continue
			}
			t.refund(p, Refund{ID: s.dialects[p.Dialect].newTransaction(), Amount: p.Left(), Reason: "test payment, cancelled at night", Outside: true})
			n++
		}
	})
	return n, err
}

// checkFault checks a fault that came from outside.
func (s *Sandbox) checkFault(f Fault) error {
	if _, known := s.dialects[f.Dialect]; f.Dialect != "" && !known {
		return fmt.Errorf("dialect %q is none of %q", f.Dialect, s.dialectNames())
	}
	return f.check()
}

// dialectNames are the gateways that the sandbox speaks, sorted.
func (s *Sandbox) dialectNames() []string { return slices.Sorted(maps.Keys(s.dialects)) }
