package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// deposited is an order that was paid into a virtual account, and its path for its owner and for staff.
func (s *site) deposited(b *browser) (order, admin string, p payments.Payment) {
	s.t.Helper()
	order = b.register("student")
	if to := b.pay(order, "korea:virtual_account", "account"); to != order {
		s.t.Fatalf("the account leads to %s", to)
	}
	p = s.newest()
	b.do("POST", s.bank+"/_sandbox/api/deposit", "application/json", `{"payment":"`+p.OrderNo+`"}`, nil).want(200)
	s.reconcile()
	if p = s.newest(); p.State != payments.Confirmed {
		s.t.Fatalf("after the deposit the payment is %s", p.State)
	}
	return order, s.admin(p.OrderID), p
}

func (s *site) reconcile() {
	s.t.Helper()
	if _, err := s.cashier.Reconcile(s.t.Context(), true); err != nil {
		s.t.Fatal(err)
	}
}

// TestTheOwnerTellsWhereADepositGoesBackTo lets staff cancel a deposit's order and its owner name the account.
func TestTheOwnerTellsWhereADepositGoesBackTo(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order, admin, p := s.deposited(b)
	staff := s.staff(store.RoleAdmin, slug)
	second := staff.submit(staff.get(admin).want(200), "cancel", url.Values{"reason": {"요청"}}).want(200)
	staff.submit(second, "main", nil).to()

	page := b.get(order).want(200)
	for name, wrong := range map[string]url.Values{
		"nothing":          {},
		"no bank":          {"number": {"110-123-456789"}, "holder": {"홍길동"}},
		"an unknown bank":  {"bank": {"nowhere"}, "number": {"110123456789"}, "holder": {"홍길동"}},
		"letters":          {"bank": {"woori"}, "number": {"11012345678x"}, "holder": {"홍길동"}},
		"a card number":    {"bank": {"woori"}, "number": {"4242 4242 4242 4242"}, "holder": {"홍길동"}},
		"a card as holder": {"bank": {"woori"}, "number": {"110123456789"}, "holder": {"4242424242424242"}},
		"a long holder":    {"bank": {"woori"}, "number": {"110123456789"}, "holder": {strings.Repeat("가", 61)}},
		"no text":          {"bank": {"woori"}, "number": {"110123456789"}, "holder": {"\xff"}},
	} {
		got := b.submit(page, "refund-account", wrong)
		if got.status != http.StatusUnprocessableEntity || got.doc().Find("form#refund-account .error").Length() == 0 {
			t.Errorf("%s: %d, and says nothing at a field", name, got.status)
		}
		if want := registration.WithoutCardNumbers(wrong.Get("holder")); name != "no text" && got.doc().Find("#holder").AttrOr("value", "") != want {
			t.Errorf("%s: the holder has not come back", name)
		}
	}
	s.reconcile()
	if got := s.taken(p); got.Refunded != 0 {
		t.Fatalf("%d went back to nobody's account", got.Refunded)
	}

	right := url.Values{"bank": {"woori"}, "number": {"1002-123-456789"}, "holder": {"홍길동"}}
	if to := b.submit(page, "refund-account", right).to(); to != order+"?notice=account" {
		t.Errorf("the account leads to %s", to)
	}
	if to := b.submit(page, "refund-account", url.Values{"bank": {"hana"}, "number": {"999999999"}, "holder": {"다른 사람"}}).to(); to != order {
		t.Errorf("a second account leads to %s", to)
	}
	s.reconcile()
	got := s.taken(p)
	if got.Refunded != 150000 || len(got.Refunds) != 1 || got.Refunds[0].Account == nil || got.Refunds[0].Account.Number != "1002123456789" {
		t.Errorf("the gateway gave back %+v", got.Refunds)
	}
	if b.get(order).want(200).doc().Find("form#refund-account").Length() != 0 {
		t.Error("an account is still asked for")
	}
	s.healthy()
}

func TestNobodyIsAskedForAnAccountWhoPaidByCard(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	admin, staff := s.admin(s.newest().OrderID), s.staff(store.RoleAdmin, slug)
	staff.submit(staff.submit(staff.get(admin).want(200), "cancel", url.Values{"reason": {"요청"}}).want(200), "main", nil).to()
	if b.get(order).want(200).doc().Find("form#refund-account").Length() != 0 {
		t.Error("a card's payer is asked for a bank account")
	}
	account := url.Values{"bank": {"woori"}, "number": {"1002123456789"}, "holder": {"홍길동"}}
	if to := b.post(order+"/refund-account", account).to(); to != order {
		t.Errorf("leads to %s", to)
	}
}

// TestAStepsAddressLeadsBackToItsPage opens the addresses of forms, as a reload or a link from the history does.
func TestAStepsAddressLeadsBackToItsPage(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	order := b.register("student")
	for _, step := range []string{"/pay", "/cancel", "/cancel/confirm", "/renew", "/refund-account"} {
		if to := b.get(order + step).to(); to != order {
			t.Errorf("%s leads to %s", step, to)
		}
	}
	b.get(order[:len(order)-2] + "xx/cancel").want(http.StatusNotFound)
}
