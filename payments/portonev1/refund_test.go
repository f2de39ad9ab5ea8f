package portonev1_test

import (
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/gatewaytest"
)

// part is a refund of 50,000 won of 150,000.
func part() payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: "r1", GatewayID: impUID, OrderNo: orderNo, Amount: won(50000), Captured: won(150000), Balance: won(150000),
		Reason: "만찬 취소", Key: "REFUNDKEY1",
	}
}

// sent is the body that the adapter sends for a refund of a payment, which is answered by after.
func sent(t *testing.T, before, after string, r payments.RefundAttempt) (map[string]any, string) {
	t.Helper()
	f := newFake(t, with(map[string]reply{readAt: ok(before), cancelAt: ok(after)}))
	_, err := connect(t, channel(f.URL)).Refund(t.Context(), r)
	calls := f.calls()
	if len(calls) != 2 || calls[1].Whole != cancelAt {
		t.Fatalf("refund: %v after %s", err, f.lines())
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(calls[1].Body), &body); err != nil {
		t.Fatalf("read body: %v", err)
	}
	return body, calls[1].Body
}

func TestRefundReadsFirstAndNamesTheBalance(t *testing.T) {
	after := gone("cancelled", "50000", row("50000", "만찬 취소"))
	f := newFake(t, with(map[string]reply{readAt: ok(paid()), cancelAt: ok(after)}))
	out, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
	if err != nil || out.Refunded != won(50000) || out.Pending {
		t.Fatalf("refund: %+v, %v", out, err)
	}
	if want := readAt + "?include_sandbox=true; " + cancelAt; f.lines() != want {
		t.Errorf("requests %s", f.lines())
	}
	body := f.calls()[1].Body
	if !strings.HasPrefix(body, `{"imp_uid":"`+impUID+`","amount":50000,"checksum":150000,"reason":"만찬 취소 #`) {
		t.Errorf("body %s", body)
	}
	again := part()
	again.Key = "ANOTHERKEY"
	if _, second := sent(t, paid(), after, again); second != body {
		t.Errorf("the same refund is other bytes: %s and %s", body, second)
	}
	usd := part()
	usd.Amount, usd.Captured, usd.Balance = dollars(1250), dollars(12050), dollars(12050)
	inDollars := []string{"150000", "120.50", `"KRW"`, `"USD"`}
	got, raw := sent(t, paid(inDollars...), paid(inDollars...), usd)
	if !strings.Contains(raw, `"amount":12.50,"checksum":120.50`) || got["refund_account"] != nil {
		t.Errorf("body %s", raw)
	}
}

// mark is the end of the reason of part.
func mark(t *testing.T) string {
	body, _ := sent(t, paid(), gone("cancelled", "50000", ""), part())
	reason, _ := body["reason"].(string)
	return reason
}

func TestRefundThatIsThereAlreadyIsNotSentAgain(t *testing.T) {
	for name, body := range map[string]string{
		"called cancelled":     gone("cancelled", "50000", row("50000", mark(t))),
		"called paid":          gone("paid", "50000", row("50000", mark(t))),
		"another one after it": gone("cancelled", "70000", row("50000", mark(t))+","+row("20000", "x")),
	} {
		f := newFake(t, with(map[string]reply{readAt: ok(body)}))
		out, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
		if err != nil || out.GatewayID != "c-1" || out.Refunded.Minor < 50000 || len(f.calls()) != 1 {
			t.Errorf("%s: %+v, %v after %s", name, out, err, f.lines())
		}
	}
}

func TestRefundThatTheBooksSpeakAgainstIsNotSent(t *testing.T) {
	whole := part()
	whole.Amount = won(150000)
	tests := map[string]struct {
		body    string
		attempt payments.RefundAttempt
		code    string
		settled bool
	}{
		"not paid":                {paid(`"status": "paid"`, `"status": "ready"`), part(), "NOT_PAID", false},
		"somebody was there":      {gone("cancelled", "50000", row("50000", "by hand")), part(), "BALANCE_DIFFERS", false},
		"all has gone back":       {gone("cancelled", "150000", row("150000", "by hand")), whole, "ALREADY_CANCELLED", true},
		"another currency":        {paid(`"KRW"`, `"USD"`), part(), "CURRENCY_DIFFERS", false},
		"amounts that contradict": {gone("cancelled", "0", row("5", "x")), part(), "CURRENCY_DIFFERS", false},
		"an account, and no way":  {paid(`"pay_method": "card"`, `"pay_method": "vbank"`), part(), "ACCOUNT_MISSING", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{readAt: ok(tc.body)}))
			_, err := connect(t, channel(f.URL)).Refund(t.Context(), tc.attempt)
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused || r.Code != tc.code || r.Settled != tc.settled || r.Passing || len(f.calls()) != 1 {
				t.Errorf("%v after %s", err, f.lines())
			}
		})
	}
}

