package bootpay_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/bootpay"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxPays(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for name, c := range map[string]payments.Channel{"NEWER00001": b.contract("demo"), "OLDER00001": b.olderContract("demo")} {
		t.Run(name, func(t *testing.T) {
			g := connect(t, c)
			a := b.authenticated(t, g, fresh(name), "kr", nil)
			before, err := g.Lookup(t.Context(), a)
			if err != nil || before.Status != payments.StatusPending {
				t.Fatalf("before the confirmation: %+v, %v", before, err)
			}
			out, err := g.Settle(t.Context(), a)
			if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount || out.OrderNo != a.OrderNo || out.GatewayID != a.GatewayID {
				t.Fatalf("settle: %+v, %v", out, err)
			}
			if out.Mode != registration.Test || out.Method != "card" || out.Card == "" || out.Approve == "" || out.At.IsZero() || out.Proof == "" {
				t.Errorf("the slip is not whole: %+v", out)
			}
			if again, err := g.Settle(t.Context(), a); err != nil || again != out {
				t.Errorf("the same again: %+v, %v", again, err)
			}
			if got, err := g.Lookup(t.Context(), a); err != nil || got != out {
				t.Errorf("look up: %+v, %v", got, err)
			}
		})
	}
}

// The payer's browser may change anything that it was given.
func TestSandboxTamperedWindows(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	a := b.authenticated(t, g, fresh("TAMPER0001"), "kr", func(q url.Values) { q.Set("price", "100") })
	_, err := g.Settle(t.Context(), a)
	if r, is := errors.AsType[*payments.Refusal](err); !is || !r.Declined || r.Key != "payment.declined.amount" {
		t.Errorf("a cheaper window: %v", err)
	}
	other := b.authenticated(t, g, fresh("TAMPER0002"), "kr", nil)
	stranger := fresh("TAMPER0003")
	stranger.GatewayID = other.GatewayID
	if out, err := g.Settle(t.Context(), stranger); err != nil || out.OrderNo != other.OrderNo || out.Status != payments.StatusPending {
		t.Errorf("another person's receipt: %+v, %v", out, err)
	}
	for _, p := range b.Books().Payments {
		if p.Captured != 0 {
			t.Errorf("%s was charged %d", p.OrderID, p.Captured)
		}
	}
	at := b.authenticated(t, g, fresh("TAMPER0004"), "kr", func(q url.Values) { q.Del("separately_confirmed") })
	if out, err := g.Settle(t.Context(), at); err != nil || out.Captured != at.Amount {
		t.Errorf("a window that charges at once: %+v, %v", out, err)
	}
	foreign := connect(t, b.contract("elsewhere"))
	if out, err := foreign.Lookup(t.Context(), at); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("another project's receipt: %+v, %v", out, err)
	}
}

func TestSandboxLiveReceiptInATestChannel(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("live"))
	a := b.authenticated(t, g, fresh("LIVE000001"), "kr", nil)
	_, err := g.Settle(t.Context(), a)
	if r, is := errors.AsType[*payments.Refusal](err); !is || r.Key != "payment.channel" || b.Books().Payments[0].Captured != 0 {
		t.Errorf("settle: %v", err)
	}
}

func TestSandboxDeclines(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	for number, card := range map[string]string{"DECLINED01": "declined", "DECLINED02": "wrong-place"} {
		a := b.authenticated(t, g, fresh(number), card, nil)
		_, err := g.Settle(t.Context(), a)
		if r, is := errors.AsType[*payments.Refusal](err); !is || !r.Declined {
			t.Errorf("%s: %v", card, err)
		}
		if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusFailed || out.Reason != "payment.declined.card" {
			t.Errorf("%s: look up: %+v, %v", card, out, err)
		}
	}
	for card, want := range map[string]payments.Return{
		"cancel":          {Failed: true, Cancelled: true, Reason: "payment.cancelled"},
		"declined-window": {Failed: true, Reason: "payment.failed"},
	} {
		l, err := g.Begin(t.Context(), fresh("DECLINED03"))
		if err != nil {
			t.Fatalf("begin: %v", err)
		}
		if got, said := b.walk(t, g, windowQuery(t, l), card); got != want {
			t.Errorf("%s: %+v from %v, want %+v", card, got, said, want)
		}
	}
}

func TestSandboxLostAnswers(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	a := b.authenticated(t, g, fresh("LOST000001"), "lost-answer", nil)
	if _, err := g.Settle(t.Context(), a); !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("settle: %v, want no answer", err)
	}
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != a.Amount {
		t.Errorf("the same again: %+v, %v", out, err)
	}
	before := b.authenticated(t, g, fresh("LOST000002"), "kr", nil)
	b.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpConfirm})
	if _, err := g.Settle(t.Context(), before); !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("settle: %v, want no answer", err)
	}
	if out, err := g.Lookup(t.Context(), before); err != nil || out.Status != payments.StatusPending {
		t.Errorf("look up: %+v, %v", out, err)
	}
	if out, err := g.Settle(t.Context(), before); err != nil || out.Captured != before.Amount {
		t.Errorf("the same again: %+v, %v", out, err)
	}
}

