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

// onceEvent can be changed, and asks once for the order: a hotel, which people are asked a bed for, a text, a file, and of guests a room.
func onceEvent() registration.Event {
	e := changeable()
	e.Groups.Max = 10
	text := func(ko, en string) registration.Text { return registration.Text{Ko: ko, En: en} }
	yes := []registration.Option{{ID: "yes", Label: text("예", "Yes")}, {ID: "no", Label: text("아니요", "No")}}
	e.Questions = []registration.Question{
		{ID: "hotel", Label: text("숙소", "Hotel"), Kind: registration.AskChoice, Per: registration.PerOrder, Required: true, Options: yes},
		{
			ID: "bed", Label: text("침대", "Bed"), Kind: registration.AskText, Per: registration.PerPerson, Required: true,
			If: &registration.Condition{Question: "hotel", Is: []string{"yes"}},
		},
		{ID: "bill", Label: text("계산서를 받을 곳", "Bill to"), Kind: registration.AskText, Per: registration.PerOrder},
		{ID: "paper", Label: text("사업자등록증", "Business certificate"), Kind: registration.AskFile, Per: registration.PerOrder},
		{ID: "room", Label: text("방", "Room"), Kind: registration.AskChoice, Per: registration.PerOrder, Required: true, Categories: []string{"guest"}, Options: yes},
		{ID: "bus", Label: text("버스", "Bus"), Kind: registration.AskChoice, Per: registration.PerOrder, Options: yes},
	}
	e.Quotas = append(e.Quotas, registration.Quota{ID: "bus", Places: 5, Of: []string{registration.OptionQuota("bus", "yes")}})
	return e
}

// paidWith registers a student who answers so, and pays.
func (b *browser) paidWith(answers url.Values) string {
	b.s.t.Helper()
	page := b.get(b.submit(b.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}}).to()).want(200)
	page = b.get(b.submit(page, "main", with(person, answers)).to()).want(200)
	order := b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	return order
}

func TestSomebodyAloneChangesWhatWasAskedOnceWithTheirDetails(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order := b.paidWith(url.Values{"answer.hotel": {"yes"}, "answer.bed": {"hard"}, "answer.bill": {"서울"}, "answer.bus": {"yes"}})
	form := b.get(order + "/details").want(200)
	action, fields := form.form("main")
	if fields.Get("answer.bill") != "서울" || fields.Get("answer.bed") != "hard" || fields.Get("answer.hotel") != "yes" || fields.Has("answer.bus") {
		t.Fatalf("the form begins with %v", fields)
	}
	fields.Set("name", "홍 길동")
	fields.Set("answer.bill", "")
	b.multi(action, fields, sent{"answer.paper", "cert.png", aPNG}).to()
	got := s.orderOf(s.newest().OrderID)
	if one := got.Registrations[0]; one.Answers["bed"] == nil || one.Answers["bed"][0] != "hard" || one.Person.Name != "홍 길동" {
		t.Errorf("what the person has told is %+v", one)
	}
	if got.Answers["bill"] != nil || got.Answers["hotel"][0] != "yes" || got.Answers["bus"][0] != "yes" || len(got.Answers["paper"]) != 1 {
		t.Errorf("what the order has told is %v", got.Answers)
	}
	form = b.get(order + "/details").want(200)
	b.submit(form, "main", nil).to()                                                              // as it is
	b.submit(form, "main", url.Values{"answer.hotel": {""}}).want(http.StatusUnprocessableEntity) // needed
	action, fields = form.form("main")
	fields.Set("answer.hotel", "no")
	fields.Set("remove.answer.paper", "1")
	b.multi(action, fields).to()
	got = s.orderOf(s.newest().OrderID)
	if got.Answers["paper"] != nil || got.Answers["hotel"][0] != "no" || got.Registrations[0].Answers["bed"] != nil || s.count("files") != 0 {
		t.Errorf("after another change: %v and %v", got.Answers, got.Registrations[0].Answers)
	}
	back := b.submit(b.get(order+"/details"), "main", url.Values{"answer.hotel": {"yes"}}).want(http.StatusUnprocessableEntity)
	if !strings.Contains(back.doc().Find("#problems").Text(), "Bed") {
		t.Error("what the answer asks for was not asked")
	}
	s.healthy()
}

func TestAfterAChangeOfCategoryWhatTheOrderIsAskedIsATaskToo(t *testing.T) {
	s := newSite(t)
	e := onceEvent()
	e.Changes.Details = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC) // over
	s.apply(e)
	b, admin := s.browser(), s.staff(store.RoleAdmin, slug)
	order := b.paidWith(url.Values{"answer.hotel": {"no"}})
	staff := s.admin(s.newest().OrderID)
	if said := admin.get(staff).want(200).doc().Text(); strings.Contains(said, "Not answered") {
		t.Error("staff read that something is not answered")
	}
	b.submit(b.submit(b.get(order+"/change").want(200), "main", url.Values{"category": {"guest"}}).want(200), "main", nil).to()
	if said := b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Text(); !strings.Contains(said, "Fill in the details") {
		t.Fatalf("nothing is to do: %q", said)
	}
	if said := admin.get(staff).want(200).doc().Text(); !strings.Contains(said, "Not answered") {
		t.Error("staff do not read what is not answered")
	}
	form := b.get(order + "/details").want(200)
	if said := b.submit(form, "main", nil).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, "Room") {
		t.Errorf("the question may be left open: %q", said)
	}
	b.submit(form, "main", url.Values{"answer.room": {"yes"}}).to()
	if b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length() != 0 {
		t.Error("it is still to do")
	}
	s.healthy()
}

