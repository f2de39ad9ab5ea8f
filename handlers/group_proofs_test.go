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

// provingEvent takes groups whose people hand in proofs and files, cover papers and prove their telephones.
func provingEvent() registration.Event {
	e := approvingEvent()
	e.Groups = registration.Groups{Max: 20, Replace: time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)}
	e.Papers = registration.Papers{Categories: []string{"student", "pupil"}, Needed: []string{"student"}, PerRegistration: 1}
	e.Person = registration.PersonForm{Phone: registration.AskIfWanted, VerifyPhone: true}
	e.Questions[0].Required = true
	return e
}

func provingSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t, func(cfg *Config) {
		cfg.Reaches = func(number string) bool { return strings.HasPrefix(number, "+821") }
	})
	s.apply(provingEvent())
	s.accepted("7", "8", "9")
	return s
}

// proving registers two pupils and a student, and gives the order's path and the order.
func (b *browser) proving() (path string, o *registration.Order) {
	b.s.t.Helper()
	page := b.get(b.submit(b.get(groupPath).want(200), "main", list("Name,Email,Category,Paper number",
		"홍길동,gildong@example.org,pupil,7", "Jane Roe,jane@example.org,재학생,", "김예시,kim@example.org,student,8")).to()).want(200)
	if text := page.doc().Text(); !strings.Contains(text, "Paper numbers: 7") || !strings.Contains(text, "The organizer mails you") && !strings.Contains(text, "approv") {
		b.s.t.Errorf("the check page says %s", text)
	}
	path = b.submit(page, "main", consents).to()
	o, err := b.s.store.OrderByCode(b.s.t.Context(), strings.Split(path, "/")[2])
	if err != nil {
		b.s.t.Fatal(err)
	}
	return path, o
}

