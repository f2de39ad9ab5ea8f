package toss_test

import (
	"net/http"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/payments/toss"
	"foyer/registration"
)

// reply is one prepared answer.
type reply = gatewaytest.Reply

// newFake serves the replies; a request for anything else is a 404 of the gateway's kind.
func newFake(t *testing.T, replies map[string]reply) *gatewaytest.Fake {
	t.Helper()
	return gatewaytest.NewFake(t, replies, refusal(http.StatusNotFound, "NOT_FOUND_PAYMENT"))
}

func ok(body string) reply { return reply{Status: http.StatusOK, Body: body} }

func refusal(status int, code string) reply {
	return reply{Status: status, Body: `{"code":"` + code + `","message":"<b>a text that nobody shows</b>"}`}
}

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "korea", Gateway: "toss", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		Credentials: map[string]string{"client_key": "test_ck_demo", "secret_key": "test_sk_demo"},
		APIURL:      base,
	}
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	g, err := toss.New(c, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

// attempt is one payment of 150,000 won that has been authenticated.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: "reg2026000123a1", GatewayID: "tviva20261101090000AbCd1", Key: "CONFIRMKEY1",
		Amount:    registration.Money{Minor: 150000, Cur: registration.KRW},
		OrderName: "2026 가을 학술대회", Lang: registration.Korean, Payer: registration.Person{Name: "Kim", Email: "kim@example.org"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

const paid = `{
	"mId": "tosspayments", "version": "2022-11-16", "paymentKey": "tviva20261101090000AbCd1", "lastTransactionKey": "tx1",
	"orderId": "reg2026000123a1", "orderName": "x", "currency": "KRW", "method": "카드", "status": "DONE",
	"totalAmount": 150000, "balanceAmount": 150000, "approvedAt": "2026-11-01T09:00:41+09:00", "failure": null,
	"card": {"amount": 150000, "number": "48902300****406*", "approveNo": "00000001", "cardType": "신용"},
	"cancels": null, "easyPay": "PAYPAL", "virtualAccount": null, "somethingNew": [1, {"a": 2}],
	"receipt": {"url": "https://dashboard.tosspayments.com/receipt/redirection?transactionId=x&ref=PX"}
}`
