package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/PuerkitoBio/goquery"
)

// bySomebody corrects the first person of an order, and what was answered once for it, as staff do.
func (s *site) bySomebody(id, affiliation string, once registration.Answers) {
	s.t.Helper()
	e := s.event(slug)
	o := s.orderOf(id)
	r := o.Registrations[0]
	who := r.Person
	who.Affiliation = affiliation
	for _, x := range []store.Correction{{Registration: r.ID, Person: who, Answers: r.Answers, Actor: "staff:1"}, {Answers: once, Actor: "staff:1"}} {
		if err := s.store.Correct(s.t.Context(), e, o, x); err != nil {
			s.t.Fatal(err)
		}
	}
}

func TestAFormThatWasOpenedBeforeUndoesNothing(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order := b.paidWith(url.Values{"answer.hotel": {"no"}, "answer.bill": {"old"}})
	id := s.newest().OrderID
	old := b.get(order + "/details").want(200)
	s.bySomebody(id, "By staff", registration.Answers{"hotel": {"no"}, "bill": {"new"}})
	refused := b.submit(old, "main", url.Values{"name": {"홍 길동"}}).want(http.StatusConflict)
	if said := refused.doc().Find("#problems").Text(); !strings.Contains(said, "Nothing was saved") || refused.doc().Find("#name").AttrOr("value", "") != "홍 길동" {
		t.Errorf("the page says %q and has lost what was typed", said)
	}
	if got := s.orderOf(id); got.Registrations[0].Person.Affiliation != "By staff" || got.Answers["bill"][0] != "new" {
		t.Errorf("staff's correction is gone: %+v, %v", got.Registrations[0].Person, got.Answers)
	}
	b.submit(refused, "main", nil).to() // on purpose
	if got := s.orderOf(id); got.Registrations[0].Person.Name != "홍 길동" || got.Answers["bill"][0] != "old" {
		t.Errorf("what was saved again is not kept: %+v, %v", got.Registrations[0].Person, got.Answers)
	}
	b.submit(refused, "main", nil).to() // twice
	s.healthy()
}

func TestFormsOfAGroupThatWereOpenedBeforeUndoNothing(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	answers, own := b.get(order+"/answers").want(200), b.get(s.own(o, 0)).want(200)
	s.bySomebody(o.ID, "By staff", registration.Answers{"hotel": {"no"}, "bill": {"new"}})
	for _, refused := range []answer{b.submit(answers, "main", url.Values{"answer.hotel": {"no"}, "answer.bill": {"x"}}), b.submit(own, "main", url.Values{"name": {"Another"}})} {
		if said := refused.want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "Nothing was saved") {
			t.Errorf("the page says %q", said)
		}
	}
	if got := s.orderOf(o.ID); got.Registrations[0].Person.Affiliation != "By staff" || got.Answers["bill"][0] != "new" {
		t.Errorf("staff's correction is gone: %+v, %v", got.Registrations[0].Person, got.Answers)
	}
	b.submit(answers, "main", url.Values{"answer.hotel": {"no"}, "answer.bill": {"new"}}).to() // as it is
}

func TestTheSameDetailsTwiceAtOnceAreKeptOnce(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	path := b.paidWith(url.Values{"answer.hotel": {"no"}}) + "/details"
	for i := range 8 {
		action, fields := b.get(path).want(200).form("main")
		fields.Set("name", strings.Repeat("가", i+2))
		fields.Set("answer.bill", strings.Repeat("나", i+1))
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if a := b.multi(action, fields, sent{"answer.paper", "cert.png", aPNG}); a.status != http.StatusSeeOther {
					t.Errorf("answered %d: %s", a.status, a.doc().Find("#problems").Text())
				}
			})
		}
		both.Wait()
	}
	if n := s.count("files"); n != 1 {
		t.Errorf("%d files are kept, want one", n)
	}
	s.healthy()
}

