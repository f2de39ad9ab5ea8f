package views

import (
	"slices"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
)

func TestStatusOf(t *testing.T) {
	tests := map[string]struct {
		order  registration.OrderState
		pay    payments.State // "" for none
		reason string
		want   OrderStatus
	}{
		"nothing tried":                    {registration.OrderPending, "", "", StatusReady},
		"window open":                      {registration.OrderPending, payments.Started, "", StatusHandedOver},
		"window closed by the payer":       {registration.OrderPending, payments.Started, "payment.cancelled", StatusStopped},
		"browser reports a failure":        {registration.OrderPending, payments.Started, "payment.declined.card", StatusFailed},
		"asking the gateway":               {registration.OrderPending, payments.Confirming, "", StatusConfirming},
		"no answer":                        {registration.OrderPending, payments.Unknown, "payment.cancelled", StatusUnknown},
		"no answer, places gone":           {registration.OrderExpired, payments.Unknown, "", StatusUnknown},
		"declined":                         {registration.OrderPending, payments.Failed, "payment.declined.limit", StatusFailed},
		"stopped for good":                 {registration.OrderPending, payments.Failed, "payment.cancelled", StatusStopped},
		"window lapsed":                    {registration.OrderPending, payments.Abandoned, "payment.lapsed", StatusReady},
		"waits for a deposit":              {registration.OrderPending, payments.AwaitingDeposit, "", StatusDeposit},
		"deposit never came":               {registration.OrderPending, payments.Expired, "", StatusReady},
		"paid":                             {registration.OrderPaid, payments.Confirmed, "", StatusPaid},
		"paid, then tried again":           {registration.OrderPaid, payments.Failed, "", StatusPaid},
		"free":                             {registration.OrderPaid, "", "", StatusPaid},
		"hold over":                        {registration.OrderExpired, payments.Started, "", StatusExpired},
		"hold over, nothing tried":         {registration.OrderExpired, "", "", StatusExpired},
		"money for places that are gone":   {registration.OrderExpired, payments.Surplus, "", StatusSurplus},
		"money that does not fit":          {registration.OrderPending, payments.Surplus, "", StatusPayAgain},
		"cancelled after being paid":       {registration.OrderCancelled, payments.Confirmed, "", StatusCancelled},
		"one charge paid, another is open": {registration.OrderPending, payments.Confirmed, "", StatusReady},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			var newest *OrderAttempt
			if tc.pay != "" {
				newest = &OrderAttempt{State: tc.pay, Reason: tc.reason}
			}
			if got := StatusOf(tc.order, newest); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestPaidPageSaysWhatWentBack(t *testing.T) {
	for _, l := range bothLanguages {
		for refunded, want := range map[int64]string{0: "status.paid", 60000: "status.paid", 310000: "status.refunded"} {
			p := samplePaid(l, registration.OrderPaid)
			p.Received, p.Refunded = krw(310000), krw(refunded)
			block := renderStaff(t, Order(p)).Find("#status")
			if got := block.Find("h1").Text(); got != T(l, want) {
				t.Errorf("%d back: headline %q", refunded, got)
			}
			if got := block.HasClass("warn"); got != (refunded == 310000) {
				t.Errorf("%d back: warns %v", refunded, got)
			}
			if got := strings.Contains(block.Text(), T(l, "status.paid.refunded", "amount", krw(60000))); got != (refunded == 60000) {
				t.Errorf("%d back: the part is told %v", refunded, got)
			}
		}
	}
}

func TestWhoHasGivenBackAllThatCostSomethingIsSimplyRegistered(t *testing.T) {
	for _, l := range bothLanguages {
		p := samplePaid(l, registration.OrderPaid)
		for i := range p.Order.Registrations {
			p.Order.Registrations[i].Lines = []registration.Line{{Kind: registration.LineCategory, ID: "member", Quantity: 1, Unit: registration.Prices{registration.KRW: 0}}}
		}
		p.Received, p.Refunded = krw(60000), krw(60000)
		if got := renderStaff(t, Order(p)).Find("#status h1").Text(); got != T(l, "status.paid") {
			t.Errorf("headline %q", got)
		}
	}
}

func TestNobodyIsAskedToPayTwice(t *testing.T) {
	for _, name := range []string{"order-confirming", "order-unknown", "order-paid", "order-surplus", "order-cancelled", "order-expired"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			if doc.Find("form#pay, input[name=channel]").Length() > 0 {
				t.Error("a payment can be started")
			}
		})
	}
}

