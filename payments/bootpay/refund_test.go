package bootpay_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
)

// gone is the receipt with a part of it given back.
func gone(t *testing.T, amount string) string {
	t.Helper()
	return changed(t, at("20"), `"cancelled_price":0`, `"cancelled_price":`+amount)
}

func TestRefundLooksThenCancels(t *testing.T) {
	f := newFake(t, map[string]reply{lookLine: ok(paid), cancelLine: ok(gone(t, "50000"))})
	out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000, 150000))
	if want := (payments.RefundOutcome{GatewayID: "REFUNDKEY1", Refunded: won(50000)}); err != nil || out != want {
		t.Fatalf("refund: %+v, %v", out, err)
	}
	if lines := f.WholeLines(); !slices.Equal(lines, []string{lookLine + "?lookup_user_data=false", cancelLine}) {
		t.Errorf("requests %v", lines)
	}
	want := `{"receipt_id":"` + receiptID + `","cancel_id":"REFUNDKEY1","cancel_price":50000,"cancel_username":"foyer","cancel_message":"만찬 취소"}`
	if got := f.Last(t).Body; got != want {
		t.Errorf("sent %s\nwant %s", got, want)
	}
}

func TestRefundOfTheRest(t *testing.T) {
	f := newFake(t, map[string]reply{lookLine: ok(gone(t, "50000")), cancelLine: ok(gone(t, "150000"))})
	r := refundOf(100000, 100000)
	r.Reason = " \n"
	out, err := connect(t, channel(f.URL)).Refund(t.Context(), r)
	if err != nil || out.Refunded != won(150000) || out.Pending {
		t.Errorf("refund: %+v, %v", out, err)
	}
	if body := f.Last(t).Body; !strings.Contains(body, `"cancel_price":100000`) || !strings.Contains(body, `"cancel_message":"refund"`) {
		t.Errorf("sent %s", body)
	}
}

func TestRefundThatIsWorkedOn(t *testing.T) {
	f := newFake(t, map[string]reply{lookLine: ok(paid).Then(ok(at("-30"))), cancelLine: ok(at("-30"))})
	g := connect(t, channel(f.URL))
	if out, err := g.Refund(t.Context(), refundOf(50000, 150000)); err != nil || !out.Pending {
		t.Errorf("refund: %+v, %v, want pending", out, err)
	}
	sent := len(f.WholeLines())
	if out, err := g.Refund(t.Context(), refundOf(50000, 150000)); !errors.Is(err, payments.ErrRunning) || len(f.WholeLines()) != sent+1 {
		t.Errorf("the same again: %+v, %v", out, err)
	}
}

// What the receipt says before keeps money from going back twice: nothing is sent.
func TestRefundThatIsNotSent(t *testing.T) {
	tests := map[string]struct {
		before string
		r      payments.RefundAttempt
		code   string
	}{
		"somebody gave a part back":      {gone(t, "30000"), refundOf(50000, 150000), "BALANCE_DIFFERS"},
		"an earlier send has done it":    {gone(t, "50000"), refundOf(50000, 150000), "BALANCE_DIFFERS"},
		"all of it is back":              {gone(t, "150000"), refundOf(150000, 150000), "RC_ALREADY_CANCELLED"},
		"more than is left":              {gone(t, "150000"), refundOf(150000, 0), "RC_ALREADY_CANCELLED"},
		"more than is left, unbalanced":  {gone(t, "140000"), refundOf(20000, 0), "MORE_THAN_IS_LEFT"},
		"nothing was charged":            {at("2"), refundOf(150000, 150000), "NOT_CHARGED"},
		"confirmation failed":            {at("-2"), refundOf(150000, 150000), "NOT_CHARGED"},
		"charged in another currency":    {changed(t, paid, "KRW", "JPY"), refundOf(150000, 150000), "CURRENCY_DIFFERS"},
		"amounts that contradict":        {gone(t, "150001"), refundOf(50000, 150000), "CURRENCY_DIFFERS"},
		"a receipt that nobody knows of": {"", refundOf(50000, 150000), "RC_NOT_FOUND"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			replies := map[string]reply{cancelLine: ok(gone(t, "150000"))}
			if tc.before != "" {
				replies[lookLine] = ok(tc.before)
			}
			f := newFake(t, replies)
			out, err := connect(t, channel(f.URL)).Refund(t.Context(), tc.r)
			r, refused := errors.AsType[*payments.Refusal](err)
			if !refused || r.Code != tc.code || r.Passing || r.Declined || r.Settled != (tc.code == "RC_ALREADY_CANCELLED") {
				t.Errorf("refund: %+v, %v", out, err)
			}
			if slices.Contains(f.WholeLines(), cancelLine) {
				t.Error("it was sent")
			}
		})
	}
}

