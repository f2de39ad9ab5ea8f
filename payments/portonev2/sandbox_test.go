package portonev2_test

import (
	"errors"
	"fmt"
	"io"
	"maps"
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
	g := connect(t, b.contract("", "domestic", registration.KRW))
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
	if again, err := g.Settle(t.Context(), a); err != nil || again != out {
		t.Errorf("again: %+v, %v", again, err)
	}
	p := b.Books().Payments[0]
	if p.ID != out.GatewayID || p.OrderID != a.OrderNo || p.Captured != 150000 || p.Status != "PAID" {
		t.Errorf("books %+v", p)
	}
	_, err = g.Begin(t.Context(), a)
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "ALREADY_PAID" || !r.Settled {
		t.Errorf("begin what is paid: %v", err)
	}
}

func TestSandboxInternationalCardInDollars(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("-overseas", "overseas", registration.USD))
	a, _ := b.through(t, g, fresh("order00002", registration.Money{Minor: 12050, Cur: registration.USD}), "visa")
	out, err := g.Settle(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	if p := b.Books().Payments[0]; p.Captured != 12050 || p.Currency != registration.USD {
		t.Errorf("books %+v", p)
	}
}

func TestSandboxTheBrowserCannotChangeTheAmount(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	a := fresh("order00003", won(150000))
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	for name, value := range map[string]any{"totalAmount": 100, "currency": "USD"} {
		call := maps.Clone(l.Call)
		call[name] = value
		if window, code := b.way(t, call); code != "AmountNotEqualToPredefined" || window != "" {
			t.Errorf("%s: window %q, code %s", name, window, code)
		}
	}
	a.Amount = won(120000) // begun anew at another price: the last registration counts
	if l, err = g.Begin(t.Context(), a); err != nil {
		t.Fatalf("begin again: %v", err)
	}
	b.pay(t, g, l, "kr")
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(120000) {
		t.Errorf("settle: %+v, %v", out, err)
	}
}

func TestSandboxChannelsAndStoresThatAreNotThere(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	l, err := connect(t, b.contract("", "domestic", registration.KRW)).Begin(t.Context(), fresh("order00004", won(1000)))
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	for name, tc := range map[string][2]string{
		"storeId": {"store-real-1", "StoreNotFound"}, "channelKey": {"channel-key-test-other", "ChannelNotFound"}, "payMethod": {"PAYPAL", "Unimplemented"},
		"paymentId": {"a b", "InvalidArgument"}, "redirectUrl": {"javascript:alert(1)", "InvalidArgument"},
	} {
		call := maps.Clone(l.Call)
		call[name] = tc[0]
		if _, code := b.way(t, call); code != tc[1] {
			t.Errorf("%s %s: %s, want %s", name, tc[0], code, tc[1])
		}
	}
	wrong := b.contract("", "domestic", registration.KRW)
	wrong.Credentials["api_secret"] = "portone-test-other"
	_, err = connect(t, wrong).Begin(t.Context(), fresh("order00005", won(1000)))
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "FORBIDDEN" {
		t.Errorf("a secret of another store: %v", err)
	}
	wrong.Credentials["api_secret"] = "a-real-looking-secret"
	_, err = connect(t, wrong).Lookup(t.Context(), fresh("order00005", won(1000)))
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "UNAUTHORIZED" {
		t.Errorf("a secret that is no test secret: %v", err)
	}
}

func TestSandboxWindowsThatBringNothing(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	n := 100
	for card, want := range map[string]payments.Return{
		"cancel":          {Failed: true, Cancelled: true, Reason: "payment.cancelled"},
		"declined":        {Failed: true, Reason: "payment.declined.limit"},
		"declined-window": {Failed: true, Reason: "payment.declined.card"},
		"wrong-place":     {Failed: true, Reason: "payment.declined.card"},
	} {
		n++
		want.OrderNo = fmt.Sprintf("order%05d", n)
		a, r := b.through(t, g, fresh(want.OrderNo, won(150000)), card)
		if r != want {
			t.Errorf("%s: %+v, want %+v", card, r, want)
		}
		out, err := g.Settle(t.Context(), a)
		if err != nil || out.Status != payments.StatusFailed || out.Reason != want.Reason || out.Captured.Minor != 0 {
			t.Errorf("%s: look up %+v, %v", card, out, err)
		}
	}
	a, _ := b.through(t, g, fresh("order00099", won(150000)), "leave")
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusPending {
		t.Errorf("left: %+v, %v", out, err)
	}
}

