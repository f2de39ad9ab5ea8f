package portonev2_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/gatewaytest"
	"foyer/registration"
)

// part is a refund of 50,000 won of 150,000.
func part() payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: "r1", GatewayID: "019a3f1e-5c10-7b8a-9f00-1c2d3e4f5a6b", OrderNo: "reg2026000123a1",
		Amount: won(50000), Captured: won(150000), Balance: won(150000), Reason: "만찬 취소", Key: "REFUNDKEY1",
	}
}

// done is PortOne's answer to a cancel.
func done(status string) reply {
	return ok(`{"cancellation":{"status":"` + status + `","id":"c1","totalAmount":50000,"taxFreeAmount":0,"vatAmount":4545,"reason":"x","requestedAt":"2026-11-02T01:00:00Z"}}`)
}

// sent is the reason that the adapter writes for part.
func sent(t *testing.T) string {
	t.Helper()
	f := newFake(t, map[string]reply{readAt: ok(paid()), cancelAt: done("SUCCEEDED")})
	if _, err := connect(t, channel(f.URL)).Refund(t.Context(), part()); err != nil {
		t.Fatalf("refund: %v", err)
	}
	var body struct{ Reason string }
	if err := json.Unmarshal([]byte(f.Requests()[1].Body), &body); err != nil {
		t.Fatalf("read body: %v", err)
	}
	return body.Reason
}

func TestRefundReadsFirstAndNamesTheBalance(t *testing.T) {
	f := newFake(t, map[string]reply{readAt: ok(paid()), cancelAt: done("SUCCEEDED")})
	g := connect(t, channel(f.URL))
	out, err := g.Refund(t.Context(), part())
	if want := (payments.RefundOutcome{GatewayID: "c1", Refunded: won(50000)}); err != nil || out != want {
		t.Fatalf("refund: %+v, %v", out, err)
	}
	all := f.Requests()
	if len(all) != 2 || !strings.HasPrefix(all[0].Whole, readAt) || all[1].Whole != cancelAt {
		t.Fatalf("requests %+v", all)
	}
	body := all[1].Body
	if !strings.HasPrefix(body, `{"storeId":"store-test-demo","amount":50000,"reason":"만찬 취소 #`) || !strings.HasSuffix(body, `,"currentCancellableAmount":150000}`) {
		t.Errorf("body %s", body)
	}
	again := part()
	again.Key = "ANOTHERKEY"
	if _, err := g.Refund(t.Context(), again); err != nil {
		t.Fatalf("again: %v", err)
	}
	if second := f.Requests()[3].Body; second != body {
		t.Errorf("the same refund is other bytes: %s and %s", body, second)
	}
}

func TestRefundThatIsThereAlreadyIsNotSentAgain(t *testing.T) {
	mine, amount := sent(t), `"totalAmount":50000`
	with := func(status, reason string) string {
		return `{"status":"` + status + `","id":"c9",` + amount + `,"reason":"` + reason + `"}`
	}
	tests := map[string]struct {
		body    string
		pending bool
		code    string // of the refusal
		busy    bool
	}{
		"carried out":                  {cancelled("PARTIAL_CANCELLED", "50000", with("SUCCEEDED", mine)), false, "", false},
		"under way":                    {cancelled("PAID", "0", with("REQUESTED", mine)), true, "", false},
		"under way, its reason lost":   {cancelled("PAID", "0", with("REQUESTED", "x")), true, "", false},
		"refused in the end":           {cancelled("PAID", "0", with("FAILED", mine)), false, "CANCELLATION_FAILED", false},
		"refused first, then done":     {cancelled("PARTIAL_CANCELLED", "50000", with("FAILED", mine)+","+with("SUCCEEDED", mine)), false, "", false},
		"somebody else's is under way": {cancelled("PAID", "0", `{"status":"REQUESTED","id":"c8","totalAmount":7000,"reason":"x"}`), false, "", true},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{readAt: ok(tc.body), cancelAt: done("SUCCEEDED")})
			out, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
			r, refused := errors.AsType[*payments.Refusal](err)
			switch {
			case tc.busy:
				if !errors.Is(err, payments.ErrBusy) {
					t.Errorf("error %v, want busy", err)
				}
			case tc.code != "":
				if !refused || r.Code != tc.code || r.Passing || r.Settled {
					t.Errorf("error %v, refusal %+v", err, r)
				}
			case err != nil || out.Pending != tc.pending || out.GatewayID != "c9" || (!tc.pending && out.Refunded != won(50000)):
				t.Errorf("outcome %+v, %v", out, err)
			}
			f.Only(t) // the look-up alone
		})
	}
}

func TestRefundAfterAnotherOfTheSameAmountIsSent(t *testing.T) {
	body := cancelled("PARTIAL_CANCELLED", "50000", `{"status":"SUCCEEDED","id":"c0","totalAmount":50000,"reason":"earlier #AAAAAAAAAAAA"}`)
	f := newFake(t, map[string]reply{readAt: ok(body), cancelAt: done("SUCCEEDED")})
	r := part()
	r.Balance = won(100000)
	out, err := connect(t, channel(f.URL)).Refund(t.Context(), r)
	if err != nil || out.Refunded != won(100000) || out.GatewayID != "c1" {
		t.Errorf("outcome %+v, %v", out, err)
	}
}

