package portonev2_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/payments/portonev2"
	"foyer/registration"
)

// reply is one prepared answer.
type reply = gatewaytest.Reply

// newFake serves the replies; a request for anything else is a 404 of the gateway's kind.
func newFake(t *testing.T, replies map[string]reply) *gatewaytest.Fake {
	t.Helper()
	return gatewaytest.NewFake(t, replies, refusal(http.StatusNotFound, "PAYMENT_NOT_FOUND"))
}

func ok(body string) reply { return reply{Status: http.StatusOK, Body: body} }

func refusal(status int, kind string) reply {
	return reply{Status: status, Body: `{"type":"` + kind + `","message":"<b>a text that nobody shows</b>"}`}
}

const (
	store  = "store-test-demo"
	secret = "whsec_c2FuZGJveC13ZWJob29rLXNlY3JldC1kZW1v" // "sandbox-webhook-secret-demo"
)

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "korea", Gateway: "portonev2", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		Credentials: map[string]string{
			"store_id": store, "channel_key": "channel-key-test-demo", "api_secret": "portone-test-demo", "webhook_secret": secret,
		},
		APIURL: base,
	}
}

// portoneNew makes the gateway of a channel, or says what is wrong with it.
func portoneNew(c payments.Channel) (payments.Gateway, error) {
	return portonev2.New(c, payments.NewTransport(5*time.Second))
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	g, err := portoneNew(c)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

// attempt is one payment of 150,000 won.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: "reg2026000123a1", Key: "KEY1", Amount: won(150000), OrderName: "2026 가을 학술대회", Lang: registration.Korean,
		Payer:  registration.Person{Name: "Kim", Email: "kim@example.org", Phone: "+821012345678"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

const (
	readAt   = "GET /payments/reg2026000123a1"
	cancelAt = "POST /payments/reg2026000123a1/cancel"
)

// paid is a payment of 150,000 won; change replaces parts of it, in pairs.
func paid(change ...string) string {
	return strings.NewReplacer(change...).Replace(`{
	"status": "PAID", "id": "reg2026000123a1", "transactionId": "019a3f1e-5c10-7b8a-9f00-1c2d3e4f5a6b", "merchantId": "merchant-1",
	"storeId": "store-test-demo", "version": "V2",
	"method": {"type": "PaymentMethodCard", "approvalNumber": "30012345", "card": {"brand": "LOCAL", "number": "436420******1234"}},
	"channel": {"type": "TEST", "key": "channel-key-test-demo", "pgProvider": "INICIS_V2", "pgMerchantId": "INIpayTest"},
	"requestedAt": "2026-11-01T00:00:00.123Z", "paidAt": "2026-11-01T00:00:41Z", "orderName": "x", "somethingNew": [1, {"a": 2}],
	"amount": {"total": 150000, "taxFree": 0, "vat": 13636, "supply": 136364, "discount": 0, "paid": 150000, "cancelled": 0, "cancelledTaxFree": 0},
	"currency": "KRW", "customer": {}, "disputes": [], "receiptUrl": "https://pg.example.org/slip?x=1"}`)
}

// cancelled is paid with cancellations, written as in JSON, and their sum.
func cancelled(status, sum, list string) string {
	return paid(`"PAID"`, `"`+status+`"`, `"cancelled": 0`, `"cancelled": `+sum, `"disputes": []`, `"cancellations": [`+list+`], "cancelledAt": "2026-11-02T01:00:00Z"`)
}
