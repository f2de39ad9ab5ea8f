package handlers

import (
	"net/url"
	"slices"
	"testing"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/store"
)

// issued is a payment whose account waits for its deposit, and its order.
func (s *site) issued(b *browser) (order string, p payments.Payment) {
	s.t.Helper()
	order = b.register("student")
	b.pay(order, "korea:virtual_account", "account")
	if p = s.newest(); p.State != payments.AwaitingDeposit {
		s.t.Fatalf("payment is %s", p.State)
	}
	return order, p
}

// wantClosed waits for what goes on behind the pages and expects the account to be closed here and there.
func (s *site) wantClosed(p payments.Payment) {
	s.t.Helper()
	if err := s.cashier.Wait(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	now, err := s.store.Payment(s.t.Context(), p.ID)
	if err != nil || now.State != payments.Expired {
		s.t.Errorf("payment is %s (%v), want expired", now.State, err)
	}
	all := s.gateway.Books().Payments
	i := slices.IndexFunc(all, func(x sandbox.Payment) bool { return x.OrderID == p.OrderNo })
	if i < 0 || all[i].State == sandbox.StateDeposit {
		s.t.Error("the gateway still takes the deposit")
	}
	s.healthy()
}

func TestAnAccountIsClosedWhenItsOrderIsCancelled(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	_, p := s.issued(b)
	staff := s.staff(store.RoleAdmin, slug)
	staff.submit(staff.submit(staff.get(s.admin(p.OrderID)).want(200), "cancel", url.Values{"reason": {"요청"}}).want(200), "main", nil).to()
	s.wantClosed(p)
}

func TestAnAccountIsClosedWhenAnotherWayToPayIsChosen(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order, p := s.issued(b)
	b.submit(b.get(order).want(200), "pay", url.Values{"channel": {"korea"}}).to()
	s.wantClosed(p)
	if got := b.status(order); got["order"] != "pending" {
		t.Errorf("the order is %v", got)
	}
	b.pay(order, "korea", "kr")
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("the order is %v", got)
	}
}