func TestSandboxFaults(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	for kind, want := range map[sandbox.FaultKind]error{
		sandbox.FaultError500: payments.ErrNoAnswer, sandbox.FaultTooMany: payments.ErrBusy, sandbox.FaultHTML: payments.ErrNoAnswer,
		sandbox.FaultTruncated: payments.ErrNoAnswer, sandbox.FaultHuge: payments.ErrNoAnswer, sandbox.FaultRedirect: payments.ErrNoAnswer,
	} {
		for _, after := range []bool{false, true} {
			number := "FAULT" + string(kind)[:3] + map[bool]string{true: "after", false: "before"}[after]
			a := b.authenticated(t, g, fresh(number), "kr", nil)
			b.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpConfirm, After: after})
			if out, err := g.Settle(t.Context(), a); !errors.Is(err, want) {
				t.Errorf("%s: %+v, %v, want %v", number, out, err, want)
			}
			if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != a.Amount {
				t.Errorf("after %s: %+v, %v", number, out, err)
			}
		}
	}
}

func TestSandboxTwoConfirmationsAtOnce(t *testing.T) {
	b := openBank(t, sandbox.Config{SlowConfirm: 300 * time.Millisecond})
	g := connect(t, b.contract("demo"))
	a := b.authenticated(t, g, fresh("SLOW000001"), "slow", nil)
	var all sync.WaitGroup
	var captured atomic.Int64
	for range 8 {
		all.Go(func() {
			out, err := g.Settle(t.Context(), a)
			r, is := errors.AsType[*payments.Refusal](err)
			switch {
			case err == nil && out.Captured == a.Amount:
				captured.Add(1)
			case errors.Is(err, payments.ErrRunning), is && r.Settled:
			default:
				t.Errorf("settle: %+v, %v", out, err)
			}
		})
	}
	all.Wait()
	if captured.Load() < 1 || b.Books().Payments[0].Captured != 150000 {
		t.Errorf("%d callers saw the money, books %+v", captured.Load(), b.Books().Payments[0])
	}
}

func TestSandboxTokenThatRunsOut(t *testing.T) {
	var later atomic.Int64
	b := openBank(t, sandbox.Config{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	g := connect(t, b.olderContract("demo"))
	first := b.settled(t, g, "TOKEN00001")
	later.Store(int64(31 * time.Minute))
	b.settled(t, g, "TOKEN00002")
	if out, err := g.Lookup(t.Context(), first); err != nil || out.Captured != first.Amount {
		t.Errorf("look up: %+v, %v", out, err)
	}
	for name, change := range map[string]func(*payments.Channel){
		"APP_KEY_NOT_REST":   func(c *payments.Channel) { c.Credentials["application_id"] = "bootpay_js_demo" },
		"APP_KEY_NOT_FOUND":  func(c *payments.Channel) { c.Credentials["application_id"] = "something" },
		"APP_SK_NOT_MATCHED": func(c *payments.Channel) { c.Credentials["private_key"] = "bootpay_private_other" },
	} {
		c := b.olderContract("demo")
		change(&c)
		_, err := connect(t, c).Lookup(t.Context(), first)
		if r, is := errors.AsType[*payments.Refusal](err); !is || r.Code != name || r.Key != "payment.channel" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSandboxRefundInPartsAndTheRest(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	a := b.settled(t, g, "REFUND0001")
	r := refundOf(50000, 150000)
	r.GatewayID, r.Key = a.GatewayID, "R1"
	if out, err := g.Refund(t.Context(), r); err != nil || out.Refunded != won(50000) {
		t.Fatalf("a part: %+v, %v", out, err)
	}
	_, err := g.Refund(t.Context(), r)
	if refusal, is := errors.AsType[*payments.Refusal](err); !is || refusal.Passing || b.Books().Payments[0].Refunded != 50000 {
		t.Errorf("the same again: %v", err)
	}
	rest := refundOf(100000, 100000)
	rest.GatewayID, rest.Key = a.GatewayID, "R2"
	if out, err := g.Refund(t.Context(), rest); err != nil || out.Refunded != won(150000) {
		t.Fatalf("the rest: %+v, %v", out, err)
	}
	_, err = g.Refund(t.Context(), rest)
	if refusal, is := errors.AsType[*payments.Refusal](err); !is || !refusal.Settled {
		t.Errorf("the rest again: %v", err)
	}
	out, err := g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(150000) {
		t.Errorf("look up: %+v, %v", out, err)
	}
}

func TestSandboxLostRefund(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	a := b.settled(t, g, "REFUND0002")
	r := refundOf(50000, 150000)
	r.GatewayID = a.GatewayID
	b.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel, After: true})
	if _, err := g.Refund(t.Context(), r); !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("lost after the effect: %v", err)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded != won(50000) {
		t.Errorf("look up: %+v, %v", out, err)
	}
	r.Key, r.Balance = "R2", won(100000)
	b.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel})
	if _, err := g.Refund(t.Context(), r); !errors.Is(err, payments.ErrNoAnswer) {
		t.Fatalf("lost before the effect: %v", err)
	}
	if out, err := g.Refund(t.Context(), r); err != nil || out.Refunded != won(100000) {
		t.Errorf("the same again: %+v, %v", out, err)
	}
}

