package toss_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"foyer/payments"
	"foyer/registration"
)

// begin gives the launch as a browser gets it: JSON.
func begin(t *testing.T, c payments.Channel, a payments.Attempt) string {
	t.Helper()
	l, err := connect(t, c).Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatalf("write launch: %v", err)
	}
	return string(raw)
}

func TestBeginWritesTheWindowsCall(t *testing.T) {
	want := `{"gateway":"toss","script":"https://js.tosspayments.com/v2/standard","order_no":"reg2026000123a1","call":{` +
		`"amount":{"currency":"KRW","value":150000},"clientKey":"test_ck_demo","customerEmail":"kim@example.org","customerKey":"@@ANONYMOUS",` +
		`"customerName":"Kim","failUrl":"https://reg.example.org/pay/T/fail","method":"CARD","orderId":"reg2026000123a1",` +
		`"orderName":"2026 가을 학술대회","successUrl":"https://reg.example.org/pay/T/return","windowTarget":"self"}}`
	if got := begin(t, channel(""), attempt()); got != want {
		t.Errorf("launch\n%s\nwant\n%s", got, want)
	}
}

func TestBeginForOverseasCardsInDollars(t *testing.T) {
	c, a := channel(""), attempt()
	c.Cards, c.Currency, c.ScriptURL = "overseas", registration.USD, "http://127.0.0.1:9100/v2/standard"
	a.Amount, a.Lang = registration.Money{Minor: 12050, Cur: registration.USD}, registration.English
	got := begin(t, c, a)
	for _, part := range []string{
		`"amount":{"currency":"USD","value":120.50}`, `"card":{"language":"EN","useInternationalCardOnly":true}`,
		`"script":"http://127.0.0.1:9100/v2/standard"`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%s is missing in %s", part, got)
		}
	}
	a.Lang = registration.Korean
	if got := begin(t, c, a); !strings.Contains(got, `"language":"KO"`) {
		t.Errorf("a Korean reader's international window: %s", got)
	}
}

func TestBeginKeepsToTheGatewaysLengths(t *testing.T) {
	a := attempt()
	a.OrderName = strings.Repeat("학술대회🎓", 40)
	a.Payer.Name = strings.Repeat("김", 150)
	a.Payer.Email = strings.Repeat("a", 120) + "@example.org"
	l, err := connect(t, channel("")).Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	for _, name := range []string{"orderName", "customerName"} {
		s, isText := l.Call[name].(string)
		if n := len(utf16.Encode([]rune(s))); !isText || n > 100 || n < 98 || !utf8.ValidString(s) {
			t.Errorf("%s has %d units: %q", name, n, s)
		}
	}
	if _, there := l.Call["customerEmail"]; there {
		t.Error("an address that is too long must be left out, not cut")
	}
	a.OrderName = " \n\t"
	if l, err = connect(t, channel("")).Begin(t.Context(), a); err != nil || l.Call["orderName"] != a.OrderNo {
		t.Errorf("order name %v, %v; want the order number", l.Call["orderName"], err)
	}
}

func TestBeginRefusesWhatCannotBePaid(t *testing.T) {
	tests := map[string]func(*payments.Attempt){
		"another currency":      func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
		"nothing to pay":        func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"short order number":    func(a *payments.Attempt) { a.OrderNo = "a1" },
		"odd order number":      func(a *payments.Attempt) { a.OrderNo = "reg/2026/1" },
		"no way back":           func(a *payments.Attempt) { a.Return = "" },
		"no key for a checkout": func(a *payments.Attempt) { a.NoScript, a.Key = true, "" },
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, nil)
			a := attempt()
			change(&a)
			if l, err := connect(t, channel(f.URL)).Begin(t.Context(), a); err == nil {
				t.Errorf("began: %+v", l)
			}
			if n := len(f.Requests()); n != 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}

const ready = `{"paymentKey":"k1","orderId":"reg2026000123a1","status":"READY","currency":"KRW","totalAmount":150000,"balanceAmount":150000,
	"checkout":{"url":"https://api.tosspayments.com/v1/payments/k1/checkout"}}`

func TestBeginWithoutScriptMakesACheckout(t *testing.T) {
	f := newFake(t, map[string]reply{"POST /v1/payments": ok(ready)})
	a := attempt()
	a.NoScript, a.Key = true, "BEGINKEY1"
	got := begin(t, channel(f.URL), a)
	want := `{"gateway":"toss","order_no":"reg2026000123a1","href":"https://api.tosspayments.com/v1/payments/k1/checkout"}`
	if got != want {
		t.Errorf("launch %s, want %s", got, want)
	}
	r := f.Only(t)
	wantBody := `{"method":"CARD","amount":150000,"orderId":"reg2026000123a1","orderName":"2026 가을 학술대회",` +
		`"successUrl":"https://reg.example.org/pay/T/return","failUrl":"https://reg.example.org/pay/T/fail",` +
		`"customerName":"Kim","customerEmail":"kim@example.org"}`
	if r.Body != wantBody || r.Header.Get("Idempotency-Key") != "BEGINKEY1" {
		t.Errorf("sent %s under %q", r.Body, r.Header.Get("Idempotency-Key"))
	}
}

func TestCheckoutForOverseasCardsInDollars(t *testing.T) {
	f := newFake(t, map[string]reply{"POST /v1/payments": ok(strings.NewReplacer("KRW", "USD", "150000", "120.5").Replace(ready))})
	c, a := channel(f.URL), attempt()
	c.Cards, c.Currency = "overseas", registration.USD
	a.NoScript, a.Amount = true, registration.Money{Minor: 12050, Cur: registration.USD}
	begin(t, c, a)
	for _, part := range []string{`"amount":120.50`, `"currency":"USD"`, `"useInternationalCardOnly":true`} {
		if body := f.Only(t).Body; !strings.Contains(body, part) {
			t.Errorf("%s is missing in %s", part, body)
		}
	}
}

func TestCheckoutThatCannotBeTrusted(t *testing.T) {
	tests := map[string]reply{
		"script in the address": ok(strings.Replace(ready, "https://api.tosspayments.com", "javascript:alert(1)//", 1)),
		"plain http elsewhere":  ok(strings.Replace(ready, "https://api", "http://api", 1)),
		"another order":         ok(strings.Replace(ready, "reg2026000123a1", "reg2026000999a1", 1)),
		"another amount":        ok(strings.Replace(ready, "150000", "150", 1)),
		"no address":            ok(strings.Replace(ready, "checkout", "chekcout", 1)),
		"a broken gateway":      {Status: http.StatusBadGateway, Body: "<html>", Kind: "text/html"},
	}
	for name, re := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{"POST /v1/payments": re})
			a := attempt()
			a.NoScript = true
			l, err := connect(t, channel(f.URL)).Begin(t.Context(), a)
			if !errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("launch %+v, error %v, want no answer", l, err)
			}
		})
	}
}
