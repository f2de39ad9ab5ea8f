package stripe_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

const (
	refundLine  = "POST /v1/refunds"
	refundsLine = "GET /v1/refunds"
	gaveBack    = `{"id":"re_1","object":"refund","amount":30000,"currency":"krw","payment_intent":"pi_1","status":"succeeded",
		"metadata":{"refund":"r1"},"charge":{"id":"ch_1","amount_refunded":30000}}`
)

// after is the paid session when so much has gone back.
func after(minor string) reply {
	return ok(strings.Replace(paid, `"amount_refunded": 0`, `"amount_refunded": `+minor, 1))
}

func refundOf(n int64) payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: "r1", GatewayID: "cs_test_a1", OrderNo: "reg2026000123a1", Amount: won(n),
		Captured: won(330000), Balance: won(330000), Whole: n == 330000, Reason: "만찬 취소", Key: "REFUNDKEY1",
	}
}

func TestRefundSendsTheAmountUnderItsKey(t *testing.T) {
	f := newFake(t, map[string]reply{idLine: ok(paid), refundLine: ok(gaveBack)})
	g := connect(t, channel(f.URL))
	for range 2 {
		out, err := g.Refund(t.Context(), refundOf(30000))
		if want := (payments.RefundOutcome{GatewayID: "re_1", Refunded: won(30000)}); err != nil || out != want {
			t.Fatalf("refund: %+v, %v, want %+v", out, err, want)
		}
	}
	all := f.Requests()
	if want := []string{idLine, refundLine, idLine, refundLine}; !slices.Equal(f.Lines(), want) {
		t.Fatalf("asked %q", f.Lines())
	}
	want := map[string]string{
		"payment_intent": "pi_1", "amount": "30000", "reason": "requested_by_customer", "metadata[refund]": "r1",
		"metadata[order]": "reg2026000123a1", "metadata[reason]": "만찬 취소", "expand[0]": "charge",
	}
	for name, value := range want {
		if got := all[1].Form().Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if len(all[1].Form()) != len(want) || all[1].Body != all[3].Body || all[1].Header.Get("Idempotency-Key") != "REFUNDKEY1" {
		t.Errorf("sent %s, then %s", all[1].Body, all[3].Body)
	}
}

func TestRefundOfTheWholeNamesItsAmountToo(t *testing.T) {
	f := newFake(t, map[string]reply{idLine: ok(paid), refundLine: ok(strings.NewReplacer("30000", "330000", `{"id":"ch_1","amount_refunded":30000}`, `"ch_1"`).Replace(gaveBack))})
	out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(330000))
	if err != nil || out.Refunded != won(330000) || f.Requests()[1].Form().Get("amount") != "330000" {
		t.Fatalf("refund: %+v, %v, sent %v", out, err, f.Requests()[1].Form())
	}
}

func TestRefundThatWasMadeBefore(t *testing.T) {
	mine := `{"object":"list","has_more":false,"data":[` + strings.Replace(gaveBack, "re_1", "re_other", 1) + `]}`
	tests := map[string]struct {
		session reply
		list    string
		want    payments.RefundOutcome
		code    string
	}{
		"ours is among them":        {after("30000"), mine, payments.RefundOutcome{GatewayID: "re_other", Refunded: won(30000)}, ""},
		"ours, and a stranger's":    {after("80000"), mine, payments.RefundOutcome{GatewayID: "re_other", Refunded: won(80000)}, ""},
		"ours, not carried out":     {after("30000"), strings.Replace(mine, "succeeded", "pending", 1), payments.RefundOutcome{GatewayID: "re_other", Refunded: won(30000), Pending: true}, ""},
		"somebody else's":           {after("30000"), strings.Replace(mine, `"refund":"r1"`, `"refund":"r2"`, 1), payments.RefundOutcome{}, "other_balance"},
		"ours, but came to nothing": {after("30000"), strings.Replace(mine, "succeeded", "failed", 1), payments.RefundOutcome{}, "other_balance"},
		"somebody else's, smaller":  {after("100"), "", payments.RefundOutcome{}, "other_balance"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{idLine: tc.session, refundsLine: ok(tc.list)})
			out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(30000))
			r, _ := errors.AsType[*payments.Refusal](err)
			if out != tc.want || (tc.code == "") != (err == nil) || (r != nil && (r.Code != tc.code || r.Passing || r.Settled)) {
				t.Errorf("%+v, %v, want %+v, %q", out, err, tc.want, tc.code)
			}
			if slices.Contains(f.Lines(), refundLine) {
				t.Error("money was sent again")
			}
		})
	}
}

