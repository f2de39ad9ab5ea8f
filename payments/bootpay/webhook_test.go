package bootpay_test

import (
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
)

func TestParseReturn(t *testing.T) {
	back := payments.Return{GatewayID: receiptID}
	tests := map[string]struct {
		query string
		want  payments.Return
	}{
		"authenticated":               {"event=confirm&receipt_id=" + receiptID + "&price=1&status=1", back},
		"by an older script":          {"event=confirm_ready&receipt_id=" + receiptID, back},
		"charged":                     {"event=done&receipt_id=" + receiptID, back},
		"an account":                  {"event=issued&receipt_id=" + receiptID, back},
		"no event":                    {"receipt_id=" + receiptID, back},
		"with its order":              {"event=confirm&receipt_id=" + receiptID + "&order_id=" + orderNo, payments.Return{GatewayID: receiptID, OrderNo: orderNo}},
		"nothing":                     {"", payments.Return{}},
		"closed":                      {"event=cancel&receipt_id=" + receiptID + "&message=%3Cb%3E", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"closed, as an error":         {"event=error&error_code=RC_CLOSE_WINDOW", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"window gone":                 {"event=close", payments.Return{Failed: true, Cancelled: true, Reason: "payment.cancelled"}},
		"declined":                    {"event=error&error_code=RC_CONFIRM_FAILED&receipt_id=" + receiptID, payments.Return{Failed: true, Reason: "payment.declined.card"}},
		"our settings":                {"event=error&error_code=NEED_CLIENT_KEY", payments.Return{Failed: true, Reason: "payment.channel"}},
		"an unlisted code":            {"event=error&error_code=SOMETHING_NEW", payments.Return{Failed: true, Reason: "payment.failed"}},
		"a code that is text":         {"event=error&error_code=%3Cscript%3E&order_id=a%20b", payments.Return{Failed: true, Reason: "payment.failed"}},
		"a receipt with a path":       {"event=confirm&receipt_id=..%2F..%2Fx&order_id=" + orderNo, payments.Return{OrderNo: orderNo}},
		"a receipt with Hangul":       {"event=confirm&receipt_id=%EA%B0%80", payments.Return{}},
		"a receipt that is too long":  {"event=confirm&receipt_id=" + strings.Repeat("a", 65), payments.Return{}},
		"an event that nobody knows":  {"event=%0A&receipt_id=" + receiptID, back},
		"a receipt with a line break": {"event=confirm&receipt_id=a%0Ab", payments.Return{}},
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
	done := strings.Replace(paid, "{", `{"webhook_type":"PAYMENT_COMPLETED",`, 1)
	hint := payments.Hint{OrderNo: orderNo, GatewayID: receiptID, Kind: "PAYMENT_COMPLETED 1"}
	old := url.Values{
		"receipt_id": {receiptID}, "order_id": {orderNo}, "private_key": {"hush"}, "status": {"1"}, "retry_count": {"0"}, "price": {"150000"},
	}.Encode()
	tests := map[string]struct {
		body string
		want []payments.Hint
		err  error
	}{
		"a payment":                {done, []payments.Hint{hint}, nil},
		"with white space before":  {" \n" + done, []payments.Hint{hint}, nil},
		"the older kind, a form":   {old, []payments.Hint{{OrderNo: orderNo, GatewayID: receiptID, Kind: "1"}}, nil},
		"the older kind, JSON":     {`{"receipt_id":"R1","order_id":"` + orderNo + `","private_key":"hush","status":"1","payment_data":{}}`, []payments.Hint{{OrderNo: orderNo, GatewayID: "R1", Kind: "1"}}, nil},
		"only the receipt":         {`{"receipt_id":"R1"}`, []payments.Hint{{GatewayID: "R1"}}, nil},
		"only the order":           {`{"order_id":"` + orderNo + `","status":{}}`, []payments.Hint{{OrderNo: orderNo}}, nil},
		"an order of odd shape":    {`{"receipt_id":"R1","order_id":"주문 1"}`, []payments.Hint{{GatewayID: "R1"}}, nil},
		"a type that is text":      {`{"receipt_id":"R1","webhook_type":"A\nB","status":-20}`, []payments.Hint{{GatewayID: "R1", Kind: "-20"}}, nil},
		"nothing about a payment":  {`{"webhook_type":"SOMETHING_NEW"}`, nil, nil},
		"an empty object":          {`{}`, nil, nil},
		"a form without a receipt": {`a=b`, nil, payments.ErrMalformed},
		"no form":                  {`%zz`, nil, payments.ErrMalformed},
		"text":                     {`hello`, nil, payments.ErrMalformed},
		"nothing":                  {``, nil, payments.ErrMalformed},
		"a list":                   {`[]`, nil, payments.ErrMalformed},
		"null":                     {`null`, nil, payments.ErrMalformed},
		"half an object":           {done[:100], nil, payments.ErrMalformed},
		"ids of the wrong shape":   {`{"order_id":"a b","receipt_id":"/"}`, nil, payments.ErrMalformed},
	}
	g := connect(t, channel(""))
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := g.ParseWebhook(payments.Request{Method: "POST", Body: []byte(tc.body)})
			if !slices.Equal(got, tc.want) || !errors.Is(err, tc.err) {
				t.Errorf("%+v, %v, want %+v, %v", got, err, tc.want, tc.err)
			}
			if err != nil && strings.Contains(err.Error(), "hush") {
				t.Errorf("the error quotes the key: %v", err)
			}
		})
	}
}
