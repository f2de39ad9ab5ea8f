package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

// answering is a site with two orders of an event with questions of many kinds, and a person's form for staff.
func answering(t *testing.T) (s *site, b *browser, first, second *registration.Order) {
	t.Helper()
	s = newSite(t)
	e := ruledEvent()
	e.Person = askingEvent().Person
	e.Questions = append(e.Questions, registration.Question{ID: "cv", Label: registration.Text{Ko: "이력서", En: "CV"}, Kind: registration.AskFile, Per: registration.PerPerson, Required: true})
	s.apply(e)
	of := func(name, email string) *registration.Order {
		return s.ordered(s.event(slug), registration.Person{Name: name, Email: email}, registration.Cart{Category: "student"})
	}
	first, second = of("홍길동", "hong@example.org"), of("성춘향", "sung@example.org")
	return s, s.staff(store.RoleOrganizer, slug), first, second
}

// detailsOf is where staff correct everything that the first person of an order has told.
func (s *site) detailsOf(o *registration.Order) string {
	return s.admin(o.ID) + "/details/" + o.Registrations[0].ID
}

func TestStaffCorrectEverythingThatSomebodyHasTold(t *testing.T) {
	s, b, first, second := answering(t)
	order, path := s.admin(first.ID), s.detailsOf(first)
	if n := b.get(order).want(200).doc().Find("a[href='" + path + "'], a[href='" + order + "/details/order']").Length(); n != 2 {
		t.Errorf("the order's page leads to %d of the two forms", n)
	}
	page := b.get(path).want(200)
	for _, id := range []string{"answer-cv", "country", "organization"} { // attendees have to fill these in
		label := page.doc().Find("label[for='" + id + "']").Text()
		if label == "" || strings.Contains(label, "optional") || strings.Contains(label, "선택") {
			t.Errorf("%s is called %q", id, label)
		}
	}
	if n := page.doc().Find("#main [aria-required]:not(#name, #email)").Length(); n != 0 {
		t.Errorf("%d fields are required of staff", n)
	}
	typed := url.Values{"title": {"교수"}, "country": {"KR"}, "badge_name": {"길동"}, "family_name": {"Hong"}, "answer.from": {"JP"}}
	if to := b.submit(page, "main", typed).to(); to != order+"?saved=person" {
		t.Fatalf("leaving open what attendees must fill in leads to %s", to)
	}
	r := s.again(first).Registrations[0]
	if r.Person.Title != "교수" || r.Person.Country != "KR" || r.Person.FamilyName != "Hong" || strings.Join(r.Answers["from"], " ") != "JP" || !r.CompletedAt.IsZero() {
		t.Errorf("the person is %+v with %v", r.Person, r.Answers)
	}
	opened := b.submit(b.get(path), "main", url.Values{"answer.bus": {"yes"}}).want(http.StatusUnprocessableEntity)
	if opened.doc().Find("#problems a[href='#answer-stop']").Length() != 1 {
		t.Error("a question that an answer opens is not shown")
	}
	b.submit(opened, "main", nil).to()
	if got := s.again(first).Registrations[0].Answers; strings.Join(got["bus"], " ") != "yes" || len(got["stop"]) != 0 {
		t.Errorf("the answers are %v", got)
	}
	late := b.submit(b.get(s.detailsOf(second)), "main", url.Values{"answer.bus": {"yes"}, "asked": {"bus stop from cv"}}).want(http.StatusConflict)
	if late.doc().Find("#problems a[href='#answer-bus']").Length() != 1 || len(s.again(second).Registrations[0].Answers) != 0 {
		t.Errorf("an option without places: %s", late.doc().Find("#problems").Text())
	}
	b.submit(b.get(path), "main", url.Values{"answer.bus": {"no"}}).to()
	b.submit(b.get(s.detailsOf(second)), "main", url.Values{"answer.bus": {"yes"}, "asked": {"bus stop from cv"}}).to()
	b.submit(b.get(order+"/details/order"), "main", url.Values{"answer.note": {"늦게 도착합니다"}}).to()
	if got := s.again(first).Answers["note"]; strings.Join(got, " ") != "늦게 도착합니다" {
		t.Errorf("the order's answers are %v", got)
	}
	for where, want := range map[string]int{"reason LIKE '%answer.from%'": 1, "reason LIKE '%country%'": 1, "reason LIKE '%JP%'": 0, "reason LIKE '%교수%'": 0, "reason = 'answer.note'": 1} {
		if n := s.count("audit WHERE what = 'registration' AND to_state = 'corrected' AND " + where); n != want {
			t.Errorf("%d rows of the audit where %s, want %d", n, where, want)
		}
	}
	s.healthy()
}

