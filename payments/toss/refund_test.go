package toss_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"foyer/payments"
	"foyer/registration"
)

const cancelLine = "POST /v1/payments/tviva20261101090000AbCd1/cancel"

// partly is the payment after 50,000 of its 150,000 won went back.
var partly = strings.NewReplacer(
	`"balanceAmount": 150000`, `"balanceAmount": 100000`, `"DONE"`, `"PARTIAL_CANCELED"`, `"tx1"`, `"tx2"`,
	`"cancels": null`, `"cancels": [{"cancelAmount": 50000, "transactionKey": "tx2", "cancelStatus": "DONE"}]`,
).Replace(paid)

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

func refundOf(n int64) payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: "r1", GatewayID: "tviva20261101090000AbCd1", OrderNo: "reg2026000123a1", Amount: won(n),
		Captured: won(150000), Balance: won(150000), Whole: n == 150000, Reason: "만찬 취소", Key: "REFUNDKEY1",
	}
}

func TestRefundSendsAmountAndBalance(t *testing.T) {
	f := newFake(t, map[string]reply{cancelLine: ok(partly)})
	g := connect(t, channel(f.URL))
	for range 2 {
		out, err := g.Refund(t.Context(), refundOf(50000))
		if want := (payments.RefundOutcome{GatewayID: "tx2", Refunded: won(50000)}); err != nil || out != want {
			t.Fatalf("refund: %+v, %v, want %+v", out, err, want)
		}
	}
	for _, r := range f.Requests() {
		if r.Body != `{"cancelReason":"만찬 취소","cancelAmount":50000,"refundableAmount":150000}` || r.Header.Get("Idempotency-Key") != "REFUNDKEY1" {
			t.Errorf("sent %s under %q", r.Body, r.Header.Get("Idempotency-Key"))
		}
	}
}

func TestRefundOfTheWholeNamesItsAmountToo(t *testing.T) {
	whole := strings.NewReplacer("PARTIAL_CANCELED", "CANCELED", `"balanceAmount": 100000`, `"balanceAmount": 0`, `"cancelAmount": 50000`, `"cancelAmount": 150000`).Replace(partly)
	f := newFake(t, map[string]reply{cancelLine: ok(whole)})
	r := refundOf(150000)
	r.Reason = ""
	if out, err := connect(t, channel(f.URL)).Refund(t.Context(), r); err != nil || out.Refunded != won(150000) {
		t.Fatalf("refund: %+v, %v", out, err)
	}
	if body := f.Only(t).Body; body != `{"cancelReason":"refund","cancelAmount":150000,"refundableAmount":150000}` {
		t.Errorf("sent %s", body)
	}
}

func TestRefundInDollars(t *testing.T) {
	body := `{"paymentKey":"k","orderId":"reg2026000123a1","status":"PARTIAL_CANCELED","currency":"USD","totalAmount":120.5,"balanceAmount":108.00,
		"cancels":[{"cancelAmount":12.5,"transactionKey":"tx9"}]}`
	f := newFake(t, map[string]reply{"POST /v1/payments/k/cancel": ok(body)})
	usd := func(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.USD} }
	out, err := connect(t, channel(f.URL)).Refund(t.Context(), payments.RefundAttempt{
		GatewayID: "k", Amount: usd(1250), Balance: usd(12050), Reason: strings.Repeat("가", 300), Key: "K",
	})
	if err != nil || out.Refunded != usd(1250) || out.GatewayID != "tx9" {
		t.Fatalf("refund: %+v, %v", out, err)
	}
	sent := f.Only(t).Body
	if !strings.HasSuffix(sent, `","cancelAmount":12.50,"refundableAmount":120.50,"currency":"USD"}`) || strings.Count(sent, "가") != 200 || !utf8.ValidString(sent) {
		t.Errorf("sent %s", sent)
	}
}

