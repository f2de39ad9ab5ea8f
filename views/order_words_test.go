package views

import (
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// said renders a page of one order in both languages and looks for words in it.
func said(t *testing.T, page func(l registration.Lang) OrderPage, has, lacks []string) {
	t.Helper()
	for _, l := range bothLanguages {
		text := renderPage(t, Order(page(l))).Find("main").Text()
		for _, key := range has {
			if !strings.Contains(text, T(l, key)) {
				t.Errorf("%s: %q is not said", l, T(l, key))
			}
		}
		for _, key := range lacks {
			if strings.Contains(text, T(l, key)) {
				t.Errorf("%s: %q is said", l, T(l, key))
			}
		}
	}
}

func freeOrder(l registration.Lang) OrderPage {
	p := sampleOrderPage(l, registration.OrderPaid, "", "")
	p.Event.Refunds = registration.RefundPolicy{Steps: []registration.RefundStep{{Until: seoulNow, Percent: 100}}, Fee: pair(10000, 800)}
	p.Order.Prices, p.Charged, p.Offers, p.Cancel = pair(0, 0), pair(0, 0), nil, true
	p.Order.Registrations[0].Lines = []registration.Line{{Kind: registration.LineCategory, ID: "invited", Name: text("초청", "Invited"), Quantity: 1, Unit: pair(0, 0)}}
	return p
}

func TestAFreeOrderSpeaksOfNoMoney(t *testing.T) {
	said(t, freeOrder, []string{"price.free", "cancel.norefund"}, []string{"refund.rule.after", "tax.exempt"})
	for _, l := range bothLanguages {
		text := renderPage(t, Order(freeOrder(l))).Find("main").Text()
		if strings.Contains(text, "0원") || strings.Contains(text, "KRW 0") || strings.Contains(text, "USD 0.00") {
			t.Errorf("%s: a sum of nothing is written: %s", l, text)
		}
	}
}

func TestAPaidOrderOfWhichNothingGoesBackSaysSo(t *testing.T) {
	page := func(l registration.Lang) OrderPage {
		p := samplePaid(l, registration.OrderPaid)
		p.Back = usd(0)
		return p
	}
	said(t, page, []string{"cancel.nothing_back"}, nil)
	for _, l := range bothLanguages {
		if text := renderPage(t, Order(page(l))).Find("main").Text(); strings.Contains(text, "USD 0.00") {
			t.Errorf("%s: a refund of nothing is written", l)
		}
	}
}

func TestWhatIsPaidAtTheDeskIsSaid(t *testing.T) {
	for _, l := range bothLanguages {
		p := sampleOrderPage(l, registration.OrderPending, payments.AwaitingDeposit, "")
		p.Attempt.Deposit = &OrderDeposit{Method: payments.MethodOnSite}
		if text := renderPage(t, Order(p)).Find("#status").Text(); !strings.Contains(text, krw(310000).Format(l)) {
			t.Errorf("%s: the sum is not in %q", l, text)
		}
	}
}

func TestNobodyShowsTheirCodeAtAnEventThatDoesNotTakePlace(t *testing.T) {
	page := func(l registration.Lang) OrderPage {
		p := samplePaid(l, registration.OrderPaid)
		p.Event.State = registration.StateCancelled
		return p
	}
	said(t, page, []string{"status.called_off"}, []string{"order.pass.body", "order.calendar"})
}

func TestARefusedProofIsAskedForAgainOnlyWhereItCanBeSent(t *testing.T) {
	page := func(open bool) func(l registration.Lang) OrderPage {
		return func(l registration.Lang) OrderPage {
			p := sampleOrderPage(l, registration.OrderCancelled, "", "")
			p.Evidence = []OrderEvidence{{Registration: "r", Kind: registration.EvidenceStudentID, State: registration.EvidenceRefused, Open: open, Until: seoulNow.Add(time.Hour)}}
			return p
		}
	}
	said(t, page(false), []string{"evidence.again"}, []string{"evidence.state.refused"})
	said(t, page(true), []string{"evidence.state.refused"}, nil)
}

func TestNobodyWaitsForAnEventThatDoesNotTakePlace(t *testing.T) {
	for _, state := range []registration.WaitingState{registration.InLine, registration.WaitingOffered} {
		for _, l := range bothLanguages {
			e := sampleEvent()
			e.State = registration.StateCancelled
			doc := renderPage(t, WaitingEntry(WaitingEntryPage{Page: eventFrame(l, e, "/w/x/y", "waiting.entry.title"), Event: e, Path: "/w/x/y", State: state, Open: true}))
			if doc.Find("form").Length() > 0 || !strings.Contains(doc.Find("main").Text(), T(l, "event.cancelled")) {
				t.Errorf("%s %s: %s", l, state, doc.Find("main").Text())
			}
		}
	}
}

func TestACancellationAfterWhichNothingIsLeftSaysSo(t *testing.T) {
	for _, l := range bothLanguages {
		ready := sampleOrderPage(l, registration.OrderPaid, "", "")
		text := renderPage(t, OrderCancel(OrderCancelPage{Page: ready.Page, Event: ready.Event, Order: ready.Order, Path: ready.Path, Paid: krw(310000)})).Find("main").Text()
		if !strings.Contains(text, T(l, "cancel.all_back")) {
			t.Errorf("%s: %s", l, text)
		}
	}
}

func TestThePayerOfACalledOffEventReadsThatFirst(t *testing.T) {
	for _, l := range bothLanguages {
		p := samplePaid(l, registration.OrderPaid)
		p.Event.State, p.Notice = registration.StateCancelled, ""
		doc := renderPage(t, Order(p))
		if got := doc.Find("h1").Text(); got != T(l, "status.called_off") {
			t.Errorf("%s: the headline is %q", l, got)
		}
		if text := doc.Find("#status").Text(); !strings.Contains(text, p.Order.Payer.Email) {
			t.Errorf("%s: nothing is said of the money: %q", l, text)
		}
	}
}
