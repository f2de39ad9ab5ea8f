package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"
)

// papersEvent is the sample whose students cover papers.
func papersEvent() registration.Event {
	e := sampleEvent()
	e.Extras = append(e.Extras, registration.Extra{ID: "paper", Name: registration.Text{Ko: "추가 논문", En: "Extra paper"}, Price: registration.Prices{registration.KRW: 30000, registration.USD: 2400}, Max: 3},
		registration.Extra{ID: "page", Name: registration.Text{Ko: "추가 쪽", En: "Extra page"}, Price: registration.Prices{registration.KRW: 10000, registration.USD: 800}, Max: 5})
	e.Papers = registration.Papers{Categories: []string{"student", "guest"}, Needed: []string{"student"}, PerRegistration: 1, ExtraPaper: "paper", ExtraPage: "page",
		Deadline: time.Date(2027, 5, 31, 14, 59, 59, 0, time.UTC)}
	return e
}

// accepted puts papers on the event's list.
func (s *site) accepted(numbers ...string) {
	s.t.Helper()
	var c store.PaperChanges
	for _, n := range numbers {
		c.Set = append(c.Set, registration.Paper{Number: n, Title: "Study " + n, Contacts: []registration.PaperContact{{Name: "김철수", Email: "author@example.org"}}})
	}
	if err := s.store.ChangePapers(s.t.Context(), s.event(slug), c, "staff:a@example.org"); err != nil {
		s.t.Fatal(err)
	}
}

// personPage is the form's second page after a choice.
func (b *browser) personPage(choice url.Values) answer {
	b.s.t.Helper()
	page := b.get("/e/" + slug + "/register").want(200)
	return b.get(b.submit(page, "main", choice).to()).want(200)
}

func TestPaperNumbersAreCheckedAndNothingIsLost(t *testing.T) {
	s := newSite(t)
	s.apply(papersEvent())
	s.accepted("12", "45", "46", "47", "48")
	taken := s.browser()
	page := taken.get(taken.submit(taken.personPage(url.Values{"category": {"student"}}), "main", with(person, url.Values{"papers": {"45"}})).to()).want(200)
	taken.submit(page, "main", consents).to()
	tests := map[string]struct{ typed, extra, want string }{
		"none":        {"", "", "has to cover a paper"},
		"no number":   {"<b>12</b>", "", "is not a paper number"},
		"formula":     {"=1+1", "", "is not a paper number"},
		"unknown":     {"99", "", "99: not on the list"},
		"covered":     {"#45", "", "another author has registered"},
		"too many":    {"12, 46", "", "Choose 1 × “Extra paper”"},
		"still more":  {"12, 46, 47", "1", "covers 2 papers. Choose 2 ×"},
		"beyond all":  {"12, 46, 47, 48, 99", "3", "Remove some numbers"},
		"card number": {"4242 4242 4242 4242", "", "card number"},
		"not a text":  {"12\xff", "", "cannot be read"},
		"too long":    {strings.Repeat("9", 5000), "", "is not a paper number"},
		"emoji":       {"😀", "", "is not a paper number"},
	}
	for name, tc := range tests {
		b := s.browser()
		page := b.personPage(url.Values{"category": {"student"}, "extra.paper": {tc.extra}})
		page = b.submit(page, "main", with(person, url.Values{"papers": {tc.typed}})).want(http.StatusUnprocessableEntity)
		_, kept := page.form("main")
		if !strings.Contains(page.doc().Find("#problems").Text(), tc.want) || kept.Get("name") != "홍길동" {
			t.Errorf("%s: the page says %q and keeps %v", name, page.doc().Find("#problems").Text(), kept)
		}
		if shown := kept.Get("papers"); name == "card number" && shown != "" || name == "unknown" && shown != "99" {
			t.Errorf("%s: the field shows %q", name, shown)
		}
	}
}

