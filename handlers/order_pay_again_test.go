package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/store"
)

// declared goes through both steps in which staff say what became of a payment or a refund.
func (b *browser) declared(admin, id string, fields url.Values) {
	b.s.t.Helper()
	second := b.submit(b.get(admin).want(200), "declare-"+id, fields).want(http.StatusOK)
	b.submit(second, "main", nil).to()
}

func TestWhoTransferredAWrongAmountCanPayAgainAndLaterCancel(t *testing.T) {
	s := deskSite(t)
	b, admin := s.browser(), s.staff(store.RoleAdmin, slug)
	order := b.register("student")
	b.start(order, "desk")
	p := s.newest()
	day := s.clock.Now().In(s.event(slug).Location()).AddDate(0, 0, -1)
	admin.declared(s.admin(p.OrderID), p.ID, url.Values{"outcome": {"came"}, "amount": {"140000"}, "reason": {"seen"}, "came": {day.Format(time.DateOnly)}})
	if text := admin.get(s.admin(p.OrderID)).want(200).doc().Find("#payment-" + p.ID).Text(); !strings.Contains(text, "Received on"+day.Format("Mon 2 Jan 2006")) {
		t.Errorf("staff read of the money: %s", text)
	}
	if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	page := b.get(order).want(200).doc()
	if text := page.Find("#status").Text(); !strings.Contains(text, "KRW 140,000 came, but KRW 150,000 was asked for") || strings.Contains(text, "Do not pay again") {
		t.Errorf("the page says: %s", text)
	}
	if page.Find("form#pay").Length() != 1 || page.Find("form#cancel").Length() != 0 {
		t.Error("while the money goes back the page should let pay, and not cancel")
	}
	if n := page.Find("main button.button:not(.secondary)").Length(); n != 1 {
		t.Errorf("%d buttons are the first to press", n)
	}
	admin.declared(s.admin(p.OrderID), s.refunds(p)[0].ID, url.Values{"outcome": {"done"}, "reason": {"sent"}})
	page = b.get(order).want(200).doc()
	if text := page.Find("#status").Text(); !strings.Contains(text, "has been refunded") || page.Find("form#pay").Length() != 1 || page.Find("form#cancel").Length() != 1 {
		t.Errorf("once the money is back the page should let pay and cancel, and says: %s", text)
	}
	b.pay(order, "korea", "kr")
	if got := b.status(order); got["order"] != "paid" || got["due"] != 0.0 {
		t.Errorf("status %v", got)
	}
	s.healthy()
}

func TestATransferThatWasChosenFirstDoesNotKeepWhoPaidByCardFromCancelling(t *testing.T) {
	s := deskSite(t)
	e := changeable()
	e.Channels = s.event(slug).Channels
	s.apply(e)
	b := s.browser()
	order := b.register("student")
	b.start(order, "desk")
	if b.get(order).want(200).doc().Find("form#cancel").Length() != 0 {
		t.Error("a transfer may be on its way, and the page lets cancel")
	}
	b.pay(order, "korea", "kr")
	page := b.get(order).want(200)
	if page.doc().Find("form#cancel").Length() != 1 {
		t.Fatal("who has paid by card cannot cancel")
	}
	b.submit(b.submit(page, "cancel", nil).want(200), "main", nil).to()
	if got := b.status(order); got["order"] != "cancelled" {
		t.Errorf("status %v", got)
	}
	s.healthy()
}
