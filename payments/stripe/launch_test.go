package stripe_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"foyer/payments"
	"foyer/registration"
)

const (
	createLine = "POST /v1/checkout/sessions"
	open       = `{"id":"cs_test_a1","object":"checkout.session","url":"https://checkout.stripe.com/c/pay/cs_test_a1#fid","status":"open",
		"payment_status":"unpaid","amount_total":330000,"currency":"krw","client_reference_id":"reg2026000123a1","payment_intent":null,"livemode":false}`
)

func TestBeginMakesASession(t *testing.T) {
	f := newFake(t, map[string]reply{createLine: ok(open)})
	g := connect(t, channel(f.URL))
	for range 2 {
		l, err := g.Begin(t.Context(), attempt())
		if err != nil {
			t.Fatalf("begin: %v", err)
		}
		raw, err := json.Marshal(l)
		want := `{"gateway":"stripe","order_no":"reg2026000123a1","href":"https://checkout.stripe.com/c/pay/cs_test_a1#fid"}`
		if err != nil || string(raw) != want {
			t.Errorf("launch %s, %v, want %s", raw, err, want)
		}
	}
	want := map[string]string{
		"mode": "payment", "submit_type": "pay", "client_reference_id": "reg2026000123a1", "metadata[order]": "reg2026000123a1",
		"payment_intent_data[metadata][order]": "reg2026000123a1", "payment_intent_data[description]": "2026 가을 학술대회",
		"payment_method_types[0]": "card", "adaptive_pricing[enabled]": "false", "line_items[0][quantity]": "1",
		"line_items[0][price_data][currency]": "krw", "line_items[0][price_data][unit_amount]": "330000",
		"line_items[0][price_data][product_data][name]": "2026 가을 학술대회", "locale": "en", "customer_email": "kim@example.org",
		"success_url": "https://reg.example.org/pay/T/return?session_id={CHECKOUT_SESSION_ID}",
		"cancel_url":  "https://reg.example.org/pay/T/fail?cancelled=1", "expires_at": "1793525700",
	}
	all := f.Requests()
	for _, r := range all {
		for name, value := range want {
			if got := r.Form()[name]; len(got) != 1 || got[0] != value {
				t.Errorf("%s is %q, want %q", name, got, value)
			}
		}
		if len(r.Form()) != len(want) {
			t.Errorf("sent %v", r.Form())
		}
		h := r.Header
		if h.Get("Idempotency-Key") != "BEGINKEY1" || h.Get("Authorization") != "Bearer sk_test_demo" || h.Get("Stripe-Version") != "2026-03-25.dahlia" {
			t.Errorf("headers %v", h)
		}
	}
	if len(all) != 2 || all[0].Body != all[1].Body {
		t.Error("a repeat must send the same bytes")
	}
}

func TestBeginInDollarsForAKoreanReader(t *testing.T) {
	f := newFake(t, map[string]reply{createLine: ok(strings.NewReplacer("krw", "usd", "330000", "25050").Replace(open))})
	c, a := channel(f.URL), attempt()
	c.Currency, a.Amount, a.Lang = registration.USD, registration.Money{Minor: 25050, Cur: registration.USD}, registration.Korean
	a.OrderName = strings.Repeat("학술대회\n", 100)
	if _, err := connect(t, c).Begin(t.Context(), a); err != nil {
		t.Fatalf("begin: %v", err)
	}
	form := f.Only(t).Form()
	name := form.Get("line_items[0][price_data][product_data][name]")
	if form.Get("line_items[0][price_data][unit_amount]") != "25050" || form.Get("line_items[0][price_data][currency]") != "usd" || form.Get("locale") != "ko" {
		t.Errorf("sent %v", form)
	}
	if n := utf8.RuneCountInString(name); n < 195 || n > 200 || strings.Contains(name, "\n") {
		t.Errorf("order name has %d characters: %q", n, name)
	}
}

func TestBeginRefusesWhatCannotBePaid(t *testing.T) {
	tests := map[string]func(*payments.Attempt){
		"another currency":   func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
		"nothing to pay":     func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"odd order number":   func(a *payments.Attempt) { a.OrderNo = "reg/2026/1" },
		"no order number":    func(a *payments.Attempt) { a.OrderNo = "" },
		"no way back":        func(a *payments.Attempt) { a.Return = "" },
		"no idempotency key": func(a *payments.Attempt) { a.Key = "" },
		"key too long":       func(a *payments.Attempt) { a.Key = strings.Repeat("k", 256) },
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

func TestSessionThatCannotBeTrusted(t *testing.T) {
	tests := map[string]reply{
		"script in the address": ok(strings.Replace(open, "https://checkout.stripe.com", "javascript:alert(1)//", 1)),
		"plain http elsewhere":  ok(strings.Replace(open, "https://checkout", "http://checkout", 1)),
		"no address":            ok(strings.Replace(open, `"url"`, `"lru"`, 1)),
		"another order":         ok(strings.Replace(open, "reg2026000123a1", "reg2026000999a1", 1)),
		"another amount":        ok(strings.Replace(open, "330000", "3300", 1)),
		"a hundred times more":  ok(strings.Replace(open, "330000", "33000000", 1)),
		"another currency":      ok(strings.Replace(open, "krw", "usd", 1)),
		"real money":            ok(strings.Replace(open, `"livemode":false`, `"livemode":true`, 1)),
		"mode not told":         ok(strings.Replace(open, `"livemode":false`, `"livemode":null`, 1)),
		"a broken gateway":      {Status: http.StatusBadGateway, Body: "<html>", Kind: "text/html"},
		"a redirect":            {Raw: func(w http.ResponseWriter) { w.Header().Set("Location", "/elsewhere"); w.WriteHeader(307) }},
	}
	for name, re := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{createLine: re})
			l, err := connect(t, channel(f.URL)).Begin(t.Context(), attempt())
			if !errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("launch %+v, error %v, want no answer", l, err)
			}
			f.Only(t)
		})
	}
}
