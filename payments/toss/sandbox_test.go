package toss_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxDomesticCard(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	a := b.authenticated(t, g, fresh("order00001", won(150000)), "kr")

	before, err := g.Lookup(t.Context(), a)
	if err != nil || before.Status != payments.StatusPending {
		t.Fatalf("before the confirmation: %+v, %v", before, err)
	}
	out, err := g.Settle(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount || out.OrderNo != a.OrderNo || out.GatewayID != a.GatewayID {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	if out.Mode != registration.Test || out.Method != "card" || out.Card == "" || out.Approve == "" || out.At.IsZero() {
		t.Errorf("the slip is not whole: %+v", out)
	}
	again, err := settleAgain(t, g, a)
	if err != nil || again != out {
		t.Errorf("the same key again: %+v, %v", again, err)
	}
	second := a
	second.Key = "ANOTHERKEY"
	_, err = g.Settle(t.Context(), second)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || !r.Settled || r.Declined {
		t.Errorf("another key: %v, want settled", err)
	}
	byOrder := a
	byOrder.GatewayID = ""
	for name, ask := range map[string]payments.Attempt{"key": a, "order": byOrder} {
		if got, err := g.Lookup(t.Context(), ask); err != nil || got != out {
			t.Errorf("look up by %s: %+v, %v, want %+v", name, got, err, out)
		}
	}
}

func TestSandboxInternationalCardInDollars(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("usd", "overseas", registration.USD))
	a := b.authenticated(t, g, fresh("order00002", registration.Money{Minor: 12050, Cur: registration.USD}), "visa")
	out, err := g.Settle(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	books := b.Books()
	if len(books.Payments) != 1 || !books.Payments[0].Session.OverseasOnly || books.Payments[0].Captured != 12050 {
		t.Errorf("books: %+v", books.Payments)
	}
}

func TestSandboxWithoutScript(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "overseas", registration.KRW))
	a := fresh("order00003", won(150000))
	a.NoScript = true
	first, err := g.Begin(t.Context(), a)
	if err != nil || first.Href == "" || first.Script != "" || first.Call != nil {
		t.Fatalf("begin: %+v, %v", first, err)
	}
	if again, err := patiently(t, func() (payments.Launch, error) { return g.Begin(t.Context(), a) }); err != nil || again.Href != first.Href {
		t.Errorf("begin again: %+v, %v, want %s", again, err, first.Href)
	}
	r := b.pay(t, g, first, "visa")
	a.GatewayID = r.GatewayID
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != a.Amount {
		t.Errorf("settle: %+v, %v", out, err)
	}
}

func TestSandboxDeclines(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	a := b.authenticated(t, g, fresh("order00004", won(150000)), "declined")
	_, err := g.Settle(t.Context(), a)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || !r.Declined || r.Key != "payment.declined.limit" {
		t.Errorf("over the limit: %v", err)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusFailed || out.Reason != "payment.declined.limit" {
		t.Errorf("look up: %+v, %v", out, err)
	}
	abroad := b.authenticated(t, g, fresh("order00005", won(150000)), "wrong-place")
	_, err = g.Settle(t.Context(), abroad)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || !r.Declined {
		t.Errorf("a card from abroad on a domestic contract: %v", err)
	}
}

func TestSandboxWindowsThatBringNothing(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	tests := map[string]payments.Return{
		"cancel":          {Failed: true, Cancelled: true, Reason: "payment.cancelled"},
		"declined-window": {Failed: true, Reason: "payment.declined.card", OrderNo: "order00006"},
	}
	for card, want := range tests {
		a := fresh("order00006", won(150000))
		l, err := g.Begin(t.Context(), a)
		if err != nil {
			t.Fatalf("begin: %v", err)
		}
		if got := b.pay(t, g, l, card); got != want {
			t.Errorf("%s: %+v, want %+v", card, got, want)
		}
	}
	if out, err := g.Lookup(t.Context(), fresh("order00099", won(150000))); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("an order that nobody began: %+v, %v", out, err)
	}
}

func TestSandboxLostAnswerThenTheSameKey(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	a := b.authenticated(t, g, fresh("order00007", won(150000)), "lost-answer")
	if _, err := g.Settle(t.Context(), a); err != nil && !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("settle: %v, want no answer", err)
	}
	out, err := settleAgain(t, g, a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount {
		t.Fatalf("the same key again: %+v, %v", out, err)
	}
	taken := b.Books().Payments[0]
	if taken.Captured != 150000 {
		t.Errorf("captured %d", taken.Captured)
	}
	bodies := map[string]bool{}
	for _, r := range b.Books().Requests {
		bodies[r.Key+" "+r.Body] = true
	}
	if len(bodies) != 1 {
		t.Errorf("a repeat was another request: %v", bodies)
	}
}

