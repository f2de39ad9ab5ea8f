package views

import (
	"slices"
	"strings"
	"testing"

	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
)

// fields lists name and value of a form's fields.
func fields(f *goquery.Selection) map[string]string {
	all := map[string]string{}
	f.Find("input[name]:not([type=radio]), input[type=radio][checked]").Each(func(_ int, s *goquery.Selection) {
		all[s.AttrOr("name", "")] = s.AttrOr("value", "")
	})
	return all
}

func TestRefundFormsAreFilledWithTheRest(t *testing.T) {
	doc := renderStaff(t, AdminOrder(sampleOrder(registration.English)))
	tests := map[string]string{"p2": "200000", "p3": "200.00"}
	for id, rest := range tests {
		f := doc.Find("form#refund-" + id)
		if got := fields(f); got["amount"] != rest || len(got) != 2 {
			t.Errorf("refund-%s has %v, want amount %s and reason", id, got, rest)
		}
		if want := AdminRefundPath("apsys-2027", "K7Q4-M2XD", id); f.AttrOr("action", "") != want {
			t.Errorf("refund-%s posts to %s, want %s", id, f.AttrOr("action", ""), want)
		}
	}
}

func TestRefundIsNotOfferedWithoutMoneyOrWhileOneIsUnderWay(t *testing.T) {
	doc := renderStaff(t, AdminOrder(sampleOrder(registration.English)))
	for id, why := range map[string]string{"p1": "failed", "p4": "unknown", "p5": "one under way", "p6": "nothing left"} {
		if doc.Find("form#refund-"+id).Length() != 0 {
			t.Errorf("a refund of %s is offered: %s", id, why)
		}
	}
	if got := doc.Find("#payment-p5").Text(); !strings.Contains(got, T(registration.English, "admin.payment.under_way")) {
		t.Error("the payment with a refund under way does not say why there is no form")
	}
}

func TestOnlyUnsettledPaymentsCanBeLookedUp(t *testing.T) {
	doc := renderStaff(t, AdminOrder(sampleOrder(registration.English)))
	var ids []string
	doc.Find("form[id^=lookup-]").Each(func(_ int, f *goquery.Selection) { ids = append(ids, f.AttrOr("id", "")) })
	if !slices.Equal(ids, []string{"lookup-p4"}) {
		t.Errorf("look-ups: %v", ids)
	}
}

func TestWhoMayNotActSeesNoForms(t *testing.T) {
	doc := renderStaff(t, AdminOrder(sampleReadOnly(registration.English)))
	if n := doc.Find("main form:not(.console-signout)").Length(); n != 0 {
		t.Errorf("%d forms", n)
	}
	if doc.Find("#payments").Parent().Find("article").Length() != 6 {
		t.Error("the payments are not all shown")
	}
}

func TestCancelIsOfferedWhileTheOrderCanBeCancelled(t *testing.T) {
	for state, want := range map[registration.OrderState]int{
		registration.OrderPending: 1, registration.OrderPaid: 1, registration.OrderExpired: 0, registration.OrderCancelled: 0,
	} {
		p := sampleOrder(registration.English)
		p.State = state
		f := renderStaff(t, AdminOrder(p)).Find("form#cancel")
		if f.Length() != want {
			t.Errorf("%s: %d cancel forms, want %d", state, f.Length(), want)
		}
		if _, ok := fields(f)["reason"]; want == 1 && !ok {
			t.Errorf("%s: no reason field", state)
		}
	}
}

func TestRefusedFormKeepsWhatWasTyped(t *testing.T) {
	doc := renderStaff(t, AdminOrder(sampleRefused(registration.English)))
	f := doc.Find("form#refund-p2")
	if got := fields(f)["amount"]; got != "999999" {
		t.Errorf("amount %q", got)
	}
	if got := f.Find("#amount-p2-error").Text(); !strings.Contains(got, "KRW 200,000") {
		t.Errorf("error %q", got)
	}
}

func TestSecondStepOfRefundRepeatsTheAmount(t *testing.T) {
	for l, want := range map[registration.Lang]string{registration.Korean: "110,000원 환불", registration.English: "Refund KRW 110,000"} {
		f := renderStaff(t, AdminRefund(sampleRefund(l))).Find("form#main")
		if got := f.Find("button.danger").Text(); got != want {
			t.Errorf("%s: button %q, want %q", l, got, want)
		}
		got := fields(f)
		if got["amount"] != "110000" || got["reason"] != hostile || got["nonce"] != "n0nce" {
			t.Errorf("%s: fields %v", l, got)
		}
	}
	if got := fields(renderStaff(t, AdminRefund(sampleSurplusRefund(registration.English))).Find("form#main"))["amount"]; got != "12.50" {
		t.Errorf("amount in dollars %q", got)
	}
}

func TestSecondStepOfCancelAsksForTheRestUnlessToldOtherwise(t *testing.T) {
	l := registration.English
	tests := map[string]struct {
		page AdminCancelPage
		want string
	}{
		"money is held":       {sampleCancel(l, krw(110000), usd(1250)), "rest"},
		"no money is held":    {sampleCancel(l), "none"},
		"no refund was asked": {func() AdminCancelPage { p := sampleCancel(l, krw(1)); p.Refund = "none"; return p }(), "none"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := fields(renderStaff(t, AdminCancel(tc.page)).Find("form#main"))
			if got["refund"] != tc.want || got["reason"] != hostile || got["nonce"] != "n0nce" {
				t.Errorf("fields %v, want refund %s", got, tc.want)
			}
		})
	}
}

func TestSlipThatIsNoWebAddressIsLeftOut(t *testing.T) {
	for address, want := range map[string]bool{
		"https://example.org/slip?a=1": true, "http://127.0.0.1:9100/slip": true, "javascript:alert(1)": false,
		"JAVASCRIPT:alert(1)": false, "data:text/html,x": false, "//example.org/": false, "": false, "https:": false,
	} {
		if got := isWeb(address); got != want {
			t.Errorf("isWeb(%q) = %v", address, got)
		}
	}
}