func TestWhatWaitsForMoneyIsNotOfferedAsAnotherWay(t *testing.T) {
	inUse := func(s payments.State, over bool, n int) OrderPage {
		p := sampleOrderPage(registration.English, registration.OrderPending, s, "")
		p.Attempt.Over, p.Offers = over, slices.Clone(p.Offers[:n])
		p.Offers[0].InUse = !over
		return p
	}
	for name, tc := range map[string]struct {
		page         OrderPage
		ways, legend string
	}{
		"window open":                 {inUse(payments.Started, false, 2), "overseas korea", "pay.choose"},
		"window over":                 {inUse(payments.Started, true, 2), "overseas korea", "pay.choose"},
		"deposit, another way":        {inUse(payments.AwaitingDeposit, false, 2), "overseas", "pay.other"},
		"deposit, no other way":       {inUse(payments.AwaitingDeposit, false, 1), "", ""},
		"deposit that takes no money": {inUse(payments.AwaitingDeposit, true, 1), "korea", "pay.other"},
	} {
		doc := renderStaff(t, Order(tc.page))
		var got []string
		doc.Find("#pay input[name=channel]").Each(func(_ int, s *goquery.Selection) { got = append(got, s.AttrOr("value", "")) })
		legend := ""
		if tc.legend != "" {
			legend = T(registration.English, tc.legend)
		}
		if ways, said := strings.Join(got, " "), doc.Find("#pay legend").First().Text(); ways != tc.ways || said != legend {
			t.Errorf("%s: %q offers %q", name, said, ways)
		}
	}
}

func TestNotChargedIsSaidOnlyWhenTheGatewaySaidSo(t *testing.T) {
	for name, want := range map[string]bool{"order-failed": true, "order-reported": false, "order-unknown": false, "order-stopped": false, "order-expired": false} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			l := registration.Lang(doc.Find("html").AttrOr("lang", ""))
			if got := strings.Contains(doc.Find("main").Text(), T(l, "status.failed.uncharged")); got != want {
				t.Errorf("said: %v, want %v", got, want)
			}
		})
	}
}

func TestPollingPagesHaveAWayToNewsWithoutScript(t *testing.T) {
	eachPage(t, func(t *testing.T, name string, doc *goquery.Document) {
		if doc.Find("#status[data-poll^='/']").Length() == 0 || name == "order-handed" {
			return
		}
		l := registration.Lang(doc.Find("html").AttrOr("lang", ""))
		if doc.Find("main a").FilterFunction(func(_ int, a *goquery.Selection) bool { return a.Text() == T(l, "status.refresh") }).Length() != 1 {
			t.Error("no link to check again")
		}
	})
	for _, name := range []string{"order-confirming", "paystatus-confirming"} {
		inBoth(t, name, func(t *testing.T, doc *goquery.Document) {
			if doc.Find("#status [role=status]").Length() != 1 || doc.Find(`script[src*="/status."]`).Length() != 1 {
				t.Error("the state is not announced or not polled")
			}
		})
	}
}

func TestPayChoicesAreInTheReadersOrder(t *testing.T) {
	want := map[registration.Lang]string{registration.Korean: "korea overseas", registration.English: "overseas korea"}
	inBoth(t, "order-ready", func(t *testing.T, doc *goquery.Document) {
		var got []string
		doc.Find("input[name=channel]").Each(func(_ int, s *goquery.Selection) { got = append(got, s.AttrOr("value", "")) })
		if l := registration.Lang(doc.Find("html").AttrOr("lang", "")); strings.Join(got, " ") != want[l] {
			t.Errorf("order %v", got)
		}
		if prices := doc.Find("#pay .money").Text(); !strings.Contains(prices, "310,000") || !strings.Contains(prices, "USD 248.00") {
			t.Errorf("each way must show its own sum: %q", prices)
		}
	})
}

func TestTimelineLeavesOutWhatConcernsNobody(t *testing.T) {
	for in, want := range map[[3]string]string{
		{"order", "", "pending"}:                  "timeline.order.pending",
		{"order", "expired", "pending"}:           "timeline.order.renewed",
		{"payment", "started", "abandoned"}:       "timeline.payment.abandoned",
		{"payment", "started", "confirming"}:      "",
		{"payment", "confirming", "confirmed"}:    "timeline.payment.confirmed",
		{"receipt", "", "TEST-apsys-2027-R-0001"}: "",
	} {
		if got := TimelineKey(in[0], in[1], in[2]); got != want {
			t.Errorf("%v: %q, want %q", in, got, want)
		}
	}
}
