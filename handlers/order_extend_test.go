package handlers

import (
	"strings"
	"testing"
	"time"

	"foyer/registration"
)

// holdOf is the end of the only order's hold.
func (s *site) holdOf() time.Time {
	s.t.Helper()
	var until int64
	if err := s.store.Row(s.t.Context(), `SELECT hold_until FROM orders`).Scan(&until); err != nil {
		s.t.Fatal(err)
	}
	return time.UnixMilli(until).UTC()
}

func TestAttendeesKeepTheirPlacesLongerUpToTheLimit(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	placed := s.clock.Now()
	page := b.get(order).want(200)
	if !strings.Contains(page.body, "18:20 KST") {
		t.Fatalf("the page does not name the hold's end: %s", page.doc().Find("#status").Text())
	}
	for range 2 { // a double click
		if to := b.submit(page, "extend", nil).to(); to != order {
			t.Fatalf("led to %s", to)
		}
	}
	if want := placed.Add(40 * time.Minute); !s.holdOf().Equal(want) {
		t.Fatalf("held until %v, want %v", s.holdOf(), want)
	}
	for range 4 {
		b.submit(b.get(order).want(200), "extend", nil).to()
	}
	if want := placed.Add(2 * time.Hour); !s.holdOf().Equal(want) {
		t.Fatalf("held until %v, want the limit %v", s.holdOf(), want)
	}
	if b.get(order).want(200).doc().Find("form#extend").Length() != 0 {
		t.Error("the page offers what cannot be had any more")
	}
	b.post(order+"/extend", map[string][]string{"until": {"x\x00"}}).want(303)
}

func TestAnEndedHoldCannotBeMadeLonger(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	page := b.get(order).want(200)
	s.clock.Pass(20 * time.Minute)
	b.submit(page, "extend", nil).to()
	if _, err := s.store.ExpireHolds(t.Context()); err != nil {
		t.Fatal(err)
	}
	if state := b.status(order)["order"]; state != string(registration.OrderExpired) {
		t.Errorf("the order is %v", state)
	}
}
