package handlers

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"
)

var asks = []registration.ConsentAsk{
	{ID: "photos", Label: registration.Text{Ko: "사진 게시", En: "Photos may be published"}},
	{ID: "abroad", Label: registration.Text{Ko: "국외 이전", En: "My data may go abroad"}, Required: true},
}

// asking is an event with consents of its own and a privacy notice.
func asking(e registration.Event) registration.Event {
	e.Consents, e.Texts.Privacy = asks, registration.Text{Ko: "개인정보 안내", En: "Our privacy notice"}
	return e
}

// ownConsents are all that somebody agrees to for themselves.
var ownConsents = url.Values{"consent.terms": {"1"}, "consent.abroad": {"1"}}

// transferred registers somebody, pays, and gives the order to 김영희: her address of it.
func (s *site) transferred() (path string) {
	s.t.Helper()
	b := s.browser()
	order := b.submit(b.fill("student", nil), "main", with(consents, url.Values{"consent.photos": {"1"}, "consent.abroad": {"1"}})).to()
	b.pay(order, "korea", "kr")
	b.submit(b.get(order+"/transfer").want(200), "main", url.Values{"name": {"김영희"}, "email": {"younghee@example.org"}}).want(200)
	o := s.groupOrder()
	return orderPath(o.Code, s.store.Keys().OrderSecret(o.ID, o.SecretVersion))
}

// unticked are the boxes of a form; it fails when one of them is ticked.
func unticked(t *testing.T, page answer, form string) (ids []string) {
	t.Helper()
	for _, box := range page.doc().Find("form#" + form + " input[type=checkbox]").EachIter() {
		ids = append(ids, box.AttrOr("name", ""))
		if _, ticked := box.Attr("checked"); ticked {
			t.Errorf("%s is ticked beforehand", box.AttrOr("name", ""))
		}
	}
	return ids
}

func TestTheNewOwnerOfATransferredOrderAgreesForThemselves(t *testing.T) {
	s := newSite(t)
	s.apply(asking(changeable()))
	order := s.transferred()
	b, staff := s.browser(), s.staff(store.RoleOwner, "")
	page := b.get(order).want(200)
	if ids := unticked(t, page, "consents"); !slices.Equal(ids, []string{"consent.terms", "consent.photos", "consent.abroad"}) {
		t.Fatalf("the boxes are %v", ids)
	}
	if page.doc().Find("#todo").Length() != 1 || page.doc().Find("form#consents [aria-required]").Length() != 2 || !strings.Contains(page.body, "Our privacy notice") {
		t.Errorf("the page does not ask as the form for registering does: %s", page.doc().Find("main").Text())
	}
	for _, open := range []string{"/qr.svg", "/calendar.ics", "/receipt/" + receiptFile(t, page)} {
		b.get(order + open).want(200)
	}
	adminPath := "/admin/" + slug + "/orders/" + s.groupOrder().Code
	if text := staff.get(adminPath).want(200).doc().Find("section[aria-labelledby=consents]").Text(); !strings.Contains(text, "Own consent missing") || !strings.Contains(text, "김영희") ||
		!strings.Contains(text, "registered first") || !strings.Contains(text, "Photos") {
		t.Errorf("staff see %s", text)
	}
	for _, list := range []string{"", "&list=people"} {
		head, rows := staff.exported("&q=younghee"+list, "csv")
		for _, title := range []string{"Terms (version)", "Photos may be published", "My data may go abroad", "Agreed at (Asia/Seoul)"} {
			if got := rows[0][slices.Index(head, title)]; got != "" {
				t.Errorf("%s: the former owner's %q is shown as the new one's in %s", list, got, title)
			}
		}
		if got := rows[0][slices.Index(head, "Own consent missing")]; got != "김영희" {
			t.Errorf("%s: consents are missing of %q", list, got)
		}
	}
	if body := staff.get("/console/" + slug + "/export?format=json&q=younghee").want(200).body; !strings.Contains(body, `"consents":[],"agreements":[{"open":true,"consents":[]}]`) {
		t.Errorf("the JSON says %s", body)
	}

	refused := b.submit(page, "consents", url.Values{"consent.photos": {"1"}}).want(http.StatusUnprocessableEntity)
	for _, field := range []string{"consent-terms", "consent-abroad"} {
		if refused.doc().Find("#problems a[href='#"+field+"']").Length() != 1 {
			t.Errorf("nothing leads to %s", field)
		}
	}
	if refused.doc().Find("#consent-photos[checked]").Length() != 1 || s.groupOrder().Registrations[0].Consents == nil || len(s.groupOrder().Registrations[0].Consents) != 0 {
		t.Error("what was ticked is lost, or a refused form was kept")
	}
	s.clock.Pass(time.Hour)
	for range 2 {
		b.submit(refused, "consents", ownConsents).want(http.StatusSeeOther)
	}
	e, o := s.event(slug), s.groupOrder()
	want := []registration.Consent{{ID: "terms", Version: termsVersion(e)}, {ID: "notice:privacy", Version: e.PrivacyVersion()}, {ID: "photos", Version: asks[0].Version()}, {ID: "abroad", Version: asks[1].Version()}}
	for i := range want {
		want[i].At = s.clock.Now().UTC()
	}
	if got := o.Registrations[0].Consents; !slices.EqualFunc(got, want, func(a, b registration.Consent) bool {
		return a.ID == b.ID && a.Version == b.Version && a.At.Equal(b.At)
	}) {
		t.Errorf("kept %+v, want %+v", got, want)
	}
	done := b.get(order + "?notice=agreed").want(200)
	if done.doc().Find("#todo, form#consents").Length() != 0 || !strings.Contains(done.body, "Your consent has been saved") {
		t.Error("the page still asks, or does not say that it was saved")
	}
	if text := staff.get(adminPath).want(200).doc().Find("section[aria-labelledby=consents]").Text(); strings.Contains(text, "missing") || !strings.Contains(text, "김영희") {
		t.Errorf("staff see %s", text)
	}
	head, rows := staff.exported("&q=younghee", "csv")
	if rows[0][slices.Index(head, "My data may go abroad")] != asks[1].Version() || rows[0][slices.Index(head, "Own consent missing")] != "" {
		t.Errorf("the list says %v", rows[0])
	}
	s.healthy()
}

