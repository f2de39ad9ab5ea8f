package toss_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

const confirmLine = "POST /v1/payments/confirm"

func TestSettleConfirmsUnderTheAttemptsKey(t *testing.T) {
	f := newFake(t, map[string]reply{confirmLine: ok(paid)})
	g := connect(t, channel(f.URL))
	want := payments.Outcome{
		Status: payments.StatusCaptured, GatewayID: "tviva20261101090000AbCd1", OrderNo: "reg2026000123a1", Mode: registration.Test,
		Captured: registration.Money{Minor: 150000, Cur: registration.KRW}, Refunded: registration.Money{Cur: registration.KRW},
		Method: "card", Card: "48902300****406*", Approve: "00000001",
		Proof: "https://dashboard.tosspayments.com/receipt/redirection?transactionId=x&ref=PX",
		At:    time.Date(2026, 11, 1, 0, 0, 41, 0, time.UTC),
	}
	for range 2 {
		got, err := g.Settle(t.Context(), attempt())
		if err != nil || got != want {
			t.Fatalf("settle\n%+v, %v\nwant\n%+v", got, err, want)
		}
	}
	all := f.Requests()
	body := `{"paymentKey":"tviva20261101090000AbCd1","orderId":"reg2026000123a1","amount":150000}`
	auth := "Basic " + base64.StdEncoding.EncodeToString([]byte("test_sk_demo:"))
	for _, r := range all {
		switch {
		case r.Body != body:
			t.Errorf("body %s, want %s", r.Body, body)
		case r.Header.Get("Idempotency-Key") != "CONFIRMKEY1" || r.Header.Get("Authorization") != auth:
			t.Errorf("headers %v", r.Header)
		case r.Header.Get("Content-Type") != "application/json" || r.Header.Get("Accept-Language") != "":
			t.Errorf("headers %v", r.Header)
		}
	}
	if len(all) != 2 || all[0].Body != all[1].Body {
		t.Errorf("a repeat must send the same bytes: %+v", all)
	}
}

func TestSettleWritesDollarsWithCents(t *testing.T) {
	usd := strings.NewReplacer("KRW", "USD", `"totalAmount": 150000, "balanceAmount": 150000`, `"totalAmount": 120.5, "balanceAmount": 120.50`)
	f := newFake(t, map[string]reply{confirmLine: ok(usd.Replace(paid))})
	c, a := channel(f.URL), attempt()
	c.Currency, a.Amount = registration.USD, registration.Money{Minor: 12050, Cur: registration.USD}
	out, err := connect(t, c).Settle(t.Context(), a)
	if err != nil || out.Captured != a.Amount || out.Refunded.Minor != 0 {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	if body := f.Only(t).Body; !strings.HasSuffix(body, `"amount":120.50}`) {
		t.Errorf("sent %s", body)
	}
}

func TestSettleWithoutAnAnswer(t *testing.T) {
	tests := map[string]reply{
		"cut before the answer":       {Raw: gatewaytest.Broken(t, "")},
		"cut in the middle":           {Raw: gatewaytest.Broken(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"paymentKey\":")},
		"half a JSON object":          ok(paid[:len(paid)/2]),
		"HTML with 200":               {Status: 200, Body: "<html>maintenance</html>", Kind: "text/html"},
		"JSON called HTML":            {Status: 200, Body: paid, Kind: "text/html; charset=utf-8"},
		"JSON in another charset":     {Status: 200, Body: paid, Kind: "application/json; charset=euc-kr"},
		"HTML with 403":               {Status: 403, Body: "<html>firewall</html>", Kind: "text/html"},
		"error without a code":        {Status: 400, Body: `{"message":"x"}`},
		"error with a number as code": {Status: 400, Body: `{"code":400}`},
		"error with an odd code":      {Status: 400, Body: `{"code":"A\nB"}`},
		"empty answer":                {Status: 200},
		"empty object":                ok(`{}`),
		"a list":                      ok(`[]`),
		"null":                        ok(`null`),
		"two objects":                 ok(paid + paid),
		"key of the wrong type":       ok(strings.Replace(paid, `"tviva20261101090000AbCd1"`, `7`, 1)),
		"amount as text":              ok(strings.Replace(paid, `"totalAmount": 150000`, `"totalAmount": "150000"`, 1)),
		"amount as an object":         ok(strings.Replace(paid, `"totalAmount": 150000`, `"totalAmount": {}`, 1)),
		"no status":                   ok(strings.Replace(paid, `"DONE"`, `null`, 1)),
		"larger than 1 MiB":           ok(strings.Repeat(" ", 1<<20) + paid),
		"a redirect":                  {Raw: func(w http.ResponseWriter) { w.Header().Set("Location", "/elsewhere"); w.WriteHeader(307) }},
		"502 with HTML":               {Status: 502, Body: "<html>", Kind: "text/html"},
		"500 with a listed code":      refusal(500, "FAILED_INTERNAL_SYSTEM_PROCESSING"),
		"500 with an unlisted code":   refusal(500, "SOMETHING_NEW"),
		"503 with a decline":          refusal(503, "REJECT_CARD_PAYMENT"),
	}
	for name, re := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{confirmLine: re})
			out, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			if !errors.Is(err, payments.ErrNoAnswer) {
				t.Fatalf("outcome %+v, error %v, want no answer", out, err)
			}
			if r, refused := errors.AsType[*payments.Refusal](err); refused != strings.HasPrefix(name, "5") || (refused && (!r.Passing || r.Declined)) {
				if name != "502 with HTML" || refused {
					t.Errorf("%v: refusal %+v, want a passing one with the codes of 5xx answers only", err, r)
				}
			}
			for _, secret := range []string{"test_sk", "tviva20261101090000AbCd1"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error names %s: %v", secret, err)
				}
			}
		})
	}
}

