package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/registration"
)

// callOff cancels an event whose orders could be changed and cancelled by attendees until now.
func (s *site) callOff() {
	s.t.Helper()
	e := changeable()
	e.State, e.StateText = registration.StateCancelled, registration.Text{Ko: "태풍 때문입니다.", En: "Because of a typhoon."}
	s.apply(e)
}

// wantCalledOff checks that an order's page says so and offers none of the forms.
func (b *browser) wantCalledOff(order string, forms ...string) answer {
	b.s.t.Helper()
	page := b.get(order).want(200)
	if text := page.doc().Find("main").Text(); !strings.Contains(text, "does not take place") || !strings.Contains(text, "Because of a typhoon.") {
		b.s.t.Errorf("the page does not say that the event is called off: %s", text)
	}
	for _, form := range forms {
		if page.doc().Find(form).Length() != 0 {
			b.s.t.Errorf("the page has %s", form)
		}
	}
	return page
}

func TestNobodyPaysForAnEventThatDoesNotTakePlace(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.register("student")
	before := b.get(order).want(200)
	handOver := b.start(order, "korea")
	window := b.get(handOver).want(200)
	s.callOff()
	b.wantCalledOff(order, "form#pay")
	b.submit(before, "pay", url.Values{"channel": {"overseas"}}).want(http.StatusConflict)
	if to := b.get(handOver).to(); to != order {
		t.Errorf("the hand-over leads to %s", to)
	}
	if to := b.submit(window, "launch-fallback", nil).to(); to != order {
		t.Errorf("starting without script leads to %s", to)
	}
	if n := s.count("payments"); n != 1 {
		t.Errorf("%d payments, want the one that was begun before", n)
	}
	s.clock.Pass(time.Hour)
	if n, err := s.store.ExpireHolds(t.Context()); err != nil || n != 1 {
		t.Fatalf("%d holds ended, %v", n, err)
	}
	b.wantCalledOff(order, "form#pay", "form#renew")
	b.post(order+"/renew", url.Values{"revision": {"x"}})
	if o := b.status(order); o["order"] != string(registration.OrderExpired) {
		t.Errorf("the order is %v, want expired", o["order"])
	}
}

func TestWhoHasPaidForAnEventThatDoesNotTakePlaceLosesNothingByCancelling(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	before := b.get(order).want(200)
	to, _ := before.doc().Find("#changes").Parent().Find("a").Attr("href")
	change := b.get(to).want(200)
	s.callOff()
	b.wantCalledOff(order, "form#cancel", "#changes")
	b.submit(before, "cancel", nil).to()
	b.post(order+"/cancel/confirm", url.Values{"nonce": {"x"}}).to()
	b.submit(change, "main", url.Values{"extra.banquet": {"1"}}).to()
	s.healthy()
	if o := b.status(order); o["order"] != string(registration.OrderPaid) || o["due"] != 0.0 || s.count("refunds") != 0 {
		t.Errorf("the order is %v with %d refunds, want it as it was", o, s.count("refunds"))
	}
}