func TestAFileIsTakenOutWithTheFormAndNotBefore(t *testing.T) {
	s := newSite(t)
	e := onceEvent()
	e.Questions[3].Required = true // the file
	e.Questions[3].If = &registration.Condition{Question: "hotel", Is: []string{"yes"}}
	s.apply(e)
	b := s.browser()
	order := b.paidWith(url.Values{"answer.hotel": {"no"}})
	id := s.newest().OrderID
	action, fields := b.get(order + "/details").want(200).form("main")
	for range 3 { // it is not asked
		b.multi(action, fields, sent{"answer.paper", "cert.png", aPNG})
	}
	if n := s.count("files"); n != 0 {
		t.Fatalf("%d files are kept that nobody asked for", n)
	}
	asked := b.submit(b.get(order+"/details"), "main", url.Values{"answer.hotel": {"yes"}, "answer.bed": {"x"}}).want(http.StatusUnprocessableEntity)
	action, fields = asked.form("main")
	fields.Set("answer.bed", "x")
	b.multi(action, fields, sent{"answer.paper", "cert.png", aPNG}).to()
	action, fields = b.get(order + "/details").want(200).form("main")
	fields.Set("remove.answer.paper", "1")
	refused := b.multi(action, fields).want(http.StatusUnprocessableEntity)
	if said := refused.doc().Find("#problems").Text(); !strings.Contains(said, "Choose a file") || !strings.Contains(refused.doc().Find(".kept").Text(), "cert.png") {
		t.Errorf("the page says %q and shows %q", said, refused.doc().Find(".kept").Text())
	}
	shown := refused.doc().Find("form:has(button.switch)")
	again := url.Values{"again": {"1"}}
	shown.Find("input").Each(func(_ int, in *goquery.Selection) { again.Add(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	b.post(shown.AttrOr("action", ""), again).want(http.StatusUnprocessableEntity)
	if len(s.orderOf(id).Answers["paper"]) != 1 || s.count("files") != 1 {
		t.Error("a refused form has taken the file out")
	}
	action, fields = b.get(order + "/details").want(200).form("main")
	fields.Set("answer.hotel", "no")
	b.multi(action, fields).to()
	if s.orderOf(id).Answers["paper"] != nil || s.count("files") != 0 {
		t.Error("the file stays that is not asked any more")
	}
	s.healthy()
}

func TestWhoeverGetsAnOrderDoesNotReadWhatTheFormerOwnerTold(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order := b.paidWith(url.Values{"answer.hotel": {"no"}, "answer.bill": {"Secret street"}, "answer.bus": {"yes"}})
	id := s.newest().OrderID
	action, fields := b.get(order + "/details").want(200).form("main")
	b.multi(action, fields, sent{"answer.paper", "mine.png", aPNG}).to()
	b.submit(b.get(order+"/transfer").want(200), "main", url.Values{"name": {"New One"}, "email": {"new@example.org"}}).want(200)
	o := s.orderOf(id)
	if !o.Answers.Equal(registration.Answers{"bus": {"yes"}}) || s.count("files") != 0 {
		t.Errorf("the order still says %v, and %d files are kept", o.Answers, s.count("files"))
	}
	page := b.get(orderPath(o.Code, s.store.Keys().OrderSecret(o.ID, o.SecretVersion)) + "/details").want(200)
	if strings.Contains(page.body, "Secret street") || strings.Contains(page.body, "mine.png") {
		t.Error("the new owner reads what the former one has told")
	}
	s.healthy()
}

func TestWhoPaysForSomebodyKeepsTheOrderWhenAnotherComes(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	rows := list("name,email,category", "A,a@example.org,student")
	page := b.get(b.submit(b.get(groupPath).want(200), "main", with(rows, url.Values{"answer.hotel": {"no"}, "answer.bill": {"Lab"}})).to()).want(200)
	order := b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	id := s.newest().OrderID
	form := b.get(order + "/transfer").want(200)
	if strings.Contains(form.doc().Text(), "stop working") {
		t.Error("the payer is told that the order is gone with it")
	}
	b.submit(form, "main", url.Values{"name": {"New One"}, "email": {"new@example.org"}}).to()
	o := s.orderOf(id)
	if o.Registrations[0].Person.Email != "new@example.org" || o.Payer.Email != "office@example.org" || o.Answers["bill"][0] != "Lab" {
		t.Errorf("the order is %+v", o)
	}
	b.get(order).want(200)
	s.healthy()
}

func TestWhoPaysForSomebodyIsAskedWhatTheNewCategoryNeeds(t *testing.T) {
	s := newSite(t)
	e := onceEvent()
	e.Changes.Details = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC) // over
	s.apply(e)
	b := s.browser()
	rows := list("name,email,category", "A,a@example.org,student")
	page := b.get(b.submit(b.get(groupPath).want(200), "main", with(rows, url.Values{"answer.hotel": {"no"}})).to()).want(200)
	order := b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	b.submit(b.submit(b.get(order+"/change").want(200), "main", url.Values{"category": {"guest"}}).want(200), "main", nil).to()
	if n := b.get(order).want(200).doc().Find(`section[aria-labelledby=todo] a[href$="/details"]`).Length(); n != 1 {
		t.Fatal("the payer is not told")
	}
	b.submit(b.get(order+"/details").want(200), "main", url.Values{"answer.room": {"yes"}}).to()
	if b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length() != 0 {
		t.Error("it is still to do")
	}
}

func TestAnswersOfQuestionsThatAreAskedOfOthersNowStayWhereTheyAre(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order := b.paidWith(url.Values{"answer.hotel": {"no"}, "answer.bill": {"here"}, "answer.bus": {"yes"}})
	id := s.newest().OrderID
	group, o := s.paidGroup(b, 2)
	b.submit(b.get(group+"/answers").want(200), "main", url.Values{"answer.hotel": {"no"}, "answer.bill": {"there"}}).to()
	e := onceEvent()
	e.Questions[2].Per, e.Questions[5].Per = registration.PerPerson, registration.PerPerson // bill and bus
	s.apply(e)
	b.submit(b.get(order+"/details").want(200), "main", url.Values{"name": {"Neu"}}).to()
	b.submit(b.get(group+"/answers").want(200), "main", nil).to()
	if got := s.orderOf(id).Answers; got["bus"][0] != "yes" || got["bill"][0] != "here" {
		t.Errorf("the order says %v", got)
	}
	if got := s.orderOf(o.ID).Answers; len(got["bill"]) != 1 {
		t.Errorf("the group's order says %v", got)
	}
	if left, err := s.store.Left(t.Context(), s.event(slug).ID); err != nil || left["bus"] != 4 {
		t.Errorf("%d places are left (%v), want 4", left["bus"], err)
	}
	s.healthy()
}

func TestPeopleWhoHaveLookedAreAskedWhatThePayersAnswerAsksFor(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	b.submit(b.get(order+"/answers").want(200), "main", url.Values{"answer.hotel": {"no"}}).to()
	b.submit(b.get(s.own(o, 0)).want(200), "main", nil).to()
	if b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length() != 0 {
		t.Fatal("something is to do already")
	}
	b.submit(b.get(order+"/answers").want(200), "main", url.Values{"answer.hotel": {"yes"}}).to()
	if said := b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Text(); !strings.Contains(said, "Some participants") {
		t.Errorf("the payer is not told: %q", said)
	}
	if n := strings.Count(b.get(order+"/people").want(200).doc().Text(), "Details missing"); n != 1 {
		t.Errorf("%d people are marked, want the one who has looked", n)
	}
	own := b.get(s.own(o, 0)).want(200)
	if own.doc().Find("section[aria-labelledby=todo]").Length() != 1 {
		t.Error("the person is not told")
	}
	b.submit(own, "main", url.Values{"answer.bed": {"soft"}}).to()
	if b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length() != 0 {
		t.Error("it is still to do")
	}
}

func TestStaffWhoCorrectANameLeaveAPlaceThatAnAnswerHides(t *testing.T) {
	s := newSite(t)
	e := onceEvent()
	e.Questions[5].Per, e.Questions[5].If = registration.PerPerson, &registration.Condition{Question: "hotel", Is: []string{"yes"}}
	s.apply(e)
	b, admin := s.browser(), s.staff(store.RoleAdmin, slug)
	b.paidWith(url.Values{"answer.hotel": {"yes"}, "answer.bed": {"x"}, "answer.bus": {"yes"}})
	o := s.orderOf(s.newest().OrderID)
	s.bySomebody(o.ID, "", registration.Answers{"hotel": {"no"}})
	path := s.admin(o.ID) + "/details/" + o.Registrations[0].ID
	admin.submit(admin.get(path).want(200), "main", url.Values{"name": {"Kim"}}).to()
	got := s.orderOf(o.ID).Registrations[0]
	if left, err := s.store.Left(t.Context(), s.event(slug).ID); got.Person.Name != "Kim" || got.Answers["bus"] == nil || err != nil || left["bus"] != 4 {
		t.Errorf("the person is %+v, and %d places are left (%v)", got, left["bus"], err)
	}
	s.healthy()
}

func TestAFormWithFilesIsToldThatAChangeWaits(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	action, fields := b.get(order + "/answers").want(200).form("main")
	change := b.get(order + "/change?person=" + o.Registrations[1].ID).want(200)
	b.submit(b.submit(change, "main", url.Values{"extra.banquet": {"1"}}).want(200), "main", nil).to()
	fields.Set("answer.hotel", "no")
	b.multi(action, fields, sent{"answer.paper", "cert.png", aPNG}).want(http.StatusConflict)
}