func TestRefundErrors(t *testing.T) {
	tests := map[string]struct {
		reply   reply
		want    error // of the contract, nil for a refusal alone
		code    string
		passing bool
	}{
		"the company says no":          {no(200, "1"), nil, "CODE_1", false},
		"the company says no, -1":      {no(200, "-1"), nil, "CODE_-1", false},
		"not what it understands":      {no(400, "-1"), nil, "HTTP_400", false},
		"no such payment":              {no(404, "-1"), nil, "HTTP_404", false},
		"the keys do not fit any more": {no(401, "-1"), nil, "HTTP_401", false},
		"a fault":                      {no(500, "-1"), payments.ErrNoAnswer, "HTTP_500", true},
		"a proxy's page":               {reply{Status: 502, Body: "<html>", Kind: "text/html"}, payments.ErrNoAnswer, "", false},
		"too many":                     {no(429, "-1"), payments.ErrBusy, "", false},
		"another call is still at it":  {no(409, "-1"), payments.ErrRunning, "", false},
		"no answer":                    {reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 2")}, payments.ErrNoAnswer, "", false},
		"cut short":                    {reply{Status: 200, Body: `{"code":0,"resp`}, payments.ErrNoAnswer, "", false},
		"another payment":              {ok(paid(impUID, "imp_2")), payments.ErrNoAnswer, "", false},
		"another order":                {ok(paid(orderNo, "reg2026000999z9")), payments.ErrNoAnswer, "", false},
		"nothing has gone back":        {ok(paid()), payments.ErrNoAnswer, "", false},
		"less has gone back":           {ok(gone("cancelled", "40000", "")), payments.ErrNoAnswer, "", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, with(map[string]reply{readAt: ok(paid()), cancelAt: tc.reply}))
			_, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
			r, refused := errors.AsType[*payments.Refusal](err)
			if err == nil || (tc.want != nil && !errors.Is(err, tc.want)) || (tc.want == nil && errors.Is(err, payments.ErrNoAnswer)) ||
				refused != (tc.code != "") || (refused && (r.Code != tc.code || r.Passing != tc.passing || r.Settled)) {
				t.Errorf("error %v, refusal %+v", err, r)
			}
		})
	}
}

func TestRefundIsNotSentWhenNothingCanBeRead(t *testing.T) {
	for name, re := range map[string]reply{"a fault": no(500, "-1"), "HTML": {Status: 502, Body: "x", Kind: "text/html"}, "another order": ok(paid(orderNo, "x"))} {
		f := newFake(t, with(map[string]reply{readAt: re}))
		_, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
		if !errors.Is(err, payments.ErrBusy) || errors.Is(err, payments.ErrNoAnswer) || len(f.calls()) != 1 {
			t.Errorf("%s: %v after %s", name, err, f.lines())
		}
	}
	for name, change := range map[string]func(*payments.RefundAttempt){
		"no payment":            func(r *payments.RefundAttempt) { r.GatewayID = "" },
		"no number":             func(r *payments.RefundAttempt) { r.OrderNo = "" },
		"no id":                 func(r *payments.RefundAttempt) { r.RefundID, r.Key = "", "" },
		"nothing, which is all": func(r *payments.RefundAttempt) { r.Amount = won(0) },
		"more than is left":     func(r *payments.RefundAttempt) { r.Balance = won(40000) },
		"another currency":      func(r *payments.RefundAttempt) { r.Balance = dollars(150000) },
	} {
		f := newFake(t, with(map[string]reply{readAt: ok(paid())}))
		r := part()
		change(&r)
		if _, err := connect(t, channel(f.URL)).Refund(t.Context(), r); err == nil || len(f.Requests()) != 0 {
			t.Errorf("%s: %v after %s", name, err, f.lines())
		}
	}
}

func TestRefundOfPayPalThatIsTakenDownOnlyOnce(t *testing.T) {
	pal := []string{"html5_inicis", "paypal_v2"}
	f := newFake(t, with(map[string]reply{readAt: ok(paid(pal...)), cancelAt: ok(paid(pal...))}))
	g := connect(t, channel(f.URL))
	out, err := g.Refund(t.Context(), part())
	if err != nil || !out.Pending || out.Refunded != won(0) {
		t.Fatalf("taken down: %+v, %v", out, err)
	}
	again := part()
	again.Resumed = true
	if out, err := g.Refund(t.Context(), again); err != nil || !out.Pending {
		t.Errorf("again: %+v, %v", out, err)
	}
	if n := strings.Count(f.lines(), cancelAt); n != 1 {
		t.Errorf("%d cancels were sent", n)
	}
}

func TestRefundOfAnAccountNamesWhereTheMoneyGoes(t *testing.T) {
	for company, bank := range map[string]string{"kcp": "BK04", "html5_inicis": "04", "nice_v2": "004"} {
		change := []string{`"pay_method": "card"`, `"pay_method": "vbank"`, "html5_inicis", company}
		for _, written := range []string{"국민은행", "국민", "KB국민은행", "004", "04", "BK04"} {
			r := part()
			r.Method, r.Account = payments.MethodVirtualAccount, payments.Account{Bank: written, Number: "123-456-789012", Holder: "김데모"}
			got, _ := sent(t, paid(change...), paid(change...), r)
			if got["refund_bank"] != bank || got["refund_account"] != "123456789012" || got["refund_holder"] != "김데모" {
				t.Errorf("%s, %s: %v", company, written, got)
			}
		}
	}
	r := part()
	r.Account = payments.Account{Bank: "Somebank", Number: "1", Holder: "x"}
	got, _ := sent(t, paid(`"pay_method": "card"`, `"pay_method": "vbank"`), paid(), r)
	if got["refund_bank"] != "Somebank" {
		t.Errorf("a bank that we do not know: %v", got)
	}
	got, _ = sent(t, paid(), paid(), r)
	if got["refund_account"] != nil {
		t.Errorf("a card's refund names an account: %v", got)
	}
	got, _ = sent(t, paid("html5_inicis", "naverpay"), paid(), part())
	if extra, _ := got["extra"].(map[string]any); !maps.Equal(extra, map[string]any{"requester": "admin"}) {
		t.Errorf("NaverPay: %v", got)
	}
}