func TestRefundAnswers(t *testing.T) {
	tests := map[string]struct {
		reply            reply
		noAnswer, busy   bool
		code             string
		settled, passing bool
		pending          bool
	}{
		"requested":               {reply: done("REQUESTED"), pending: true},
		"failed at once":          {reply: done("FAILED"), code: "CANCELLATION_FAILED"},
		"a state that is new":     {reply: done("NEW"), noAnswer: true},
		"another amount":          {reply: ok(`{"cancellation":{"status":"SUCCEEDED","id":"c","totalAmount":5000}}`), noAnswer: true},
		"no cancellation":         {reply: ok(`{}`), noAnswer: true},
		"already":                 {reply: refusal(409, "PAYMENT_ALREADY_CANCELLED"), code: "PAYMENT_ALREADY_CANCELLED", settled: true},
		"another balance":         {reply: refusal(409, "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"), code: "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN"},
		"more than is left":       {reply: refusal(409, "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"), code: "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT"},
		"the company says no":     {reply: refusal(502, "PG_PROVIDER"), code: "PG_PROVIDER", noAnswer: true, passing: true},
		"a type that is new":      {reply: refusal(409, "SOMETHING_NEW"), code: "SOMETHING_NEW", passing: true},
		"another secret":          {reply: refusal(401, "UNAUTHORIZED"), code: "UNAUTHORIZED"},
		"too many":                {reply: refusal(429, "TOO_MANY_REQUESTS"), busy: true},
		"a fault":                 {reply: refusal(500, "INTERNAL"), code: "INTERNAL", noAnswer: true, passing: true},
		"a proxy's page":          {reply: reply{Status: 502, Body: "<html>", Kind: "text/html"}, noAnswer: true},
		"cut":                     {reply: reply{Raw: gatewaytest.Broken(t, "HTTP/1.1 2")}, noAnswer: true},
		"too many cancels so far": {reply: refusal(409, "MAX_CANCEL_COUNT_REACHED"), code: "MAX_CANCEL_COUNT_REACHED"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := newFake(t, map[string]reply{readAt: ok(paid()), cancelAt: tc.reply})
			out, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
			r, refused := errors.AsType[*payments.Refusal](err)
			if errors.Is(err, payments.ErrNoAnswer) != tc.noAnswer || errors.Is(err, payments.ErrBusy) != tc.busy || refused != (tc.code != "") {
				t.Fatalf("error %v", err)
			}
			if refused && (r.Code != tc.code || r.Settled != tc.settled || r.Passing != tc.passing || r.Declined) {
				t.Errorf("refusal %+v", r)
			}
			if out.Pending != tc.pending || out.Refunded.Minor != 0 {
				t.Errorf("outcome %+v", out)
			}
			if n := len(f.Requests()); n != 2 {
				t.Errorf("%d requests, want a look-up and one cancel", n)
			}
		})
	}
}

func TestRefundOfWhatWasNotPaid(t *testing.T) {
	f := newFake(t, map[string]reply{readAt: ok(paid(`"PAID"`, `"READY"`)), cancelAt: done("SUCCEEDED")})
	_, err := connect(t, channel(f.URL)).Refund(t.Context(), part())
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "PAYMENT_NOT_PAID" || r.Passing {
		t.Errorf("error %v", err)
	}
	f.Only(t)
	gone := newFake(t, map[string]reply{cancelAt: done("SUCCEEDED")})
	_, err = connect(t, channel(gone.URL)).Refund(t.Context(), part())
	if r, refused := errors.AsType[*payments.Refusal](err); !refused || r.Code != "PAYMENT_NOT_FOUND" {
		t.Errorf("error %v", err)
	}
	gone.Only(t)
}

func TestRefundRefusesWhatCannotBeSent(t *testing.T) {
	f := newFake(t, nil)
	g := connect(t, channel(f.URL))
	for name, change := range map[string]func(*payments.RefundAttempt){
		"no order number":       func(r *payments.RefundAttempt) { r.OrderNo = "" },
		"a path":                func(r *payments.RefundAttempt) { r.OrderNo = "../x" },
		"no id":                 func(r *payments.RefundAttempt) { r.RefundID, r.Key = "", "" },
		"nothing":               func(r *payments.RefundAttempt) { r.Amount.Minor = 0 },
		"more than the balance": func(r *payments.RefundAttempt) { r.Balance = won(49999) },
		"another currency":      func(r *payments.RefundAttempt) { r.Balance.Cur = registration.USD },
		"no balance":            func(r *payments.RefundAttempt) { r.Balance = registration.Money{} },
	} {
		r := part()
		change(&r)
		if out, err := g.Refund(t.Context(), r); err == nil {
			t.Errorf("%s: %+v", name, out)
		}
	}
	if n := len(f.Requests()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}
