package gatewaytest

import (
	"fmt"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// approving are the cases in which the gateway and the payer do what they should.
var approving = []check{
	{name: "approve", run: approve},
	{name: "approve under other contracts", run: approveOthers},
	{name: "approve without script", run: approveWithoutScript, needs: func(_ Kit, c payments.Capabilities) string { return offered(c.Fallback, "Fallback") }},
	{name: "duplicate confirm", run: duplicateConfirm},
	{name: "token expired mid-way", run: tokenExpired, needs: func(k Kit, _ payments.Capabilities) string { return offered(k.Expiring != nil, "tokens") }},
}

func approve(h *till) {
	p := h.paid()
	if p.Captured != p.Amount || p.GatewayID == "" || p.Method == "" || p.ConfirmedAt.IsZero() || p.VerifiedAt.IsZero() {
		h.Errorf("the payment lacks what the gateway said: %+v", p)
	}
	h.wantOrder(p.OrderID, registration.OrderPaid)
	if receipts, corrections := h.documents(p); receipts != 1 || corrections != 0 {
		h.Errorf("%d receipts and %d corrections, want one receipt", receipts, corrections)
	}
	h.quiet()
	h.agree()
}

func approveOthers(h *till) {
	for name, other := range h.kit.Others {
		h.use(other.Contract(h.payer.Base))
		p := h.started()
		h.comeBack(p, h.click(p, other.Card))
		if got := h.payment(p); got.State != payments.Confirmed || got.Captured != p.Amount {
			h.Errorf("%s: payment is %s with %v, want confirmed with %v", name, got.State, got.Captured, p.Amount)
		}
		h.quiet()
		h.agree()
	}
}

func approveWithoutScript(h *till) {
	p := h.begin(h.order(), 1, true)
	l := h.launch(p)
	if l.Href == "" || l.Script != "" {
		h.Fatalf("launch %+v, want an address", l)
	}
	h.comeBack(p, h.kit.press(h.payer, l, h.payer.window(l.Href), h.kit.Card))
	h.want(p, payments.Confirmed)
	h.quiet()
	h.agree()
}

// duplicateConfirm is a double click, a second tab and a second process at once, and the same page opened again later.
func duplicateConfirm(h *till) {
	p := h.started()
	back := h.click(p, h.kit.Card)
	done := make(chan error)
	const callers = 8
	for i := range callers {
		c := h.process(fmt.Sprintf("process %d", i), callTime)
		go func() {
			_, err := c.Settle(h.ctx, p.ID, h.hint(p, back))
			done <- err
		}()
	}
	for range callers {
		if err := <-done; err != nil {
			h.Errorf("settle: %v", err)
		}
	}
	h.quiet()
	h.comeBack(p, back)
	h.want(p, payments.Confirmed)
	if receipts, _ := h.documents(p); receipts != 1 {
		h.Errorf("%d receipts, want 1", receipts)
	}
	h.confirmedOnce()
	h.agree()
}

// confirmedOnce holds that the one payment so far was taken once.
func (h *till) confirmedOnce() {
	h.Helper()
	h.oneKey(sandbox.OpConfirm)
	if h.captured() > h.price() {
		h.Errorf("the gateway took %d, want %d once", h.captured(), h.price())
	}
}

// price is what an order costs, in minor units.
func (h *till) price() int64 {
	return h.event.Categories[0].Prices["regular"][h.channel.Currency]
}

func tokenExpired(h *till) {
	h.use(h.kit.Expiring(h.payer.Base))
	first := h.paid()
	second := h.started()
	back := h.click(second, h.kit.Card)
	h.clock.Pass(5 * time.Minute)
	h.comeBack(second, back)
	h.want(second, payments.Confirmed)
	h.clock.Pass(31 * time.Minute) // the token that the adapter still holds is worth nothing now
	third := h.started()
	h.comeBack(third, h.click(third, h.kit.Card))
	h.want(third, payments.Confirmed)
	h.clock.Pass(31 * time.Minute)
	h.refund(first, first.Amount)
	h.quiet()
	h.agree()
}