func TestAPaperIsCoveredFromTheFormToTheList(t *testing.T) {
	s := newSite(t)
	s.apply(papersEvent())
	s.accepted("9", "12", "45")
	b := s.browser()
	page := b.personPage(url.Values{"category": {"student"}, "extra.paper": {"1"}})
	page = b.get(b.submit(page, "main", with(person, url.Values{"papers": {"０１２, #9 "}})).to()).want(200)
	if text := page.doc().Text(); !strings.Contains(text, "12. Study 12") || !strings.Contains(text, "9. Study 9") {
		t.Error("the check page does not show the papers")
	}
	order := b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	if text := b.get(order).want(200).doc().Text(); !strings.Contains(text, "12. Study 12") {
		t.Error("the order's page does not show the papers")
	}
	staff := s.staff(store.RoleOrganizer, "")
	list := staff.get("/console/" + slug + "/papers").want(200)
	if text := list.doc().Text(); !strings.Contains(text, "Uncovered 1") || !strings.Contains(text, "Covered 2") || list.doc().Find("tbody tr").Length() != 3 {
		t.Errorf("the list says %q", list.doc().Find(".console-export").Text())
	}
	if n := staff.get("/console/" + slug + "/papers?standing=uncovered").want(200).doc().Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d uncovered papers are listed", n)
	}
	export := staff.get("/console/" + slug + "/papers.csv").want(200).body
	if !strings.Contains(export, "12,Study 12,,author@example.org,Covered,") || !strings.Contains(export, "45,Study 45,,author@example.org,Uncovered") {
		t.Errorf("the export says %s", export)
	}
	if orders := staff.get("/console/" + slug + "/export?format=csv&test=1").want(200).body; !strings.Contains(orders, `"9, 12"`) {
		t.Errorf("the orders' export says %s", orders)
	}
	s.healthy()
}

func TestAChangeDoesNotLeavePapersToWhatDoesNotCoverThem(t *testing.T) {
	s := newSite(t)
	e := papersEvent()
	e.Papers.Categories = []string{"student"}
	june := time.Date(2027, 6, 1, 14, 59, 59, 0, time.UTC)
	e.Refunds.Steps = []registration.RefundStep{{Until: june, Percent: 100}}
	e.Changes = registration.Changes{Order: june, Cancel: june}
	s.apply(e)
	s.accepted("9", "12")
	b := s.browser()
	page := b.personPage(url.Values{"category": {"student"}, "extra.paper": {"2"}})
	page = b.get(b.submit(page, "main", with(person, url.Values{"papers": {"9, 12"}})).to()).want(200)
	order := b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	form := b.get(order + "/change").want(200)
	for name, choice := range map[string]url.Values{
		"a category that covers none": {"category": {"guest"}, "extra.paper": {"0"}}, "fewer than are named": {"extra.paper": {"0"}},
	} {
		if said := b.submit(form, "main", choice).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, "covers papers") {
			t.Errorf("%s: %q", name, said)
		}
		_, confirm := form.form("main")
		maps.Copy(confirm, choice)
		b.post(order+"/change/confirm", confirm).want(http.StatusUnprocessableEntity)
	}
	if s.count("refunds") != 0 || s.count("coverings") != 2 {
		t.Errorf("%d refunds, %d papers covered", s.count("refunds"), s.count("coverings"))
	}
	b.submit(b.submit(form, "main", url.Values{"extra.paper": {"1"}}).want(200), "main", nil).to() // one was not used
	if s.count("refunds") != 1 {
		t.Error("what covers no paper cannot be given back")
	}
	s.healthy()
}

func TestTwoBrowsersRaceForOnePaper(t *testing.T) {
	s := newSite(t)
	s.apply(papersEvent())
	s.accepted("12", "45")
	var browsers []*browser
	var checks []answer
	for range 2 {
		b := s.browser()
		page := b.get(b.submit(b.personPage(url.Values{"category": {"student"}}), "main", with(person, url.Values{"papers": {"12"}})).to()).want(200)
		browsers, checks = append(browsers, b), append(checks, page)
	}
	first := browsers[0].submit(checks[0], "main", consents).to()
	if again := browsers[0].submit(checks[0], "main", consents).to(); again != first {
		t.Errorf("the same form again leads to %s, want %s", again, first)
	}
	late := browsers[1].get(browsers[1].submit(checks[1], "main", consents).to()).want(200)
	if !strings.Contains(late.doc().Find("#problems").Text(), "another author has registered") {
		t.Errorf("the later one is told %q", late.doc().Find("#problems").Text())
	}
	page := browsers[1].get(browsers[1].submit(late, "main", url.Values{"papers": {"45"}}).to()).want(200)
	browsers[1].submit(page, "main", consents).to()
	if n := s.count("coverings"); n != 2 {
		t.Errorf("%d coverings, want 2", n)
	}
	s.healthy()
}

