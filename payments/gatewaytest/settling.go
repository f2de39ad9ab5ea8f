package gatewaytest

import (
	"fmt"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// settling are the cases in which the gateway's answer is lost or worthless.
var settling = append(faults(sandbox.FaultLost, sandbox.FaultError500, sandbox.FaultTooMany, sandbox.FaultHTML, sandbox.FaultTruncated,
	sandbox.FaultHuge, sandbox.FaultRedirect, sandbox.FaultConflict, sandbox.FaultSlow),
	check{name: "no answer to any look-up for a while", run: deaf, needs: func(_ Kit, c payments.Capabilities) string { return offered(c.Inquiry, "Inquiry") }},
	check{name: "faults when a payment begins", run: notBegun},
)

// title is what a fault is called in the name of a case.
var title = map[sandbox.FaultKind]string{
	sandbox.FaultLost: "lost answer", sandbox.FaultError500: "500", sandbox.FaultTooMany: "429", sandbox.FaultHTML: "HTML",
	sandbox.FaultTruncated: "truncated JSON", sandbox.FaultHuge: "huge", sandbox.FaultRedirect: "redirect to another host",
	sandbox.FaultConflict: "conflict", sandbox.FaultSlow: "slow",
}

// faults are the cases of one fault each, before the request has its effect and after it.
func faults(kinds ...sandbox.FaultKind) (all []check) {
	for _, kind := range kinds {
		for _, after := range []bool{false, true} {
			f := sandbox.Fault{Kind: kind, After: after, Delay: late}
			when := "before"
			if after {
				when = "after"
			}
			all = append(all, check{name: fmt.Sprintf("%s %s the effect", title[kind], when), run: func(h *till) { h.disturbed(f) }})
		}
	}
	return all
}

// settleOp is the call that settles a payment.
func (h *till) settleOp() sandbox.Operation {
	if h.caps.TwoStep {
		return sandbox.OpConfirm
	}
	return sandbox.OpLookup
}

// disturbed is a payment whose settling call goes wrong once. It is never failed, its order never expires meanwhile, and it is paid in
// the end without anybody's help; a gateway that can be asked once only leaves it to a person.
func (h *till) disturbed(f sandbox.Fault) {
	h.Helper()
	f.Operation = h.settleOp()
	if f.Kind == sandbox.FaultSlow {
		h.cashier = h.process("impatient", brief)
	}
	p := h.started()
	back := h.click(p, h.kit.Card)
	h.box.Arm(f)
	h.comeBack(p, back)
	h.want(p, payments.Started, payments.Confirming, payments.Unknown, payments.Confirmed)
	h.landed(f)
	if h.captured() > 0 { // a payment that was not confirmed yet would run out meanwhile
		h.pass(21 * time.Minute)
		h.wantAlive(p)
	}
	h.cashier = h.process("patient", callTime)
	h.quiet()
	h.settledAfterAll(p)
	h.confirmedOnce()
	h.agree()
}

// landed waits until a call that the gateway answers late has had its effect there.
func (h *till) landed(f sandbox.Fault) {
	h.Helper()
	if f.Kind != sandbox.FaultSlow || f.Operation == sandbox.OpLookup {
		return
	}
	for until := time.Now().Add(callTime); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if n := h.sends(f.Operation); n > 0 {
			return
		}
	}
	h.Fatal("the slow call never came to its end")
}

// wantAlive expects an order whose money may have been taken to have its places still.
func (h *till) wantAlive(p payments.Payment) {
	h.Helper()
	if now := h.payment(p); now.State == payments.Started {
		return // nothing was sent: the hold ends in its time
	}
	o, err := h.store.Order(h.ctx, p.OrderID)
	if err != nil {
		h.Fatal(err)
	}
	if o.State == registration.OrderExpired {
		h.Errorf("the order expired while its payment is %s", h.payment(p).State)
	}
}

// settledAfterAll expects a payment that was disturbed to have come to its end.
func (h *till) settledAfterAll(p payments.Payment) {
	h.Helper()
	now := h.payment(p)
	switch {
	case now.State == payments.Confirmed:
		h.wantOrder(p.OrderID, registration.OrderPaid)
		if receipts, _ := h.documents(p); receipts != 1 {
			h.Errorf("%d receipts, want 1", receipts)
		}
	case h.caps.Once && now.State == payments.Unknown:
		if n := h.sends(sandbox.OpConfirm); n > 1 {
			h.Errorf("the approval was sent %d times", n)
		}
		if !h.listed(payments.AttentionUnknown) {
			h.Error("nobody is told of a payment that nobody can look up")
		}
	default:
		h.Fatalf("payment is %s (%s), want confirmed", now.State, now.Reason)
	}
}

// deaf is a gateway that took the money and then answers nothing at all for a while.
func deaf(h *till) {
	p := h.started()
	back := h.click(p, h.kit.Card)
	h.box.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: h.settleOp(), After: true})
	h.comeBack(p, back)
	h.box.Arm(sandbox.Fault{Kind: sandbox.FaultError500, Operation: sandbox.OpLookup, Times: 100})
	for range 6 {
		h.clock.Pass(2 * time.Minute)
		if _, err := h.cashier.Reconcile(h.ctx, true); err != nil {
			h.Fatal(err)
		}
		if got := h.payment(p); got.State == payments.Failed || got.State == payments.Abandoned {
			h.Fatalf("payment is %s although nobody has said so", got.State)
		}
	}
	h.pass(20 * time.Minute)
	h.wantAlive(p)
	h.payer.calm()
	h.quiet()
	h.settledAfterAll(p)
	h.agree()
}

// notBegun are faults of the call that begins a payment: the attendee is told, nothing is taken, and another attempt succeeds.
func notBegun(h *till) {
	order := h.order()
	attempt := 0
	for _, kind := range []sandbox.FaultKind{sandbox.FaultLost, sandbox.FaultError500, sandbox.FaultHTML, sandbox.FaultRedirect, sandbox.FaultTooMany} {
		for _, after := range []bool{false, true} {
			h.box.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpCheckout, After: after})
			attempt++
			p, err := h.process("begins", callTime).Start(h.ctx, order, payments.Choice{ChannelID: h.channel.ID, Attempt: attempt}, payments.ActorAttendee)
			if h.payer.calm() {
				continue // the gateway is not called when a payment begins
			}
			if err == nil {
				h.Errorf("%s: began with %s", kind, p.Launch)
			}
		}
	}
	p := h.begin(order, attempt+1, false)
	h.comeBack(p, h.click(p, h.kit.Card))
	h.want(p, payments.Confirmed)
	h.quiet()
	h.agree()
}