func (s *site) again(o *registration.Order) *registration.Order {
	s.t.Helper()
	o, err := s.store.Order(s.t.Context(), o.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return o
}

func TestAGroupWaitsForTheProofsOfItsPeopleAndPaysForThoseWhoStay(t *testing.T) {
	s := provingSite(t)
	b := s.browser()
	order, o := b.proving()
	if b.status(order)["order"] != "awaiting_approval" || s.mails(store.MailProof) != 2 {
		t.Fatalf("the order is %v, %d people were asked for a proof", b.status(order), s.mails(store.MailProof))
	}
	own := s.browser()
	jane := s.own(o, 1)
	form := "evidence-" + o.Registrations[1].ID + "-form"
	action, fields := own.get(jane).want(200).form(form)
	if action != jane+"/evidence" {
		t.Errorf("Jane's proof goes to %s", action)
	}
	for name, file := range map[string]sent{"empty": {"evidence", "a.pdf", ""}, "a web page": {"evidence", "a.png", "<html>"}} {
		if got := own.multi(action, fields, file).want(422); got.doc().Find("#problems a").Length() != 1 || got.doc().Find("form#main").Length() != 1 {
			t.Errorf("%s: %s", name, got.doc().Find("#problems").Text())
		}
	}
	own.multi(action, fields, sent{"evidence", "학생증.pdf", aPDF}).want(303)
	own.get(action).want(303)
	if text := own.get(jane).want(200).doc().Text(); !strings.Contains(text, "학생증.pdf") || strings.Contains(text, "홍길동") {
		t.Errorf("Jane's page says %s", text)
	}
	for _, path := range []string{order, order + "/people"} {
		if text := b.get(path).want(200).doc().Text(); !strings.Contains(text, "Proof missing") || !strings.Contains(text, "Proof being checked") {
			t.Errorf("%s does not tell who owes what: %s", path, text)
		}
	}
	desk := s.staff(store.RoleOrganizer, "")
	desk.submit(desk.get("/console/"+slug+"/evidence").want(200), "accept-"+o.Registrations[1].ID, nil).want(303)
	page := desk.get("/console/" + slug + "/evidence?state=missing").want(200)
	ask := "ask-" + o.Registrations[0].ID
	if got := desk.submit(page, ask, url.Values{"reason": {""}, "refuse": {"1"}, "move": {""}}).want(422); got.doc().Find("#problems").Length() != 1 {
		t.Error("a refusal without a reason was taken")
	}
	for range 2 {
		desk.submit(page, ask, url.Values{"reason": {"재학 기간이 지났습니다."}, "refuse": {"1"}, "move": {""}}).want(303)
	}
	after := s.again(o)
	if after.State != registration.OrderPending || !after.Registrations[0].Gone || s.mails(store.MailRefusedPerson) != 2 || s.mails(store.MailApproved) != 1 {
		t.Errorf("the order is %s, %d and %d mails", after.State, s.mails(store.MailRefusedPerson), s.mails(store.MailApproved))
	}
	own.get(s.own(o, 0)).want(404)
	b.pay(order, "korea", "kr")
	if got := b.status(order); got["order"] != "paid" {
		t.Errorf("the order is %v", got)
	}
	s.healthy()
}

func TestARefusedPersonOfAGroupGetsAnotherCategoryInstead(t *testing.T) {
	s := provingSite(t)
	b := s.browser()
	_, o := b.proving()
	desk := s.staff(store.RoleOrganizer, "")
	page := desk.get("/console/" + slug + "/evidence?state=missing").want(200)
	ask := "ask-" + o.Registrations[0].ID
	for _, c := range []struct {
		category string
		status   int
	}{{"fellow", 422}, {"none", 422}, {"few", 303}} { // the last one is taken
		desk.submit(page, ask, url.Values{"reason": {"확인할 수 없습니다."}, "refuse": {""}, "move": {"1"}, "category": {c.category}}).want(c.status)
	}
	after := s.again(o)
	if after.State != registration.OrderAwaiting || after.Registrations[0].Category() != "few" || after.Prices.Equal(o.Prices) {
		t.Errorf("the order is %s at %v with a %s", after.State, after.Prices, after.Registrations[0].Category())
	}
	s.healthy()
}

func TestPapersAndMemberNumbersOfAListAreToldByRow(t *testing.T) {
	s := provingSite(t)
	taken := s.browser()
	taken.proving() // covers 7 and 8
	if err := s.store.ReplaceMembers(t.Context(), s.event(slug).ID, []registration.Member{{Number: "K-1", Name: "홍길동"}}, "staff:a@example.org"); err != nil {
		t.Fatal(err)
	}
	head := "Name,Email,Category,Paper number,Member number"
	for name, c := range map[string]struct {
		rows []string
		want string
	}{
		"a paper that is covered": {[]string{"a,a@example.org,student,7"}, "Row 2, Paper numbers: 7"},
		"a paper of no list":      {[]string{"a,a@example.org,student,99"}, "Row 2, Paper numbers: 99"},
		"no paper":                {[]string{"a,a@example.org,student,"}, "has to cover a paper"},
		"too many papers":         {[]string{"a,a@example.org,student,9 7"}, "Row 2, Paper numbers"},
		"a paper twice":           {[]string{"a,a@example.org,student,9", "b,b@example.org,pupil,9"}, "Paper 9 is in row 2"},
		"a paper for nobody":      {[]string{"a,a@example.org,fellow,9"}, "covers no papers"},
		"no number of a paper":    {[]string{"a,a@example.org,student,=1+1"}, "is not a paper number"},
		"somebody else's number":  {[]string{"a,a@example.org,fellow,,K-1"}, "Row 2, Member number: This member number"},
		"a number twice":          {[]string{"홍길동,a@example.org,fellow,,K-1", "홍길동,b@example.org,fellow,,k1"}, "Same member number as in row 2"},
		"a column for files":      {[]string{}, "Poster: This event"},
		"a card number":           {[]string{"a,a@example.org,fellow,,4111 1111 1111 1111"}, "card number"},
	} {
		b, columns := s.browser(), head
		if len(c.rows) == 0 {
			columns += ",Poster"
		}
		a := b.submit(b.get(groupPath).want(200), "main", list(append([]string{columns}, c.rows...)...)).want(http.StatusUnprocessableEntity)
		if said := a.doc().Find("#problems").Text(); !strings.Contains(said, c.want) {
			t.Errorf("%s: the page says %q, want %q", name, said, c.want)
		}
		if strings.Contains(a.body, "4111 1111") {
			t.Errorf("%s: a card number is sent back", name)
		}
	}
	// somebody else is faster
	slow := s.browser()
	check := slow.get(slow.submit(slow.get(groupPath).want(200), "main", list(head, "a,a@example.org,student,9", "홍길동,b@example.org,fellow,,K-1")).to()).want(200)
	fast := s.browser()
	page := fast.get(fast.submit(fast.get(groupPath).want(200), "main", list(head, "c,c@example.org,student,9", "홍길동,d@example.org,fellow,,K-1")).to()).want(200)
	fast.submit(page, "main", consents).to()
	late := slow.submit(check, "main", consents).want(http.StatusConflict)
	if said := late.doc().Find("#problems").Text(); !strings.Contains(said, "another author has registered") || !strings.Contains(said, "member number") {
		t.Errorf("the slower one reads %q", said)
	}
	s.healthy()
}

func TestPeopleOfAGroupSendFilesAndProveTheirTelephones(t *testing.T) {
	s := provingSite(t)
	b := s.browser()
	order, o := b.proving()
	jane := s.own(o, 1)
	page := b.get(jane).want(200)
	action, fields := page.form("main")
	if page.doc().Find("form#main").AttrOr("enctype", "") != "multipart/form-data" {
		t.Error("the form cannot send files")
	}
	if got := b.multi(action, fields).want(422); got.doc().Find(`#problems a[href="#answer-poster"]`).Length() != 1 {
		t.Errorf("without the file: %s", got.doc().Find("#problems").Text())
	}
	if got := b.multi(action, fields, sent{"answer.poster", "a.pdf", "MZ\x90"}).want(422); got.doc().Find(`#problems a[href="#answer-poster"]`).Length() != 1 {
		t.Errorf("a program: %s", got.doc().Find("#problems").Text())
	}
	// refused for the telephone: the file stays
	kept := b.multi(action, with(fields, url.Values{"phone": {"02-123-4567"}}), sent{"answer.poster", "poster.pdf", aPDF}).want(422)
	if !strings.Contains(kept.doc().Find(".kept").Text(), "poster.pdf") || kept.doc().Find(`#problems a[href="#phone"]`).Length() != 1 {
		t.Errorf("the page says %s", kept.doc().Find("main").Text())
	}
	code := jane + "/phone"
	_, fields = kept.form("main")
	if to := b.multi(action, with(fields, url.Values{"phone": {"010-1234-5678"}})).to(); to != code {
		t.Fatalf("the details lead to %s", to)
	}
	if text := b.get(order + "/people").want(200).doc().Text(); !strings.Contains(text, "Phone not confirmed") {
		t.Errorf("the payer sees %s", text)
	}
	staff := s.staff("admin", "")
	if text := staff.get("/admin/" + slug + "/orders/" + o.Code).want(200).doc().Text(); !strings.Contains(text, "Phone not confirmed") {
		t.Error("staff does not see that a telephone is not confirmed")
	}
	s.code()
	phone := b.get(code).want(200)
	if phone.header.Get("Referrer-Policy") != noReferrer[0] || !strings.Contains(phone.doc().Text(), "010-1234-5678") {
		t.Errorf("the page of the code: %s", phone.doc().Find("main").Text())
	}
	for name, value := range nasty {
		if got := b.submit(phone, "main", url.Values{"code": {value}}); got.status != 422 && !strings.Contains(name, "digits") {
			t.Errorf("%s as a code: %d", name, got.status)
		}
	}
	s.clock.Pass(2 * time.Minute)
	b.submit(phone, "again", nil).to()
	b.submit(phone, "again", nil).want(422)
	typed := s.code()
	if to := b.submit(phone, "main", url.Values{"code": {typed}}).to(); to != jane+"?saved=1" {
		t.Errorf("the code leads to %s", to)
	}
	b.get(code).want(303)
	if text := b.get(order + "/people").want(200).doc().Text(); strings.Contains(text, "Phone not confirmed") {
		t.Error("the payer still sees a telephone that is not confirmed")
	}
	r := s.again(o).Registrations[1]
	if len(r.Answers["poster"]) != 1 || r.Person.Phone != "+821012345678" || r.CompletedAt.IsZero() {
		t.Errorf("kept %+v", r)
	}
	b.multi(action, with(fields, url.Values{"phone": {"010-1234-5678"}, "remove.answer.poster": {"1"}})).want(409) // opened before
	action, fields = b.get(jane).want(200).form("main")
	b.multi(action, with(fields, url.Values{"remove.answer.poster": {"1"}})).want(422)
	s.healthy()
}

func TestNoFieldOfOwnProofsTakesTheServerDown(t *testing.T) {
	s := provingSite(t)
	b := s.browser()
	order, o := b.proving()
	jane := s.own(o, 1)
	for path, fields := range map[string]url.Values{
		jane + "/evidence":    {"registration": {o.Registrations[1].ID}, "evidence": {""}, "member_number": {""}},
		order + "/evidence":   {"registration": {o.Registrations[1].ID}, "evidence": {""}, "member_number": {""}},
		jane:                  {"name": {"Jane"}, "phone": {""}, "answer.poster": {""}, "remove.answer.poster": {""}, "asked": {""}},
		jane + "/phone":       {"code": {""}},
		jane + "/phone/again": {"x": {""}},
	} {
		for field := range fields {
			for name, value := range nasty {
				for kind, a := range map[string]answer{"form": b.post(path, with(fields, url.Values{field: {value}})), "file": b.multi(path, fields, sent{field, value, value})} {
					if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") || strings.Contains(a.body, "4111 1111") {
						t.Errorf("%s with %s in %s (%s): %d %.300s", path, name, field, kind, a.status, a.body)
					}
				}
			}
		}
	}
}
