package toss_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	keyLine   = "GET /v1/payments/tviva20261101090000AbCd1"
	orderLine = "GET /v1/payments/orders/reg2026000123a1"
)

func TestLookupChoosesHowToAsk(t *testing.T) {
	none, hidden := refusal(404, "NOT_FOUND_PAYMENT"), refusal(403, "FORBIDDEN_REQUEST")
	tests := map[string]struct {
		replies map[string]reply
		change  func(*payments.Attempt)
		want    payments.Status
		asked   []string
	}{
		"by key":                     {map[string]reply{keyLine: ok(paid)}, nil, payments.StatusCaptured, []string{keyLine}},
		"by order while no key":      {map[string]reply{orderLine: ok(paid)}, noKey, payments.StatusCaptured, []string{orderLine}},
		"by order after a 404":       {map[string]reply{keyLine: none, orderLine: ok(paid)}, nil, payments.StatusCaptured, []string{keyLine, orderLine}},
		"by order, a stranger's key": {map[string]reply{keyLine: hidden, orderLine: ok(paid)}, nil, payments.StatusCaptured, []string{keyLine, orderLine}},
		"known by neither":           {nil, nil, payments.StatusMissing, []string{keyLine, orderLine}},
		"no order number":            {nil, func(a *payments.Attempt) { a.OrderNo = "" }, payments.StatusMissing, []string{keyLine}},
		"a key that is a path":       {nil, func(a *payments.Attempt) { a.GatewayID = "../../x" }, payments.StatusMissing, []string{orderLine}},
		"a key that is only dots":    {nil, func(a *payments.Attempt) { a.GatewayID = ".." }, payments.StatusMissing, []string{orderLine}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, tc.replies)
			a := attempt()
			if tc.change != nil {
				tc.change(&a)
			}
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), a)
			if err != nil || out.Status != tc.want || out.Mode != registration.Test {
				t.Errorf("look up: %+v, %v, want %s", out, err, tc.want)
			}
			var asked []string
			for _, r := range f.Requests() {
				asked = append(asked, r.Line)
				if r.Header.Get("Idempotency-Key") != "" {
					t.Error("a look-up carries an idempotency key")
				}
			}
			if !slices.Equal(asked, tc.asked) {
				t.Errorf("asked %q, want %q", asked, tc.asked)
			}
		})
	}
}

func noKey(a *payments.Attempt) { a.GatewayID = "" }

func TestLookupErrors(t *testing.T) {
	tests := map[string]struct {
		replies map[string]reply
		want    error // nil: a refusal
	}{
		"502":                    {map[string]reply{keyLine: {Status: 502, Body: "<html>", Kind: "text/html"}}, payments.ErrNoAnswer},
		"404 that is a web page": {map[string]reply{keyLine: {Status: 404, Body: "<html>", Kind: "text/html"}}, payments.ErrNoAnswer},
		"500 by order":           {map[string]reply{orderLine: refusal(500, "COMMON_ERROR")}, payments.ErrNoAnswer},
		"too many":               {map[string]reply{keyLine: refusal(429, "TOO_MANY_REQUESTS")}, payments.ErrBusy},
		"wrong keys":             {map[string]reply{keyLine: refusal(401, "UNAUTHORIZED_KEY")}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, tc.replies)
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			r, refused := errors.AsType[*payments.Refusal](err)
			switch {
			case tc.want != nil && !errors.Is(err, tc.want):
				t.Errorf("outcome %+v, error %v, want %v", out, err, tc.want)
			case tc.want == nil && (!refused || r.Declined || r.Key != "payment.channel"):
				t.Errorf("outcome %+v, error %v, want a refusal", out, err)
			}
		})
	}
	a := attempt()
	a.GatewayID, a.OrderNo = "", ""
	if _, err := connect(t, channel("")).Lookup(t.Context(), a); err == nil {
		t.Error("looked up by nothing")
	}
}

