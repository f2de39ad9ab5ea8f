package views

import (
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
)

func TestStaffKnowWhereTheReasonOfARefundIsReadBeforeTheyWriteIt(t *testing.T) {
	for _, l := range bothLanguages {
		p := sampleOrder(l)
		for _, tc := range []struct {
			state   payments.State
			printed bool // there is a correction document
		}{{payments.Confirmed, true}, {payments.Surplus, false}} {
			p.Payments[1].State = string(tc.state)
			hint := renderStaff(t, AdminOrder(p)).Find("#reason-" + p.Payments[1].ID + "-hint").Text()
			if strings.Contains(hint, T(l, "admin.refund.reason_printed")) != tc.printed {
				t.Errorf("%s: %q", tc.state, hint)
			}
		}
		if hint := renderStaff(t, AdminOrder(p)).Find("#cancel-reason-hint").Text(); !strings.Contains(hint, T(l, "admin.cancel.reason_printed")) {
			t.Errorf("cancelling: %q", hint)
		}
		p.State, p.Money = registration.OrderPending, AdminMoney{Charged: []registration.Money{krw(100)}}
		if hint := renderStaff(t, AdminOrder(p)).Find("#cancel-reason-hint").Text(); hint != T(l, "admin.cancel.reason_hint") {
			t.Errorf("cancelling an unpaid order: %q", hint)
		}
	}
}

func TestAReasonIsAskedForWhatIsOfferedOnly(t *testing.T) {
	for _, l := range bothLanguages {
		p := NewOrderPage{Page: samplePage(l, ""), Nav: sampleNav(""), Event: sampleEvent()}
		for _, tc := range []struct {
			money bool
			ways  []ConsoleOption
			key   string
		}{{false, nil, "handmade.reason_hint.invited"}, {true, nil, "handmade.reason_hint.unpaid"}, {true, []ConsoleOption{{"desk.on_site", "x"}}, "handmade.reason_hint"}} {
			p.Money, p.Ways = tc.money, tc.ways
			if hint := renderStaff(t, NewOrder(p)).Find("#reason-hint").Text(); hint != T(l, tc.key) {
				t.Errorf("%s: %q", tc.key, hint)
			}
		}
	}
}