func TestSandboxRefundsThatTakeTimeOrFail(t *testing.T) {
	var later atomic.Int64
	b := openBank(t, sandbox.Config{Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) }})
	g := connect(t, b.contract("slow"))
	a := b.settled(t, g, "REFUND0003")
	r := refundOf(50000, 150000)
	r.GatewayID = a.GatewayID
	if out, err := g.Refund(t.Context(), r); err != nil || !out.Pending {
		t.Fatalf("slow: %+v, %v, want pending", out, err)
	}
	if _, err := g.Refund(t.Context(), r); !errors.Is(err, payments.ErrRunning) {
		t.Errorf("the same again: %v", err)
	}
	later.Store(int64(time.Minute))
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded != won(50000) {
		t.Errorf("a minute later: %+v, %v", out, err)
	}
	g = connect(t, b.contract("stuck"))
	a = b.settled(t, g, "REFUND0004")
	r.GatewayID = a.GatewayID
	_, err := g.Refund(t.Context(), r)
	if refusal, is := errors.AsType[*payments.Refusal](err); !is || !refusal.Passing || errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("stuck: %v", err)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(0) {
		t.Errorf("the money is still taken: %+v, %v", out, err)
	}
}

func TestSandboxNotifications(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	came := make(chan payments.Request, 8)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read notification: %v", err)
		}
		w.Header().Set("Content-Type", "application/json")
		if _, err := io.WriteString(w, `{"success":true}`); err != nil {
			t.Errorf("answer: %v", err)
		}
		came <- payments.Request{Method: r.Method, Header: r.Header, Body: body}
	}))
	defer shop.Close()
	b.SetWebhook("bootpay_ck_demo", shop.URL)
	a := b.settled(t, g, "NOTICE0001")
	r := refundOf(50000, 150000)
	r.GatewayID = a.GatewayID
	for _, want := range []string{"PAYMENT_COMPLETED 1", "PAYMENT_PARTIAL_CANCELLED 20"} {
		select {
		case n := <-came:
			hints, err := g.ParseWebhook(n)
			if err != nil || len(hints) != 1 || hints[0] != (payments.Hint{OrderNo: a.OrderNo, GatewayID: a.GatewayID, Kind: want}) {
				t.Errorf("hints %+v, %v, want %s", hints, err, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("no notification came")
		}
		if _, err := g.Refund(t.Context(), r); err != nil && want == "PAYMENT_COMPLETED 1" {
			t.Fatalf("refund: %v", err)
		}
	}
}

func TestSandboxVerifyByTheOlderAPI(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("demo"))
	a := b.authenticated(t, g, fresh("VERIFY0001"), "kr", nil)
	s := bootpay.Shop{ApplicationID: "bootpay_rest_demo", PrivateKey: "bootpay_private_demo", API: b.url}
	p := bootpay.Purchase{ReceiptID: a.GatewayID, OrderNo: a.OrderNo, Price: a.Amount}
	if got, err := bootpay.Verify(t.Context(), s, p); !errors.Is(err, bootpay.ErrNotPaid) || got.Status != bootpay.StatusAuthenticated {
		t.Errorf("before the confirmation: %+v, %v", got, err)
	}
	if _, err := g.Settle(t.Context(), a); err != nil {
		t.Fatalf("settle: %v", err)
	}
	if got, err := bootpay.Verify(t.Context(), s, p); err != nil || got.Price != a.Amount || got.At.IsZero() {
		t.Errorf("verify: %+v, %v", got, err)
	}
	p.Price.Minor--
	if _, err := bootpay.Verify(t.Context(), s, p); !errors.Is(err, bootpay.ErrDiffers) {
		t.Errorf("another price: %v", err)
	}
	s.PrivateKey = "bootpay_private_other"
	_, err := bootpay.Verify(t.Context(), s, p)
	if r, is := errors.AsType[*payments.Refusal](err); !is || r.Code != "-2410" {
		t.Errorf("keys that do not belong: %v", err)
	}
}