// states are payments as the gateway tells them, after what they all begin with, and what we make of them.
var states = map[string]struct {
	body string
	want payments.Outcome
}{
	"ready":             {`"status":"READY","balanceAmount":150000}`, payments.Outcome{Status: payments.StatusPending}},
	"in progress":       {`"status":"IN_PROGRESS","method":null}`, payments.Outcome{Status: payments.StatusPending}},
	"a new word":        {`"status":"ON_HOLD"}`, payments.Outcome{Status: payments.StatusPending}},
	"waiting for money": {`"status":"WAITING_FOR_DEPOSIT","method":"가상계좌"}`, payments.Outcome{Status: payments.StatusDeposit, Method: "virtual_account"}},
	"an account": {
		`"status":"WAITING_FOR_DEPOSIT","method":"가상계좌","secret":"ps_x","virtualAccount":{"bankCode":"20","accountNumber":"X6505636518308","customerName":"김 회원","dueDate":"2026-11-08T23:59:59+09:00","expired":false}}`,
		payments.Outcome{
			Status: payments.StatusDeposit, Method: "virtual_account", Secret: "ps_x", Deadline: time.Date(2026, 11, 8, 14, 59, 59, 0, time.UTC),
			Account: payments.Account{Bank: "우리은행", Number: "X6505636518308", Holder: "김 회원"},
		},
	},
	"an account whose time is over": {
		`"status":"WAITING_FOR_DEPOSIT","method":"가상계좌","secret":null,"virtualAccount":{"bankCode":"99","accountNumber":"1","dueDate":"2026-11-08T23:59:59","expired":true}}`,
		payments.Outcome{
			Status: payments.StatusDeposit, Method: "virtual_account", Deadline: time.Date(2026, 11, 8, 14, 59, 59, 0, time.UTC),
			Account: payments.Account{Bank: "99", Number: "1"},
		},
	},
	"an account of odd types": {
		`"status":"WAITING_FOR_DEPOSIT","method":null,"secret":"a b","virtualAccount":{"bankCode":20,"accountNumber":"<b>","customerName":[],"dueDate":"soon"}}`,
		payments.Outcome{Status: payments.StatusDeposit, Method: "virtual_account"},
	},
	"a deposit": {
		`"status":"DONE","method":"가상계좌","balanceAmount":150000,"secret":"ps_x","approvedAt":"2026-11-01T09:00:41+09:00","virtualAccount":{"bankCode":"20"}}`,
		payments.Outcome{
			Status: payments.StatusCaptured, Method: "virtual_account", Captured: won(150000), Refunded: won(0),
			At: time.Date(2026, 11, 1, 0, 0, 41, 0, time.UTC),
		},
	},
	"by transfer":        {`"status":"DONE","method":"계좌이체"}`, payments.Outcome{Status: payments.StatusCaptured, Method: "transfer", Captured: won(150000), Refunded: won(0)}},
	"by phone":           {`"status":"DONE","method":"휴대폰"}`, payments.Outcome{Status: payments.StatusCaptured, Method: "phone", Captured: won(150000), Refunded: won(0)}},
	"expired":            {`"status":"EXPIRED"}`, payments.Outcome{Status: payments.StatusLapsed, Reason: "payment.lapsed"}},
	"aborted by limit":   {`"status":"ABORTED","failure":{"code":"REJECT_CARD_PAYMENT","message":"x"}}`, payments.Outcome{Status: payments.StatusFailed, Reason: "payment.declined.limit"}},
	"aborted, no reason": {`"status":"ABORTED","failure":"x"}`, payments.Outcome{Status: payments.StatusFailed, Reason: "payment.failed"}},
	"partly refunded": {
		`"status":"PARTIAL_CANCELED","balanceAmount":100000,"approvedAt":"2026-11-01T09:00:41.5+09:00"}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(50000), At: time.Date(2026, 11, 1, 0, 0, 41, 5e8, time.UTC)},
	},
	"wholly refunded": {
		`"status":"CANCELED","balanceAmount":0,"approvedAt":"2026-11-01T09:00:41"}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(150000), At: time.Date(2026, 11, 1, 0, 0, 41, 0, time.UTC)},
	},
	"refunded, approval not told": {
		`"status":"CANCELED","balanceAmount":0,"virtualAccount":null,"cancels":[{"cancelAmount":150000}]}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(150000)},
	},
	"unpaid account cancelled": {
		`"status":"CANCELED","balanceAmount":0,"approvedAt":null,"virtualAccount":{"accountNumber":"X1"},"cancels":[{"cancelAmount":150000}]}`,
		payments.Outcome{Status: payments.StatusFailed, Method: "virtual_account", Reason: "payment.cancelled"},
	},
	"whole refund called partial": {
		`"status":"PARTIAL_CANCELED","balanceAmount":0}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(150000)},
	},
	"balance not told": {
		`"status":"PARTIAL_CANCELED","cancels":[{"cancelAmount":20000},{"cancelAmount":30000}]}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(50000)},
	},
	"decoration of odd types": {
		`"status":"DONE","balanceAmount":150000.00,"card":"x","receipt":[1],"method":5,"approvedAt":9,"cancels":{},"easyPay":"PAYPAL","virtualAccount":7,"secret":{}}`,
		payments.Outcome{Status: payments.StatusCaptured, Method: "paypal", Captured: won(150000), Refunded: won(0)},
	},
	"card number that shows too much": {
		`"status":"DONE","balanceAmount":150000,"card":{"number":"48902300123440*6","approveNo":"a b"}}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(0)},
	},
	"whole card number, unsafe slip": {
		`"status":"DONE","balanceAmount":150000,"card":{"number":"4890230012344060"},"receipt":{"url":"javascript:alert(1)"}}`,
		payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(0)},
	},
}

