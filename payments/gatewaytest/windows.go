package gatewaytest

import (
	"time"

	"foyer/payments"
	"foyer/registration"
)

// windows are the cases that payers make in the window.
var windows = []check{
	{name: "decline", run: func(h *till) { h.fruitless("declined") }},
	{name: "decline in the window", run: func(h *till) { h.fruitless("declined-window") }},
	{name: "cancelled", run: func(h *till) { h.fruitless("cancel") }},
	{name: "not finished yet", run: notFinished},
	{name: "failed and later paid after all", run: failedThenPaid},
}

// fruitless is a choice that takes no money: the order stays open, and another card pays it.
func (h *till) fruitless(choice string) {
	h.Helper()
	p := h.started()
	h.comeBack(p, h.click(p, choice))
	if got := h.payment(p); got.State.HasMoney() || h.captured() != 0 {
		h.Fatalf("payment is %s, the gateway took %d", got.State, h.captured())
	}
	h.wantOrder(p.OrderID, registration.OrderPending)
	h.agree()
	second := h.begin(p.OrderID, 2, false)
	h.comeBack(second, h.click(second, h.kit.Card))
	h.want(second, payments.Confirmed)
	h.wantOrder(p.OrderID, registration.OrderPaid)
	h.quiet()
	h.agree()
}

// notFinished is a payer who walks away: nothing has failed until the gateway can capture nothing any more.
func notFinished(h *till) {
	p := h.started()
	h.comeBack(p, h.click(p, "leave"))
	h.look()
	for range 3 {
		h.clock.Pass(30 * time.Second)
		if _, err := h.cashier.Reconcile(h.ctx, true); err != nil {
			h.Fatal(err)
		}
	}
	h.want(p, payments.Started)
	h.wantOrder(p.OrderID, registration.OrderPending)
	for range 8 {
		h.pass(6 * time.Hour)
		if _, err := h.cashier.Reconcile(h.ctx, false); err != nil {
			h.Fatal(err)
		}
	}
	h.want(p, payments.Abandoned, payments.Failed)
	h.wantOrder(p.OrderID, registration.OrderExpired)
	h.agree()
}

// failedThenPaid is a payer who was refused and tries again in the window that is still open. Where the gateway lets that happen the
// money counts; where it does not, it takes none.
func failedThenPaid(h *till) {
	p := h.started()
	launch := h.launch(p)
	h.comeBack(p, h.kit.Pay(h.payer, launch, "declined"))
	h.comeBack(p, h.tryWith(launch))
	h.quiet()
	if h.caps.Reopens && h.captured() == 0 {
		h.Error("the gateway took nothing in the window that was opened again")
	}
	if h.captured() > 0 {
		h.want(p, payments.Confirmed)
	}
	h.agree()
}
