package gatewaytest

import (
	"fmt"
	"net/http"
	"slices"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/store"
)

// sum is what moved for one order number: what was taken, and what went back.
type sum struct{ captured, refunded int64 }

// agree holds the gateway's books against ours once all is quiet: every capture and every refund, none more and none less, all of the
// doctor's invariants, and the keys that the gateway saw.
func (h *till) agree() {
	h.Helper()
	books := h.box.Books()
	theirs := map[string]sum{}
	for _, p := range books.Payments {
		s := theirs[p.OrderID]
		theirs[p.OrderID] = sum{s.captured + p.Captured, s.refunded + p.Refunded}
	}
	ledger, err := h.store.Ledger(h.ctx, h.event.Slug)
	if err != nil {
		h.Fatal(err)
	}
	for _, o := range ledger.Orders {
		for _, p := range o.Payments {
			h.compare(p, theirs[p.OrderNo])
			delete(theirs, p.OrderNo)
		}
	}
	for no, s := range theirs {
		if s.captured > 0 {
			h.Errorf("the gateway took %d for %s, which is no payment of ours", s.captured, no)
		}
	}
	h.healthy()
	h.oneKeyEach(books.Requests)
}

// compare holds one payment against the gateway's sums for it.
func (h *till) compare(p store.LedgerPayment, theirs sum) {
	h.Helper()
	if h.caps.Once && p.Attention {
		return // nobody can know; a person is told
	}
	ours := sum{captured: p.Captured}
	for _, r := range p.Refunds {
		switch payments.RefundState(r.State) {
		case payments.RefundDone:
			ours.refunded += r.Amount
		case payments.RefundRequested, payments.RefundSending, payments.RefundUnknown:
			h.Errorf("a refund of %d is still %s", r.Amount, r.State)
		case payments.RefundRefused:
		}
	}
	if ours != theirs {
		h.Errorf("payment %s is %s: the gateway's books have %+v, ours %+v", p.OrderNo, p.State, theirs, ours)
	}
	state := payments.State(p.State)
	if state.HasMoney() != (theirs.captured > 0) {
		h.Errorf("payment %s is %s, the gateway took %d", p.OrderNo, state, theirs.captured)
	}
	if state == payments.Surplus && theirs.refunded != theirs.captured && !p.Attention {
		h.Errorf("surplus of %d: %d went back and nobody is told", theirs.captured, theirs.refunded)
	}
}

// healthy asks the doctor.
func (h *till) healthy() {
	h.Helper()
	findings, err := h.store.Doctor(h.ctx)
	if err != nil {
		h.Fatal(err)
	}
	for _, f := range findings {
		h.Errorf("doctor: %s", f)
	}
}

// oneKeyEach holds that a key always came with the same request.
func (h *till) oneKeyEach(requests []sandbox.Request) {
	h.Helper()
	first := map[string]string{}
	for _, r := range requests {
		if r.Key == "" {
			continue
		}
		sent := fmt.Sprintf("%s %s %s", r.Method, r.Path, r.Body)
		if was, seen := first[r.Key]; seen && was != sent {
			h.Errorf("key %s came with\n%s\nand with\n%s", r.Key, was, sent)
		}
		first[r.Key] = sent
	}
}

// oneKey holds that all requests of an operation had one key, where the gateway takes a key. Only an answer that says no, and stays with
// its key, may be followed by another. It is for a till whose operation was about one thing so far.
func (h *till) oneKey(op sandbox.Operation) {
	h.Helper()
	open := ""
	for _, r := range h.box.Books().Requests {
		if r.Operation != op {
			continue
		}
		if open != "" && r.Key != open {
			h.Errorf("key %s came for the %s although %s was not refused", r.Key, op, open)
		}
		if open = r.Key; r.Status >= http.StatusBadRequest {
			open = ""
		}
	}
}

// sends counts the requests of an operation that reached the gateway.
func (h *till) sends(op sandbox.Operation) (n int) {
	for _, r := range h.box.Books().Requests {
		if r.Operation == op {
			n++
		}
	}
	return n
}

// captured is what the gateway took in all.
func (h *till) captured() (total int64) {
	for _, p := range h.box.Books().Payments {
		total += p.Captured
	}
	return total
}

// listed reports whether something of that kind is on the attention list.
func (h *till) listed(kind string) bool {
	h.Helper()
	all, err := h.store.Attention(h.ctx, h.event.ID)
	if err != nil {
		h.Fatal(err)
	}
	return slices.ContainsFunc(all, func(a store.AttentionEntry) bool { return a.Kind == kind })
}

// documents counts the receipts and corrections of a payment's order.
func (h *till) documents(p payments.Payment) (receipts, corrections int) {
	h.Helper()
	all, err := h.store.Receipts(h.ctx, p.OrderID)
	if err != nil {
		h.Fatal(err)
	}
	for _, r := range all {
		if r.Kind == "receipt" {
			receipts++
		} else {
			corrections++
		}
	}
	return receipts, corrections
}

// refunds are the refunds of a payment.
func (h *till) refunds(p payments.Payment) (all []payments.Refund) {
	h.Helper()
	of, err := h.store.RefundsOf(h.ctx, p.OrderID)
	if err != nil {
		h.Fatal(err)
	}
	for _, r := range of {
		if r.PaymentID == p.ID {
			all = append(all, r)
		}
	}
	return all
}