func TestSettleThatTakesTooLong(t *testing.T) {
	held := make(chan struct{})
	f := newFake(t, map[string]reply{confirmLine: {Raw: func(http.ResponseWriter) { <-held }}})
	defer close(held)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := connect(t, channel(f.URL)).Settle(ctx, attempt()); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("error %v, want no answer", err)
	}
}

func TestSettleWithNobodyThere(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	f.Close()
	_, err := g.Lookup(t.Context(), attempt())
	if !errors.Is(err, payments.ErrNoAnswer) || strings.Contains(err.Error(), attempt().GatewayID) {
		t.Errorf("error %v, want no answer that names no payment key", err)
	}
}

func TestSettleRefused(t *testing.T) {
	tests := map[string]struct {
		re   reply
		want payments.Refusal
	}{
		"over the limit": {refusal(403, "REJECT_CARD_PAYMENT"), payments.Refusal{Key: "payment.declined.limit", Declined: true}},
		"expired card":   {refusal(400, "INVALID_CARD_EXPIRATION"), payments.Refusal{Key: "payment.declined.expired", Declined: true}},
		"already confirmed": {
			refusal(400, "ALREADY_PROCESSED_PAYMENT"), payments.Refusal{Key: "payment.failed", Settled: true},
		},
		"temporary although 400": {refusal(400, "PROVIDER_ERROR"), payments.Refusal{Key: "payment.failed", Passing: true}},
		"unlisted code":          {refusal(400, "SOMETHING_NEW"), payments.Refusal{Key: "payment.failed", Passing: true}},
		"wrong keys":             {refusal(401, "UNAUTHORIZED_KEY"), payments.Refusal{Key: "payment.channel"}},
		"another amount":         {refusal(400, "INVALID_REQUEST"), payments.Refusal{Key: "payment.channel"}},
		"a 404 says nothing about our order": {
			refusal(404, "NOT_FOUND_PAYMENT_SESSION"), payments.Refusal{Key: "payment.lapsed"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{confirmLine: tc.re})
			_, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused || errors.Is(err, payments.ErrNoAnswer) {
				t.Fatalf("error %v, want a refusal", err)
			}
			tc.want.Code = r.Code
			if *r != tc.want || !strings.Contains(tc.re.Body, r.Code) {
				t.Errorf("refusal %+v, want %+v", *r, tc.want)
			}
			if strings.Contains(err.Error(), "nobody shows") {
				t.Errorf("the error passes the gateway's text on: %v", err)
			}
		})
	}
}

func TestSettleToldToComeBack(t *testing.T) {
	tests := map[string]struct {
		re   reply
		want error
	}{
		"still running":            {refusal(409, "IDEMPOTENT_REQUEST_PROCESSING"), payments.ErrRunning},
		"too many requests":        {refusal(429, "TOO_MANY_REQUESTS"), payments.ErrBusy},
		"too many, without a body": {reply{Status: 429}, payments.ErrBusy},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{confirmLine: tc.re})
			_, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			if _, refused := errors.AsType[*payments.Refusal](err); !errors.Is(err, tc.want) || refused {
				t.Errorf("error %v, want %v alone", err, tc.want)
			}
		})
	}
}

func TestSettleSendsNothingWithoutAKey(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	for name, change := range map[string]func(*payments.Attempt){
		"no idempotency key":    func(a *payments.Attempt) { a.Key = "" },
		"no payment key":        func(a *payments.Attempt) { a.GatewayID = "" },
		"a path as payment key": func(a *payments.Attempt) { a.GatewayID = "../x" },
		"another currency":      func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
	} {
		a := attempt()
		change(&a)
		if _, err := g.Settle(t.Context(), a); err == nil {
			t.Errorf("%s: settled", name)
		}
	}
	if all := f.Requests(); len(all) != 0 {
		t.Errorf("sent %+v", all)
	}
}