// receiptFile is the name of the receipt that an order's page links to.
func receiptFile(t *testing.T, page answer) string {
	t.Helper()
	to := page.doc().Find("a[href*='/receipt/']").AttrOr("href", "")
	return to[strings.LastIndex(to, "/")+1:]
}

func TestWhoMadeTheOrderIsNotAskedTwice(t *testing.T) {
	s := newSite(t)
	s.apply(asking(changeable()))
	b := s.browser()
	order := b.submit(b.fill("student", nil), "main", with(consents, url.Values{"consent.abroad": {"1"}})).to()
	b.pay(order, "korea", "kr")
	if page := b.get(order).want(200); page.doc().Find("#todo, form#consents").Length() != 0 {
		t.Error("the page asks again")
	}
	b.post(order+"/consents", ownConsents).to()
	if got := s.groupOrder().Registrations[0].Consents; got != nil {
		t.Errorf("kept %v", got)
	}
	if text := s.staff(store.RoleOwner, "").get("/admin/" + slug + "/orders/" + s.groupOrder().Code).want(200).doc().Find("section[aria-labelledby=consents]").Text(); strings.Contains(text, "missing") || strings.Contains(text, "registered first") {
		t.Errorf("staff see %s", text)
	}
}

func TestPeopleOfAGroupAgreeForThemselvesWithTheirDetails(t *testing.T) {
	s := newSite(t)
	e := asking(groupEvent())
	e.Changes.Details = time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	s.apply(e)
	b := s.browser()
	page := b.get(groupPath).want(200)
	page = b.get(b.submit(page, "main", with(list("Name,Email,Category,Shuttle bus", "예시대학교,OFFICE@example.org,student,yes", "Jane Roe,jane@example.org,student,",
		"김예시,kim@example.org,student,no"), nil)).to()).want(200)
	order := b.submit(page, "main", with(consents, url.Values{"consent.photos": {"1"}, "consent.abroad": {"1"}})).to()
	b.pay(order, "korea", "kr")
	o := s.groupOrder()
	if page := b.get(s.own(o, 0)).want(200); page.doc().Find("#todo, #consent-terms").Length() != 0 {
		t.Error("the payer, who takes part, is asked again")
	}
	if text := b.get(order + "/people").want(200).doc().Text(); strings.Count(text, "Own consent missing") != 2 {
		t.Errorf("the payer sees %s", text)
	}
	if page := b.get(order).want(200); page.doc().Find("form#consents").Length() != 0 {
		t.Error("the payer is asked for the others")
	}
	jane, details := s.own(o, 1), url.Values{"given_name": {"Jane"}, "answer.from": {"US"}}
	page = b.get(jane).want(200)
	unticked(t, page, "main")
	refused := b.submit(page, "main", details).want(http.StatusUnprocessableEntity)
	if refused.doc().Find("#problems a[href='#consent-abroad']").Length() != 1 || !strings.Contains(refused.body, `value="Jane"`) {
		t.Error("a missing consent is not told, or what was typed is lost")
	}
	to := b.submit(refused, "main", ownConsents).to()
	if page := b.get(to).want(200); page.doc().Find("#todo, #consent-terms").Length() != 0 {
		t.Error("the page still asks")
	}
	first := s.groupOrder().Registrations[1]
	if len(first.Consents) != 3 || first.Person.GivenName != "Jane" {
		t.Fatalf("kept %+v", first)
	}
	s.clock.Pass(time.Hour)
	b.submit(b.get(jane).want(200), "main", url.Values{"given_name": {"Janet"}}).to()
	if again := s.groupOrder().Registrations[1]; again.Person.GivenName != "Janet" || !again.Consents[0].At.Equal(first.Consents[0].At) {
		t.Errorf("a later change of the details has made it %+v", again)
	}

	b.submit(b.get(order+"/people/2").want(200), "main", url.Values{"name": {"새사람"}, "email": {"new@example.org"}}).to()
	o = s.groupOrder()
	if got := o.Registrations[1].Consents; got == nil || len(got) != 0 {
		t.Errorf("whoever comes instead has agreed to %v", got)
	}
	s.clock.Pass(e.Changes.Details.Sub(s.clock.Now()) + 2*time.Second)
	late := b.get(s.own(o, 1)).want(200)
	if ids := unticked(t, late, "consents"); len(ids) != 3 || late.doc().Find("form#main").Length() != 0 {
		t.Fatalf("after the time for details the page asks %v", ids)
	}
	b.get(s.own(o, 1) + "/qr.svg").want(200)
	b.submit(late, "consents", nil).want(http.StatusUnprocessableEntity)
	b.get(b.submit(late, "consents", ownConsents).to()).want(200)
	if got := s.groupOrder().Registrations[1].Consents; len(got) != 3 {
		t.Errorf("kept %v", got)
	}
	text := s.staff(store.RoleOwner, "").get("/admin/" + slug + "/orders/" + o.Code).want(200).doc().Find("section[aria-labelledby=consents]").Text()
	if !strings.Contains(text, "새사람") || !strings.Contains(text, "김예시") || strings.Contains(text, "Jane") {
		t.Errorf("staff see %s", text)
	}
	s.healthy()
}

