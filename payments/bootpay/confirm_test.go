package bootpay_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

func TestSettleLooksThenConfirms(t *testing.T) {
	f := newFake(t, map[string]reply{lookLine: ok(at("2")), confirmLine: ok(paid)})
	got, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
	want := payments.Outcome{
		Status: payments.StatusCaptured, GatewayID: receiptID, OrderNo: orderNo, Mode: registration.Test, Captured: won(150000), Refunded: won(0),
		Method: "card", Card: "55704204****1074", Approve: "30035610", Proof: "https://receipt.example.org/r/1",
		At: time.Date(2026, 11, 20, 7, 45, 10, 0, time.UTC),
	}
	if err != nil || got != want {
		t.Fatalf("settle\n%+v, %v\nwant\n%+v", got, err, want)
	}
	if lines := f.WholeLines(); !slices.Equal(lines, []string{lookLine + "?lookup_user_data=false", confirmLine}) {
		t.Errorf("requests %v", lines)
	}
	sent := f.Last(t)
	if sent.Body != `{"receipt_id":"`+receiptID+`"}` || sent.Header.Get("Authorization") != "Basic Ym9vdHBheV9ja19kZW1vOmJvb3RwYXlfc2tfZGVtbw==" ||
		sent.Header.Get("Content-Type") != "application/json" || sent.Header.Get("Bootpay-Api-Version") != "5.0.0" || sent.Header.Get("Idempotency-Key") != "" {
		t.Errorf("sent %s with %v", sent.Body, sent.Header)
	}
}

// Each of these receipts is only read: nothing is confirmed.
func TestSettleConfirmsNothingElse(t *testing.T) {
	tests := map[string]struct {
		body   string
		status payments.Status
	}{
		"paid before":                 {paid, payments.StatusCaptured},
		"paid and partly cancelled":   {changed(t, at("20"), `"cancelled_price":0`, `"cancelled_price":50000`), payments.StatusCaptured},
		"refund failed":               {at("-20"), payments.StatusCaptured},
		"the payer is not done":       {at("0"), payments.StatusPending},
		"a virtual account":           {at("5"), payments.StatusDeposit},
		"failed in the window":        {at("-1"), payments.StatusFailed},
		"confirmation failed":         {at("-2"), payments.StatusFailed},
		"account given up":            {at("-3"), payments.StatusLapsed},
		"a billing key":               {at("11"), payments.StatusPending},
		"a number that nobody knows":  {at("77"), payments.StatusPending},
		"another order, waiting":      {changed(t, at("2"), orderNo, "REG2026000999A1"), payments.StatusPending},
		"another order, odd number":   {changed(t, at("2"), `"`+orderNo+`"`, `"주문 1"`), payments.StatusPending},
		"another order, no number":    {changed(t, at("2"), `"`+orderNo+`"`, `7`), payments.StatusPending},
		"another order, already paid": {changed(t, paid, orderNo, "REG2026000999A1"), payments.StatusCaptured},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{lookLine: ok(tc.body), confirmLine: ok(paid)})
			out, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			if err != nil || out.Status != tc.status || out.OrderNo == "" {
				t.Errorf("settle: %+v, %v, want %s", out, err, tc.status)
			}
			if other := strings.HasPrefix(name, "another order"); other == (out.OrderNo == orderNo) {
				t.Errorf("order number %q", out.OrderNo)
			}
			if slices.Contains(f.WholeLines(), confirmLine) {
				t.Error("it was confirmed")
			}
		})
	}
}

// A confirmation names no amount, so that the browser's must be compared before.
func TestSettleRefusesWhatDoesNotFit(t *testing.T) {
	tests := map[string]struct{ body, key string }{
		"a smaller price":   {changed(t, at("2"), `"price":150000`, `"price":100`), "payment.declined.amount"},
		"a larger price":    {changed(t, at("2"), `"price":150000`, `"price":1500000`), "payment.declined.amount"},
		"parts of a won":    {changed(t, at("2"), `"price":150000`, `"price":150000.5`), "payment.declined.amount"},
		"no price":          {changed(t, at("2"), `"price":150000,`, ``), "payment.declined.amount"},
		"a negative price":  {changed(t, at("2"), `"price":150000`, `"price":-150000`), "payment.declined.amount"},
		"an exponent":       {changed(t, at("2"), `"price":150000`, `"price":15e4`), "payment.declined.amount"},
		"another currency":  {changed(t, at("2"), `KRW`, `USD`), "payment.declined.amount"},
		"an odd currency":   {changed(t, at("2"), `KRW`, `XXX`), "payment.declined.amount"},
		"of the live mode":  {changed(t, at("2"), `"sandbox":true`, `"sandbox":false`), "payment.channel"},
		"all of it at once": {strings.NewReplacer(`"price":150000`, `"price":1`, `"sandbox":true`, `"sandbox":false`).Replace(at("2")), "payment.declined.amount"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{lookLine: ok(tc.body), confirmLine: ok(paid)})
			out, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused || !r.Declined || r.Key != tc.key {
				t.Errorf("settle: %+v, %v", out, err)
			}
			if slices.Contains(f.WholeLines(), confirmLine) {
				t.Error("it was confirmed")
			}
		})
	}
}