func TestStaffPutAFileInThePlaceOfAnother(t *testing.T) {
	s, b, first, _ := answering(t)
	path := s.detailsOf(first)
	_, f := b.get(path).want(200).form("main")
	delete(f, "answer.cv")
	refused := b.multi(path, with(f, url.Values{"name": {""}}), sent{"answer.cv", "cv.pdf", "%PDF-1.7 one"}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(refused.body, "cv.pdf") || len(s.again(first).Registrations[0].Answers["cv"]) != 1 {
		t.Error("a file is lost because of a name")
	}
	_, f = refused.form("main")
	delete(f, "answer.cv")
	b.multi(path, with(f, url.Values{"name": {"홍길동"}}), sent{"answer.cv", "other.pdf", "%PDF-1.7 two"}).to()
	if n := s.count("files WHERE order_id <> ''"); n != 1 {
		t.Errorf("%d files are kept, want the second alone", n)
	}
	_, f = b.get(path).form("main")
	delete(f, "answer.cv")
	b.multi(path, f, sent{"answer.cv", "evil.pdf", "MZ"}).want(http.StatusUnprocessableEntity)
	b.multi(path, with(f, url.Values{"remove.answer.cv": {"1"}})).to()
	if n := s.count("files WHERE order_id <> ''"); n != 0 || len(s.again(first).Registrations[0].Answers) != 0 {
		t.Errorf("%d files are left", n)
	}
	s.healthy()
}

func TestACorrectionOfAnswersUndoesNobodyElses(t *testing.T) {
	s, b, first, second := answering(t)
	path := s.detailsOf(first)
	stale := b.get(path).want(200)
	b.submit(stale, "main", url.Values{"answer.from": {"JP"}}).to()
	if to := b.submit(stale, "main", url.Values{"answer.from": {"JP"}}).to(); to != s.admin(first.ID)+"?saved=person" {
		t.Errorf("the same post again leads to %s", to)
	}
	late := b.submit(stale, "main", url.Values{"title": {"교수"}}).want(http.StatusConflict)
	if late.doc().Find("#title").AttrOr("value", "") != "교수" || late.doc().Find("#problems a[href='#main']").Length() != 1 {
		t.Error("the form does not come back as typed")
	}
	if s.again(first).Registrations[0].Person.Title != "" {
		t.Error("a stale form was taken")
	}
	b.submit(late, "main", nil).to()
	if s.again(first).Registrations[0].Person.Title != "교수" {
		t.Error("the form that came back is not taken")
	}
	s.staff(store.RoleDesk, slug).get(path).want(http.StatusNotFound)
	s.staff(store.RoleAdmin, s.otherEvent()).get(path).want(http.StatusNotFound)
	b.get(s.admin(first.ID) + "/details/" + second.Registrations[0].ID).want(http.StatusNotFound)
	page := b.get(s.detailsOf(second)).want(200)
	s.clock.Pass(21 * 60e9)
	if n, err := s.store.ExpireHolds(t.Context()); n != 2 || err != nil {
		t.Fatalf("%d holds ended (%v)", n, err)
	}
	if to := b.submit(page, "main", url.Values{"title": {"교수"}}).to(); to != s.admin(second.ID) {
		t.Errorf("a correction of an expired order leads to %s", to)
	}
	if n := b.get(s.admin(second.ID)).doc().Find("a[href*='/details/']").Length(); n != 0 {
		t.Error("the page of an expired order leads to the form")
	}
	s.healthy()
}
