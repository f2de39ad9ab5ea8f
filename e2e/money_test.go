package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

func TestAScriptRegistersPaysAndIsRefunded(t *testing.T) {
	s := newSite(t)
	for channel, card := range map[string]string{"korea": "kr", "overseas": "visa"} {
		c := newScript(s)
		order := c.register("student", map[string]string{"extra.banquet": "1", "~email": channel + "@example.org"})
		if back := c.pay(order, channel, card); back.status != http.StatusSeeOther || !strings.HasPrefix(c.path(back.location), "/o/") {
			t.Errorf("%s: the return leads to %d %q, want the order", channel, back.status, back.location)
		}
		if st := c.state(order); st.Order != "paid" || st.Payment == nil || *st.Payment != "confirmed" || st.Due != 0 {
			t.Errorf("%s: status %+v, want paid and confirmed", channel, st)
		}
	}
	l := s.ledger()
	for _, o := range l.Orders {
		want := map[string]int64{"KRW": 200000, "USD": 16000}[o.Currency]
		if o.State != "paid" || o.Total != want || o.Payments[0].Captured != want || o.Payments[0].ReceiptNo == nil {
			t.Errorf("ledger has %+v, want paid with %d %s and a receipt", o, want, o.Currency)
		}
	}
	if len(l.Orders) != 2 || len(l.Receipts) != 2 {
		t.Errorf("ledger has %d orders and %d receipts, want 2 and 2", len(l.Orders), len(l.Receipts))
	}
	admin := s.signIn()
	admin.refund(l.Orders[0].Code, l.Orders[0].Payments[0].ID, "10")
	admin.refund(l.Orders[1].Code, l.Orders[1].Payments[0].ID, "")
	s.sameBooks()
}

func TestALostAnswerIsFoundWithoutAnybodysHelp(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	c.pay(order, "korea", "lost-answer")
	s.eventually("the order is paid", 15*time.Second, func() bool { return c.state(order).Order == "paid" })
	s.sameBooks()
}

func TestFaultsOfTheGatewayNeverLoseOrInventMoney(t *testing.T) {
	s := newSite(t)
	for _, kind := range []sandbox.FaultKind{sandbox.FaultLost, sandbox.FaultError500, sandbox.FaultTooMany, sandbox.FaultHTML, sandbox.FaultTruncated, sandbox.FaultHuge, sandbox.FaultRedirect, sandbox.FaultConflict} {
		for _, after := range []bool{false, true} {
			s.gateway.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpConfirm, Times: 1, After: after})
			c := newScript(s)
			order := c.register("member", map[string]string{"~email": string(kind) + "@example.org"})
			c.pay(order, "korea", "kr")
			s.eventually(string(kind)+": the payment is settled", 20*time.Second, func() bool {
				st := c.state(order)
				return st.Order == "paid" || (st.Payment != nil && *st.Payment == "failed")
			})
		}
	}
	s.sameBooks()
}

func TestADeclinedCardCanBeFollowedByAnother(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	c.pay(order, "korea", "declined")
	if st := c.state(order); st.Order != "pending" || st.Payment == nil || *st.Payment != "failed" {
		t.Fatalf("status %+v after a declined card, want pending and failed", st)
	}
	c.pay(order, "korea", "kr")
	if st := c.state(order); st.Order != "paid" {
		t.Errorf("status %+v after the second card, want paid", st)
	}
	s.sameBooks()
}

func TestAReturnInAnotherBrowserSettlesAndTellsNoName(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	_, l := c.choose(order, "korea")
	back := c.window(l, "kr").To
	other := newScript(s)
	p := other.get(back)
	for p.status == http.StatusSeeOther {
		p = other.get(p.location)
	}
	if p.status != http.StatusOK {
		t.Fatalf("the return in another browser ends at %s with %d", p.path, p.status)
	}
	if st := c.state(order); st.Order != "paid" {
		t.Errorf("status %+v, want paid", st)
	}
	if again := newScript(s).get(back); again.status != http.StatusSeeOther {
		t.Errorf("the same return again: %d", again.status)
	}
	s.sameBooks()
}

func TestAForgedReturnPaysNothing(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	token, l := c.choose(order, "korea")
	for _, q := range []string{"paymentKey=forged&orderId=" + l.OrderNo + "&amount=150000", "amount=1", "code=X&message=%3Cscript%3E", ""} {
		if p := c.get("/pay/" + token + "/return?" + q); p.status != http.StatusSeeOther {
			t.Errorf("return with %q: status %d", q, p.status)
		}
	}
	if st := c.state(order); st.Order != "pending" || *st.Payment == "failed" || *st.Payment == "confirmed" {
		t.Fatalf("status %+v after forged returns", st)
	}
	if back := c.window(l, "kr"); c.bring(back).status != http.StatusSeeOther {
		t.Error("the true return is not taken")
	}
	s.eventually("the true return is settled", 10*time.Second, func() bool { return c.state(order).Order == "paid" })
	s.sameBooks()
}

func TestFormsPostedTwiceHaveTheEffectOfOne(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	action, values := c.form(c.get(order), "pay", map[string]string{"channel": "korea"})
	first, second := c.post(action, values), c.post(action, values)
	if first.location != second.location || first.status != http.StatusSeeOther {
		t.Errorf("one form led to %q and %q", first.location, second.location)
	}
	l := s.ledger()
	if len(l.Orders) != 1 || len(l.Orders[0].Payments) != 1 {
		t.Errorf("%d orders, want one with one payment", len(l.Orders))
	}
}

func TestCancellingAnOrderGivesItsPlacesAndItsMoneyBack(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	c.pay(order, "korea", "kr")
	if q := s.ledger().Quotas[0]; q.Sold != 1 || q.Held != 0 {
		t.Fatalf("quota %+v, want one place sold", q)
	}
	s.signIn().cancel(s.ledger().Orders[0].Code)
	s.eventually("the money is back", 10*time.Second, func() bool {
		r := s.ledger().Orders[0].Payments[0].Refunds
		return len(r) == 1 && r[0].State == "done" && r[0].Amount == 150000
	})
	if q := s.ledger().Quotas[0]; q.Sold != 0 || q.Held != 0 {
		t.Errorf("quota %+v after cancelling, want no place taken", q)
	}
	if st := c.state(order); st.Order != "cancelled" {
		t.Errorf("status %+v, want cancelled", st)
	}
	s.sameBooks()
}

func TestARefundMadeAtTheGatewayIsNoticedThroughItsWebhook(t *testing.T) {
	s := newSite(t)
	c := newScript(s)
	order := c.register("student", nil)
	c.pay(order, "korea", "kr")
	no := s.ledger().Orders[0].Payments[0].OrderNo
	res, err := http.Post(s.gateway.url+"/_sandbox/api/refund", "application/json", strings.NewReader(`{"payment":"`+no+`","amount":30000,"reason":"outside"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	s.eventually("the refund is in the ledger", 15*time.Second, func() bool {
		r := s.ledger().Orders[0].Payments[0].Refunds
		return len(r) == 1 && r[0].Source == "gateway" && r[0].State == "done"
	})
	s.sameBooks()
}
