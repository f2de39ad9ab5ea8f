package handlers

import (
	"net/url"
	"strings"
	"sync"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// cancel opens the second step of a cancellation.
func (b *browser) cancel(order string) answer {
	b.s.t.Helper()
	return b.submit(b.get(order).want(200), "cancel", url.Values{"reason": {"행사 변경"}}).want(200)
}

func TestCancelGivesPlacesAndMoneyBackOnce(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleOwner, "")
	second := b.cancel(order)
	if s.sold() != 1 || s.count("refunds") != 0 {
		t.Error("the first step has an effect")
	}
	action, fields := second.form("main")
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if a := b.post(action, fields); a.status != 303 {
				t.Errorf("status %d", a.status)
			}
		})
	}
	wg.Wait()
	o, err := s.store.Order(t.Context(), p.OrderID)
	if err != nil || o.State != registration.OrderCancelled || s.sold() != 0 {
		t.Errorf("order %s, %d places sold, %v", o.State, s.sold(), err)
	}
	if r := s.refunds(p); len(r) != 1 || r[0].State != payments.RefundDone || r[0].Amount.Minor != 150000 || s.taken(p).Refunded != 150000 {
		t.Errorf("refunds: %+v", r)
	}
	page := b.get(order).want(200)
	if page.doc().Find("form#cancel").Length() != 0 || !strings.Contains(page.body, "행사 변경") {
		t.Error("the page still offers to cancel, or does not say why it was")
	}
	if to := b.post(order+"/cancel", fields).to(); to != order+"?saved=cancelled" {
		t.Errorf("cancelling what is cancelled leads to %s", to)
	}
	s.healthy()
}

func TestCancelMayKeepTheMoney(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	b.submit(b.cancel(order), "main", url.Values{"refund": {"none"}}).want(303)
	if s.count("refunds") != 0 || s.sold() != 0 || s.taken(p).Refunded != 0 {
		t.Errorf("%d refunds, %d places sold", s.count("refunds"), s.sold())
	}
	b.refund(order, p, "50000") // a cancelled order's money can still go back
	if s.taken(p).Refunded != 50000 {
		t.Errorf("%d went back", s.taken(p).Refunded)
	}
	s.healthy()
}

func TestCancelAfterAPartRefundGivesTheRestBack(t *testing.T) {
	s := newSite(t)
	order, p := s.paid("student")
	b := s.staff(store.RoleAdmin, slug)
	b.refund(order, p, "50000")
	second := b.cancel(order)
	if !strings.Contains(second.body, "KRW 100,000") {
		t.Error("the rest is not said")
	}
	b.submit(second, "main", nil).want(303)
	if s.taken(p).Refunded != 150000 || len(s.refunds(p)) != 2 {
		t.Errorf("%d went back in %d refunds", s.taken(p).Refunded, len(s.refunds(p)))
	}
}

func TestCancelWhatIsNotPaid(t *testing.T) {
	s := newSite(t)
	o := s.ordered(s.event(slug), registration.Person{Name: "김서연", Email: "seoyeon@example.org"}, registration.Cart{Category: "student"})
	b, order := s.staff(store.RoleAdmin, slug), s.admin(o.ID)
	if a := b.submit(b.get(order), "cancel", url.Values{"reason": {" "}}).want(422); !strings.Contains(a.body, "Enter the reason for cancelling.") {
		t.Error("the page does not ask for the reason")
	}
	second := b.cancel(order)
	if !strings.Contains(second.body, "There is no money to refund") {
		t.Error("the page speaks of money")
	}
	b.submit(second, "main", nil).want(303)
	if o, err := s.store.Order(t.Context(), o.ID); err != nil || o.State != registration.OrderCancelled {
		t.Errorf("order: %v, %v", o.State, err)
	}
}

func TestCancelAfterTheHoldRanOutIsRefused(t *testing.T) {
	s := newSite(t)
	o := s.ordered(s.event(slug), registration.Person{Name: "김서연", Email: "seoyeon@example.org"}, registration.Cart{Category: "student"})
	b, order := s.staff(store.RoleAdmin, slug), s.admin(o.ID)
	second := b.cancel(order)
	s.clock.Pass(60 * 60e9)
	if _, err := s.store.ExpireHolds(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.submit(second, "main", nil).want(409)
	b.post(order+"/cancel", url.Values{"reason": {"x"}}).want(409)
}

// TestACancellationIsShownAgainWhenMoneyCameMeanwhile lets the attendee pay while staff reads that there is nothing to give back.
func TestACancellationIsShownAgainWhenMoneyCameMeanwhile(t *testing.T) {
	s := newSite(t)
	attendee := s.browser()
	mine := attendee.register("student")
	handOver := attendee.start(mine, "korea")
	p := s.newest()
	order, b := s.admin(p.OrderID), s.staff(store.RoleOwner, "")
	stale := b.cancel(order)
	if !strings.Contains(stale.body, "A payment is still open.") {
		t.Error("nobody says that a payment is under way")
	}
	attendee.get(attendee.window(handOver, "kr")).to()
	again := b.submit(stale, "main", nil).want(409)
	if o, err := s.store.Order(t.Context(), p.OrderID); err != nil || o.State != registration.OrderPaid {
		t.Fatalf("the order is %s (%v), though nobody saw its money", o.State, err)
	}
	if again.doc().Find("input#refund-rest[checked]").Length() != 1 {
		t.Error("the whole is not what is proposed")
	}
	for name, wrong := range map[string]url.Values{"a form of nobody": {"nonce": {"made-up"}}, "another choice": {"refund": {"bogus"}}, "another sum": {"kept": {"1KRW"}}} {
		if a := b.submit(again, "main", wrong); a.status != 422 && a.status != 409 {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if s.count("refunds") != 0 || s.sold() != 1 {
		t.Error("a wrong form has an effect")
	}
	b.submit(again, "main", nil).want(303)
	if s.taken(p).Refunded != 150000 || s.sold() != 0 {
		t.Errorf("refunded %d, %d places sold", s.taken(p).Refunded, s.sold())
	}
	s.healthy()
}
