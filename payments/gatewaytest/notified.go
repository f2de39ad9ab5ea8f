package gatewaytest

import (
	"encoding/json"
	"errors"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// notified are the cases of webhooks.
var notified = []check{
	{name: "webhook twice", run: func(h *till) { h.repeated(2) }},
	{name: "webhook a hundred times", run: func(h *till) { h.repeated(100) }},
	{name: "webhook early", run: webhookEarly},
	{name: "webhook late", run: webhookLate},
	{name: "webhook forged", run: webhookForged},
	{name: "webhook stale", run: webhookStale, needs: func(_ Kit, c payments.Capabilities) string {
		return offered(c.SignedWebhooks && c.Inquiry, "SignedWebhooks about captures")
	}},
	{name: "webhook for an unknown payment", run: webhookUnknown},
	{name: "webhook of garbage", run: webhookGarbage},
}

// arrived waits until the gateway has sent n notifications that were not read yet, and takes them; fewer when no more come in a while.
func (h *till) arrived(n int) []payments.Request {
	h.Helper()
	deadline := time.Now().Add(time.Second)
	for {
		h.mu.Lock()
		if len(h.posts) >= n || time.Now().After(deadline) {
			came := h.posts
			h.posts = nil
			h.mu.Unlock()
			return came
		}
		h.mu.Unlock()
		time.Sleep(2 * time.Millisecond)
	}
}

// deliver does with a notification what the web side does: verify, keep once, and queue one look-up.
func (h *till) deliver(r payments.Request) error {
	hints, err := h.gateway.ParseWebhook(r)
	if err != nil {
		return err
	}
	for _, hint := range hints {
		var p payments.Payment
		var err error
		if hint.OrderNo != "" {
			p, err = h.store.PaymentByOrderNo(h.ctx, h.caps.Merchant, h.channel.ID, hint.OrderNo)
		} else {
			p, err = h.store.PaymentByGatewayID(h.ctx, h.caps.Merchant, hint.GatewayID)
		}
		if e, ok := errors.AsType[*registration.Error](err); err != nil && (!ok || e.Code != registration.CodeNotFound) {
			return err
		}
		candidate := hint.GatewayID
		if hint.OrderNo == "" || h.caps.Ticket {
			candidate = ""
		}
		if _, err := h.store.KeepWebhook(h.ctx, h.channel.ID, hint.EventID, r.Header, r.Body, p.ID, candidate, nil); err != nil {
			return err
		}
		if hint.Told != nil && p.ID != "" {
			if err := h.cashier.Told(h.ctx, p.ID, *hint.Told); err != nil {
				return err
			}
		}
	}
	return nil
}

// repeated delivers the notification of a payment many times.
func (h *till) repeated(n int) {
	h.Helper()
	p := h.started()
	back := h.click(p, h.kit.Card)
	h.comeBack(p, back)
	for _, r := range h.arrived(1) {
		for range n {
			if err := h.deliver(r); err != nil {
				h.Fatalf("deliver: %v", err)
			}
			if n <= 2 {
				h.look()
			}
		}
	}
	h.quiet()
	h.want(p, payments.Confirmed)
	if receipts, _ := h.documents(p); receipts != 1 {
		h.Errorf("%d receipts, want 1", receipts)
	}
	h.agree()
}

// webhookEarly is a notification that comes before the browser, or instead of it.
func webhookEarly(h *till) {
	p := h.started()
	back := h.click(p, h.kit.Card)
	for _, r := range h.arrived(1) {
		if err := h.deliver(r); err != nil {
			h.Fatalf("deliver: %v", err)
		}
	}
	h.look()
	if !h.caps.TwoStep && h.captured() > 0 && h.payment(p).State != payments.Confirmed {
		h.quiet()
	}
	h.comeBack(p, back)
	h.quiet()
	h.want(p, payments.Confirmed)
	h.agree()
}

// webhookLate is the notification of the capture that comes after the money has gone back.
func webhookLate(h *till) {
	p := h.paid()
	late := h.arrived(1)
	h.refund(p, p.Amount)
	h.quiet()
	for _, r := range append(late, h.arrived(1)...) {
		if err := h.deliver(r); err != nil && !errors.Is(err, payments.ErrSignature) {
			h.Fatalf("deliver: %v", err)
		}
		h.look()
	}
	h.quiet()
	h.wantBack(p, p.Amount, 1)
	h.agree()
}

// webhookForged is a notification that claims what is not so.
func webhookForged(h *till) {
	p := h.started()
	h.click(p, "leave")
	h.arrived(2)
	h.payer.Tell("webhook", map[string]any{"payment": p.OrderNo, "how": "forged"})
	came := h.arrived(1)
	if len(came) == 0 {
		h.Log("the gateway sends no notification that could be forged")
	}
	for _, r := range came {
		err := h.deliver(r)
		if h.caps.SignedWebhooks != errors.Is(err, payments.ErrSignature) {
			h.Errorf("deliver: %v", err)
		}
		h.look()
	}
	if got := h.payment(p); got.State.HasMoney() {
		h.Errorf("a forged notification made the payment %s", got.State)
	}
	h.agree()
}

// webhookStale is a true notification that somebody kept and sends again later.
func webhookStale(h *till) {
	h.paid()
	came := h.arrived(1)
	if len(came) == 0 {
		h.Fatal("no notification came")
	}
	for _, r := range came {
		for _, off := range []time.Duration{-10 * time.Minute, 10 * time.Minute} {
			old := r
			old.Now = r.Now.Add(off)
			if err := h.deliver(old); !errors.Is(err, payments.ErrSignature) {
				h.Errorf("%v away: %v", off, err)
			}
		}
	}
	h.agree()
}

// webhookUnknown is about a payment that this contract has taken for somebody else.
func webhookUnknown(h *till) {
	p := h.started()
	foreign := payments.Attempt{
		PaymentID: "elsewhere", OrderNo: "ELSEWHERE0001", Amount: p.Amount, OrderName: "x", Lang: registration.Korean, Key: "ELSEWHERE",
		Payer: registration.Person{Name: "Kim", Email: "kim@example.org", Phone: "+821012345678"}, StartedAt: h.clock.Now(),
		Return: links{}.Return("x"), Fail: links{}.Fail("x"), Receive: links{}.Receive("x"),
	}
	l, err := h.gateway.Begin(h.ctx, foreign)
	if err != nil {
		h.Fatalf("begin: %v", err)
	}
	back := h.kit.Pay(h.payer, h.again(l), h.kit.Card)
	foreign.GatewayID = h.hint(payments.Payment{OrderNo: foreign.OrderNo}, back).GatewayID
	if _, err := h.gateway.Settle(h.ctx, foreign); err != nil {
		h.Fatalf("settle: %v", err)
	}
	for _, r := range h.arrived(1) {
		if err := h.deliver(r); err != nil {
			h.Errorf("deliver: %v", err)
		}
	}
	h.quiet()
	h.want(p, payments.Started)
	h.healthy()
}

// again passes a launch through JSON, as a page does.
func (h *till) again(l payments.Launch) payments.Launch {
	h.Helper()
	raw, err := json.Marshal(l)
	if err != nil {
		h.Fatal(err)
	}
	read, err := ReadLaunch(raw)
	if err != nil {
		h.Fatal(err)
	}
	return read
}

// webhookGarbage is what anybody may send.
func webhookGarbage(h *till) {
	p := h.started()
	for _, body := range []string{"", "{}", "[]", "null", "x=1", "{\"orderId\":", "<html>", string(make([]byte, 1000))} {
		err := h.deliver(payments.Request{Method: "POST", Header: map[string][]string{}, Body: []byte(body), Now: h.clock.Now()})
		if err != nil && !errors.Is(err, payments.ErrSignature) && !errors.Is(err, payments.ErrMalformed) {
			h.Errorf("%q: %v", body, err)
		}
		h.look()
	}
	h.want(p, payments.Started)
	h.agree()
}
