package portonev1_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxDomesticCard(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	if out, err := g.Lookup(t.Context(), fresh("order00001", won(150000))); err != nil || out.Status != payments.StatusMissing {
		t.Fatalf("before the window: %+v, %v", out, err)
	}
	a, r := b.through(t, g, fresh("order00001", won(150000)), "kr")
	if r.Failed || r.GatewayID == "" || r.OrderNo != a.OrderNo {
		t.Fatalf("came back with %+v", r)
	}
	out, err := g.Settle(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount || out.OrderNo != a.OrderNo || out.GatewayID != a.GatewayID {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	if out.Mode != registration.Test || out.Method != "card" || out.Card == "" || out.Approve == "" || out.Proof == "" || out.At.IsZero() {
		t.Errorf("the slip is not whole: %+v", out)
	}
	a.GatewayID = ""
	if again, err := g.Settle(t.Context(), a); err != nil || again != out {
		t.Errorf("by our number: %+v, %v", again, err)
	}
	if p := b.Books().Payments[0]; p.ID != out.GatewayID || p.OrderID != a.OrderNo || p.Captured != 150000 || p.Status != "paid" {
		t.Errorf("books %+v", p)
	}
	if _, err := g.Begin(t.Context(), a); err != nil {
		t.Errorf("begin again: %v", err)
	}
}

func TestSandboxMoneyFromAbroad(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for n, tc := range []struct {
		pg, cards, method, choice, word string
		amount                          registration.Money
	}{
		{"eximbay", "overseas", "card", "visa", "card", dollars(12050)},
		{"eximbay", "any", "card", "kr", "card", won(150000)},
		{"paypal_v2", "overseas", "paypal", "wallet", "paypal", dollars(1420)},
		{"tosspayments", "overseas", "card", "mastercard", "card", won(150000)},
		{"kakaopay", "domestic", "easy_pay", "kr", "easy_pay", won(1500)},
		{"naverpay", "domestic", "easy_pay", "wallet", "easy_pay", won(1500)},
	} {
		c := b.contract(tc.pg, tc.cards, tc.amount.Cur, tc.method)
		a, _ := b.through(t, connect(t, c), fresh(fmt.Sprintf("order0040%d", n), tc.amount), tc.choice)
		out, err := connect(t, c).Settle(t.Context(), a)
		if err != nil || out.Status != payments.StatusCaptured || out.Captured != tc.amount || out.Method != tc.word {
			t.Errorf("%s: %+v, %v", tc.pg, out, err)
		}
	}
}

func TestSandboxTheBrowserCannotChangeTheAmount(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	a := fresh("order00003", won(150000))
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	for name, value := range map[string]any{"amount": 1000, "currency": "USD"} {
		call := maps.Clone(l.Call)
		call[name] = value
		if window, code := b.way(t, call); code != "INVALID_AMOUNT" || window != "" {
			t.Errorf("%s: window %q, code %s", name, window, code)
		}
	}
	a.Amount = won(120000) // begun anew at another price: what is registered is corrected
	if l, err = g.Begin(t.Context(), a); err != nil {
		t.Fatalf("begin again: %v", err)
	}
	b.pay(t, g, l, "kr")
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(120000) {
		t.Errorf("settle: %+v, %v", out, err)
	}
	if _, code := b.way(t, l.Call); code != "F1002" {
		t.Errorf("a window for what is paid: %s", code)
	}
}

func TestSandboxKeysThatDoNotFit(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for name, value := range map[string]string{"imp_secret": "imp-secret-test-other", "imp_key": "a-real-looking-key"} {
		c := b.contract("kcp", "domestic", registration.KRW, "card")
		c.Credentials[name] = value
		_, err := connect(t, c).Begin(t.Context(), fresh("order00005", won(1000)))
		if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "HTTP_401" || r.Key != "payment.channel" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSandboxWindowsThatBringNothing(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	n := 100
	for choice, want := range map[string]payments.Return{
		"cancel":          {Failed: true, Cancelled: true, Reason: "payment.cancelled"},
		"declined":        {Failed: true, Reason: "payment.declined.limit"},
		"declined-window": {Failed: true, Reason: "payment.declined.card"},
		"wrong-place":     {Failed: true, Reason: "payment.declined.card"},
	} {
		n++
		want.OrderNo = fmt.Sprintf("order%05d", n)
		a, r := b.through(t, g, fresh(want.OrderNo, won(150000)), choice)
		want.GatewayID = a.GatewayID
		if r != want || r.GatewayID == "" {
			t.Errorf("%s: %+v, want %+v", choice, r, want)
		}
		status := payments.StatusFailed
		if choice == "cancel" {
			status = payments.StatusPending // PortOne leaves it ready
		}
		if out, err := g.Settle(t.Context(), a); err != nil || out.Status != status || out.Captured.Minor != 0 {
			t.Errorf("%s: look up %+v, %v", choice, out, err)
		}
	}
	a, _ := b.through(t, g, fresh("order00099", won(150000)), "leave")
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusPending {
		t.Errorf("left: %+v, %v", out, err)
	}
}

func TestSandboxFailedAndPaidAfterAll(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	a := fresh("order00006", won(150000))
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	second, _ := b.way(t, l.Call)
	first := b.pay(t, g, l, "declined")
	a.GatewayID = first.GatewayID
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusPending {
		t.Fatalf("declined, and another window is open: %+v, %v", out, err)
	}
	b.pay(t, g, l, "kr")
	out, err := g.Lookup(t.Context(), a) // by the id of the try that failed
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.GatewayID == first.GatewayID {
		t.Fatalf("tried again: %+v, %v", out, err)
	}
	exchange(t, http.MethodPost, second, "card=kr") // an old window of the same payment
	var captured int64
	for _, p := range b.Books().Payments {
		captured += p.Captured
	}
	if captured != 150000 {
		t.Errorf("captured %d in all", captured)
	}
}

func TestSandboxAnotherPersonsPayment(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("kcp", "domestic", registration.KRW, "card"))
	theirs, _ := b.through(t, g, fresh("order00301", won(150000)), "kr")
	mine := fresh("order00302", won(150000))
	mine.GatewayID = theirs.GatewayID
	if out, err := g.Settle(t.Context(), mine); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("with the id of another's payment: %+v, %v", out, err)
	}
	c := b.contract("kcp", "domestic", registration.KRW, "card")
	c.Credentials = maps.Clone(c.Credentials)
	for name, value := range map[string]string{"imp_code": "imp-test-other", "imp_key": "imp-key-test-other", "imp_secret": "imp-secret-test-other"} {
		c.Credentials[name] = value
	}
	if out, err := connect(t, c).Settle(t.Context(), theirs); err != nil || out.Status != payments.StatusMissing {
		t.Errorf("by another shop: %+v, %v", out, err)
	}
}

func TestSandboxLiveChannelInATestEvent(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis.live", "domestic", registration.KRW, "card"))
	a, _ := b.through(t, g, fresh("order00007", won(150000)), "kr")
	if out, err := g.Settle(t.Context(), a); err != nil || out.Mode != registration.Live {
		t.Errorf("settle: %+v, %v", out, err)
	}
}

func TestSandboxLostAnswerIsLookedUpAgain(t *testing.T) {
	b := openBank(t, sandbox.Config{SlowConfirm: 30 * time.Millisecond})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	for n, choice := range []string{"lost-answer", "slow"} {
		a, r := b.through(t, g, fresh(fmt.Sprintf("order0020%d", n), won(150000)), choice)
		if r.Failed {
			t.Fatalf("%s: came back with %+v", choice, r)
		}
		begun := time.Now()
		_, err := g.Settle(t.Context(), a)
		if choice == "lost-answer" && !errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("lost: %v, want no answer", err)
		}
		if choice == "slow" && (err != nil || time.Since(begun) < 30*time.Millisecond) {
			t.Errorf("slow: %v after %v", err, time.Since(begun))
		}
		if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(150000) {
			t.Errorf("%s, again: %+v, %v", choice, out, err)
		}
	}
}

func TestSandboxFaults(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	want := map[sandbox.FaultKind]error{
		sandbox.FaultLost: payments.ErrNoAnswer, sandbox.FaultError500: payments.ErrNoAnswer, sandbox.FaultHTML: payments.ErrNoAnswer,
		sandbox.FaultTruncated: payments.ErrNoAnswer, sandbox.FaultHuge: payments.ErrNoAnswer, sandbox.FaultRedirect: payments.ErrNoAnswer,
		sandbox.FaultTooMany: payments.ErrBusy,
	}
	a, _ := b.through(t, g, fresh("order00008", won(150000)), "kr")
	for kind, err := range want {
		b.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpLookup})
		if out, got := g.Settle(t.Context(), a); !errors.Is(got, err) {
			t.Errorf("%s: %+v, %v, want %v", kind, out, got, err)
		}
		b.Arm(sandbox.Fault{Kind: kind, Operation: sandbox.OpCheckout})
		if _, got := g.Begin(t.Context(), fresh("order00009", won(1000))); !errors.Is(got, err) {
			t.Errorf("begin, %s: %v, want %v", kind, got, err)
		}
	}
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(150000) {
		t.Errorf("afterwards: %+v, %v", out, err)
	}
	if _, err := g.Begin(t.Context(), fresh("order00009", won(1000))); err != nil {
		t.Errorf("begin afterwards: %v", err)
	}
}

