package portonev1_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/payments/portonev1"
	"foyer/registration"
)

// reply is one prepared answer.
type reply = gatewaytest.Reply

// fake also knows the requests for tokens.
type fake struct{ *gatewaytest.Fake }

// newFake serves the replies; a request for anything else is a 404 of the gateway's kind.
func newFake(t *testing.T, replies map[string]reply) *fake {
	t.Helper()
	return &fake{gatewaytest.NewFake(t, replies, no(http.StatusNotFound, "-1"))}
}

// calls are the requests that came, without those for tokens.
func (f *fake) calls() []gatewaytest.Seen {
	return slices.DeleteFunc(f.Requests(), func(s gatewaytest.Seen) bool { return s.Whole == tokenAt })
}

// lines are their methods, paths and queries.
func (f *fake) lines() string {
	var all []string
	for _, s := range f.calls() {
		all = append(all, s.Whole)
	}
	return strings.Join(all, "; ")
}

// ok is a success with a response, and no a refusal with a code, under any HTTP status.
func ok(response string) reply {
	return reply{Status: http.StatusOK, Body: `{"code":0,"message":null,"response":` + response + `}`}
}

func no(status int, code string) reply {
	return reply{Status: status, Body: `{"code":` + code + `,"message":"<b>a text that nobody shows</b>","response":null}`}
}

// token is an answer with a token that counts for half an hour.
const token = `{"access_token":"TOKEN1","now":1793520000,"expired_at":1793521800}`

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "korea", Gateway: "portonev1", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		PG: "html5_inicis",
		Credentials: map[string]string{
			"imp_code": "imp-test-demo", "imp_key": "imp-key-test-demo", "imp_secret": "imp-secret-test-demo",
		},
		APIURL: base,
	}
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	g, err := portonev1.New(c, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

func dollars(cents int64) registration.Money {
	return registration.Money{Minor: cents, Cur: registration.USD}
}

const orderNo = "reg2026000123a1"

// attempt is one payment of 150,000 won.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: orderNo, Key: "KEY1", Amount: won(150000), OrderName: "2026 가을 학술대회", Lang: registration.Korean,
		Payer:  registration.Person{Name: "Kim", Email: "kim@example.org", Phone: "+821012345678"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

const (
	impUID    = "imp_347242536261"
	tokenAt   = "POST /users/getToken"
	readAt    = "GET /payments/" + impUID
	findAt    = "GET /payments/findAll/" + orderNo
	prepareAt = "POST /payments/prepare"
	cancelAt  = "POST /payments/cancel"
)

// paid is a payment of 150,000 won; change replaces parts of it, in pairs.
func paid(change ...string) string {
	return strings.NewReplacer(change...).Replace(`{
	"imp_uid": "imp_347242536261", "merchant_uid": "reg2026000123a1", "pay_method": "card", "channel": "pc", "pg_provider": "html5_inicis",
	"emb_pg_provider": null, "pg_tid": "StdpayCARD1", "pg_id": "SHOP000001", "sandbox": true, "apply_num": "42827474",
	"card_code": "366", "card_name": "신한카드", "card_number": "542879*********4", "card_type": 0, "vbank_code": null, "vbank_name": null,
	"vbank_num": null, "vbank_holder": null, "vbank_date": 0, "name": "x", "amount": 150000, "cancel_amount": 0, "currency": "KRW",
	"buyer_name": "Hong", "custom_data": null, "status": "paid", "started_at": 1793520000, "paid_at": 1793520041, "failed_at": 0,
	"cancelled_at": 0, "fail_reason": null, "cancel_reason": null, "receipt_url": "https://pg.example.org/slip?x=1",
	"cancel_history": [], "something_new": [1, {"a": 2}]}`)
}

// gone is paid with what went back of it: the sum and the rows, written as in JSON.
func gone(status, sum, rows string) string {
	return paid(`"status": "paid"`, `"status": "`+status+`"`, `"cancel_amount": 0`, `"cancel_amount": `+sum, `"cancel_history": []`, `"cancel_history": [`+rows+`]`)
}

// row is one row of what went back.
func row(amount, reason string) string {
	return `{"pg_tid":"x","amount":` + amount + `,"cancelled_at":1793606400,"reason":"` + reason + `","cancellation_id":"c-1"}`
}

// list is a page of payments, the last one.
func list(rows ...string) string {
	return `{"total":1,"previous":0,"next":0,"list":[` + strings.Join(rows, ",") + `]}`
}

// with is what a shop that has logged in gets: a token, and the replies.
func with(replies map[string]reply) map[string]reply {
	if _, there := replies[tokenAt]; !there {
		replies[tokenAt] = ok(token)
	}
	return replies
}

// request is a browser that came back with a query.
func request(query string) payments.Request {
	q, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}
	return payments.Request{Method: http.MethodGet, Query: q}
}
