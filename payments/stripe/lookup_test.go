package stripe_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

const (
	idLine   = "GET /v1/checkout/sessions/cs_test_a1"
	listLine = "GET /v1/checkout/sessions"
)

func listOf(more bool, sessions ...string) reply {
	return ok(fmt.Sprintf(`{"object":"list","has_more":%v,"data":[%s]}`, more, strings.Join(sessions, ",")))
}

// whole is the outcome of the paid session.
var whole = payments.Outcome{
	Status: payments.StatusCaptured, GatewayID: "cs_test_a1", OrderNo: "reg2026000123a1", Mode: registration.Test,
	Captured: won(330000), Refunded: won(0), Method: "card", Card: "**** 4242", Approve: "012345",
	Proof: "https://pay.stripe.com/receipts/x", At: time.Date(2026, 11, 1, 9, 0, 41, 0, time.UTC),
}

func TestLookupChoosesHowToAsk(t *testing.T) {
	stranger := strings.NewReplacer("cs_test_a1", "cs_test_b2", "reg2026000123a1", "reg2026000999a1").Replace(open)
	tests := map[string]struct {
		replies map[string]reply
		change  func(*payments.Attempt)
		want    payments.Status
		asked   []string
	}{
		"by id":               {map[string]reply{idLine: ok(paid)}, nil, payments.StatusCaptured, []string{idLine}},
		"by order, no id":     {map[string]reply{listLine: listOf(false, stranger, open), idLine: ok(paid)}, noID, payments.StatusCaptured, []string{listLine, idLine}},
		"by order, id gone":   {map[string]reply{listLine: listOf(false)}, nil, payments.StatusMissing, []string{idLine, listLine}},
		"an id of the window": {map[string]reply{listLine: listOf(false)}, func(a *payments.Attempt) { a.GatewayID = "pi_1" }, payments.StatusMissing, []string{listLine}},
		"an id with a path":   {map[string]reply{listLine: listOf(false)}, func(a *payments.Attempt) { a.GatewayID = "cs_/../x" }, payments.StatusMissing, []string{listLine}},
		"no order number":     {nil, func(a *payments.Attempt) { a.OrderNo = "" }, payments.StatusMissing, []string{idLine}},
		"nobody's session": {
			map[string]reply{idLine: ok(strings.Replace(paid, `"reg2026000123a1"`, "null", 1)), listLine: listOf(false)}, nil, payments.StatusMissing,
			[]string{idLine, listLine},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, tc.replies)
			a := attempt()
			if tc.change != nil {
				tc.change(&a)
			}
			out, err := connect(t, channel(f.URL)).Settle(t.Context(), a)
			if err != nil || out.Status != tc.want || out.Mode != registration.Test {
				t.Errorf("look up: %+v, %v, want %s", out, err, tc.want)
			}
			if asked := f.Lines(); !slices.Equal(asked, tc.asked) {
				t.Errorf("asked %q, want %q", asked, tc.asked)
			}
			for _, r := range f.Requests() {
				if r.Header.Get("Idempotency-Key") != "" {
					t.Error("a look-up carries an idempotency key")
				}
			}
		})
	}
	a := attempt()
	a.GatewayID, a.OrderNo = "", ""
	if _, err := connect(t, channel("")).Lookup(t.Context(), a); err == nil {
		t.Error("looked up by nothing")
	}
}

func noID(a *payments.Attempt) { a.GatewayID = "" }

func TestLookupByOrderGoesThroughThePages(t *testing.T) {
	pages := listOf(true, open)
	for _, id := range []string{"cs_test_x2", "cs_test_x1", "cs_test_x0"} {
		pages = listOf(true, strings.NewReplacer("cs_test_a1", id, "reg2026000123a1", "other").Replace(open)).Then(pages)
	}
	f := newFake(t, map[string]reply{idLine: ok(paid), listLine: pages})
	a := attempt()
	a.GatewayID = ""
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), a); err != nil || out != whole {
		t.Fatalf("look up: %+v, %v", out, err)
	}
	all := f.Requests()
	if len(all) != 5 || all[0].Query.Get("starting_after") != "" || all[3].Query.Get("starting_after") != "cs_test_x2" {
		t.Errorf("asked %+v", all)
	}
	q := all[0].Query
	if q.Get("created[gte]") != "1793523300" || q.Get("created[lte]") != "1793524200" || q.Get("limit") != "50" {
		t.Errorf("asked for %v", q)
	}
	if all[4].Query.Get("expand[0]") != "payment_intent.latest_charge" {
		t.Errorf("asked for %v", all[4].Query)
	}
}

