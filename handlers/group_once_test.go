package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
)

// groupOnceEvent takes groups, and asks questions once for the order, some of them for one category only.
func groupOnceEvent() registration.Event {
	e := groupEvent()
	text := func(s string) registration.Text { return registration.Text{Ko: s, En: s} }
	yes := []registration.Option{{ID: "yes", Label: text("Yes")}, {ID: "no", Label: text("No")}}
	e.Questions = []registration.Question{
		{ID: "meal", Label: text("Meal"), Kind: registration.AskChoice, Per: registration.PerPerson, Options: yes},
		{ID: "advisor", Label: text("Advisor"), Hint: text("Where they work"), Kind: registration.AskText, Per: registration.PerOrder, Required: true, Max: 20, Categories: []string{"student"}},
		{ID: "hotel", Label: text("Hotel"), Kind: registration.AskChoice, Per: registration.PerOrder, Options: yes, Categories: []string{"guest"}},
		{ID: "nights", Label: text("Nights"), Kind: registration.AskNumber, Per: registration.PerOrder, If: &registration.Condition{Question: "hotel", Is: []string{"yes"}}},
		{ID: "allergy", Label: text("Allergies"), Kind: registration.AskText, Per: registration.PerOrder, Required: true, If: &registration.Condition{Question: "meal", Is: []string{"yes"}}},
		{ID: "letter", Label: text("Letter"), Kind: registration.AskFile, Per: registration.PerOrder, Required: true},
		{ID: "secret", Label: text("Secret"), Kind: registration.AskText, Per: registration.PerOrder, Required: true, Categories: []string{"speaker"}},
		{ID: "note", Label: text("Message"), Kind: registration.AskText, Per: registration.PerOrder},
	}
	return e
}

func TestAGroupIsAskedOnceWhatItsCategoriesNeed(t *testing.T) {
	s := newSite(t)
	s.apply(groupOnceEvent())
	b := s.browser()
	student, guest := "a,a@example.org,student", "b,b@example.org,guest"
	for name, c := range map[string]struct {
		rows     []string
		given    url.Values
		problem  string // of the form, "" when it is taken
		answered string // by the order
	}{
		"a student's is needed":           {[]string{student, guest}, nil, "Advisor: Answer this question.", ""},
		"nobody is a student":             {[]string{guest}, nil, "", "map[]"},
		"an answer that is not asked":     {[]string{guest}, url.Values{"answer.advisor": {strings.Repeat("x", 30)}, "answer.note": {"hi"}}, "", "map[note:[hi]]"},
		"too long where it is asked":      {[]string{student}, url.Values{"answer.advisor": {strings.Repeat("x", 30)}}, "Advisor: Use 20", ""},
		"of both":                         {[]string{student, guest}, url.Values{"answer.advisor": {"Kim"}, "answer.hotel": {"no"}}, "", "map[advisor:[Kim] hotel:[no]]"},
		"a question that an answer opens": {[]string{guest}, url.Values{"answer.hotel": {"yes"}}, "Nights: Your answer leads to this question", ""},
		"opened for nobody":               {[]string{student}, url.Values{"answer.advisor": {"Kim"}, "answer.hotel": {"yes"}}, "", "map[advisor:[Kim]]"},
		"a list that cannot be read":      {[]string{"a,a@example.org,king"}, url.Values{"answer.hotel": {"no"}, "answer.advisor": {"Kim"}}, "no category", ""},
		"two mistakes at once":            {[]string{student, "b,nobody,guest"}, nil, "Advisor: Answer this question.", ""},
	} {
		page := b.get(groupPath).want(200)
		a := b.submit(page, "main", with(list(append([]string{"Name,Email,Category"}, c.rows...)...), with(url.Values{"answer.advisor": {""}, "answer.note": {""}, "answer.hotel": nil}, c.given)))
		said := a.doc().Find("#problems").Text()
		if !strings.Contains(said, c.problem) || (c.problem == "") != (a.status == 303) {
			t.Errorf("%s: %d, the page says %q", name, a.status, said)
			continue
		}
		if c.problem != "" {
			for field, want := range c.given {
				in := a.doc().Find(`[name="` + field + `"]`)
				if got := in.First().AttrOr("value", "") + in.Filter("[checked]").AttrOr("value", ""); !strings.Contains(got, want[0]) {
					t.Errorf("%s: %s comes back as %q", name, field, got)
				}
			}
			continue
		}
		order := b.submit(b.get(a.to()).want(200), "main", consents).to()
		var code string
		if err := s.store.Row(t.Context(), `SELECT id FROM orders WHERE code = $1`, strings.Split(order, "/")[2]).Scan(&code); err != nil {
			t.Fatal(name, err)
		}
		o, err := s.store.Order(t.Context(), code)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(map[string][]string(o.Answers)); got != c.answered {
			t.Errorf("%s: the order has %s, want %s", name, got, c.answered)
		}
	}
}

func TestTheFormOfAGroupSaysWhomItsQuestionsAreFor(t *testing.T) {
	s := newSite(t)
	e := groupOnceEvent()
	s.apply(e)
	b := s.browser()
	page := b.get(groupPath).want(200).doc()
	if got := page.Find("main").Text(); !strings.Contains(got, "Hotel (optional)") || strings.Contains(got, "Advisor (optional)") {
		t.Error("what may be left open is not called optional, or what may not is")
	}
	if got := page.Find(`#answer-advisor-hint`).Text(); got != "Where they work · Only if your list has: Student" {
		t.Errorf("the hint is %q", got)
	}
	for field, want := range map[string]int{"answer.advisor": 1, "answer.hotel": 2, "answer.note": 1, "answer.nights": 0, "answer.allergy": 0, "answer.letter": 0, "answer.secret": 0, "answer.meal": 0} {
		if got := page.Find(`[name="` + field + `"]`).Length(); got != want {
			t.Errorf("%s is there %d times, want %d", field, got, want)
		}
	}
	to := b.submit(b.get(groupPath), "main", with(list("Name,Email,Category", "a,a@example.org,guest"), url.Values{"answer.hotel": {"no"}})).to()
	if text := b.get(to).want(200).doc().Text(); !strings.Contains(text, "Hotel") || strings.Contains(text, "Advisor") || strings.Contains(text, "Letter") {
		t.Errorf("the check page says %q", text)
	}
	e.Questions[2].Required, e.Questions[7].Required = true, true // the event asks more meanwhile
	s.apply(e)
	b.get(to).want(303)
}
