package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

func setupPath(topic string) string { return "/console/" + slug + "/setup/" + topic }

func TestASetupPageSaysWhichFieldIsWrongAndHow(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	b.get("/?lang=en")
	for name, tc := range map[string]struct {
		topic, field, value, want string
	}{
		"no moment":     {"dates", "registration.opens", "soon", "Registration opens (optional): Enter a date and time such as"},
		"too long":      {"basics", "event.place.ko", strings.Repeat("가", 201), "Place (Korean): Write 200 characters or fewer. There are 201 now."},
		"too large":     {"prices", "categories.0.prices.early.KRW", "900719925474099", "Enter KRW 1,000,000,000,000 or less."},
		"far too large": {"prices", "categories.0.prices.early.USD", "9007199254740991234", "Enter USD 10,000,000,000.00 or less."},
		"half a won":    {"prices", "categories.0.prices.early.KRW", "12.50", "Enter an amount in KRW without decimals, such as 50000."},
		"no share":      {"refunds", "refund_policy.categories.student", "2027-06-30 foo", "Write a date and a share from 0 to 100 on each line"},
		"year 1":        {"basics", "event.starts", "0001-01-01", "0001-01-01 is before the year 2000. Check the year."},
		"year 27":       {"dates", "registration.opens", "0027-05-03 09:00", "is before the year 2000. Check the year."},
		"an item's own": {"prices", "categories.0.name.en", strings.Repeat("a", 300), " – Name (English): Write 200 characters or fewer. There are 300 now."},
	} {
		page := b.submit(b.get(setupPath(tc.topic)).want(200), "main", url.Values{tc.field: {tc.value}}).want(422)
		if told := page.doc().Find("#problems").Text(); !strings.Contains(told, tc.want) {
			t.Errorf("%s is told as %q", name, told)
		}
	}
}

func TestANewEventsNameHasToFitIntoALine(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	long := url.Values{"name.ko": {"행사"}, "name.en": {strings.Repeat("a", 1200)}, "slug": {"long-2028"}, "starts": {"2028-05-01"}}
	page := b.submit(b.get("/console/new"), "main", long).want(422)
	if page.doc().Find("#problems a[href='#name-en']").Length() != 1 {
		t.Errorf("the page says %s", page.doc().Find("#problems").Text())
	}
}

func TestAPhaseWithoutPricesLeadsToThem(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	s.apply(e)
	b := s.staff(store.RoleOwner, "")
	n := len(e.Phases)
	last := "phases." + string(rune('0'+n))
	fields := url.Values{last + ".name.en": {"Last minute"}}
	if e.Phases[n-1].Until.IsZero() {
		fields.Set("phases."+string(rune('0'+n-1))+".until", "2027-07-20")
	}
	page := b.get(b.submit(b.get(setupPath("prices")), "main", fields).to()).want(200)
	link := page.doc().Find("#doubts a")
	id := strings.TrimPrefix(link.AttrOr("href", ""), "#")
	if link.Length() != 1 || page.doc().Find("#"+id).AttrOr("name", "") != "categories.0.prices.last-minute.KRW" {
		t.Fatalf("what is told: %s", page.doc().Find("#doubts").Text())
	}
	page = b.get(b.submit(page, "main", url.Values{"categories.0.prices.last-minute.KRW": {"1000"}}).to()).want(200)
	if page.doc().Find("#doubts").Length() != 0 {
		t.Errorf("it still says %s", page.doc().Find("#doubts").Text())
	}
}

func TestAPhaseTakesItsPricesWithIt(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Phases = []registration.Phase{{ID: "early", Until: e.Starts.In(e.Location()).AddDate(0, -1, 0)}, {ID: "late"}}
	for i := range e.Categories {
		e.Categories[i].Prices = map[string]registration.Prices{"early": {registration.KRW: 1000}, "late": {registration.KRW: 2000}}
	}
	s.apply(e)
	b := s.staff(store.RoleOwner, "")
	b.submit(b.get(setupPath("prices")), "main", url.Values{"phases.0.remove": {"1"}}).to()
	now := s.event(slug)
	if len(now.Phases) != 1 || len(now.Categories[0].Prices) != 1 {
		t.Errorf("phases %v, prices %v", now.Phases, now.Categories[0].Prices)
	}
}

func TestCancellingAfterTheEventIsDoubtedWhereItIsAllowed(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	day := s.event(slug).Ends.In(s.event(slug).Location()).AddDate(0, 0, 5).Format("2006-01-02")
	page := b.get(b.submit(b.get(setupPath("refunds")), "main", url.Values{"changes.cancel": {day}}).to()).want(200)
	if page.doc().Find("#doubts a[href='#changes-cancel']").Length() != 1 || page.doc().Find("#changes-cancel").Length() != 1 {
		t.Errorf("the page says %s", page.doc().Find("#doubts").Text())
	}
}