func TestSettleInLiveModeRefusesTestReceipts(t *testing.T) {
	f := newFake(t, map[string]reply{lookLine: ok(at("2")), confirmLine: ok(paid)})
	c := channel("")
	c.Mode = registration.Live
	g := connectVia(t, c, f.URL)
	_, err := g.Settle(t.Context(), attempt())
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Key != "payment.channel" || slices.Contains(f.WholeLines(), confirmLine) {
		t.Errorf("settle: %v, requests %v", err, f.WholeLines())
	}
	out, err := g.Lookup(t.Context(), attempt())
	if err != nil || out.Mode != registration.Test {
		t.Errorf("look up: %+v, %v, want the receipt's mode", out, err)
	}
}

func TestSettleWithoutAnAnswer(t *testing.T) {
	for name, re := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{lookLine: ok(at("2")), confirmLine: re})
			out, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			if !errors.Is(err, payments.ErrNoAnswer) {
				t.Fatalf("outcome %+v, error %v, want no answer", out, err)
			}
			if r, refused := errors.AsType[*payments.Refusal](err); refused && (!r.Passing || r.Declined || r.Settled) {
				t.Errorf("refusal %+v, want a passing one at most", r)
			}
			checkHush(t, err)
			f = newFake(t, map[string]reply{lookLine: re, confirmLine: ok(paid)})
			_, err = connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			if name == "a decline with 503" || name == "unlisted code" || name == "unlisted code with 500" || name == "a broken line" {
				return // has a meaning of its own for a look-up
			}
			if !errors.Is(err, payments.ErrBusy) || errors.Is(err, payments.ErrNoAnswer) || slices.Contains(f.WholeLines(), confirmLine) {
				t.Errorf("without an answer to the look-up: %v, requests %v", err, f.WholeLines())
			}
			checkHush(t, err)
		})
	}
}

// hostile are answers that tell nothing.
func hostile(t *testing.T) map[string]reply {
	return map[string]reply{
		"cut before the answer":       {Raw: gatewaytest.Broken(t, "")},
		"cut in the middle":           {Raw: gatewaytest.Broken(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"receipt_id\":")},
		"half a JSON object":          ok(paid[:len(paid)/2]),
		"HTML with 200":               {Status: 200, Body: "<html>maintenance</html>", Kind: "text/html"},
		"JSON called HTML":            {Status: 200, Body: paid, Kind: "text/html; charset=utf-8"},
		"JSON in another charset":     {Status: 200, Body: paid, Kind: "application/json; charset=euc-kr"},
		"HTML with 403":               {Status: 403, Body: "<html>firewall</html>", Kind: "text/html"},
		"error without a code":        {Status: 400, Body: `{"message":"x"}`},
		"error with a number as code": {Status: 400, Body: `{"error_code":-100}`},
		"error with an odd code":      {Status: 400, Body: `{"error_code":"A\nB"}`},
		"empty answer":                {Status: 200},
		"empty object":                ok(`{}`),
		"a list":                      ok(`[]`),
		"null":                        ok(`null`),
		"two objects":                 ok(paid + paid),
		"id of the wrong type":        ok(changed(t, paid, `"`+receiptID+`"`, `7`)),
		"another receipt":             ok(changed(t, paid, receiptID, "66f0a1b2c3d4e5f609999999")),
		"amount as text":              ok(changed(t, paid, `"price":150000`, `"price":"150000"`)),
		"amount as an object":         ok(changed(t, paid, `"price":150000`, `"price":{}`)),
		"no status":                   ok(at("null")),
		"a status as text":            ok(at(`"1"`)),
		"a part of a status":          ok(at("1.0")),
		"no mode":                     ok(changed(t, paid, `"sandbox":true,`, ``)),
		"a mode as text":              ok(changed(t, paid, `"sandbox":true`, `"sandbox":"true"`)),
		"larger than 1 MiB":           ok(strings.Repeat(" ", 1<<20) + paid),
		"a redirect":                  {Raw: func(w http.ResponseWriter) { w.Header().Set("Location", "/elsewhere"); w.WriteHeader(307) }},
		"502 with HTML":               {Status: 502, Body: "<html>", Kind: "text/html"},
		"a broken line":               refusal(500, "RC_CONFIRM_CRITICAL_FAILED"),
		"unlisted code":               refusal(400, "SOMETHING_NEW"),
		"unlisted code with 500":      refusal(500, "SOMETHING_NEW"),
		"a decline with 503":          refusal(503, "RC_CONFIRM_FAILED"),
	}
}