func TestAnEventWithoutConsentsOfItsOwnAsksOnlyWhoComesInstead(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	order, o := b.group()
	if page := b.get(s.own(o, 2)).want(200); page.doc().Find("#todo, #consent-terms").Length() != 0 {
		t.Error("people of a group are asked what their payer has agreed to")
	}
	b.submit(b.get(order+"/people/1").want(200), "main", url.Values{"name": {"새사람"}, "email": {"new@example.org"}}).to()
	if ids := unticked(t, b.get(s.own(s.groupOrder(), 0)).want(200), "main"); !slices.Equal(ids, []string{"consent.terms"}) {
		t.Errorf("whoever comes instead is asked %v", ids)
	}
}

func TestTheNewOwnerTellsAndProvesTheirTelephone(t *testing.T) {
	s := phoneSite(t, registration.AskAlways)
	e := changeable()
	e.Person = registration.PersonForm{Phone: registration.AskAlways, VerifyPhone: true}
	e.Changes.Details = time.Time{} // nobody else may change theirs
	s.apply(e)
	b := s.browser()
	b.typePhone("010-1234-5678")
	check := b.get(b.submit(b.get(phonePath), "main", url.Values{"code": {s.code()}}).to()).want(200)
	order := b.submit(check, "main", consents).to()
	b.pay(order, "korea", "kr")
	if page := b.get(order).want(200); page.doc().Find("#todo").Length() != 0 {
		t.Errorf("a proved telephone is to be proved: %s", page.doc().Find("main").Text())
	}
	b.get(order + "/details").to() // closed
	b.submit(b.get(order+"/transfer").want(200), "main", url.Values{"name": {"김영희"}, "email": {"younghee@example.org"}}).want(200)
	o := s.groupOrder()
	theirs := orderPath(o.Code, s.store.Keys().OrderSecret(o.ID, o.SecretVersion))
	own := s.browser()
	page := own.get(theirs).want(200)
	if page.doc().Find("section[aria-labelledby=todo] a[href='"+theirs+"/details']").Length() != 1 {
		t.Fatalf("nothing leads to the details: %s", page.doc().Find("main").Text())
	}
	s.clock.Pass(2 * time.Minute)
	to := own.submit(own.get(theirs+"/details").want(200), "main", url.Values{"phone": {"010-9876-5432"}}).to()
	if to != theirs+"/phone" {
		t.Fatalf("the details lead to %s", to)
	}
	if page := own.get(theirs).want(200); page.doc().Find("section[aria-labelledby=todo] a[href='"+to+"']").Length() != 1 {
		t.Error("nothing leads to the page on which the telephone is proved")
	}
	form := own.get(to).want(200)
	if form.doc().Find(".back a[href='"+theirs+"/details']").Length() != 1 {
		t.Error("the number cannot be changed from there")
	}
	own.submit(form, "main", url.Values{"code": {"12"}}).want(http.StatusUnprocessableEntity)
	own.submit(form, "again", nil).want(http.StatusUnprocessableEntity)
	s.clock.Pass(2 * time.Minute)
	own.submit(form, "again", nil).to()
	code := s.code()
	done := own.get(own.submit(form, "main", url.Values{"code": {code}}).to()).want(200)
	if !strings.Contains(done.body, "Your mobile phone is confirmed") || done.doc().Find("section[aria-labelledby=todo] a[href='"+to+"']").Length() != 0 {
		t.Error("the page does not say that it was proved, or still asks")
	}
	own.get(to).to()
	staff := s.staff(store.RoleOrganizer, slug).get("/admin/" + slug + "/orders/" + o.Code).want(200)
	if !strings.Contains(staff.body, "010-9876-5432 (confirmed by a code") {
		t.Error("staff is not told that the telephone was proved")
	}
	s.healthy()
}

