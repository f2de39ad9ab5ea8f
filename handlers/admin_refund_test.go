package handlers

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
	"foyer/store"
)

// taken is what the gateway's books say of a payment.
func (s *site) taken(p payments.Payment) sandbox.Payment {
	s.t.Helper()
	for _, x := range s.gateway.Books().Payments {
		if x.OrderID == p.OrderNo {
			return x
		}
	}
	s.t.Fatalf("the gateway does not know %s", p.OrderNo)
	panic("not reached")
}

// refunds lists an order's refunds as the store has them.
func (s *site) refunds(p payments.Payment) []payments.Refund {
	s.t.Helper()
	list, err := s.store.RefundsOf(s.t.Context(), p.OrderID)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

// refund goes through both steps of a refund and gives the order's page.
func (b *browser) refund(order string, p payments.Payment, amount string) answer {
	b.s.t.Helper()
	fields := url.Values{"reason": {"고객 요청"}}
	if amount != "" {
		fields.Set("amount", amount)
	}
	second := b.submit(b.get(order).want(200), "refund-"+p.ID, fields).want(200)
	return b.get(b.submit(second, "main", nil).to()).want(200)
}

func TestRefundInPartsAndTheRest(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	page := b.refund(order, p, "50,000")
	if !strings.Contains(page.body, "KRW 50,000") || page.doc().Find("#amount-"+p.ID).AttrOr("value", "") != "100000" {
		t.Error("the page does not show the refund and the rest")
	}
	if got := s.taken(p); got.Refunded != 50000 || len(got.Refunds) != 1 || got.Refunds[0].Reason != "고객 요청" {
		t.Errorf("the gateway gave back %+v", got.Refunds)
	}
	page = b.refund(order, p, "") // the form is filled with the rest
	if page.doc().Find("form#refund-"+p.ID).Length() != 0 {
		t.Error("nothing is left, and the form is still there")
	}
	if got := s.taken(p); got.Refunded != 150000 || len(got.Refunds) != 2 {
		t.Errorf("the gateway gave back %+v", got.Refunds)
	}
	for i, r := range s.refunds(p) {
		if r.State != payments.RefundDone || r.Source != payments.ByStaff || !strings.HasPrefix(r.Actor, "staff:admin.") || r.ReceiptNo == "" {
			t.Errorf("refund %d: %+v", i, r)
		}
	}
	if o, err := s.store.Order(t.Context(), p.OrderID); err != nil || o.State != registration.OrderPaid || s.sold() != 1 {
		t.Errorf("a refund is no cancellation: %v, %d places sold, %v", o.State, s.sold(), err)
	}
	s.healthy()
}

func TestRefundInDollarsIsWrittenWithCents(t *testing.T) {
	s := newSite(t)
	attendee := s.browser()
	attendee.pay(attendee.register("student"), "abroad", "visa")
	p := s.newest()
	order, b := s.admin(p.OrderID), s.staff(store.RoleOwner, "")
	if v := b.get(order).doc().Find("#amount-"+p.ID).AttrOr("value", ""); v != "120.00" {
		t.Errorf("filled with %q", v)
	}
	b.refund(order, p, "12.5")
	if got := s.taken(p); got.Refunded != 1250 {
		t.Errorf("the gateway gave back %d", got.Refunded)
	}
}

func TestRefundRefusesWhatCannotBe(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	tests := map[string]struct {
		amount, reason, want string
	}{
		"more than was taken": {"150001", "x", "The amount must be KRW 150,000 or less."},
		"nothing":             {"0", "x", "Enter the amount as a number above 0"},
		"negative":            {"-1", "x", "Enter the amount as a number above 0"},
		"no number":           {"much", "x", "Enter the amount as a number above 0"},
		"part of a won":       {"1000.5", "x", "Enter the amount as a number above 0"},
		"beyond int64":        {"99999999999999999999", "x", "Enter the amount as a number above 0"},
		"no amount":           {"", "x", "Enter the amount to refund."},
		"no reason":           {"1000", " ", "Enter the reason for the refund."},
		"a card number":       {"1000", "4242 4242 4242 4242", "looks like a card number was taken out"},
		"a long reason":       {"1000", strings.Repeat("가", 201), "Use 200 characters or fewer."},
	}
	page := b.get(order).want(200)
	for name, tc := range tests {
		fields := url.Values{"amount": {tc.amount}, "reason": {tc.reason}}
		a := b.submit(page, "refund-"+p.ID, fields)
		if a.status != 422 || !strings.Contains(a.body, tc.want) {
			t.Errorf("%s: %d without %q", name, a.status, tc.want)
			continue
		}
		if v := a.doc().Find("#amount-"+p.ID).AttrOr("value", ""); tc.amount != "" && v != tc.amount {
			t.Errorf("%s: the form holds %q", name, v)
		}
		if strings.Contains(a.body, "4242 4242") {
			t.Errorf("%s: is sent back", name)
		}
		second := url.Values{"amount": {tc.amount}, "reason": {tc.reason}, "nonce": {strings.Repeat("a", 64)}}
		if a := b.post(order+"/refund/"+p.ID+"/confirm", second); a.status != 422 {
			t.Errorf("%s, second step: %d", name, a.status)
		}
	}
	if a := b.post(order+"/refund/"+p.ID+"/confirm", url.Values{"amount": {"1000"}, "reason": {"x"}}); a.status != 422 {
		t.Errorf("without the number of the form: %d", a.status)
	}
	b.post(order+"/refund/none", url.Values{"amount": {"1000"}, "reason": {"x"}}).want(404)
	if s.count("refunds") != 0 || s.taken(p).Refunded != 0 {
		t.Error("money moved")
	}
}

func TestRefundTellsEveryMistakeAtOnce(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	page := b.get(order).want(200)
	for _, amount := range []string{"150001", "0", ""} {
		a := b.submit(page, "refund-"+p.ID, url.Values{"amount": {amount}, "reason": {""}}).want(422)
		var to []string
		for _, link := range a.doc().Find("#problems a").EachIter() {
			to = append(to, link.AttrOr("href", ""))
		}
		if want := []string{"#amount-" + p.ID, "#reason-" + p.ID}; !slices.Equal(to, want) {
			t.Errorf("for %q the summary leads to %v, want %v", amount, to, want)
		}
	}
}

func TestRefundTwiceIsOnce(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	fields := url.Values{"amount": {"40000"}, "reason": {"x"}}
	page := b.get(order).want(200)
	tab, other := b.submit(page, "refund-"+p.ID, fields).want(200), b.submit(page, "refund-"+p.ID, fields).want(200)
	var wg sync.WaitGroup
	for range 4 {
		for _, second := range []answer{tab, other} {
			action, fields := second.form("main")
			wg.Go(func() {
				if a := b.post(action, fields); a.status != 303 {
					t.Errorf("status %d", a.status)
				}
			})
		}
	}
	wg.Wait()
	if got := s.taken(p); got.Refunded != 40000 || len(s.refunds(p)) != 1 {
		t.Errorf("%d went back in %d refunds", got.Refunded, len(s.refunds(p)))
	}
	b.refund(order, p, "40000") // asked for again on purpose
	b.submit(tab, "main", nil).want(303)
	if got := s.taken(p); got.Refunded != 80000 || len(s.refunds(p)) != 2 {
		t.Errorf("%d went back in %d refunds", got.Refunded, len(s.refunds(p)))
	}
	s.healthy()
}

func TestRefundFromAStalePageTakesNoMoreThanIsLeft(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	stale := b.submit(b.get(order), "refund-"+p.ID, url.Values{"reason": {"all of it"}}).want(200)
	b.refund(order, p, "100000")
	if a := b.submit(stale, "main", nil).want(422); !strings.Contains(a.body, "The amount must be KRW 50,000 or less.") {
		t.Error("what is left is not said")
	}
	if got := s.taken(p).Refunded; got != 100000 {
		t.Errorf("%d went back", got)
	}
}

func TestRefundWithoutAnAnswerIsNotOfferedAgain(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	first := b.submit(b.get(order), "refund-"+p.ID, url.Values{"amount": {"30000"}, "reason": {"x"}}).want(200)
	stale := b.submit(b.get(order), "refund-"+p.ID, url.Values{"amount": {"20000"}, "reason": {"y"}}).want(200)
	s.gateway.Arm(sandbox.Fault{Kind: sandbox.FaultLost, Operation: sandbox.OpCancel, After: true})
	page := b.get(b.submit(first, "main", nil).to()).want(200)
	if page.doc().Find("form#refund-"+p.ID).Length() != 0 || !strings.Contains(page.body, "Not confirmed") {
		t.Error("the page does not say that the refund is not confirmed")
	}
	if a := b.submit(stale, "main", nil).want(409); !strings.Contains(a.body, "A refund is under way already.") {
		t.Error("the page does not say why not")
	}
	b.post(order+"/refund/"+p.ID, url.Values{"amount": {"1000"}, "reason": {"x"}}).want(409)
	b.submit(page, "lookup-"+p.ID, nil).want(303)
	if r := s.refunds(p); len(r) != 1 || r[0].State != payments.RefundDone || s.taken(p).Refunded != 30000 {
		t.Errorf("after looking again: %+v, %d went back", r, s.taken(p).Refunded)
	}
	if s.acts("looked_up") != 1 {
		t.Error("looking again is not written down")
	}
	s.healthy()
}

func TestRefundThatTheGatewayRefusesIsTold(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	// Somebody gave most of it back at the gateway's side, and nobody has told us yet.
	s.gatewayRefund(p, 140000)
	page := b.refund(order, p, "")
	r := s.refunds(p)
	if r[len(r)-1].State == payments.RefundDone {
		t.Fatalf("refunds: %+v", r)
	}
	if s.taken(p).Refunded != 140000 {
		t.Errorf("%d went back", s.taken(p).Refunded)
	}
	if !strings.Contains(page.body, "Refused") && !strings.Contains(page.body, "Not confirmed") {
		t.Error("the page says nothing of a refund that did not work")
	}
}

func TestRefundAnswersWhileTheGatewayIsSlow(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	second := b.submit(b.get(order), "refund-"+p.ID, url.Values{"reason": {"x"}}).want(200)
	s.gateway.Arm(sandbox.Fault{Kind: sandbox.FaultSlow, Operation: sandbox.OpCancel, Delay: settleWait + 1500*time.Millisecond})
	page := b.get(b.submit(second, "main", nil).to()).want(200)
	if !strings.Contains(page.body, "Sending") || page.doc().Find("form#refund-"+p.ID).Length() != 0 {
		t.Error("the page does not say that the refund is on its way")
	}
	if err := s.cashier.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if r := s.refunds(p); r[0].State != payments.RefundDone || s.taken(p).Refunded != 150000 {
		t.Errorf("in the end: %+v", r)
	}
}