func TestSandboxFaults(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	want := map[sandbox.FaultKind]error{
		sandbox.FaultError500: payments.ErrNoAnswer, sandbox.FaultHTML: payments.ErrNoAnswer,
		sandbox.FaultTruncated: payments.ErrNoAnswer, sandbox.FaultHuge: payments.ErrNoAnswer,
		sandbox.FaultRedirect: payments.ErrNoAnswer, sandbox.FaultConflict: payments.ErrRunning, sandbox.FaultTooMany: payments.ErrBusy,
	}
	n := 100
	for kind, err := range want {
		n++
		a := b.authenticated(t, g, fresh(fmt.Sprintf("order%05d", n), won(150000)), "kr")
		b.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpConfirm})
		if out, got := g.Settle(t.Context(), a); !errors.Is(got, err) {
			t.Errorf("%s: %+v, %v, want %v", kind, out, got, err)
		}
		if kind == sandbox.FaultError500 {
			continue // its answer stays with the key
		}
		if out, err := settleAgain(t, g, a); err != nil || out.Captured != a.Amount {
			t.Errorf("after %s: %+v, %v", kind, out, err)
		}
	}
}

func TestSandboxRefundInPartsAndTheRest(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	a := b.authenticated(t, g, fresh("order00008", won(150000)), "kr")
	if _, err := g.Settle(t.Context(), a); err != nil {
		t.Fatalf("settle: %v", err)
	}
	r := payments.RefundAttempt{
		GatewayID: a.GatewayID, OrderNo: a.OrderNo, Amount: won(50000), Captured: won(150000), Balance: won(150000), Reason: "만찬 취소", Key: "R1",
	}
	first, err := g.Refund(t.Context(), r)
	if err != nil || first.Refunded != won(50000) || first.GatewayID == "" {
		t.Fatalf("a part: %+v, %v", first, err)
	}
	if again, err := refundAgain(t, g, r); err != nil || again != first {
		t.Errorf("the same key again: %+v, %v", again, err)
	}
	stale := r
	stale.Key = "R2"
	_, err = g.Refund(t.Context(), stale)
	if refused, ok := errors.AsType[*payments.Refusal](err); !ok || refused.Passing || refused.Settled || refused.Key != "payment.declined.amount" {
		t.Errorf("with a balance of before: %v", err)
	}
	rest := r
	rest.Key, rest.Amount, rest.Balance, rest.Whole = "R3", won(100000), won(100000), true
	if out, err := g.Refund(t.Context(), rest); err != nil || out.Refunded != won(150000) || out.GatewayID == first.GatewayID {
		t.Fatalf("the rest: %+v, %v", out, err)
	}
	rest.Key = "R4"
	_, err = g.Refund(t.Context(), rest)
	if refused, ok := errors.AsType[*payments.Refusal](err); !ok || refused.Passing {
		t.Errorf("more than the rest: %v", err)
	}
	out, err := g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(150000) {
		t.Errorf("look up: %+v, %v", out, err)
	}
}

func TestSandboxTwoRefundsAtOnce(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: time.Hour})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	a := b.authenticated(t, g, fresh("order00009", won(150000)), "kr")
	if _, err := g.Settle(t.Context(), a); err != nil {
		t.Fatalf("settle: %v", err)
	}
	r := payments.RefundAttempt{GatewayID: a.GatewayID, Amount: won(1000), Balance: won(150000), Reason: "x", Key: "R1"}
	if _, err := g.Refund(t.Context(), r); err != nil {
		t.Fatalf("first: %v", err)
	}
	r.Key, r.Balance = "R2", won(149000)
	_, err := g.Refund(t.Context(), r)
	if refused, ok := errors.AsType[*payments.Refusal](err); !errors.Is(err, payments.ErrBusy) || !ok || !refused.Passing {
		t.Errorf("second at once: %v, want busy with a refusal that passes", err)
	}
}

func TestSandboxLostRefundThenTheSameKey(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	a := b.authenticated(t, g, fresh("order00010", won(150000)), "kr")
	if _, err := g.Settle(t.Context(), a); err != nil {
		t.Fatalf("settle: %v", err)
	}
	b.Arm(sandbox.Fault{Kind: sandbox.FaultTruncated, Operation: sandbox.OpCancel, After: true})
	r := payments.RefundAttempt{GatewayID: a.GatewayID, Amount: won(150000), Balance: won(150000), Whole: true, Reason: "x", Key: "R1"}
	if _, err := g.Refund(t.Context(), r); !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("cut answer: %v, want no answer", err)
	}
	if out, err := refundAgain(t, g, r); err != nil || out.Refunded != won(150000) {
		t.Errorf("the same key again: %+v, %v", out, err)
	}
	if p := b.Books().Payments[0]; p.Refunded != 150000 || len(p.Refunds) != 1 {
		t.Errorf("books: %+v", p.Refunds)
	}
}

func TestSandboxNotifications(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("korea", "domestic", registration.KRW))
	came := make(chan payments.Request, 8)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read notification: %v", err)
		}
		came <- payments.Request{Method: r.Method, Header: r.Header, Body: body}
	}))
	defer shop.Close()
	b.SetWebhook("", shop.URL)
	a := b.authenticated(t, g, fresh("order00011", won(150000)), "kr")
	if _, err := g.Settle(t.Context(), a); err != nil {
		t.Fatalf("settle: %v", err)
	}
	select {
	case r := <-came:
		hints, err := g.ParseWebhook(r)
		if err != nil || len(hints) != 1 {
			t.Fatalf("hints %+v, %v", hints, err)
		}
		h := hints[0]
		if h.EventID == "" || h.OrderNo != a.OrderNo || h.GatewayID != a.GatewayID || h.Kind != "PAYMENT_STATUS_CHANGED DONE" {
			t.Errorf("hint %+v", h)
		}
	case <-time.After(10 * time.Second):
		t.Error("no notification came")
	}
}
