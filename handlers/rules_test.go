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

// ruledEvent is the sample with codes, a hidden category and questions.
func ruledEvent() registration.Event {
	text := func(ko, en string) registration.Text { return registration.Text{Ko: ko, En: en} }
	e := sampleEvent()
	e.Categories = append(e.Categories, registration.Category{
		ID: "speaker", Name: text("연사", "Speaker"), Hidden: true, Prices: map[string]registration.Prices{"early": {registration.KRW: 0, registration.USD: 0}},
	})
	e.Vouchers = []registration.Voucher{
		{Code: "HALF", Percent: 50, Uses: 2}, {Code: "SPEAKER-27", Reveals: []string{"speaker"}},
		{Code: "OLD", Percent: 10, Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)},
	}
	e.Questions = []registration.Question{
		{ID: "bus", Label: text("셔틀버스", "Shuttle bus"), Kind: registration.AskChoice, Per: registration.PerPerson, Required: true,
			Options: []registration.Option{{ID: "yes", Label: text("이용", "Yes"), Places: 1}, {ID: "no", Label: text("이용하지 않음", "No")}}},
		{ID: "stop", Label: text("타는 곳", "Stop"), Kind: registration.AskText, Per: registration.PerPerson, Required: true,
			If: &registration.Condition{Question: "bus", Is: []string{"yes"}}},
		{ID: "from", Label: text("국적", "Country"), Kind: registration.AskCountry, Per: registration.PerPerson},
		{ID: "note", Label: text("전할 말", "Message"), Kind: registration.AskText, Per: registration.PerOrder, Max: 20},
	}
	e.Quotas = append(e.Quotas, registration.Quota{ID: "bus.yes", Places: 1, Of: []string{"bus.yes"}})
	return e
}

var person = url.Values{"name": {"홍길동"}, "email": {"gildong@example.org"}}

// with adds fields to some.
func with(fields url.Values, more url.Values) url.Values {
	all := url.Values{}
	for _, f := range []url.Values{fields, more} {
		for k, v := range f {
			all[k] = v
		}
	}
	return all
}

func TestAVoucherChangesThePriceFromTheFirstPageToTheOrder(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", url.Values{"category": {"student"}, "voucher": {" half "}, "apply": {"1"}}).to()).want(200)
	if text := page.doc().Text(); !strings.Contains(text, "takes 50% off") || !strings.Contains(text, "KRW 75,000") {
		t.Error("the page does not say what the code does and what is left to pay")
	}
	page = b.get(b.submit(page, "main", nil).to()).want(200)
	page = b.get(b.submit(page, "main", with(person, url.Values{"answer.bus": {"no"}})).to()).want(200)
	if text := page.doc().Text(); !strings.Contains(text, "Voucher HALF") || !strings.Contains(text, "KRW -75,000") {
		t.Error("the check page does not show the discount")
	}
	order := b.submit(page, "main", consents).to()
	if got := b.status(order); got["due"] != 75000.0 {
		t.Errorf("the order owes %v, want 75000", got["due"])
	}
	if got := b.pay(order, "korea", "kr"); got != order {
		t.Fatalf("the return leads to %s", got)
	}
	if p := s.newest(); p.Captured.Minor != 75000 {
		t.Errorf("%d was captured, want 75000", p.Captured.Minor)
	}
}

func TestACodeThatCannotBeUsedIsRefusedAndNothingIsLost(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	for typed, want := range map[string]string{"NO-SUCH": "There is no such code", "@@": "There is no such code", "old": "has expired", "한글": "There is no such code", "=@SUM(1)\"><b>": "There is no such code", "VOLUNTEER_27": "There is no such code"} {
		for _, button := range []string{"", "1"} {
			b := s.browser()
			page := b.get("/e/" + slug + "/register").want(200)
			fields := url.Values{"category": {"student"}, "voucher": {typed}, "extra.banquet": {"2"}}
			if button != "" {
				fields["apply"] = []string{button}
			}
			page = b.submit(page, "main", fields).want(http.StatusUnprocessableEntity)
			_, kept := page.form("main")
			if !strings.Contains(page.doc().Find("#problems").Text(), want) || !strings.EqualFold(kept.Get("voucher"), typed) || kept.Get("category") != "student" || kept.Get("extra.banquet") != "2" {
				t.Errorf("%q: the page says %q and keeps %v", typed, page.doc().Find("#problems").Text(), kept)
			}
		}
	}
}