func TestRefundRefused(t *testing.T) {
	tests := map[string]struct {
		re   reply
		want payments.Refusal
		busy bool
	}{
		"already refunded":         {refusal(400, "ALREADY_CANCELED_PAYMENT"), payments.Refusal{Key: "payment.failed", Settled: true}, false},
		"the acquirer says no":     {refusal(400, "REFUND_REJECTED"), payments.Refusal{Key: "payment.declined.card"}, false},
		"more than the balance":    {refusal(403, "NOT_CANCELABLE_AMOUNT"), payments.Refusal{Key: "payment.declined.amount"}, false},
		"another balance":          {refusal(400, "NOT_MATCHES_REFUNDABLE_AMOUNT"), payments.Refusal{Key: "payment.declined.amount"}, false},
		"too late":                 {refusal(403, "EXCEED_MAX_REFUND_DUE"), payments.Refusal{Key: "payment.declined.time"}, false},
		"two within a second":      {refusal(403, "FORBIDDEN_CONSECUTIVE_REQUEST"), payments.Refusal{Key: "payment.failed", Passing: true}, true},
		"temporary although 400":   {refusal(400, "PROVIDER_ERROR"), payments.Refusal{Key: "payment.failed", Passing: true}, false},
		"a stored fault of theirs": {refusal(500, "FAILED_REFUND_PROCESS"), payments.Refusal{Key: "payment.failed", Passing: true}, false},
		"unlisted code":            {refusal(400, "SOMETHING_NEW"), payments.Refusal{Key: "payment.failed", Passing: true}, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{cancelLine: tc.re})
			_, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000))
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused {
				t.Fatalf("error %v, want a refusal", err)
			}
			tc.want.Code = r.Code
			if *r != tc.want || errors.Is(err, payments.ErrBusy) != tc.busy || errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("%v: %+v, want %+v, busy %v", err, *r, tc.want, tc.busy)
			}
		})
	}
}

func TestRefundWithoutAnAnswer(t *testing.T) {
	tests := map[string]struct {
		re   reply
		want error
	}{
		"500 with an unlisted code": {refusal(500, "SOMETHING_NEW"), payments.ErrNoAnswer},
		"504 with HTML":             {reply{Status: 504, Body: "<html>", Kind: "text/html"}, payments.ErrNoAnswer},
		"about another payment":     {ok(strings.Replace(partly, "tviva20261101090000AbCd1", "tviva20261101090000Other", 1)), payments.ErrNoAnswer},
		"nothing went back":         {ok(paid), payments.ErrNoAnswer},
		"another currency":          {ok(strings.Replace(partly, `"KRW"`, `"USD"`, 1)), payments.ErrNoAnswer},
		"half an answer":            {ok(partly[:200]), payments.ErrNoAnswer},
		"still running":             {refusal(409, "IDEMPOTENT_REQUEST_PROCESSING"), payments.ErrRunning},
		"too many requests":         {reply{Status: 429}, payments.ErrBusy},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{cancelLine: tc.re})
			out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000))
			if r, refused := errors.AsType[*payments.Refusal](err); !errors.Is(err, tc.want) || (refused && !r.Passing) {
				t.Errorf("%+v, %v, want %v", out, err, tc.want)
			}
		})
	}
}

func TestRefundThatIsNotCarriedOutYet(t *testing.T) {
	f := newFake(t, map[string]reply{cancelLine: ok(strings.Replace(partly, `"cancelStatus": "DONE"`, `"cancelStatus": "IN_PROGRESS"`, 1))})
	if out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000)); err != nil || !out.Pending {
		t.Errorf("%+v, %v, want pending", out, err)
	}
}

func TestRefundSendsNothingThatCannotBeRight(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	for name, change := range map[string]func(*payments.RefundAttempt){
		"nothing":               func(r *payments.RefundAttempt) { r.Amount.Minor = 0 },
		"less than nothing":     func(r *payments.RefundAttempt) { r.Amount.Minor = -1 },
		"an unknown currency":   func(r *payments.RefundAttempt) { r.Amount.Cur = "MUSD" },
		"more than the balance": func(r *payments.RefundAttempt) { r.Amount.Minor = 150001 },
		"another currency":      func(r *payments.RefundAttempt) { r.Balance.Cur = registration.USD },
		"no payment key":        func(r *payments.RefundAttempt) { r.GatewayID = "" },
		"no idempotency key":    func(r *payments.RefundAttempt) { r.Key = "" },
	} {
		r := refundOf(50000)
		change(&r)
		if _, err := g.Refund(t.Context(), r); err == nil {
			t.Errorf("%s: refunded", name)
		}
	}
	if all := f.Requests(); len(all) != 0 {
		t.Errorf("sent %+v", all)
	}
}
