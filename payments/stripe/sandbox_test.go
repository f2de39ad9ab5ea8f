package stripe_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxPaysWonAndDollars(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for name, amount := range map[string]registration.Money{"won": won(330000), "dollars": {Minor: 25050, Cur: registration.USD}} {
		t.Run(name, func(t *testing.T) {
			g := connect(t, b.contract("demo", amount.Cur))
			a := fresh("order"+name, amount)
			page := begun(t, g, a)
			if again := begun(t, g, a); again != page {
				t.Errorf("begin again: %s, then %s", page, again)
			}
			if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusPending || out.OrderNo != a.OrderNo {
				t.Fatalf("before the payment, by order: %+v, %v", out, err)
			}
			a = pay(t, g, a, "visa")
			out, err := g.Settle(t.Context(), a)
			if err != nil || out.Status != payments.StatusCaptured || out.Captured != amount || out.OrderNo != a.OrderNo || out.GatewayID != a.GatewayID {
				t.Fatalf("settle: %+v, %v", out, err)
			}
			if out.Mode != registration.Test || out.Method != "card" || out.Card != "**** 4242" || out.Approve == "" || out.Proof == "" || out.At.IsZero() {
				t.Errorf("the slip is not whole: %+v", out)
			}
			byOrder := a
			byOrder.GatewayID = ""
			if got, err := g.Lookup(t.Context(), byOrder); err != nil || got != out {
				t.Errorf("look up by order: %+v, %v, want %+v", got, err, out)
			}
		})
	}
	books := b.Books()
	if len(books.Payments) != 2 || books.Payments[0].Captured != books.Payments[0].Amount || books.Payments[0].Status != "complete" {
		t.Errorf("books: %+v", books.Payments)
	}
}

func TestSandboxRefusedCardsLeaveTheSessionOpen(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	a := fresh("order2", won(330000))
	page := begun(t, g, a)
	for _, card := range []string{"declined", "wrong-place"} {
		if status, to := choose(t, page, card); status != http.StatusSeeOther || to != page {
			t.Errorf("%s: %d to %q, want the page again", card, status, to)
		}
	}
	want := payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}
	for _, card := range []string{"declined-window", "cancel"} {
		if _, to := choose(t, page, card); came(t, g, to) != want {
			t.Errorf("%s: to %q", card, to)
		}
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusPending {
		t.Errorf("look up: %+v, %v, want pending", out, err)
	}
	if _, to := choose(t, page, "mastercard"); came(t, g, to).GatewayID == "" {
		t.Errorf("another card: to %q", to)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Captured != a.Amount {
		t.Errorf("look up: %+v, %v", out, err)
	}
}

func TestSandboxPayerWhoNeverComesBack(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	for card, want := range map[string]payments.Status{"lost-answer": payments.StatusCaptured, "leave": payments.StatusPending} {
		a := fresh("order-"+card, won(330000))
		if status, to := choose(t, begun(t, g, a), card); status != http.StatusOK || to != "" {
			t.Errorf("%s: %d to %q", card, status, to)
		}
		if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != want {
			t.Errorf("%s: %+v, %v, want %s", card, out, err, want)
		}
	}
	if out, err := g.Lookup(t.Context(), fresh("order-of-nobody", won(330000))); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("an order that nobody began: %+v, %v", out, err)
	}
}

func TestSandboxAnotherAccountsSession(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	mine, theirs := connect(t, b.contract("mine", registration.KRW)), connect(t, b.contract("theirs", registration.KRW))
	a := pay(t, theirs, fresh("order4", won(330000)), "visa")
	if out, err := mine.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("look up: %+v, %v, want missing", out, err)
	}
	own := fresh("order5", won(330000))
	begun(t, theirs, own)
	own.GatewayID = a.GatewayID
	if out, err := theirs.Lookup(t.Context(), own); err != nil || out.OrderNo != "order4" {
		t.Errorf("another person's session: %+v, %v, want its own order number", out, err)
	}
}

func TestSandboxExpire(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	end, ok := g.(expirer)
	if !ok {
		t.Fatal("the gateway cannot end a session")
	}
	a := fresh("order6", won(330000))
	page := begun(t, g, a)
	for range 2 {
		if out, err := end.Expire(t.Context(), a); err != nil || out.Status != payments.StatusLapsed || out.Reason != "payment.lapsed" {
			t.Fatalf("expire: %+v, %v", out, err)
		}
	}
	if status, _ := choose(t, page, "visa"); status != http.StatusGone {
		t.Errorf("paying after the end: %d", status)
	}
	quicker := pay(t, g, fresh("order7", won(330000)), "visa")
	if out, err := end.Expire(t.Context(), quicker); err != nil || out.Captured != quicker.Amount {
		t.Errorf("expire after the payment: %+v, %v", out, err)
	}
	if out, err := end.Expire(t.Context(), fresh("order8", won(330000))); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("expire what is not there: %+v, %v", out, err)
	}
}