func TestAnswersToARemovedQuestionStayInEveryDownload(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Questions = []registration.Question{{ID: "diet", Label: registration.Text{Ko: "식사", En: "Diet"}, Kind: registration.AskText, Per: registration.PerPerson}}
	s.apply(e)
	b := s.browser()
	page := b.get(b.submit(b.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}}).to())
	page = b.get(b.submit(page, "main", with(person, url.Values{"answer.diet": {"채식"}})).to())
	b.submit(page, "main", consents).to()
	e.Questions = nil
	s.apply(e)
	staff := s.staff(store.RoleOwner, "")
	for _, format := range []string{"csv", "xlsx"} {
		for _, list := range []string{"", "&list=people"} {
			header, rows := staff.exported(list+"&lang=en", format)
			i := slices.Index(header, "diet (removed question)")
			if i < 0 || !slices.ContainsFunc(rows, func(row []string) bool { return len(row) > i && row[i] == "채식" }) {
				t.Errorf("%s%s has %q without the answer", format, list, header)
			}
		}
	}
	if text := staff.get("/console/" + slug + "/export?format=json").want(200).body; !strings.Contains(text, `"answers":[{"diet":["채식"]}]`) {
		t.Errorf("the JSON is %s", text)
	}
}

func TestEverythingWrongWithANewEventIsToldAtOnce(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	wrong := url.Values{"name.en": {strings.Repeat("a", 1200)}, "slug": {"Not this!"}, "starts": {"soon"}}
	page := b.submit(b.get("/console/new?lang=en"), "main", wrong).want(422)
	var fields []string
	for _, a := range page.doc().Find("#problems a").EachIter() {
		fields = append(fields, a.AttrOr("href", ""))
		if strings.Contains(a.Text(), "event.") {
			t.Errorf("a path of the file is told: %s", a.Text())
		}
	}
	slices.Sort(fields)
	if !slices.Equal(fields, []string{"#name-en", "#slug", "#starts"}) {
		t.Errorf("the problems lead to %v", fields)
	}
}

func TestProblemsOfASetupPageStandInTheOrderOfItsControls(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	b.get("/?lang=en")
	form := b.get(setupPath("prices")).want(200)
	fresh := fmt.Sprintf("categories.%d.", len(s.event(slug).Categories))
	page := b.submit(form, "main", url.Values{
		"categories.0.name.ko": {""}, "categories.0.name.en": {""}, "categories.1.prices.early.KRW": {"much"}, fresh + "note.en": {"only this"},
	}).want(422)
	var order []string
	for _, control := range page.doc().Find("main [id]").EachIter() {
		order = append(order, "#"+control.AttrOr("id", ""))
	}
	last, fields, text := -1, 0, page.doc().Find("#problems").Text()
	for _, a := range page.doc().Find("#problems a").EachIter() {
		at := slices.Index(order, a.AttrOr("href", ""))
		if at < last {
			t.Errorf("%q comes after what is below it: %s", a.Text(), text)
		}
		last, fields = at, fields+1
	}
	if fields < 3 || !strings.Contains(text, "New category – ") {
		t.Errorf("the problems are %s", text)
	}
}

func TestATextWithACardNumberComesBackWithoutTheNumberOnly(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleOwner, "")
	terms := strings.Repeat("환불 규정을 확인해 주십시오. ", 100) + "\n카드 4111-1111-1111-1111 입니다.\n끝."
	want := strings.Replace(terms, "4111-1111-1111-1111", "", 1)
	for topic, field := range map[string]string{"legal": "texts.terms.ko", "file": "file"} {
		page := b.submit(b.get(setupPath(topic)).want(200), "main", url.Values{field: {terms}}).want(422)
		if got := filled(page).Get(field); got != want {
			t.Errorf("%s: of %d bytes come back %d", topic, len(terms), len(got))
		}
	}
	page := b.submit(b.get("/console/new"), "main", url.Values{"name.ko": {"행사 4111111111111111"}, "slug": {"a-2028"}, "starts": {"2028-05-01"}}).want(422)
	if got := filled(page).Get("name.ko"); got != "행사 " {
		t.Errorf("the name of a new event comes back as %q", got)
	}
}

func TestASetupPageNamesAVoucherByItsCode(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Categories = append(e.Categories, registration.Category{
		ID: "nonmember", Name: registration.Text{Ko: "비회원", En: "Non-member"}, Prices: map[string]registration.Prices{"early": {registration.KRW: 1000}, "regular": {registration.KRW: 1000}},
	})
	e.Quotas = append(e.Quotas, registration.Quota{ID: "hall", Places: 50, Of: []string{"nonmember"}})
	e.Vouchers = []registration.Voucher{{Code: "GUEST-27", Percent: 100, Scope: []string{"nonmember"}, Reserves: 5}}
	s.apply(e)
	b := s.staff(store.RoleOwner, "")
	b.get("/?lang=ko")
	last := fmt.Sprintf("quotas.%d.remove", len(e.Quotas)-1)
	told := b.submit(b.get(setupPath("quotas")).want(200), "main", url.Values{last: {"1"}}).want(422).doc().Find("#problems").Text()
	if want := "할인 코드 GUEST-27: 자리를 확보해 두는 코드이므로"; !strings.Contains(told, want) || strings.Contains(told, "vouchers[") {
		t.Errorf("without the quota: %q", told)
	}
	removed := url.Values{fmt.Sprintf("categories.%d.remove", len(e.Categories)-1): {"1"}}
	told = b.submit(b.get(setupPath("prices")).want(200), "main", removed).want(422).doc().Find("#problems").Text()
	if !strings.Contains(told, "할인 코드 GUEST-27: ") || strings.Contains(told, "vouchers[") {
		t.Errorf("without the category: %q", told)
	}
}