func TestLookupByOrderGivesUpOnEndlessPages(t *testing.T) {
	f := newFake(t, map[string]reply{listLine: listOf(true, strings.Replace(open, "reg2026000123a1", "other", 1))})
	a := attempt()
	a.GatewayID = ""
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), a); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("look up: %+v, %v, want no answer", out, err)
	}
	if n := len(f.Requests()); n != 20 {
		t.Errorf("%d pages", n)
	}
}

func TestLookupWithoutAnAnswer(t *testing.T) {
	tests := map[string]struct {
		re   reply
		want error
	}{
		"502 with HTML":           {reply{Status: 502, Body: "<html>", Kind: "text/html"}, payments.ErrNoAnswer},
		"500 of Stripe":           {refusal(500, "api_error", ""), payments.ErrNoAnswer},
		"404 that is a web page":  {reply{Status: 404, Body: "<html>", Kind: "text/html"}, payments.ErrNoAnswer},
		"error without a type":    {reply{Status: 400, Body: `{"error":{"message":"x"}}`}, payments.ErrNoAnswer},
		"error that is text":      {reply{Status: 400, Body: `{"error":"x"}`}, payments.ErrNoAnswer},
		"cut before the answer":   {reply{Raw: gatewaytest.Broken(t, "")}, payments.ErrNoAnswer},
		"cut in the middle":       {reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"id\":")}, payments.ErrNoAnswer},
		"half a JSON object":      {ok(paid[:len(paid)/2]), payments.ErrNoAnswer},
		"JSON called HTML":        {reply{Status: 200, Body: paid, Kind: "text/html"}, payments.ErrNoAnswer},
		"JSON in another charset": {reply{Status: 200, Body: paid, Kind: "application/json; charset=euc-kr"}, payments.ErrNoAnswer},
		"an empty object":         {ok(`{}`), payments.ErrNoAnswer},
		"larger than 1 MiB":       {ok(strings.Repeat(" ", 1<<20) + paid), payments.ErrNoAnswer},
		"another session":         {ok(strings.Replace(paid, "cs_test_a1", "cs_test_b2", 1)), payments.ErrNoAnswer},
		"amount as text":          {ok(strings.Replace(paid, `"amount_total": 330000`, `"amount_total": "330000"`, 1)), payments.ErrNoAnswer},
		"paid, payment not told":  {ok(strings.Replace(paid, `"payment_intent": {`, `"payment_intent": "pi_1", "x": {`, 1)), payments.ErrNoAnswer},
		"paid, charge not told":   {ok(strings.Replace(paid, `"latest_charge": {`, `"latest_charge": "ch_1", "x": {`, 1)), payments.ErrNoAnswer},
		"too many requests":       {refusal(429, "invalid_request_error", "rate_limit"), payments.ErrBusy},
		"told to send it again":   {reply{Status: 400, Body: `{"error":{"type":"api_error"}}`, Header: http.Header{"Stripe-Should-Retry": {"true"}}}, payments.ErrBusy},
		"a list that is no list":  {ok(`[]`), payments.ErrNoAnswer},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{idLine: tc.re})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if !errors.Is(err, tc.want) {
				t.Fatalf("outcome %+v, error %v, want %v", out, err, tc.want)
			}
			if err != nil && (strings.Contains(err.Error(), "sk_test") || strings.Contains(err.Error(), "cs_test") || strings.Contains(err.Error(), "nobody shows")) {
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

func TestLookupRefused(t *testing.T) {
	f := newFake(t, map[string]reply{idLine: refusal(401, "invalid_request_error", "")})
	_, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
	r, refused := errors.AsType[*payments.Refusal](err)
	if !refused || r.Key != "payment.channel" || r.Declined || r.Passing || !strings.Contains(err.Error(), "req_abc123") {
		t.Errorf("%v, want a refusal that names the request", err)
	}
}

// states are sessions as Stripe tells them, after what they all begin with, and what we make of them.
var states = map[string]struct {
	body string
	want payments.Outcome
}{
	"open":                      {`"status":"open","payment_status":"unpaid","payment_intent":null}`, payments.Outcome{Status: payments.StatusPending}},
	"open after a refused card": {`"status":"open","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"requires_payment_method"}}`, payments.Outcome{Status: payments.StatusPending}},
	"a new word":                {`"status":"on_hold","payment_status":"unpaid"}`, payments.Outcome{Status: payments.StatusPending}},
	"settles later":             {`"status":"complete","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"processing"}}`, payments.Outcome{Status: payments.StatusPending}},
	"did not settle later":      {`"status":"complete","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"requires_payment_method"}}`, payments.Outcome{Status: payments.StatusFailed, Reason: "payment.failed"}},
	"expired":                   {`"status":"expired","payment_status":"unpaid","payment_intent":null}`, payments.Outcome{Status: payments.StatusLapsed, Reason: "payment.lapsed"}},
	"expired after a refusal": {
		`"status":"expired","payment_status":"unpaid","payment_intent":{"id":"pi_1","status":"canceled","last_payment_error":{"type":"card_error","code":"card_declined","decline_code":"insufficient_funds"}}}`,
		payments.Outcome{Status: payments.StatusLapsed, Reason: "payment.declined.limit"},
	},
	"nothing had to be paid": {`"status":"complete","payment_status":"no_payment_required"}`, payments.Outcome{Status: payments.StatusCaptured, Captured: won(0), Refunded: won(0)}},
	"partly refunded": {
		`"status":"complete","payment_status":"paid","payment_intent":{"id":"pi_1","amount_received":330000,"currency":"krw","latest_charge":{"id":"ch_1","amount_refunded":30000,"currency":"krw"}}}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(330000), Refunded: won(30000)},
	},
	"decoration of odd types": {
		`"status":"complete","payment_status":"paid","payment_intent":{"id":"pi_1","amount_received":330000,"currency":"krw","latest_charge":{"id":"ch_1","amount_refunded":330000,"currency":"krw","receipt_url":7,"payment_method_details":{"type":"card","card":{"last4":"4242424242424242"}}}}}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(330000), Refunded: won(330000), Method: "card"},
	},
}

