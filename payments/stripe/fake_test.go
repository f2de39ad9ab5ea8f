package stripe_test

import (
	"net/http"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/payments/stripe"
	"foyer/registration"
)

// reply is one prepared answer.
type reply = gatewaytest.Reply

// newFake serves the replies; a request for anything else is a 404 of Stripe's kind.
func newFake(t *testing.T, replies map[string]reply) *gatewaytest.Fake {
	t.Helper()
	f := gatewaytest.NewFake(t, replies, refusal(http.StatusNotFound, "invalid_request_error", "resource_missing"))
	f.Always.Set("Request-Id", "req_abc123")
	return f
}

func ok(body string) reply { return reply{Status: http.StatusOK, Body: body} }

func refusal(status int, kind, code string) reply {
	if code != "" {
		code = `"code":"` + code + `",`
	}
	return reply{Status: status, Body: `{"error":{"type":"` + kind + `",` + code + `"message":"<b>a text that nobody shows</b>"}}`}
}

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "overseas", Gateway: "stripe", Mode: registration.Test, Currency: registration.KRW, Cards: "overseas", Methods: []string{"card"},
		Credentials: map[string]string{"secret_key": "sk_test_demo", "webhook_secret": "whsec_test"},
		APIURL:      base,
	}
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	return connectOver(t, c, payments.NewTransport(5*time.Second))
}

// connectOver makes the gateway of a channel over a transport.
func connectOver(t *testing.T, c payments.Channel, over payments.Transport) payments.Gateway {
	t.Helper()
	g, err := stripe.New(c, over)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

// start is when the payments of these tests began.
var start = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

// attempt is one payment of 330,000 won whose session is known.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: "reg2026000123a1", GatewayID: "cs_test_a1", Key: "BEGINKEY1", StartedAt: start,
		Amount:    registration.Money{Minor: 330000, Cur: registration.KRW},
		OrderName: "2026 가을 학술대회", Lang: registration.English, Payer: registration.Person{Name: "Kim", Email: "kim@example.org"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

const paid = `{
	"id": "cs_test_a1", "object": "checkout.session", "status": "complete", "payment_status": "paid", "livemode": false, "url": null,
	"client_reference_id": "reg2026000123a1", "amount_total": 330000, "currency": "krw", "expires_at": 1793525700, "somethingNew": [1],
	"payment_intent": {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount_received": 330000, "currency": "krw",
		"last_payment_error": null,
		"latest_charge": {"id": "ch_1", "object": "charge", "amount_refunded": 0, "currency": "krw", "created": 1793523641,
			"receipt_url": "https://pay.stripe.com/receipts/x",
			"payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242", "authorization_code": "012345"}}}}
}`
