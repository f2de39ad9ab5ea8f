package gatewaytest

import (
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// strangers are the cases of browsers that lie.
var strangers = []check{
	{name: "wrong amount", run: func(h *till) { h.tampered("amount", "100") }, needs: mayTamper("amount")},
	{name: "wrong currency", run: func(h *till) { h.tampered("currency", "JPY") }, needs: mayTamper("currency")},
	{name: "wrong order", run: wrongOrder, needs: mayTamper("order")},
	{name: "another person's payment", run: anothersPayment, needs: func(_ Kit, c payments.Capabilities) string {
		return offered(!c.Ticket, "an id that is no ticket: a stolen ticket leaves both payments to a person")
	}},
	{name: "test money in a live channel", run: strangeMoney, needs: func(k Kit, _ payments.Capabilities) string {
		return offered(k.Strange != nil, "modes told apart by more than keys")
	}},
	{name: "garbage id in the return", run: garbage},
}

func mayTamper(what string) func(Kit, payments.Capabilities) string {
	return func(k Kit, _ payments.Capabilities) string {
		return offered(k.Tampered[what] != "", what+" in the browser")
	}
}

// change gives a payment's launch with one member changed.
func (h *till) change(p payments.Payment, what string, value any) payments.Launch {
	h.Helper()
	l := h.launch(p)
	set(l.Call, h.kit.Tampered[what], value)
	return l
}

// tryWith pays with a launch for which the gateway perhaps opens no window: it may stay where it is, or lead back at once.
func (h *till) tryWith(l payments.Launch) Back {
	h.Helper()
	window, _ := h.kit.Window(h.payer, l)
	switch {
	case window == "":
		return Back{}
	case !strings.HasPrefix(window, h.payer.Base):
		return Back{To: window}
	}
	return h.kit.press(h.payer, l, window, h.kit.Card)
}

// tampered is a window that was opened for another sum: the order is never paid with it, and what was taken goes back.
func (h *till) tampered(what, value string) {
	h.Helper()
	p := h.started()
	l := h.change(p, what, value)
	h.comeBack(p, h.tryWith(l))
	h.quiet()
	if got := h.payment(p); got.State == payments.Confirmed {
		h.Fatalf("another %s paid the order: %+v", what, got)
	}
	h.wantOrder(p.OrderID, registration.OrderPending)
	h.agree()
}

// wrongOrder is a window that was opened with another order's number.
func wrongOrder(h *till) {
	mine, other := h.started(), h.started()
	l := h.change(mine, "order", other.OrderNo)
	h.comeBack(mine, h.tryWith(l))
	h.quiet()
	if got := h.payment(mine); got.State.HasMoney() {
		h.Errorf("the payment is %s with another order's money", got.State)
	}
	h.wantOrder(mine.OrderID, registration.OrderPending)
	h.agree()
}

// anothersPayment brings the way back of somebody who paid to one's own return address, before and after it was settled.
func anothersPayment(h *till) {
	paying, other := h.started(), h.started()
	back := h.click(paying, h.kit.Card)
	for range 2 {
		hint := h.hint(paying, back)
		hint.OrderNo = "" // a liar leaves out what would give him away
		if _, err := h.cashier.Settle(h.ctx, other.ID, hint); err != nil {
			h.Fatalf("settle: %v", err)
		}
		h.comeBack(other, back)
		if got := h.payment(other); got.State.HasMoney() {
			h.Fatalf("payment is %s with another person's money", got.State)
		}
		h.comeBack(paying, back)
		h.want(paying, payments.Confirmed)
	}
	h.comeBack(other, h.click(other, h.kit.Card))
	h.quiet()
	h.want(other, payments.Confirmed)
	h.wantOrder(other.OrderID, registration.OrderPaid)
	h.agree()
}

// strangeMoney comes in the other mode: it is no money. Where the gateway says so before anything is confirmed, none is taken; where it
// has been taken already, a person is told.
func strangeMoney(h *till) {
	h.use(h.kit.Strange(h.payer.Base))
	p := h.started()
	h.comeBack(p, h.click(p, h.kit.Card))
	h.quiet()
	if got := h.payment(p); got.State.HasMoney() || got.Captured.Minor != 0 {
		h.Errorf("payment is %s with %v", got.State, got.Captured)
	}
	if receipts, _ := h.documents(p); receipts != 0 {
		h.Errorf("%d receipts for money of the other mode", receipts)
	}
	if h.captured() > 0 && !h.listed(payments.AttentionTestMoney) {
		h.Error("money of the other mode was taken and nobody is told")
	}
	h.healthy()
}

// garbage are ids that no gateway ever made.
func garbage(h *till) {
	p := h.started()
	for _, id := range []string{
		"", "x", "null", "0", "-1", "../../v1/payments", "%00", "a b", "<script>", "' OR 1=1 --", "tviva20260101000000AbCd1", "cs_test_a1", p.Token, p.ID,
		"66f0a1b2c3d4e5f601234567", "가나다", "\r\nX: y", string(make([]byte, 4000)),
	} {
		to := links{}.Return(p.Token) + "?" + url.Values{h.kit.Brought: {id}}.Encode()
		h.comeBack(p, Back{To: to})
		if got := h.payment(p); got.State.Settled() {
			h.Fatalf("%q made the payment %s", id, got.State)
		}
		h.clock.Pass(1)
	}
	h.wantOrder(p.OrderID, registration.OrderPending)
	h.comeBack(p, h.click(p, h.kit.Card))
	h.quiet()
	h.want(p, payments.Confirmed)
	h.agree()
}
