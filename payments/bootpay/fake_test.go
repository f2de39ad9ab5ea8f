package bootpay_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/bootpay"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

// reply is one prepared answer.
type reply = gatewaytest.Reply

// newFake serves the replies; a request for anything else is a 404 of Bootpay's kind.
func newFake(t *testing.T, replies map[string]reply) *gatewaytest.Fake {
	t.Helper()
	return gatewaytest.NewFake(t, replies, refusal(http.StatusNotFound, "RC_NOT_FOUND"))
}

func ok(body string) reply { return reply{Status: http.StatusOK, Body: body} }

func refusal(status int, code string) reply {
	return reply{Status: status, Body: `{"error_code":"` + code + `","message":"<b>a text that nobody shows</b>"}`}
}

const (
	receiptID   = "66f0a1b2c3d4e5f601234567"
	orderNo     = "REG2026000123A1"
	lookLine    = "GET /v2/receipt/" + receiptID
	confirmLine = "POST /v2/confirm"
	cancelLine  = "POST /v2/cancel"
)

// paid is a receipt over 150,000 won that was charged.
const paid = `{"receipt_id":"66f0a1b2c3d4e5f601234567","order_id":"REG2026000123A1","price":150000,"tax_free":0,"cancelled_price":0,
	"cancelled_tax_free":0,"order_name":"x","sandbox":true,"pg":"나이스페이먼츠","method":"카드","method_symbol":"card","method_origin":"카드",
	"method_origin_symbol":"card","currency":"KRW","requested_at":"2026-11-20T16:44:02+09:00","purchased_at":"2026-11-20T16:45:10+09:00",
	"status":1,"status_locale":"결제완료","receipt_url":"https://receipt.example.org/r/1","metadata":"x","somethingNew":[1,{"a":2}],
	"card_data":{"tid":"nictest","card_approve_no":"30035610","card_no":"55704204****1074","card_quota":"00","card_company":"국민"}}`

// at gives paid with another status.
func at(status string) string { return strings.Replace(paid, `"status":1`, `"status":`+status, 1) }

// changed gives a body with one part replaced.
func changed(t *testing.T, body, was, is string) string {
	t.Helper()
	if !strings.Contains(body, was) {
		t.Fatalf("%s is not in the body", was)
	}
	return strings.Replace(body, was, is, 1)
}

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "korea", Gateway: "bootpay", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		Credentials: map[string]string{"client_key": "bootpay_ck_demo", "secret_key": "bootpay_sk_demo"},
		APIURL:      base,
	}
}

// older is a channel with the older kind of keys.
func older(base string) payments.Channel {
	c := channel(base)
	c.Credentials = map[string]string{
		"js_application_id": "bootpay_js_demo", "application_id": "bootpay_rest_demo", "private_key": "bootpay_private_demo",
	}
	return c
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	g, err := bootpay.New(c, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

// attempt is one payment of 150,000 won that has been authenticated.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: orderNo, GatewayID: receiptID, Key: "CONFIRMKEY1", Amount: won(150000),
		OrderName: "2026 가을 학술대회", Lang: registration.Korean, Payer: registration.Person{Name: "Kim", Email: "kim@example.org"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

// refundOf is one refund of a part of that payment.
func refundOf(amount, balance int64) payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: "r1", GatewayID: receiptID, OrderNo: orderNo, Amount: won(amount), Captured: won(150000), Balance: won(balance),
		Whole: amount == balance, Reason: "만찬 취소", Key: "REFUNDKEY1",
	}
}