func TestAfterTheDeadlineOnlyStaffCoverPapers(t *testing.T) {
	s := newSite(t)
	s.apply(papersEvent())
	s.accepted("12", "45")
	s.clock.Pass(92 * 24 * time.Hour)
	b := s.browser()
	page := b.personPage(url.Values{"category": {"student"}})
	if !strings.Contains(page.doc().Text(), "deadline for covering papers has passed") || strings.Contains(page.body, `name="papers"`) {
		t.Error("the form still asks for papers")
	}
	page = b.get(b.submit(page, "main", with(person, url.Values{"papers": {"12"}})).to()).want(200)
	order := b.submit(page, "main", consents).to()
	if n := s.count("coverings"); n != 0 {
		t.Fatalf("%d papers are covered after the deadline", n)
	}
	code := strings.Split(order, "/")[2]
	admin, staff := "/admin/"+slug+"/orders/"+code, s.staff(store.RoleOrganizer, "")
	page = staff.get(admin).want(200)
	for typed, reason := range map[string]string{"12": "", "99": "x", "<b>": "x", "4242 4242 4242 4242": "x"} {
		staff.submit(page, "papers-form", url.Values{"papers": {typed}, "reason": {reason}}).want(http.StatusUnprocessableEntity)
	}
	for range 2 {
		staff.submit(page, "papers-form", url.Values{"papers": {"12, 45"}, "reason": {"전화 요청"}}).want(303)
	}
	if text := staff.get(admin).want(200).doc().Text(); !strings.Contains(text, "12. Study 12") || s.acts("papers") != 1 {
		t.Errorf("the page does not show the papers, or %d audit rows tell of them", s.acts("papers"))
	}
	s.healthy()
}

func TestListsOfPapersAreUploadedLookedAtAndTakenOver(t *testing.T) {
	s := newSite(t)
	s.apply(papersEvent())
	staff := s.staff(store.RoleOrganizer, "")
	list := "/console/" + slug + "/papers"
	for name, content := range map[string]string{"empty": "", "no header": "a,b\n1,2\n", "web page": "<html></html>", "binary": "\x00\x01\x02"} {
		staff.send(list+"/file", name+".csv", content, nil).want(http.StatusUnprocessableEntity)
	}
	preview := func(content string) answer {
		return staff.get(staff.send(list+"/file", "papers.csv", content, nil).to()).want(200)
	}
	page := preview("#,title,authors,decision\n1,First,Jane Doe,accept\n2,Second,홍길동,reject\n03,<script>alert(1)</script>,김철수,accept\nx y z,Bad,,accept\n")
	text := page.doc().Text()
	if !strings.Contains(text, "Row 5") || page.doc().Find("tbody tr").Length() != 2 || page.doc().Find("script:contains(alert)").Length() > 0 {
		t.Errorf("the preview says %s", text)
	}
	if n := s.count("papers"); n != 0 {
		t.Fatalf("the preview has stored %d papers", n)
	}
	for range 2 {
		staff.submit(page, "main", nil).want(303)
	}
	if n := s.count("papers"); n != 2 {
		t.Fatalf("%d papers are stored, want 2", n)
	}
	page = preview("submission #,first name,last name,email,corresponding?\n1,Jane,Doe,jane@example.net,yes\n2,길동,홍,gildong@example.org,yes\n")
	staff.submit(page, "main", nil).want(303)
	page = preview("number,title\n1,First\n4,Fourth\n")
	if !strings.Contains(page.doc().Text(), "Take 1 paper off the list") {
		t.Errorf("the preview does not tell what is gone: %s", page.doc().Find("form#main").Text())
	}
	staff.submit(page, "main", url.Values{"remove": {"1"}}).want(303)
	shown := staff.get(list).want(200).doc()
	if got := shown.Find("tbody tr").Length(); got != 2 || !strings.Contains(shown.Text(), "jane@example.net") {
		t.Errorf("%d papers are listed: %s", got, shown.Find("tbody").Text())
	}
	other := s.otherEvent()
	path := staff.send(list+"/file", "papers.csv", "number,title\n1,First\n", nil).to()
	staff.get(strings.Replace(path, slug, other, 1)).want(404)
	s.healthy()
}

func TestContactAuthorsAreWrittenToOnceADay(t *testing.T) {
	s := newSite(t)
	s.apply(papersEvent())
	s.accepted("1", "2")
	staff := s.staff(store.RoleOrganizer, "")
	path := "/console/" + slug + "/papers/mail"
	page := staff.get(path).want(200)
	if text := page.doc().Text(); !strings.Contains(text, "goes to 1 contact author") && !strings.Contains(text, "One mail goes") || !strings.Contains(text, "논문 1") {
		t.Errorf("the page says %s", text)
	}
	staff.submit(page, "main", nil).want(http.StatusUnprocessableEntity)
	for range 2 {
		staff.submit(page, "main", url.Values{"lang": {"ko"}}).want(303)
	}
	if n := s.count("jobs"); n != 1 {
		t.Errorf("%d mails are queued, want 1", n)
	}
	if n := staff.get(path).want(200).doc().Find("form#main").Length(); n != 0 {
		t.Error("the page offers to write again")
	}
}