func TestRefundThatIsRefused(t *testing.T) {
	tests := map[string]struct {
		code             string
		settled, passing bool
		unknown          bool
	}{
		"all of it is back":       {"RC_ALREADY_CANCELLED", true, false, false},
		"refused behind Bootpay":  {"RC_CANCEL_SERVER_ERROR", false, true, false},
		"a broken line":           {"RC_CANCEL_CRITICAL_ERROR", false, true, true},
		"a code nobody knows":     {"RC_CANCEL_ID_SEEN", false, true, true},
		"bad keys":                {"TOKEN_KEY_INVALID", false, false, false},
		"another project's":       {"RC_NOT_FOUND", false, false, false},
		"keys that do not belong": {"APP_SK_NOT_MATCHED", false, false, false},
	}
	for name, tc := range tests {
		f := newFake(t, map[string]reply{lookLine: ok(paid), cancelLine: refusal(500, tc.code)})
		_, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000, 150000))
		r, refused := errors.AsType[*payments.Refusal](err)
		if !refused || r.Code != tc.code || r.Settled != tc.settled || r.Passing != tc.passing || errors.Is(err, payments.ErrNoAnswer) != tc.unknown {
			t.Errorf("%s: %v, %+v", name, err, r)
		}
	}
}

func TestRefundWithoutAnAnswer(t *testing.T) {
	more := hostile(t)
	more["an answer that shows nothing"] = ok(paid)
	more["an answer that shows less"] = ok(gone(t, "49999"))
	more["an answer in another currency"] = ok(changed(t, gone(t, "50000"), "KRW", "USD"))
	more["refund failed"] = ok(at("-20"))
	for name, re := range more {
		if strings.HasPrefix(name, "a decline") || name == "a broken line" {
			continue // codes of a confirmation
		}
		f := newFake(t, map[string]reply{lookLine: ok(paid), cancelLine: re})
		out, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000, 150000))
		if !errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: %+v, %v, want no answer", name, out, err)
		}
		checkHush(t, err)
	}
	f := newFake(t, map[string]reply{lookLine: {Status: 502, Body: "<html>", Kind: "text/html"}})
	_, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(50000, 150000))
	if !errors.Is(err, payments.ErrBusy) || errors.Is(err, payments.ErrNoAnswer) || slices.Contains(f.WholeLines(), cancelLine) {
		t.Errorf("without an answer to the look-up: %v, requests %v", err, f.WholeLines())
	}
}

func TestRefundSendsNothingWithoutSense(t *testing.T) {
	tests := map[string]func(*payments.RefundAttempt){
		"no receipt":            func(r *payments.RefundAttempt) { r.GatewayID = "" },
		"no key":                func(r *payments.RefundAttempt) { r.Key = "" },
		"nothing":               func(r *payments.RefundAttempt) { r.Amount.Minor = 0 },
		"less than nothing":     func(r *payments.RefundAttempt) { r.Amount.Minor = -1 },
		"no currency":           func(r *payments.RefundAttempt) { r.Amount.Cur = "" },
		"more than the balance": func(r *payments.RefundAttempt) { r.Amount.Minor = 150001 },
		"another balance":       func(r *payments.RefundAttempt) { r.Balance.Cur = registration.USD },
	}
	for name, change := range tests {
		f := newFake(t, nil)
		r := refundOf(50000, 150000)
		change(&r)
		if _, err := connect(t, channel(f.URL)).Refund(t.Context(), r); err == nil || len(f.WholeLines()) != 0 {
			t.Errorf("%s: %v, requests %v", name, err, f.WholeLines())
		}
	}
}