func TestLookupReadsEveryState(t *testing.T) {
	const head = `{"id":"cs_test_a1","object":"checkout.session","livemode":false,"client_reference_id":"reg2026000123a1","currency":"krw","amount_total":330000,`
	for name, tc := range states {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{idLine: ok(head + tc.body)})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			tc.want.GatewayID, tc.want.OrderNo, tc.want.Mode = "cs_test_a1", "reg2026000123a1", registration.Test
			if err != nil || out != tc.want {
				t.Errorf("look up\n%+v, %v\nwant\n%+v", out, err, tc.want)
			}
		})
	}
}

func TestMoneyThatCannotBeOursIsNoAmount(t *testing.T) {
	tests := map[string]struct{ from, to string }{
		"another currency":            {`"currency": "krw", "expires_at"`, `"currency": "usd", "expires_at"`},
		"a currency nobody knows":     {`"currency": "krw", "expires_at"`, `"currency": "mkrw", "expires_at"`},
		"another total":               {`"amount_total": 330000`, `"amount_total": 3300`},
		"a total with decimals":       {`"amount_total": 330000`, `"amount_total": 330000.5`},
		"an exponent":                 {`"amount_total": 330000`, `"amount_total": 33e4`},
		"less than nothing":           {`"amount_total": 330000`, `"amount_total": -330000`},
		"no total":                    {`"amount_total": 330000`, `"amount_total": null`},
		"more digits than int64":      {`"amount_total": 330000`, `"amount_total": 18446744073709881616`},
		"less received":               {`"amount_received": 330000`, `"amount_received": 329999`},
		"received in another":         {`"amount_received": 330000, "currency": "krw"`, `"amount_received": 330000, "currency": "usd"`},
		"more refunded than received": {`"amount_refunded": 0`, `"amount_refunded": 330001`},
		"refunds not told":            {`"amount_refunded": 0`, `"amount_refunded": null`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{idLine: ok(strings.Replace(paid, tc.from, tc.to, 1))})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err != nil || out.Status != payments.StatusCaptured || out.Captured == attempt().Amount || out.Captured.Minor != 0 || out.Refunded.Minor != 0 {
				t.Errorf("look up: %+v, %v, want captured money that is no amount", out, err)
			}
		})
	}
	f := newFake(t, map[string]reply{idLine: ok(strings.Replace(paid, `"livemode": false`, `"livemode": true`, 1))})
	if out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt()); err != nil || out.Mode != registration.Live {
		t.Errorf("real money with a test key: %+v, %v; the mode must be what Stripe says", out, err)
	}
}