// checkHush fails when an error says what belongs in no log.
func checkHush(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for _, secret := range []string{"bootpay_sk", "bootpay_private", receiptID, "text that nobody shows"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error names %s: %v", secret, err)
		}
	}
}

func TestSettleThatIsRefused(t *testing.T) {
	tests := map[string]struct {
		re   reply
		want payments.Refusal
	}{
		"declined":          {refusal(400, "RC_CONFIRM_FAILED"), payments.Refusal{Code: "RC_CONFIRM_FAILED", Key: "payment.declined.card", Declined: true}},
		"confirmed before":  {refusal(400, "RC_NOT_CONFIRM_READY"), payments.Refusal{Code: "RC_NOT_CONFIRM_READY", Key: "payment.failed", Settled: true}},
		"no such receipt":   {refusal(404, "RC_NOT_FOUND"), payments.Refusal{Code: "RC_NOT_FOUND", Key: "payment.failed"}},
		"bad keys":          {refusal(401, "TOKEN_KEY_INVALID"), payments.Refusal{Code: "TOKEN_KEY_INVALID", Key: "payment.channel"}},
		"keys of a browser": {refusal(400, "APP_KEY_NOT_REST"), payments.Refusal{Code: "APP_KEY_NOT_REST", Key: "payment.channel"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{lookLine: ok(at("2")), confirmLine: tc.re})
			_, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt())
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused || *r != tc.want || errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("settle: %v, %+v", err, r)
			}
			checkHush(t, err)
		})
	}
}

func TestSettleThatHasToWait(t *testing.T) {
	f := newFake(t, map[string]reply{lookLine: ok(at("3")), confirmLine: ok(paid)})
	if _, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt()); !errors.Is(err, payments.ErrRunning) || len(f.WholeLines()) != 1 {
		t.Errorf("while a confirmation is running: %v, %v", err, f.WholeLines())
	}
	f = newFake(t, map[string]reply{lookLine: ok(at("2")), confirmLine: refusal(429, "TOO_MANY_REQUESTS")})
	if _, err := connect(t, channel(f.URL)).Settle(t.Context(), attempt()); !errors.Is(err, payments.ErrBusy) {
		t.Errorf("too many requests: %v", err)
	}
	held := make(chan struct{})
	f = newFake(t, map[string]reply{lookLine: ok(at("2")), confirmLine: {Raw: func(http.ResponseWriter) { <-held }}})
	defer close(held)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := connect(t, channel(f.URL)).Settle(ctx, attempt()); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("an answer that never comes: %v", err)
	}
}

func TestSettleSendsNothingWithoutSense(t *testing.T) {
	tests := map[string]func(*payments.Attempt){
		"no receipt":          func(a *payments.Attempt) { a.GatewayID = "" },
		"a receipt as a path": func(a *payments.Attempt) { a.GatewayID = "../token" },
		"another currency":    func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
		"nothing to pay":      func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"no order number":     func(a *payments.Attempt) { a.OrderNo = "" },
	}
	for name, change := range tests {
		f := newFake(t, nil)
		a := attempt()
		change(&a)
		if _, err := connect(t, channel(f.URL)).Settle(t.Context(), a); err == nil || len(f.WholeLines()) != 0 {
			t.Errorf("%s: %v, requests %v", name, err, f.WholeLines())
		}
	}
}