func TestAHiddenCategoryIsThereOnlyWithItsCode(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	b := s.browser()
	if strings.Contains(b.get("/e/"+slug).body, "Speaker") {
		t.Error("the event's page shows the hidden category")
	}
	page := b.get("/e/" + slug + "/register").want(200)
	if strings.Contains(page.body, "Speaker") {
		t.Error("the form shows the hidden category")
	}
	b.submit(page, "main", url.Values{"category": {"speaker"}}).want(http.StatusUnprocessableEntity)
	page = b.get(b.submit(page, "main", url.Values{"category": {"student"}, "voucher": {"speaker-27"}, "apply": {"1"}}).to()).want(200)
	if page.doc().Find("#problems").Length() != 0 || page.doc().Find(".notice [class=code]").Length() != 1 {
		t.Error("a code that opens a category is refused for what was chosen before it was typed")
	}
	page = b.get(b.submit(page, "main", url.Values{"category": {"speaker"}}).to()).want(200)
	page = b.get(b.submit(page, "main", with(person, url.Values{"answer.bus": {"no"}})).to()).want(200)
	if got := b.status(b.submit(page, "main", consents).to()); got["order"] != "paid" {
		t.Errorf("the speaker's order is %v", got)
	}
}

func TestTheLastUseOfACodeGoesToOneOrder(t *testing.T) {
	s := newSite(t)
	e := ruledEvent()
	e.Vouchers[0].Uses, e.Questions = 1, nil
	s.apply(e)
	var checks []answer
	var browsers []*browser
	for range 2 {
		b := s.browser()
		checks = append(checks, b.fill("student", url.Values{"voucher": {"HALF"}}))
		browsers = append(browsers, b)
	}
	browsers[0].submit(checks[0], "main", consents).to()
	late := browsers[1].submit(checks[1], "main", consents).want(http.StatusConflict)
	_, kept := late.form("main")
	if !strings.Contains(late.body, "used up") || kept.Get("category") != "student" {
		t.Errorf("the later one is shown %v", kept)
	}
	page := browsers[1].get(browsers[1].submit(late, "main", url.Values{"voucher": {""}}).to()).want(200)
	page = browsers[1].get(browsers[1].submit(page, "main", nil).to()).want(200)
	if got := browsers[1].status(browsers[1].submit(page, "main", consents).to()); got["due"] != 150000.0 {
		t.Errorf("without the code the order owes %v", got["due"])
	}
}

func TestWhoIsLateForAnOptionOrAnExtraChoosesAgain(t *testing.T) {
	s := newSite(t)
	e := ruledEvent()
	e.Quotas = append(e.Quotas, registration.Quota{ID: "tables", Places: 1, Of: []string{"banquet"}})
	s.apply(e)
	for page, c := range map[string]struct{ first, second url.Values }{
		"/register/person": {nil, url.Values{"answer.bus": {"yes"}, "answer.stop": {"서울역"}}},
		"/register":        {url.Values{"extra.banquet": {"1"}}, url.Values{"answer.bus": {"no"}}},
	} {
		var checks []answer
		var browsers []*browser
		for range 2 {
			b := s.browser()
			form := b.personPage(with(url.Values{"category": {"student"}}, c.first))
			form = b.submit(form, "main", with(person, c.second)) // an answer may open another question
			if form.status == http.StatusUnprocessableEntity {
				form = b.submit(form, "main", c.second)
			}
			browsers, checks = append(browsers, b), append(checks, b.get(form.to()).want(200))
		}
		browsers[0].submit(checks[0], "main", consents).to()
		late := browsers[1].submit(checks[1], "main", consents).want(http.StatusConflict)
		if form := late.doc().Find("form#main"); form.AttrOr("action", "") != "/e/"+slug+page || late.doc().Find("#problems a").Length() != 1 {
			t.Errorf("%s: the one who is late is shown %s: %s", page, form.AttrOr("action", ""), late.doc().Find("main").Text())
		}
		browsers[0].submit(checks[0], "main", consents).to() // the same form again
	}
}

