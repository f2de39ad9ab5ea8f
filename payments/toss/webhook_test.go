package toss_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
)

func TestParseReturn(t *testing.T) {
	tests := map[string]struct {
		query string
		want  payments.Return
	}{
		"success":             {"paymentType=NORMAL&paymentKey=k-1_=.A&orderId=reg2026000123a1&amount=1", payments.Return{GatewayID: "k-1_=.A", OrderNo: "reg2026000123a1"}},
		"nothing":             {"", payments.Return{}},
		"closed window":       {"code=PAY_PROCESS_CANCELED&message=%3Cb%3E", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"closed, by promise":  {"code=USER_CANCEL&message=x", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"issuer refused":      {"code=REJECT_CARD_COMPANY&message=x&orderId=reg2026000123a1", payments.Return{OrderNo: "reg2026000123a1", Failed: true, Reason: "payment.declined.card"}},
		"a code of confirm":   {"code=EXCEED_MAX_AMOUNT", payments.Return{Failed: true, Reason: "payment.declined.limit"}},
		"our settings":        {"code=INVALID_CLIENT_KEY", payments.Return{Failed: true, Reason: "payment.channel"}},
		"an unlisted code":    {"code=SOMETHING_NEW", payments.Return{Failed: true, Reason: "payment.failed"}},
		"a code that is text": {"code=%3Cscript%3E&orderId=a%20b", payments.Return{Failed: true, Reason: "payment.failed"}},
		"a key with a path":   {"paymentKey=..%2F..%2Fx&orderId=reg2026000123a1", payments.Return{OrderNo: "reg2026000123a1"}},
		"a key with Hangul":   {"paymentKey=%EA%B0%80", payments.Return{}},
		"a key that is dots":  {"paymentKey=..", payments.Return{}},
		"a key too long":      {"paymentKey=" + strings.Repeat("a", 201), payments.Return{}},
		"the longest key":     {"paymentKey=" + strings.Repeat("a", 200), payments.Return{GatewayID: strings.Repeat("a", 200)}},
	}
	g := connect(t, channel(""))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			values, err := url.ParseQuery(tc.query)
			if err != nil {
				t.Fatalf("query: %v", err)
			}
			for _, r := range []payments.Request{{Method: "GET", Query: values}, {Method: "POST", Form: values}} {
				if got, err := g.ParseReturn(r); err != nil || got != tc.want {
					t.Errorf("%s: %+v, %v, want %+v", r.Method, got, err, tc.want)
				}
			}
		})
	}
}

func TestParseWebhook(t *testing.T) {
	changed := `{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-11-01T09:00:42.65327","data":` + paid + `}`
	tests := map[string]struct {
		body string
		want []payments.Hint
		err  error
	}{
		"a payment changed": {changed, []payments.Hint{{
			EventID: "tx-77", OrderNo: "reg2026000123a1", GatewayID: "tviva20261101090000AbCd1", Kind: "PAYMENT_STATUS_CHANGED DONE",
		}}, nil},
		"a deposit": {
			`{"createdAt":"2026-11-01T09:00:42.6","secret":"ps_x","status":"DONE","transactionKey":"t","orderId":"reg2026000123a1"}`,
			[]payments.Hint{{EventID: "tx-77", OrderNo: "reg2026000123a1", Kind: "DEPOSIT_CALLBACK DONE", Secret: "ps_x"}}, nil,
		},
		"a deposit without secret":       {`{"status":"DONE","transactionKey":"t","orderId":"reg2026000123a1"}`, nil, payments.ErrSignature},
		"a deposit with an odd secret":   {`{"secret":7,"status":"DONE","orderId":"reg2026000123a1"}`, nil, payments.ErrSignature},
		"a secret that names no payment": {`{"eventType":"DEPOSIT_CALLBACK","secret":"ps_x"}`, nil, payments.ErrMalformed},
		"an account changed": {
			`{"eventType":"PAYMENT_STATUS_CHANGED","data":{"orderId":"reg2026000123a1","status":"DONE","secret":"ps_x"}}`,
			[]payments.Hint{{EventID: "tx-77", OrderNo: "reg2026000123a1", Kind: "PAYMENT_STATUS_CHANGED DONE", Secret: "ps_x"}}, nil,
		},
		"a status that is text": {strings.Replace(changed, `"DONE"`, `"D\nE"`, 1), []payments.Hint{{
			EventID: "tx-77", OrderNo: "reg2026000123a1", GatewayID: "tviva20261101090000AbCd1", Kind: "PAYMENT_STATUS_CHANGED",
		}}, nil},
		"an event of no interest": {`{"eventType":"payout.changed","data":{}}`, nil, nil},
		"an unknown event":        {`{"eventType":"NEW_THING","orderId":7,"data":"x"}`, nil, nil},
		"an empty object":         {`{}`, nil, nil},
		"no JSON":                 {`paymentKey=x`, nil, payments.ErrMalformed},
		"nothing":                 {``, nil, payments.ErrMalformed},
		"a list":                  {`[]`, nil, payments.ErrMalformed},
		"null":                    {` null`, nil, payments.ErrMalformed},
		"half an object":          {changed[:100], nil, payments.ErrMalformed},
		"no payment inside":       {`{"eventType":"PAYMENT_STATUS_CHANGED","data":null}`, nil, payments.ErrMalformed},
		"a payment that is text":  {`{"eventType":"PAYMENT_STATUS_CHANGED","data":"x"}`, nil, payments.ErrMalformed},
		"ids of the wrong type":   {`{"eventType":"PAYMENT_STATUS_CHANGED","data":{"orderId":1}}`, nil, payments.ErrMalformed},
		"ids of the wrong shape":  {`{"eventType":"PAYMENT_STATUS_CHANGED","data":{"orderId":"a b","paymentKey":"/"}}`, nil, payments.ErrMalformed},
	}
	g := connect(t, channel(""))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			for _, header := range []string{"Tosspayments-Webhook-Transmission-Id", "tosspayments-webhook-transmission-id"} {
				got, err := g.ParseWebhook(payments.Request{Method: "POST", Body: []byte(tc.body), Header: map[string][]string{header: {"tx-77"}}})
				if !slices.Equal(got, tc.want) || !errors.Is(err, tc.err) {
					t.Errorf("%+v, %v, want %+v, %v", got, err, tc.want, tc.err)
				}
			}
		})
	}
}