func TestSandboxSessionsEndByThemselves(t *testing.T) {
	var c clock
	b := openBank(t, sandbox.Config{Now: c.now})
	g := connect(t, b.contract("demo", registration.KRW))
	a := fresh("order9", won(330000))
	begun(t, g, a)
	c.pass(34 * time.Minute)
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusPending {
		t.Errorf("after 34 minutes: %+v, %v", out, err)
	}
	c.pass(time.Minute)
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusLapsed {
		t.Errorf("after 35 minutes: %+v, %v", out, err)
	}
	late := fresh("order10", won(330000))
	late.StartedAt = c.now().Add(-6 * time.Minute)
	_, err := g.Begin(t.Context(), late)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Key != "payment.lapsed" {
		t.Errorf("an attempt that began too long ago: %v", err)
	}
}

func TestSandboxFaultsOfALookup(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	a := pay(t, g, fresh("order11", won(330000)), "visa")
	for kind, want := range map[sandbox.FaultKind]error{
		sandbox.FaultLost: payments.ErrNoAnswer, sandbox.FaultError500: payments.ErrNoAnswer, sandbox.FaultHTML: payments.ErrNoAnswer,
		sandbox.FaultTruncated: payments.ErrNoAnswer, sandbox.FaultHuge: payments.ErrNoAnswer, sandbox.FaultRedirect: payments.ErrNoAnswer,
		sandbox.FaultTooMany: payments.ErrBusy, sandbox.FaultConflict: payments.ErrRunning,
	} {
		b.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpLookup})
		if out, err := g.Lookup(t.Context(), a); !errors.Is(err, want) {
			t.Errorf("%s: %+v, %v, want %v", kind, out, err, want)
		}
		if out, err := g.Lookup(t.Context(), a); err != nil || out.Captured != a.Amount {
			t.Errorf("after %s: %+v, %v", kind, out, err)
		}
	}
}

func TestSandboxLostBeginThenTheSameKey(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	a := fresh("order12", won(330000))
	b.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCheckout, After: true})
	if _, err := g.Begin(t.Context(), a); !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("begin: %v, want no answer", err)
	}
	begun(t, g, a)
	if n := len(b.Books().Payments); n != 1 {
		t.Errorf("%d sessions", n)
	}
	a.OrderName = "another title"
	_, err := g.Begin(t.Context(), a)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Passing || r.Declined {
		t.Errorf("the same key for another session: %v", err)
	}
}

// refundOfBank is a refund of a payment at the bank.
func refundOfBank(a payments.Attempt, amount, balance int64, id string) payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: id, GatewayID: a.GatewayID, OrderNo: a.OrderNo, Amount: won(amount), Captured: won(330000), Balance: won(balance),
		Whole: amount == balance, Reason: "만찬 취소", Key: "KEY-" + id,
	}
}

func TestSandboxRefundInPartsAndTheRest(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	a := pay(t, g, fresh("order13", won(330000)), "visa")
	part := refundOfBank(a, 30000, 330000, "r1")
	first, err := g.Refund(t.Context(), part)
	if err != nil || first.Refunded != won(30000) || first.GatewayID == "" || first.Pending {
		t.Fatalf("a part: %+v, %v", first, err)
	}
	if again, err := g.Refund(t.Context(), part); err != nil || again != first {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	stale := refundOfBank(a, 30000, 330000, "r2")
	_, err = g.Refund(t.Context(), stale)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Passing || r.Key != "payment.declined.amount" {
		t.Errorf("another refund with the balance of before: %v", err)
	}
	rest := refundOfBank(a, 300000, 300000, "r3")
	if out, err := g.Refund(t.Context(), rest); err != nil || out.Refunded != won(330000) || out.GatewayID == first.GatewayID {
		t.Fatalf("the rest: %+v, %v", out, err)
	}
	blind := refundOfBank(a, 1000, 0, "r4")
	_, err = g.Refund(t.Context(), blind)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || !r.Settled {
		t.Errorf("more than everything: %v, want settled", err)
	}
	out, err := g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(330000) || out.Refunded != won(330000) {
		t.Errorf("look up: %+v, %v", out, err)
	}
	if n := len(b.Books().Payments[0].Refunds); n != 2 {
		t.Errorf("%d refunds in the books", n)
	}
}

func TestSandboxLostRefund(t *testing.T) {
	for _, after := range []bool{false, true} {
		t.Run(fmt.Sprintf("after the effect %v", after), func(t *testing.T) {
			var c clock
			b := openBank(t, sandbox.Config{Now: c.now})
			g := connect(t, b.contract("demo", registration.KRW))
			a := pay(t, g, fresh("order14", won(330000)), "visa")
			r := refundOfBank(a, 30000, 330000, "r1")
			b.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel, After: after})
			if _, err := g.Refund(t.Context(), r); !errors.Is(err, payments.ErrNoAnswer) {
				t.Fatalf("refund: %v, want no answer", err)
			}
			c.pass(25 * time.Hour) // Stripe has forgotten the key
			if out, err := g.Refund(t.Context(), r); err != nil || out.Refunded != won(30000) || out.GatewayID == "" {
				t.Errorf("the same a day later: %+v, %v", out, err)
			}
			if p := b.Books().Payments[0]; p.Refunded != 30000 || len(p.Refunds) != 1 {
				t.Errorf("books: %+v", p.Refunds)
			}
		})
	}
}