func TestQuestionsAreAskedCheckedAndKept(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	second := b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()).want(200)
	if strings.Contains(second.body, "answer.stop") {
		t.Error("a question is asked whose condition is not met")
	}
	refused := b.submit(second, "main", with(person, url.Values{"answer.note": {strings.Repeat("길", 21)}, "answer.from": {"XX"}})).want(http.StatusUnprocessableEntity)
	var fields []string
	for _, link := range refused.doc().Find("#problems a").EachIter() {
		fields = append(fields, link.AttrOr("href", ""))
		if refused.doc().Find(link.AttrOr("href", "#none")).Length() != 1 {
			t.Errorf("the summary leads to %s, which is not there", link.AttrOr("href", ""))
		}
	}
	if want := []string{"#answer-bus", "#answer-from", "#answer-note"}; !slices.Equal(fields, want) {
		t.Errorf("problems at %v, want %v", fields, want)
	}
	opened := b.submit(refused, "main", url.Values{"answer.bus": {"yes"}, "answer.note": {"감사합니다"}, "answer.from": {"VN"}}).want(http.StatusUnprocessableEntity)
	if said := opened.doc().Find("#problems").Text(); !strings.Contains(said, "Your answer leads to this question") || !strings.Contains(said, "There is more to answer") {
		t.Errorf("the opened question is shown with %q", opened.doc().Find("#problems").Text())
	}
	check := b.get(b.submit(opened, "main", url.Values{"answer.bus": {"yes"}, "answer.stop": {"서울역"}}).to()).want(200)
	for _, want := range []string{"서울역", "감사합니다", "Vietnam"} {
		if !strings.Contains(check.doc().Text(), want) {
			t.Errorf("the check page does not show %s", want)
		}
	}
	b.submit(check, "main", consents).to()
	later := s.browser()
	page = later.get(later.submit(later.get("/e/"+slug+"/register"), "main", url.Values{"category": {"student"}}).to()).want(200)
	if _, gone := page.doc().Find("#answer-bus-yes, [name='answer.bus'][value=yes]").Attr("disabled"); !gone {
		t.Error("the only seat of the bus is offered twice")
	}
	full := later.post("/e/"+slug+"/register/person", with(person, url.Values{"answer.bus": {"yes"}, "answer.stop": {"서울역"}}))
	if full.want(http.StatusUnprocessableEntity); !strings.Contains(full.body, "No places are left for this choice") {
		t.Error("a choice without places is taken")
	}
}

func TestAChangedCategoryLeadsBackToItsQuestions(t *testing.T) {
	s := newSite(t)
	e := ruledEvent()
	e.Questions[0].Categories = []string{"guest"}
	s.apply(e)
	b := s.browser()
	b.fill("student", nil)
	page := b.get("/e/" + slug + "/register").want(200)
	b.submit(page, "main", url.Values{"category": {"guest"}}).to()
	if to := b.get("/e/" + slug + "/register/check").to(); to != "/e/"+slug+"/register/person" {
		t.Errorf("an open question leads to %s", to)
	}
}

