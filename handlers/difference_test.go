package handlers

import (
	"net/url"
	"testing"

	"foyer/registration"
	"foyer/store"
)

// TestADifferenceCountsACodeThatWasTakenAway: who registered with a code pays the difference with it, also when nobody else can use it.
func TestADifferenceCountsACodeThatWasTakenAway(t *testing.T) {
	s := newSite(t)
	e := approvingEvent()
	e.Categories[3].Approval = registration.ApprovalAfter
	e.Vouchers = []registration.Voucher{{Code: "HALF", Percent: 50}}
	s.apply(e)
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", url.Values{"category": {"pupil"}, "voucher": {"HALF"}}).to()).want(200)
	check := b.get(b.submit(page, "main", with(person, url.Values{"evidence_later": {"1"}})).to()).want(200)
	order := b.submit(check, "main", consents).to()
	b.pay(order, "korea", "kr")
	e.Vouchers = nil
	s.apply(e)
	x := s.evidenceOf(order)
	desk := s.staff(store.RoleOrganizer, "")
	list := desk.get("/console/" + slug + "/evidence?state=missing").want(200)
	desk.submit(list, "ask-"+x.RegistrationID, url.Values{
		"category": {"student"}, "until": {"2027-04-01"}, "reason": {"Not enrolled."}, "difference": {"1"}, "refuse": {""},
	}).want(303)
	if due := b.status(order)["due"]; due != 25000.0 {
		t.Errorf("the difference between half of 100,000 and half of 150,000 is %v", due)
	}
	s.healthy()
}
