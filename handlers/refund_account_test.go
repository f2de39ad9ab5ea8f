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

func TestARefundThatWaitsForAnAccountMayBePaidBackByHand(t *testing.T) {
	s := deskSite(t)
	b := s.browser()
	p := s.depositAt(b, b.register("student"))
	if _, err := s.cashier.Cancel(t.Context(), p.OrderID, "staff:a@example.org", "test", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	if err := s.cashier.Wait(t.Context()); err != nil { // for the attempt to close the account, which has its money already
		t.Fatal(err)
	}
	if _, err := s.cashier.Settle(t.Context(), p.ID, payments.Return{}); err != nil {
		t.Fatal(err)
	}
	r := s.refunds(p)[0]
	if r, err := s.cashier.SendRefund(t.Context(), r.ID); err != nil || r.State != payments.RefundRequested {
		t.Fatalf("refund %+v, %v", r, err)
	}
	admin, path := s.staff(store.RoleAdmin, slug), s.admin(p.OrderID)
	page := admin.get(path).want(200)
	if page.doc().Find("form#account-"+r.ID).Length() != 1 || page.doc().Find("form#declare-"+r.ID).Length() != 1 {
		t.Fatal("the page lacks the form for the account, or the one for staff's word")
	}
	typed := url.Values{"bank": {"국민은행"}, "number": {"12 34"}, "holder": {""}}
	refused := admin.submit(page, "account-"+r.ID, typed).want(http.StatusUnprocessableEntity).doc()
	for field := range typed {
		if got := refused.Find("#"+field+"-"+r.ID).AttrOr("value", ""); got != typed.Get(field) {
			t.Errorf("%s comes back as %q", field, got)
		}
	}
	admin.submit(page, "declare-"+r.ID, url.Values{"outcome": {"done"}, "reason": {" "}}).want(http.StatusUnprocessableEntity)
	second := admin.submit(page, "declare-"+r.ID, url.Values{"outcome": {"done"}, "reason": {"월요일에 송금함"}}).want(200)
	admin.submit(second, "main", nil).to()
	if got := s.refunds(p)[0]; got.State != payments.RefundDone {
		t.Errorf("refund %+v", got)
	}
	if after := admin.get(path).want(200); after.doc().Find("form#account-"+r.ID).Length() != 0 || !strings.Contains(after.body, "월요일에 송금함") {
		t.Error("the page still asks for an account, or does not tell why it is done")
	}
	if n, err := s.store.CountAttention(t.Context(), s.event(slug).ID); n != 0 || err != nil {
		t.Errorf("%d on the attention list, %v", n, err)
	}
	s.healthy()
}

// depositAt chooses a virtual account of the channel and pays the deposit into it.
func (s *site) depositAt(b *browser, order string) payments.Payment {
	s.t.Helper()
	back := b.window(b.submit(b.get(order).want(200), "pay", url.Values{"channel": {"korea:virtual_account"}}).to(), "account")
	b.get(back)
	p := s.newest()
	if p.State != payments.AwaitingDeposit {
		s.t.Fatalf("payment is %s", p.State)
	}
	b.do("POST", s.bank+"/_sandbox/api/deposit", "application/json", `{"payment":"`+p.GatewayID+`"}`, nil).want(200)
	return p
}

func TestACorrectionKeepsTheTaxOfItsReceipt(t *testing.T) {
	s := newSite(t)
	s.apply(changeable())
	b := s.browser()
	order := b.paidOrder()
	e := changeable()
	e.Tax = registration.TaxExempt // whatever is said of what is sold from now on
	s.apply(e)
	b.submit(b.submit(b.get(order), "cancel", nil).want(200), "main", nil).to()
	if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	r, err := s.store.Receipt(t.Context(), "TEST-"+slug+"-C-000001")
	if err != nil || r.Body.Tax != registration.TaxIncluded {
		t.Errorf("the correction of a receipt with VAT says %q (%v)", r.Body.Tax, err)
	}
	s.healthy()
}
