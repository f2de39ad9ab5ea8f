package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// group registers and pays for three people, and gives the order's path and the order.
func (b *browser) group() (path string, o *registration.Order) {
	b.s.t.Helper()
	page := b.get(groupPath).want(200)
	page = b.get(b.submit(page, "main", list("Name,Email,Category,Shuttle bus", "홍길동,gildong@example.org,student,yes", "Jane Roe,jane@example.org,student,",
		"김예시,kim@example.org,student,no")).to()).want(200)
	path = b.submit(page, "main", consents).to()
	b.pay(path, "korea", "kr")
	return path, b.s.groupOrder()
}

// groupOrder reads the newest payment's order.
func (s *site) groupOrder() *registration.Order {
	s.t.Helper()
	o, err := s.store.Order(s.t.Context(), s.newest().OrderID)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

// own is the address of one of the people.
func (s *site) own(o *registration.Order, i int) string {
	r := o.Registrations[i]
	return personPath(o.Code, s.store.Keys().PersonSecret(r.ID, r.Version))
}

func TestPeopleOfAGroupCompleteTheirOwnDetailsOnly(t *testing.T) {
	s := newSite(t)
	e := groupEvent()
	e.Changes.Details = time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	s.apply(e)
	b := s.browser()
	order, o := b.group()
	if got := s.mails(payments.MailPerson); got != 3 {
		t.Errorf("%d mails to people, want 3", got)
	}
	jane := s.own(o, 1)
	page := s.browser().get(jane).want(200)
	for _, other := range []string{"홍길동", "gildong@example.org", "김예시", "150,000", order} {
		if strings.Contains(page.body, other) {
			t.Errorf("Jane's page tells of %q", other)
		}
	}
	if page.header.Get("Cache-Control") != noStore[0] || page.header.Get("Referrer-Policy") != noReferrer[0] || !strings.Contains(page.body, "Jane Roe") {
		t.Errorf("the page is sent with %v", page.header)
	}
	b.get(jane + "/qr.svg").want(200)
	b.get(jane + "/calendar.ics").want(200)
	b.get(order + "/qr.svg").want(404)
	page = s.browser().submit(page, "main", nil).want(http.StatusUnprocessableEntity)
	if page.doc().Find(`#problems a[href="#family_name"]`).Length() != 1 {
		t.Errorf("the page says %q", page.doc().Find("#problems").Text())
	}
	to := b.submit(page, "main", url.Values{"given_name": {"Jane"}, "phone": {"+1 212 555 0100"}, "answer.from": {"US"}, "email": {"evil@example.org"}, "answer.bus": {"yes"}}).to()
	if text := b.get(to).want(200).doc().Text(); !strings.Contains(text, "have been saved") {
		t.Error("the page does not say that it was saved")
	}
	r := s.groupOrder().Registrations[1]
	if r.Person.GivenName != "Jane" || r.Person.Phone != "+12125550100" || r.Person.Email != "jane@example.org" || r.Answers["from"][0] != "US" || r.Answers["bus"] != nil || r.CompletedAt.IsZero() {
		t.Errorf("kept %+v", r)
	}
	if text := b.get(order + "/people").want(200).doc().Text(); strings.Count(text, "Not yet") != 2 {
		t.Errorf("the payer sees %s", text)
	}
	s.clock.Pass(time.Date(2027, 6, 1, 0, 0, 1, 0, time.UTC).Sub(s.clock.Now()))
	closed := b.get(jane).want(200)
	if closed.doc().Find("form#main").Length() != 0 || !strings.Contains(closed.doc().Text(), "+12125550100") {
		t.Error("the details can be changed after their time, or are not shown")
	}
	b.post(jane, url.Values{"name": {"Late"}}).want(http.StatusSeeOther)
	if got := s.groupOrder().Registrations[1].Person.Name; got != "Jane Roe" {
		t.Errorf("%s was written after the deadline", got)
	}
}

func TestAPayerPutsAnotherPersonInAPlaceUntilTheDate(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	order, o := b.group()
	old, token := s.own(o, 0), o.Registrations[0].CheckInToken
	path := order + "/people/1"
	page := b.get(path).want(200)
	for field, c := range map[string]url.Values{
		"name":  {"name": {" "}, "email": {"new@example.org"}},
		"email": {"name": {"새사람"}, "email": {"JANE@example.org"}},
	} {
		a := b.submit(page, "main", c).want(http.StatusUnprocessableEntity)
		if a.doc().Find(`#problems a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%s: the page says %q", field, a.doc().Find("#problems").Text())
		}
	}
	for range 2 {
		b.submit(page, "main", url.Values{"name": {"새사람"}, "email": {"new@example.org"}}).want(http.StatusSeeOther)
	}
	if s.mails(payments.MailReplaced) != 1 || s.mails(payments.MailPerson) != 4 {
		t.Errorf("%d and %d mails", s.mails(payments.MailReplaced), s.mails(payments.MailPerson))
	}
	o = s.groupOrder()
	r := o.Registrations[0]
	if r.Person.Name != "새사람" || r.Answers["bus"][0] != "yes" || r.CheckInToken == token || r.Version != 2 {
		t.Errorf("the place is of %+v", r)
	}
	b.get(old).want(404)
	b.get(s.own(o, 0)).want(200)
	if text := b.get(order + "/people").want(200).doc().Text(); strings.Contains(text, "홍길동") || !strings.Contains(text, "새사람") {
		t.Errorf("the payer sees %s", text)
	}
	page = b.get(path).want(200)
	for range 2 {
		b.submit(page, "link", nil).want(http.StatusSeeOther)
	}
	if got := s.mails(payments.MailPerson); got != 5 {
		t.Errorf("%d mails after the link was sent again twice from one page", got)
	}
	s.clock.Pass(time.Date(2027, 7, 1, 0, 0, 1, 0, time.UTC).Sub(s.clock.Now()))
	if page := b.get(path).want(200); page.doc().Find("form#main").Length() != 0 {
		t.Error("somebody else can take the place after the date")
	}
	b.post(path, url.Values{"version": {"3"}, "name": {"늦은이"}, "email": {"late@example.org"}}).want(http.StatusSeeOther)
	if got := s.groupOrder().Registrations[0].Person.Name; got != "새사람" {
		t.Errorf("%s took the place after the date", got)
	}
	admin := s.staff("admin", "")
	for _, want := range []string{"새사람", "Jane Roe", "new@example.org"} {
		if page := admin.get("/admin/" + slug + "/orders/" + o.Code).want(200); !strings.Contains(page.doc().Text(), want) {
			t.Errorf("the staff's page lacks %s", want)
		}
	}
	for format, want := range map[string]string{"csv": "Jane Roe <jane@example.org>", "json": `"email":"jane@example.org"`} {
		if list := admin.get("/console/" + slug + "/export?format=" + format).want(200).body; !strings.Contains(list, want) || !strings.Contains(list, "새사람") {
			t.Errorf("the export as %s lacks people", format)
		}
	}
	for _, query := range []string{"새사람", "jane@example.org"} {
		if page := admin.get("/console/" + slug + "/orders?q=" + url.QueryEscape(query)).want(200); !strings.Contains(page.body, o.Code) {
			t.Errorf("the search for %s does not find the order", query)
		}
	}
	if page := admin.get("/console/" + slug + "/orders?q=" + url.QueryEscape("홍길동")).want(200); strings.Contains(page.body, o.Code) {
		t.Error("the search finds the person who has left")
	}
}

func TestOnlyOneOfTwoWhoAreNamedAtOnceIsSaidToHaveThePlace(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	order, _ := b.group()
	page := b.get(order + "/people/1").want(200)
	var said [5]answer
	var wg sync.WaitGroup
	for i := range said {
		wg.Go(func() {
			name := string(rune('a' + i))
			said[i] = b.submit(page, "main", url.Values{"name": {name}, "email": {name + "@example.org"}})
		})
	}
	wg.Wait()
	done := 0
	for _, a := range said {
		if a.status == http.StatusSeeOther && strings.Contains(a.to(), "done=replaced") {
			done++
		} else {
			a.want(http.StatusConflict)
		}
	}
	if done != 1 || s.mails(payments.MailReplaced) != 1 {
		t.Errorf("%d are told that they have the place, %d mails", done, s.mails(payments.MailReplaced))
	}
}

func TestWrongAddressesOfPeopleAreAllNotFound(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	order, o := b.group()
	secret := strings.TrimPrefix(s.own(o, 0), "/p/"+o.Code+"/")
	orderSecret := order[strings.LastIndex(order, "/")+1:]
	alone := s.ordered(s.event(slug), registration.Person{Name: "홍길동", Email: "gildong@example.org"}, registration.Cart{Category: "student"})
	single := orderPath(alone.Code, s.store.Keys().OrderSecret(alone.ID, 1))
	for _, path := range []string{
		"/p/" + o.Code + "/" + orderSecret, "/o/" + o.Code + "/" + secret, "/p/AAAA-AAAA/" + secret, "/p/" + o.Code + "/" + secret + "a", "/p/%00/%ff",
		order + "/people/0", order + "/people/4", order + "/people/-1", order + "/people/x", order + "/people/99999999999999999999", single + "/people", single + "/people/1",
	} {
		if a := b.get(path); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

func TestNoFieldOfPeopleTakesTheServerDown(t *testing.T) {
	s := newSite(t)
	s.apply(groupEvent())
	b := s.browser()
	order, o := b.group()
	forms := map[string]url.Values{
		s.own(o, 1):              {"name": {"Jane"}, "family_name": {"Roe"}, "given_name": {"Jane"}, "phone": {""}, "answer.bus": {"no"}, "answer.from": {"KR"}, "organization": {"X"}},
		order + "/people/3":      {"name": {"Kim"}, "email": {"kim2@example.org"}, "version": {"1"}},
		order + "/people/3/link": {"version": {"1"}},
	}
	for path, fields := range forms {
		for field := range fields {
			for name, value := range nasty {
				sent := with(fields, url.Values{field: {value}})
				a := b.post(path, sent)
				if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") || strings.Contains(a.body, "4111 1111") {
					t.Errorf("%s with %s in %s: %d %.300s", path, name, field, a.status, a.body)
				}
			}
		}
	}
}