func TestSandboxRefundThatMetAFaultOfStripes(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	a := pay(t, g, fresh("order15", won(330000)), "visa")
	r := refundOfBank(a, 330000, 330000, "r1")
	b.Arm(sandbox.Fault{Kind: sandbox.FaultError500, Operation: sandbox.OpCancel})
	for range 2 { // it stays with the key
		_, err := g.Refund(t.Context(), r)
		if refusal, ok := errors.AsType[*payments.Refusal](err); !errors.Is(err, payments.ErrNoAnswer) || !ok || !refusal.Passing {
			t.Fatalf("a stored fault: %v", err)
		}
	}
	r.Key = "KEY-NEW"
	if out, err := g.Refund(t.Context(), r); err != nil || out.Refunded != won(330000) {
		t.Errorf("with a new key: %+v, %v", out, err)
	}
}

func TestSandboxNotifications(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	shop, came := mailbox(t)
	b.SetWebhook("sk_test_demo", shop)
	a := pay(t, g, fresh("order16", won(330000)), "visa")
	expect := func(kind string) payments.Request {
		t.Helper()
		r := next(t, came)
		hints, err := g.ParseWebhook(r)
		if err != nil || len(hints) != 1 || hints[0].OrderNo != a.OrderNo || hints[0].EventID == "" || hints[0].Kind != kind {
			t.Fatalf("hints %+v, %v, want one of %s", hints, err, kind)
		}
		return r
	}
	first := expect("checkout.session.completed")
	first.Now = first.Now.Add(6 * time.Minute)
	if _, err := g.ParseWebhook(first); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("the same 6 minutes later: %v", err)
	}
	other := connect(t, b.contract("other", registration.KRW))
	first.Now = time.Now()
	if _, err := other.ParseWebhook(first); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("at another account: %v", err)
	}
	b.control(t, "webhook", map[string]any{"payment": a.OrderNo, "how": "forged"})
	if _, err := g.ParseWebhook(next(t, came)); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("a forged one: %v", err)
	}
	b.control(t, "refund", map[string]any{"payment": a.OrderNo, "amount": 30000, "reason": "in the Dashboard"})
	expect("charge.refunded")
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded != won(30000) {
		t.Errorf("refunded from outside: %+v, %v", out, err)
	}
	a = fresh("order17", won(330000))
	begun(t, g, a)
	b.control(t, "expire", map[string]any{"payment": a.OrderNo})
	expect("checkout.session.expired")
}

// control asks the sandbox's own interface for something.
func (b *bank) control(t *testing.T, what string, in map[string]any) {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatalf("write %s: %v", what, err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/_sandbox/api/"+what, bytes.NewReader(body))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", what, res.StatusCode, err)
	}
}

func TestSandboxKeepsBodiesOfOneKeyEqual(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo", registration.KRW))
	a := fresh("order18", won(330000))
	for range 3 {
		begun(t, g, a)
	}
	bodies := map[string]bool{}
	for _, r := range b.Books().Requests {
		bodies[r.Key+" "+r.Body] = true
		if strings.Contains(r.Body, "sk_test") {
			t.Error("a key is in the books")
		}
	}
	if len(bodies) != 1 {
		t.Errorf("a repeat was another request: %v", bodies)
	}
}
