package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// dayEvent can be changed, and asks whoever is a guest for a day, of which one has a single place.
func dayEvent() registration.Event {
	e := changeable()
	e.Changes.Details = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC) // over
	e.Questions = []registration.Question{{
		ID: "day", Label: registration.Text{Ko: "참가하실 날", En: "Your day"}, Kind: registration.AskChoice, Per: registration.PerPerson, Required: true, Categories: []string{"guest"},
		Options: []registration.Option{{ID: "mon", Label: registration.Text{Ko: "월", En: "Monday"}}, {ID: "tue", Label: registration.Text{Ko: "화", En: "Tuesday"}}},
	}}
	e.Quotas = append(e.Quotas, registration.Quota{ID: "monday", Places: 1, Of: []string{registration.OptionQuota("day", "mon")}})
	return e
}

func TestWhoChangesCategoryIsAskedWhatTheNewOneNeeds(t *testing.T) {
	s := newSite(t)
	s.apply(dayEvent())
	orders := make([]string, 2)
	browsers := []*browser{s.browser(), s.browser()}
	for i, b := range browsers {
		orders[i] = b.paidOrder()
		b.submit(b.submit(b.get(orders[i]+"/change").want(200), "main", url.Values{"category": {"guest"}}).want(200), "main", nil).to()
		if said := b.get(orders[i]).want(200).doc().Find("section[aria-labelledby=todo]").Text(); !strings.Contains(said, "Fill in the details") {
			t.Fatalf("nothing is to do after a change to a category that asks more: %q", said)
		}
	}
	b, order := browsers[0], orders[0]
	form := b.get(order + "/details").want(200)
	if said := b.submit(form, "main", nil).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, "Your day") {
		t.Errorf("the question may be left open: %q", said)
	}
	other := browsers[1].get(orders[1] + "/details").want(200)
	b.submit(form, "main", url.Values{"answer.day": {"mon"}}).to()
	b.submit(form, "main", url.Values{"answer.day": {"mon"}}) // once more: as it is
	if n := b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length(); n != 0 {
		t.Error("it is still to do")
	}
	full := browsers[1].submit(other, "main", url.Values{"answer.day": {"mon"}}).want(http.StatusConflict)
	if link := full.doc().Find("#problems a").AttrOr("href", ""); link != "#answer-day" {
		t.Errorf("the last place is taken twice; the page leads to %q", link)
	}
	browsers[1].submit(full, "main", url.Values{"answer.day": {"tue"}}).to()
	if left, err := s.store.Left(t.Context(), s.event(slug).ID); err != nil || left["monday"] != 0 {
		t.Errorf("%d places are left (%v)", left["monday"], err)
	}
	s.healthy()
}

func TestWhoseCategoryStaffChangeIsAskedWhatTheNewOneNeeds(t *testing.T) {
	s := newSite(t)
	s.apply(dayEvent())
	b, admin := s.browser(), s.staff(store.RoleAdmin, slug)
	order := b.paidOrder()
	admin.submit(admin.submit(admin.changeForm(s.admin(s.newest().OrderID)), "main", url.Values{"category": {"guest"}, "reason": {"전화로 요청"}}).want(200), "main", nil).to()
	if said := b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Text(); !strings.Contains(said, "Fill in the details") {
		t.Errorf("nothing is to do after staff changed the category: %q", said)
	}
	if s.mails(payments.MailAmended) != 1 {
		t.Error("nobody is told")
	}
}

func TestAPersonOfAGroupIsAskedWhatTheNewCategoryNeeds(t *testing.T) {
	s := newSite(t)
	s.apply(dayEvent())
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	change := b.get(order + "/change?person=" + o.Registrations[1].ID).want(200)
	b.submit(b.submit(change, "main", url.Values{"category": {"guest"}}).want(200), "main", nil).to()
	if said := b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Text(); !strings.Contains(said, "Some participants have still") {
		t.Errorf("the payer is not told: %q", said)
	}
	if said := b.get(order + "/people").want(200).doc().Text(); !strings.Contains(said, "Details missing") {
		t.Error("the list does not say who")
	}
	own := b.get(s.own(o, 1)).want(200)
	if own.doc().Find("section[aria-labelledby=todo] a[href='#main']").Length() != 1 {
		t.Error("the person's own page does not say so")
	}
	b.submit(own, "main", url.Values{"answer.day": {"mon"}}).to()
	if n := b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length(); n != 0 {
		t.Error("it is still to do")
	}
	s.healthy()
}