func TestLookupReadsEveryState(t *testing.T) {
	const head = `{"paymentKey":"k1","orderId":"reg2026000123a1","currency":"KRW","totalAmount":150000,`
	for name, tc := range states {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{orderLine: ok(head + tc.body)})
			a := attempt()
			a.GatewayID = ""
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), a)
			tc.want.GatewayID, tc.want.OrderNo, tc.want.Mode = "k1", "reg2026000123a1", registration.Test
			if err != nil || out != tc.want {
				t.Errorf("look up\n%+v, %v\nwant\n%+v", out, err, tc.want)
			}
		})
	}
}

func TestMoneyThatCannotBeOursIsNoAmount(t *testing.T) {
	tests := map[string]struct {
		from, to string
		want     registration.Money
	}{
		"micro dollars":           {`"KRW"`, `"MUSD"`, registration.Money{Cur: "MUSD"}},
		"no currency":             {`"KRW"`, `null`, registration.Money{}},
		"half a won":              {`"totalAmount": 150000,`, `"totalAmount": 150000.5,`, registration.Money{}},
		"an exponent":             {`"totalAmount": 150000,`, `"totalAmount": 15e4,`, registration.Money{}},
		"less than nothing":       {`"totalAmount": 150000,`, `"totalAmount": -150000,`, registration.Money{}},
		"no total":                {`"totalAmount": 150000,`, `"totalAmount": null,`, registration.Money{}},
		"more left than taken":    {`"balanceAmount": 150000`, `"balanceAmount": 150001`, registration.Money{}},
		"a balance below nothing": {`"balanceAmount": 150000`, `"balanceAmount": -1`, registration.Money{}},
		"more digits than int64":  {`"totalAmount": 150000,`, `"totalAmount": 18446744073709701616,`, registration.Money{}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{keyLine: ok(strings.Replace(paid, tc.from, tc.to, 1))})
			out, err := connect(t, channel(f.URL)).Lookup(t.Context(), attempt())
			if err != nil || out.Status != payments.StatusCaptured || out.Captured != tc.want || out.Refunded.Minor != 0 {
				t.Errorf("look up: %+v, %v, want captured %+v", out, err, tc.want)
			}
			if out.Captured == attempt().Amount {
				t.Error("it passes for our amount")
			}
		})
	}
}