func TestThePayerOfAGroupChangesWhatWasAskedOnce(t *testing.T) {
	s := newSite(t)
	e := onceEvent()
	e.Questions[4].Categories = nil
	s.apply(e)
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	if b.get(order).want(200).doc().Find(`a[href$="/answers"]`).Length() != 1 {
		t.Fatal("the order's page does not lead to the answers")
	}
	form := b.get(order + "/answers").want(200)
	action, fields := form.form("main")
	if fields.Has("answer.bed") || fields.Has("answer.bus") {
		t.Errorf("the form asks %v", fields)
	}
	fields.Set("answer.bill", "부산")
	refused := b.multi(action, fields, sent{"answer.paper", "cert.png", aPNG}).want(http.StatusUnprocessableEntity)
	if said := refused.doc().Find("#problems").Text(); !strings.Contains(said, "Hotel") || !strings.Contains(said, "Room") {
		t.Errorf("the page says %q", said)
	}
	if _, kept := refused.form("main"); kept.Get("answer.bill") != "부산" || len(s.orderOf(o.ID).Answers["paper"]) != 1 {
		t.Error("what was typed or handed in is lost")
	}
	b.submit(refused, "main", url.Values{"answer.hotel": {"yes"}, "answer.room": {"no"}}).to()
	if got := s.orderOf(o.ID).Answers; got["bill"][0] != "부산" || got["hotel"][0] != "yes" || len(got["paper"]) != 1 {
		t.Errorf("kept %v", got)
	}
	own := b.get(s.own(o, 1)).want(200)
	if own.doc().Find("[name='answer.bed']").Length() != 1 || own.doc().Find("[name='answer.bill']").Length() != 0 {
		t.Error("the people are not asked what the payer's answer asks of them, or what the payer is asked")
	}
	b.submit(own, "main", url.Values{"answer.bed": {"soft"}}).to()
	if got := s.orderOf(o.ID).Registrations[1].Answers["bed"]; len(got) != 1 {
		t.Errorf("kept %v", got)
	}
	s.clock.Pass(365 * 24 * time.Hour)
	if to := b.submit(form, "main", url.Values{"answer.bill": {"late"}}).to(); !strings.Contains(to, "notice="+noticeLate) {
		t.Errorf("too late, it leads to %s", to)
	}
	if got := s.orderOf(o.ID).Answers["bill"][0]; got != "부산" {
		t.Errorf("too late, and changed to %s", got)
	}
	s.healthy()
}

func TestTheAnswersOfAGroupAreChangedByNobodyElseMeanwhile(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	order, o := s.paidGroup(b, 2)
	form := b.get(order + "/answers").want(200)
	change := b.get(order + "/change?person=" + o.Registrations[1].ID).want(200)
	b.submit(b.submit(change, "main", url.Values{"extra.banquet": {"1"}}).want(200), "main", nil).to()
	if said := b.submit(form, "main", url.Values{"answer.hotel": {"no"}}).want(http.StatusConflict).doc().Find("#problems").Text(); !strings.Contains(said, "Nothing was changed") {
		t.Errorf("while a change waits the page says %q", said)
	}
	stale := *o
	if err := s.store.Correct(t.Context(), s.event(slug), o, store.Correction{Answers: registration.Answers{"bill": {"x"}}, Actor: "staff:1"}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Correct(t.Context(), s.event(slug), &stale, store.Correction{Answers: registration.Answers{"bill": {"y"}}, Actor: payments.ActorAttendee}); !isCode(err, registration.CodeConflict) {
		t.Errorf("a change of what was read before: %v", err)
	}
}

func TestAListMayAnswerWhatThePayersAnswerAsksFor(t *testing.T) {
	s := newSite(t)
	s.apply(onceEvent())
	b := s.browser()
	rows := list("name,email,category,Bed", "A,a@example.org,student,hard", "B,b@example.org,student,")
	page := b.get(b.submit(b.get(groupPath).want(200), "main", with(rows, url.Values{"answer.hotel": {"yes"}})).to()).want(200)
	b.submit(page, "main", consents).to()
	var text string
	if err := s.store.Row(t.Context(), "SELECT answers FROM registrations WHERE position = 0").Scan(&text); err != nil || !strings.Contains(text, "hard") {
		t.Errorf("the answer of the list is %q (%v)", text, err)
	}
}

func TestThePayerIsAskedOnceWhatSomebodysNewCategoryNeeds(t *testing.T) {
	s := newSite(t)
	e := onceEvent()
	e.Questions = e.Questions[4:5] // the room, of guests
	e.Changes.Details = time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)
	s.apply(e)
	b, admin := s.browser(), s.staff(store.RoleAdmin, slug)
	order, o := s.paidGroup(b, 2)
	change := b.get(order + "/change?person=" + o.Registrations[1].ID).want(200)
	b.submit(b.submit(change, "main", url.Values{"category": {"guest"}}).want(200), "main", nil).to()
	if n := b.get(order).want(200).doc().Find(`section[aria-labelledby=todo] a[href$="/answers"]`).Length(); n != 1 {
		t.Fatal("the payer is not told")
	}
	if said := admin.get(s.admin(o.ID)).want(200).doc().Text(); !strings.Contains(said, "Not answered") {
		t.Error("staff do not read it")
	}
	form := b.get(order + "/answers").want(200)
	b.submit(form, "main", nil).want(http.StatusUnprocessableEntity)
	b.submit(form, "main", url.Values{"answer.room": {"yes"}}).to()
	if b.get(order).want(200).doc().Find("section[aria-labelledby=todo]").Length() != 0 {
		t.Error("it is still to do")
	}
}