func TestSandboxTokenThatRunsOutOnTheWay(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	b := openBank(t, sandbox.Config{Now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	a, _ := b.through(t, g, fresh("order00010", won(150000)), "kr")
	mu.Lock()
	now = now.Add(31 * time.Minute) // PortOne's clock runs ahead of ours
	mu.Unlock()
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(150000) {
		t.Errorf("settle: %+v, %v", out, err)
	}
}

func TestSandboxNotifications(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	came := make(chan payments.Request, 16)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read notification: %v", err)
		}
		came <- payments.Request{Method: r.Method, Header: r.Header, Body: body, Now: time.Now()}
	}))
	defer shop.Close()
	b.SetWebhook("imp-test-demo", shop.URL)
	hint := func(want payments.Hint) {
		t.Helper()
		select {
		case r := <-came:
			hints, err := connect(t, channel("")).ParseWebhook(r)
			if err != nil || len(hints) != 1 || hints[0] != want {
				t.Errorf("hints %+v, %v; want %+v", hints, err, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("none came: want %+v", want)
		}
	}
	g := connect(t, b.contract("html5_inicis.form", "domestic", registration.KRW, "card"))
	a, _ := b.through(t, g, fresh("order00014", won(150000)), "kr")
	hint(payments.Hint{OrderNo: a.OrderNo, GatewayID: a.GatewayID, Kind: "paid"})
	if _, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil { // of which PortOne says nothing
		t.Fatalf("refund: %v", err)
	}
	b.control(t, "refund", `{"payment":"order00014","amount":30000,"reason":"by hand"}`)
	hint(payments.Hint{OrderNo: a.OrderNo, GatewayID: a.GatewayID, Kind: "cancelled"})
	b.control(t, "webhook", `{"payment":"order00014","how":"forged","seconds":0}`)
	hint(payments.Hint{OrderNo: a.OrderNo, GatewayID: a.GatewayID, Kind: "paid"})
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded != won(80000) {
		t.Errorf("what is true: %+v, %v", out, err)
	}
}