func TestSandboxFailedAndPaidAfterAll(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	a := fresh("order00006", won(150000))
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	second, _ := b.way(t, l.Call)
	b.pay(t, g, l, "declined")
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusFailed {
		t.Fatalf("declined: %+v, %v", out, err)
	}
	b.pay(t, g, l, "kr")
	out, err := g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) {
		t.Fatalf("tried again: %+v, %v", out, err)
	}
	exchange(t, http.MethodPost, second, map[string][]string{"card": {"kr"}}) // an old window of the same payment
	var captured int64
	for _, p := range b.Books().Payments {
		captured += p.Captured
	}
	if captured != 150000 {
		t.Errorf("captured %d in all", captured)
	}
	if _, code := b.way(t, l.Call); code != "PaymentAlreadyPaid" {
		t.Errorf("a window for what is paid: %s", code)
	}
}

func TestSandboxLiveChannelInATestEvent(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("-live", "domestic", registration.KRW))
	a, _ := b.through(t, g, fresh("order00007", won(150000)), "kr")
	if out, err := g.Settle(t.Context(), a); err != nil || out.Mode != registration.Live {
		t.Errorf("settle: %+v, %v", out, err)
	}
}

func TestSandboxLostAnswerIsLookedUpAgain(t *testing.T) {
	b := openBank(t, sandbox.Config{SlowConfirm: 30 * time.Millisecond})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	for n, card := range []string{"lost-answer", "slow"} {
		a, r := b.through(t, g, fresh(fmt.Sprintf("order0020%d", n), won(150000)), card)
		if r.Failed {
			t.Fatalf("%s: came back with %+v", card, r)
		}
		begun := time.Now()
		_, err := g.Settle(t.Context(), a)
		if card == "lost-answer" && !errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("lost: %v, want no answer", err)
		}
		if card == "slow" && (err != nil || time.Since(begun) < 30*time.Millisecond) {
			t.Errorf("slow: %v after %v", err, time.Since(begun))
		}
		if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(150000) {
			t.Errorf("%s, again: %+v, %v", card, out, err)
		}
	}
}

func TestSandboxFaults(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
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
}

func TestSandboxNotifications(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	now, later, known := sandbox.PortoneV2WebhookSecrets(store)
	if !known {
		t.Fatal("the sandbox does not know the store")
	}
	came := make(chan payments.Request, 16)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read notification: %v", err)
		}
		came <- payments.Request{Method: r.Method, Header: r.Header, Body: body, Now: time.Now()}
	}))
	defer shop.Close()
	b.SetWebhook(store, shop.URL)
	first := b.contract("", "domestic", registration.KRW)
	first.Credentials["webhook_secret"] = now
	second := b.contract("", "domestic", registration.KRW)
	second.Credentials["webhook_secret"] = later
	other := b.contract("", "domestic", registration.KRW)
	other.Credentials["webhook_secret"] = "whsec_b3RoZXI="
	g := connect(t, first)
	a, _ := b.through(t, g, fresh("order00014", won(150000)), "kr")
	if _, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil {
		t.Fatalf("refund: %v", err)
	}
	seen := map[string]string{}
	for len(seen) < 3 {
		select {
		case r := <-came:
			hints, err := g.ParseWebhook(r)
			rotated, err2 := connect(t, second).ParseWebhook(r)
			_, err3 := connect(t, other).ParseWebhook(r)
			if err != nil || err2 != nil || len(hints) != len(rotated) || !errors.Is(err3, payments.ErrSignature) {
				t.Fatalf("signatures: %v, %v, %v", err, err2, err3)
			}
			for _, h := range hints {
				if h.OrderNo != a.OrderNo || h.GatewayID != a.GatewayID || h.EventID == "" {
					t.Errorf("hint %+v", h)
				}
				seen[h.Kind] = h.EventID
			}
			if len(hints) == 0 {
				seen["none"] = "the window opened"
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("came so far: %v", seen)
		}
	}
	if seen["Transaction.Paid"] == "" || seen["Transaction.PartialCancelled"] == "" || seen["none"] == "" {
		t.Errorf("notifications %v", seen)
	}
	forge := exchangeJSON(t, b.url+"/_sandbox/api/webhook", `{"payment":"order00014","how":"forged","seconds":0}`)
	if forge != http.StatusOK {
		t.Fatalf("forge: %d", forge)
	}
	select {
	case r := <-came:
		if _, err := g.ParseWebhook(r); !errors.Is(err, payments.ErrSignature) {
			t.Errorf("forged: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("no forged notification came")
	}
}

func TestSandboxRefundedFromOutside(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("", "domestic", registration.KRW))
	a, _ := b.through(t, g, fresh("order00015", won(150000)), "kr")
	if s := exchangeJSON(t, b.url+"/_sandbox/api/refund", `{"payment":"order00015","amount":30000,"reason":"by hand"}`); s != http.StatusOK {
		t.Fatalf("refund outside: %d", s)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded != won(30000) {
		t.Errorf("look up: %+v, %v", out, err)
	}
	_, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Code != "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN" {
		t.Errorf("with a balance of before: %v", err)
	}
}
