package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"
)

// previewed goes through the form as far as the check page.
func previewed(t *testing.T, b *browser) answer {
	t.Helper()
	page := b.get("/e/" + slug + "/register").want(200)
	check := b.get(b.submit(b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()), "main", person).to()).want(200)
	for _, a := range []answer{page, check} {
		if a.doc().Find("#preview").Length() != 1 || !strings.Contains(a.body, "nothing is saved") {
			t.Error("the page does not say that it is a preview")
		}
		if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("a preview may be stored: %s", a.header.Get("Cache-Control"))
		}
	}
	return check
}

func TestStaffPreviewTheFormOfADraftAndItMakesNoOrder(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.State = registration.StateDraft
	s.apply(e)
	b := s.staff(store.RoleOrganizer, slug)
	if b.get("/e/"+slug).want(200).doc().Find("main a[href='/e/"+slug+"/register']").Length() != 1 {
		t.Error("the draft's page does not lead to its form")
	}
	if b.get("/console/"+slug+"/setup/basics").want(200).doc().Find("main a[href='/e/"+slug+"/register']").Length() != 1 {
		t.Error("the setup does not lead to the form")
	}
	e.Groups.Max = 20
	s.apply(e)
	if b.get("/e/"+slug+"/register/group").want(200).doc().Find("#preview").Length() != 1 {
		t.Error("the group's form is no preview")
	}
	b.get("/e/" + slug + "/register/group/sample.csv").want(200)
	check := previewed(t, b)
	if strings.Contains(check.body, "Confirm the registration") || !strings.Contains(check.body, "it makes no order and holds no places") {
		t.Error("the last button promises an order")
	}
	refused := b.submit(check, "main", nil).want(http.StatusUnprocessableEntity)
	if refused.doc().Find("#problems a").Length() == 0 {
		t.Error("missing consents are not told")
	}
	end := b.submit(refused, "main", consents).want(200)
	if !strings.Contains(end.body, "No order was made") {
		t.Errorf("it ends with %s", end.body)
	}
	for _, table := range []string{"orders", "registrations", "drafts", "payments"} {
		if n := s.count(table); n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	left, err := s.store.Left(t.Context(), s.event(slug).ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range s.event(slug).Quotas {
		if left[q.ID] != q.Places {
			t.Errorf("%d of %d places of %s are left", left[q.ID], q.Places, q.ID)
		}
	}
	if to := b.submit(refused, "main", consents).to(); to != "/e/"+slug+"/register" {
		t.Errorf("the last button once more leads to %s", to)
	}
	s.healthy()
}

func TestNobodyElsePreviewsADraft(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.State = registration.StateDraft
	s.apply(e)
	for name, b := range map[string]*browser{
		"a stranger": s.browser(), "the desk": s.staff(store.RoleDesk, slug), "staff of another event": s.staff(store.RoleOwner, s.otherEvent()),
	} {
		for _, path := range []string{"", "/person", "/group", "/check"} {
			if shown := b.get("/e/" + slug + "/register" + path); shown.status != http.StatusNotFound || strings.Contains(shown.body, e.Name.En) {
				t.Errorf("%s at %q: %d", name, path, shown.status)
			}
		}
		b.post("/e/"+slug+"/register", url.Values{"category": {"student"}}).want(http.StatusNotFound)
		b.post("/e/"+slug+"/register/person", person).want(http.StatusNotFound)
		if a := b.post("/e/"+slug+"/register/check", consents); a.status < 400 || a.status >= 500 {
			t.Errorf("%s posts the check page: %d", name, a.status)
		}
	}
}

func TestStaffPreviewAnEventBeforeAndAfterItTakesRegistrations(t *testing.T) {
	for name, change := range map[string]func(*registration.Event, time.Time){
		"not yet open":   func(e *registration.Event, now time.Time) { e.Opens = now.Add(48 * time.Hour) },
		"closed by hand": func(e *registration.Event, _ time.Time) { e.State = registration.StateClosed },
		"closed by its dates": func(e *registration.Event, now time.Time) {
			e.Opens, e.Closes = now.Add(-48*time.Hour), now.Add(-time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			e := sampleEvent()
			change(&e, s.store.Now())
			s.apply(e)
			if to := s.browser().get("/e/" + slug + "/register").to(); to != "/e/"+slug {
				t.Errorf("a stranger is led to %s", to)
			}
			s.browser().post("/e/"+slug+"/register", url.Values{"category": {"student"}}).want(http.StatusConflict)
			b := s.staff(store.RoleAdmin, slug)
			b.submit(previewed(t, b), "main", consents).want(200)
			if n := s.count("orders"); n != 0 {
				t.Errorf("%d orders were made", n)
			}
			s.healthy()
		})
	}
}

func TestStaffOfAnOpenEventUseItsFormLikeEverybody(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, slug)
	page := b.get("/e/" + slug + "/register").want(200)
	if page.doc().Find("#preview").Length() != 0 {
		t.Error("an open event's form is called a preview")
	}
	check := b.get(b.submit(b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()), "main", person).to()).want(200)
	if to := b.submit(check, "main", consents).to(); !strings.HasPrefix(to, "/o/") {
		t.Errorf("the order is at %s", to)
	}
	e := *s.event(slug)
	e.State = registration.StateCancelled
	s.apply(e)
	if to := b.get("/e/" + slug + "/register").to(); to != "/e/"+slug {
		t.Errorf("the form of a cancelled event leads to %s", to)
	}
}