func TestRefundRefused(t *testing.T) {
	param := reply{Status: 400, Body: `{"error":{"type":"invalid_request_error","param":"amount","message":"x"}}`}
	tests := map[string]struct {
		re   reply
		want payments.Refusal
	}{
		"already refunded":         {refusal(400, "invalid_request_error", "charge_already_refunded"), payments.Refusal{Key: "payment.failed", Settled: true}},
		"more than what is left":   {param, payments.Refusal{Key: "payment.declined.amount"}},
		"disputed":                 {refusal(400, "invalid_request_error", "charge_disputed"), payments.Refusal{Key: "payment.failed"}},
		"the account has no money": {refusal(400, "invalid_request_error", "balance_insufficient"), payments.Refusal{Key: "payment.failed", Passing: true}},
		"same key, other words":    {refusal(400, "idempotency_error", ""), payments.Refusal{Key: "payment.channel"}},
		"wrong key":                {refusal(401, "invalid_request_error", ""), payments.Refusal{Key: "payment.channel"}},
		"unlisted, of no kind":     {refusal(400, "api_error", "something_new"), payments.Refusal{Key: "payment.failed", Passing: true}},
		"it came to nothing":       {ok(strings.Replace(gaveBack, `"succeeded"`, `"failed","failure_reason":"expired_or_canceled_card"`, 1)), payments.Refusal{Key: "payment.declined.card"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{idLine: ok(paid), refundLine: tc.re})
			_, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(30000))
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused || errors.Is(err, payments.ErrNoAnswer) {
				t.Fatalf("error %v, want a refusal", err)
			}
			tc.want.Code = r.Code
			if *r != tc.want || r.Code == "" {
				t.Errorf("%+v, want %+v", *r, tc.want)
			}
		})
	}
}

func TestRefundWithoutAnAnswer(t *testing.T) {
	fault := refusal(500, "api_error", "")
	tests := map[string]struct {
		re      reply
		want    error
		passing bool
	}{
		"500 of Stripe":         {fault, payments.ErrNoAnswer, true},
		"504 with HTML":         {reply{Status: 504, Body: "<html>", Kind: "text/html"}, payments.ErrNoAnswer, false},
		"half an answer":        {ok(gaveBack[:40]), payments.ErrNoAnswer, false},
		"cut":                   {reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 2")}, payments.ErrNoAnswer, false},
		"about another payment": {ok(strings.Replace(gaveBack, "pi_1", "pi_2", 1)), payments.ErrNoAnswer, false},
		"another amount":        {ok(strings.Replace(gaveBack, `"amount":30000`, `"amount":3000`, 1)), payments.ErrNoAnswer, false},
		"another currency":      {ok(strings.Replace(gaveBack, "krw", "usd", 1)), payments.ErrNoAnswer, false},
		"still running":         {refusal(409, "idempotency_error", "idempotency_key_in_use"), payments.ErrRunning, false},
		"another conflict":      {refusal(409, "api_error", ""), payments.ErrRunning, false},
		"the object is locked":  {refusal(409, "invalid_request_error", "lock_timeout"), payments.ErrBusy, false},
		"too many requests":     {reply{Status: 429}, payments.ErrBusy, false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{idLine: ok(paid), refundLine: tc.re})
			out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(30000))
			r, refused := errors.AsType[*payments.Refusal](err)
			if !errors.Is(err, tc.want) || refused != tc.passing || (refused && !r.Passing) {
				t.Errorf("%+v, %v, want %v", out, err, tc.want)
			}
		})
	}
}

func TestRefundNotCarriedOutYet(t *testing.T) {
	for _, word := range []string{"pending", "requires_action", "something_new"} {
		f := newFake(t, map[string]reply{idLine: ok(paid), refundLine: ok(strings.Replace(gaveBack, "succeeded", word, 1))})
		if out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(30000)); err != nil || !out.Pending {
			t.Errorf("%s: %+v, %v, want pending", word, out, err)
		}
	}
}

func TestRefundSendsNothingThatCannotBeRight(t *testing.T) {
	f := newFake(t, map[string]reply{idLine: ok(strings.NewReplacer("complete", "open", `"paid"`, `"unpaid"`).Replace(paid))})
	g := connect(t, channel(f.URL))
	for name, change := range map[string]func(*payments.RefundAttempt){
		"nothing":               func(r *payments.RefundAttempt) { r.Amount.Minor = 0 },
		"less than nothing":     func(r *payments.RefundAttempt) { r.Amount.Minor = -1 },
		"an unknown currency":   func(r *payments.RefundAttempt) { r.Amount.Cur = "MUSD" },
		"more than the balance": func(r *payments.RefundAttempt) { r.Amount.Minor = 330001 },
		"another balance":       func(r *payments.RefundAttempt) { r.Balance.Cur = registration.USD },
		"no session":            func(r *payments.RefundAttempt) { r.GatewayID = "" },
		"no idempotency key":    func(r *payments.RefundAttempt) { r.Key = "" },
		"a session not paid":    func(*payments.RefundAttempt) {},
	} {
		r := refundOf(30000)
		change(&r)
		if _, err := g.Refund(t.Context(), r); err == nil {
			t.Errorf("%s: refunded", name)
		}
	}
	if all := f.Lines(); !slices.Equal(all, []string{idLine}) {
		t.Errorf("sent %q", all)
	}
}