func TestNoFieldOfOwnConsentsTakesTheServerDown(t *testing.T) {
	alone, group := newSite(t), newSite(t)
	alone.apply(asking(changeable()))
	group.apply(asking(groupEvent()))
	single := alone.transferred()
	order, o := group.browser().pair()
	for s, pages := range map[*site][]string{alone: {single}, group: {group.own(o, 1), order}} {
		b := s.browser()
		for _, page := range pages {
			for _, step := range []string{"/consents", "/phone", "/phone/again"} {
				for _, field := range []string{"consent.terms", "consent.abroad", "consent.\x00", "code", "again"} {
					for name, value := range nasty {
						a := b.post(page+step, url.Values{field: {value}})
						if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") {
							t.Errorf("%s with %s in %s: %d %.300s", step, name, field, a.status, a.body)
						}
					}
				}
				if a := b.get(page + step); a.status >= 500 {
					t.Errorf("%s: %d", step, a.status)
				}
			}
		}
		s.healthy()
	}
	group.browser().get(order + "/phone").want(http.StatusNotFound)
	alone.browser().post(single[:len(single)-3]+"aaa/consents", ownConsents).want(http.StatusNotFound)
	if got := alone.groupOrder().Registrations[0].Consents; len(got) != 0 {
		t.Errorf("one box was enough: %v", got)
	}
}

// pair registers two people and pays, in an event with consents of its own.
func (b *browser) pair() (path string, o *registration.Order) {
	b.s.t.Helper()
	page := b.get(groupPath).want(200)
	page = b.get(b.submit(page, "main", list("Name,Email,Category,Shuttle bus", "홍길동,gildong@example.org,student,yes", "Jane Roe,jane@example.org,student,")).to()).want(200)
	path = b.submit(page, "main", with(consents, ownConsents)).to()
	b.pay(path, "korea", "kr")
	return path, b.s.groupOrder()
}