func TestAttendeesCancelUnderTheEventsRule(t *testing.T) {
	june := time.Date(2027, 6, 30, 14, 59, 59, 0, time.UTC)
	tests := map[string]struct {
		pass time.Duration
		want int64 // that goes back of 150,000; -1: cannot be cancelled here
	}{
		"all of it, less the fee": {0, 140000},
		"half":                    {june.AddDate(0, 0, -10).Sub(time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)), 65000},
		"nothing any more":        {june.AddDate(0, 0, -1).Sub(time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)), 0},
		"after the deadline":      {june.Add(time.Second).Sub(time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)), -1},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			e := sampleEvent()
			e.Refunds = registration.RefundPolicy{
				Steps: []registration.RefundStep{{Until: june.AddDate(0, 0, -20), Percent: 100}, {Until: june.AddDate(0, 0, -5), Percent: 50}},
				Fee:   registration.Prices{registration.KRW: 10000},
			}
			e.Changes.Cancel = june
			s.apply(e)
			b := s.browser()
			order := b.register("student")
			b.pay(order, "korea", "kr")
			s.clock.Pass(tc.pass)
			page := b.get(order).want(200)
			if tc.want < 0 {
				if page.doc().Find("form#cancel").Length() != 0 {
					t.Error("the order can be cancelled after the deadline")
				}
				b.post(order+"/cancel/confirm", url.Values{}).want(http.StatusSeeOther)
				if got := b.status(order); got["order"] != "paid" {
					t.Errorf("the order is %v", got)
				}
				return
			}
			ask := b.submit(page, "cancel", nil).want(200)
			b.submit(ask, "main", nil).to()
			b.submit(ask, "main", nil).to()
			if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
				t.Fatal(err)
			}
			if got := b.status(order); got["order"] != "cancelled" {
				t.Errorf("the order is %v", got)
			}
			books := s.gateway.Books().Payments
			if got := books[len(books)-1].Refunded; got != tc.want {
				t.Errorf("%d went back, want %d", got, tc.want)
			}
			s.healthy()
		})
	}
}

func TestACancellationAsksAgainWhenLessGoesBackThanWasShown(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	until := time.Date(2027, 3, 1, 9, 10, 0, 0, time.UTC)
	e.Refunds.Steps = []registration.RefundStep{{Until: until, Percent: 100}, {Until: until.AddDate(0, 1, 0), Percent: 30}}
	e.Changes.Cancel = until.AddDate(0, 1, 0)
	s.apply(e)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	ask := b.submit(b.get(order).want(200), "cancel", nil).want(200)
	s.clock.Pass(11 * time.Minute)
	again := b.submit(ask, "main", nil).want(http.StatusUnprocessableEntity)
	if got := b.status(order); got["order"] != "paid" || !strings.Contains(again.body, "KRW 45,000") {
		t.Fatalf("the order is %v", got)
	}
	b.submit(again, "main", nil).to()
	if got := b.status(order); got["order"] != "cancelled" {
		t.Errorf("the order is %v", got)
	}
}

func TestACancellationReckonsWithWhatStaffHasGivenBack(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	until := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	e.Refunds.Steps = []registration.RefundStep{{Until: until, Percent: 50}}
	e.Changes.Cancel = until
	s.apply(e)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	p := s.newest()
	staff := s.staff(store.RoleAdmin, slug)
	staff.refund(s.admin(p.OrderID), p, "50,000")
	ask := b.submit(b.get(order).want(200), "cancel", nil).want(200)
	if !strings.Contains(ask.body, "KRW 50,000") {
		t.Error("the page does not say that half of what is left goes back")
	}
	staff.refund(s.admin(p.OrderID), p, "40,000")
	again := b.submit(ask, "main", nil).want(http.StatusUnprocessableEntity) // less goes back than was shown
	b.submit(again, "main", nil).to()
	if _, err := s.cashier.Reconcile(t.Context(), true); err != nil {
		t.Fatal(err)
	}
	if got := s.taken(p).Refunded; got != 50000+40000+30000 || b.status(order)["order"] != "cancelled" {
		t.Errorf("%d went back in all, want 120000", got)
	}
	s.healthy()
}

func TestAFreeAnswerWithACardNumberComesBackWithoutTheNumberOnly(t *testing.T) {
	s := newSite(t)
	e := ruledEvent()
	e.Questions[3].Max = 500
	s.apply(e)
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()).want(200)
	note := url.Values{"answer.bus": {"no"}, "answer.note": {"창가 자리, 4111 1111 1111 1111, 감사합니다."}}
	page = b.submit(page, "main", with(person, note)).want(http.StatusUnprocessableEntity)
	if got := filled(page).Get("answer.note"); got != "창가 자리, , 감사합니다." {
		t.Errorf("the answer comes back as %q", got)
	}
}
