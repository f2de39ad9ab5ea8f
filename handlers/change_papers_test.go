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

// authorsEvent is the sample whose students alone cover papers, and must, with orders that can be changed until June.
func authorsEvent() registration.Event {
	e := papersEvent()
	e.Papers.Categories = []string{"student"}
	june := time.Date(2027, 6, 1, 14, 59, 59, 0, time.UTC)
	e.Refunds.Steps = []registration.RefundStep{{Until: june, Percent: 100}}
	e.Changes = registration.Changes{Order: june, Cancel: june}
	return e
}

// author registers a student who covers a paper, and pays.
func (b *browser) author(number string) (order string) {
	b.s.t.Helper()
	page := b.get(b.submit(b.personPage(url.Values{"category": {"student"}}), "main", with(person, url.Values{"papers": {number}})).to()).want(200)
	order = b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	return order
}

// coverings are the numbers that the orders of the event cover.
func (s *site) coverings() (numbers []string) {
	s.t.Helper()
	rows, err := s.store.Papers(s.t.Context(), s.event(slug).ID, store.PaperFilter{Standing: store.PapersCovered, Limit: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range rows {
		numbers = append(numbers, r.Number)
	}
	return numbers
}

func TestAnAuthorNamesAnotherPaperWhenBuyingIt(t *testing.T) {
	s := newSite(t)
	s.apply(authorsEvent())
	s.accepted("12", "45", "46")
	b := s.browser()
	order := b.author("12")
	form := b.get(order + "/change").want(200)
	if hint := form.doc().Find("#papers-hint").Text(); !strings.Contains(hint, "Covered so far: 12") || !strings.Contains(hint, "each “Extra paper” one more") {
		t.Fatalf("the field says %q", hint)
	}
	check := b.submit(form, "main", url.Values{"extra.paper": {"1"}, "papers": {"#045, 12"}}).want(200)
	if text := check.doc().Find("main").Text(); !strings.Contains(text, "45. Study 45") || strings.Contains(text, "12. Study 12") {
		t.Errorf("the check page says %s", text)
	}
	for range 2 {
		b.submit(check, "main", nil).to()
	}
	staff := s.staff(store.RoleAdmin, "")
	held := staff.get("/console/" + slug + "/papers?standing=held").want(200).doc().Find("tbody").Text()
	if page := b.get(order).want(200).doc(); !strings.Contains(page.Find("#change").Text(), "45") || !strings.Contains(held, "Study 45") || !strings.Contains(held, "홍길동") || !slices.Equal(s.coverings(), []string{"12"}) {
		t.Errorf("while it is unpaid the order says %q, the list %q, and %v are covered", page.Find("#change").Text(), held, s.coverings())
	}
	if said := staff.get(s.admin(s.newest().OrderID)).want(200).doc().Find("#change").Text(); !strings.Contains(said, "45") {
		t.Errorf("staff read %q", said)
	}
	other := s.browser()
	said := other.submit(other.personPage(url.Values{"category": {"student"}}), "main", with(person, url.Values{"papers": {"45"}})).want(http.StatusUnprocessableEntity)
	if !strings.Contains(said.doc().Find("#problems").Text(), "another author has registered") {
		t.Errorf("somebody else is told %q", said.doc().Find("#problems").Text())
	}
	s.healthy()
	b.pay(order, "korea", "kr")
	if got := s.coverings(); !slices.Equal(got, []string{"12", "45"}) || !strings.Contains(b.get(order).body, "45. Study 45") {
		t.Errorf("%v are covered after paying", got)
	}
	s.healthy()
}

func TestPapersOfAChangeThatIsDroppedAreFree(t *testing.T) {
	s := newSite(t)
	s.apply(authorsEvent())
	s.accepted("12", "45")
	b := s.browser()
	order := b.author("12")
	b.submit(b.submit(b.get(order+"/change").want(200), "main", url.Values{"extra.paper": {"1"}, "papers": {"45"}}).want(200), "main", nil).to()
	b.submit(b.get(order).want(200), "withdraw", nil).to()
	if other := s.browser(); other.author("45") == "" || s.count("coverings") != 2 {
		t.Errorf("%d coverings", s.count("coverings"))
	}
	s.healthy()
}

func TestPaperNumbersOfAChangeAreCheckedAndNothingIsLost(t *testing.T) {
	s := newSite(t)
	s.apply(authorsEvent())
	s.accepted("12", "45", "46", "47", "48", "49")
	b := s.browser()
	order := b.author("12")
	s.browser().author("45")
	form := b.get(order + "/change").want(200)
	for name, tc := range map[string]struct{ typed, extra, category, want string }{
		"no number":      {"<b>12</b>", "1", "", "is not a paper number"},
		"formula":        {"=1+1", "1", "", "is not a paper number"},
		"unknown":        {"99", "1", "", "99: not on the list"},
		"covered":        {"４５", "1", "", "another author has registered"},
		"no room":        {"46", "0", "", "Choose 1 × “Extra paper”"},
		"too many":       {"46, 47", "1", "", "covers 2 papers. Choose 2 ×"},
		"beyond all":     {"46, 47, 48, 49", "3", "", "Remove some numbers"},
		"other category": {"46", "0", "guest", "covers no papers"},
		"card number":    {"4242 4242 4242 4242", "1", "", "card number"},
		"not a text":     {"12\xff", "1", "", "cannot be read"},
		"no character":   {"99\x00", "1", "", "99: not on the list"},
		"turned":         {"\u202e99", "1", "", "99: not on the list"},
		"too long":       {strings.Repeat("9", 5000), "1", "", "is not a paper number"},
		"emoji":          {"😀", "1", "", "is not a paper number"},
		"NFD":            {"각", "1", "", "not on the list"},
	} {
		fields := url.Values{"extra.paper": {tc.extra}, "papers": {tc.typed}}
		if tc.category != "" {
			fields.Set("category", tc.category)
		}
		page := b.submit(form, "main", fields).want(http.StatusUnprocessableEntity)
		_, kept := page.form("main")
		if said := page.doc().Find("#problems").Text(); !strings.Contains(said, tc.want) || kept.Get("extra.paper") != tc.extra || page.doc().Find(`#problems a[href="#papers"]`).Length() == 0 && tc.category == "" {
			t.Errorf("%s: the page says %q and keeps %v", name, said, kept)
		}
		if shown := kept.Get("papers"); name == "card number" && shown != "" || name == "unknown" && shown != "99" {
			t.Errorf("%s: the field shows %q", name, shown)
		}
	}
	if s.count("amendments") != 0 {
		t.Error("something was changed")
	}
	s.clock.Pass(92 * 24 * time.Hour) // the papers' deadline is over, and that of changes is not
	form = b.get(order + "/change").want(200)
	if form.doc().Find("#papers").Length() != 0 || !strings.Contains(form.doc().Text(), "deadline for covering papers has passed") {
		t.Error("the form still asks for papers")
	}
	b.submit(form, "main", url.Values{"extra.paper": {"1"}, "papers": {"46"}}).want(http.StatusUnprocessableEntity)
	b.submit(form, "main", url.Values{"extra.paper": {"1"}}).want(200)
}

func TestAChangeIntoAnAuthorsCategoryNamesThePaper(t *testing.T) {
	s := newSite(t)
	e := authorsEvent()
	e.Papers.ExtraPaper, e.Papers.ExtraPage = "", ""
	s.apply(e)
	s.accepted("12")
	b := s.browser()
	order := b.register("guest")
	form := b.get(order + "/change").want(200)
	if said := b.submit(form, "main", url.Values{"category": {"student"}}).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, "has to cover a paper") {
		t.Errorf("without a paper: %q", said)
	}
	b.submit(b.submit(form, "main", url.Values{"category": {"student"}, "papers": {"12"}}).want(200), "main", nil).to()
	if got := s.coverings(); len(got) != 0 {
		t.Errorf("%v are covered before anything was paid", got)
	}
	b.pay(order, "korea", "kr")
	if got := s.coverings(); !slices.Equal(got, []string{"12"}) {
		t.Errorf("%v are covered", got)
	}
	s.healthy()
}

func TestTwoChangesRaceForOnePaper(t *testing.T) {
	s := newSite(t)
	s.apply(authorsEvent())
	s.accepted("12", "45", "99")
	first, second := s.browser(), s.browser()
	one, other := first.author("12"), second.author("45")
	name := url.Values{"extra.paper": {"1"}, "papers": {"99"}}
	checks := []answer{first.submit(first.get(one+"/change").want(200), "main", name).want(200), second.submit(second.get(other+"/change").want(200), "main", name).want(200)}
	first.submit(checks[0], "main", nil).to()
	late := second.submit(checks[1], "main", nil).want(http.StatusUnprocessableEntity)
	if said := late.doc().Find("#problems").Text(); !strings.Contains(said, "another author has registered") {
		t.Errorf("the later one is told %q", said)
	}
	if n := s.count("amendments"); n != 1 {
		t.Errorf("%d changes", n)
	}
	second.submit(second.submit(late, "main", url.Values{"papers": {""}}).want(200), "main", nil).to()
	s.healthy()
}

func TestStaffNamePapersInAChangeAfterTheDeadline(t *testing.T) {
	s := newSite(t)
	s.apply(authorsEvent())
	s.accepted("12", "45")
	b := s.browser()
	order := b.author("12")
	s.clock.Pass(92 * 24 * time.Hour)
	admin, staff := s.admin(s.newest().OrderID), s.staff(store.RoleAdmin, slug)
	form := staff.changeForm(admin)
	why := url.Values{"extra.paper": {"1"}, "reason": {"전화 요청"}}
	for typed, want := range map[string]string{"99": "not on the list", "<b>": "is not a paper number", "45, 46": "covers 2 papers", "4242 4242 4242 4242": "card number"} {
		if said := staff.submit(form, "main", with(why, url.Values{"papers": {typed}})).want(http.StatusUnprocessableEntity).doc().Find("#problems").Text(); !strings.Contains(said, want) {
			t.Errorf("%s: %q", typed, said)
		}
	}
	check := staff.submit(form, "main", with(why, url.Values{"papers": {"45"}})).want(200)
	if text := check.doc().Find("main").Text(); !strings.Contains(text, "45. Study 45") {
		t.Errorf("the check page says %s", text)
	}
	staff.submit(check, "main", nil).to()
	b.pay(order, "korea", "kr")
	if got := s.coverings(); !slices.Equal(got, []string{"12", "45"}) {
		t.Errorf("%v are covered", got)
	}
	s.healthy()
}

func TestAPersonOfAGroupNamesAPaperInAChange(t *testing.T) {
	s := newSite(t)
	e := authorsEvent()
	e.Papers.Needed = nil
	e.Groups = registration.Groups{Max: 20}
	s.apply(e)
	s.accepted("12", "45")
	b := s.browser()
	page := b.get(b.submit(b.get(groupPath).want(200), "main", list("성명\tE-mail\t등록 구분\t소속", "홍길동\tgildong@example.org\tstudent\tx", "김예시\tkim@example.org\tstudent\ty")).to()).want(200)
	order := b.submit(page, "main", consents).to()
	b.pay(order, "korea", "kr")
	o, err := s.store.Order(t.Context(), s.newest().OrderID)
	if err != nil {
		t.Fatal(err)
	}
	form := b.get(order + "/change?person=" + o.Registrations[1].ID).want(200)
	b.submit(b.submit(form, "main", url.Values{"papers": {"45"}}).want(200), "main", nil).to() // a paper alone costs nothing
	mine, err := s.store.PapersOf(t.Context(), o.ID)
	if err != nil || len(mine) != 1 || mine[0].Number != "45" || mine[0].Position != 1 {
		t.Errorf("the group covers %+v (%v)", mine, err)
	}
	s.healthy()
}
