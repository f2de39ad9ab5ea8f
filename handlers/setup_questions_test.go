package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

func TestQuestionsAreAskedFromTheBrowserAndKeepTheirIDs(t *testing.T) {
	s := newSite(t)
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/questions"
	page := b.get(path).want(200)
	if page.doc().Find("#questions-0-if").Length() != 0 {
		t.Error("a first question is offered a condition")
	}
	b.submit(page, "main", url.Values{
		"questions.0.label.ko": {"셔틀버스"}, "questions.0.label.en": {"Shuttle bus"}, "questions.0.kind": {"choice"}, "questions.0.required": {"true"},
		"questions.0.options.more": {"탑승 | Yes | ４０\r\n\r\n타지 않음｜No\r\n미정\r\nYes"},
		"questions.1.label.ko":     {"전할 말"}, "questions.1.per": {"order"}, "questions.1.max": {"20"},
	}).to()
	q := s.event(slug).Question("shuttle-bus")
	if q == nil || len(q.Options) != 4 || !q.Required || q.Kind != registration.AskChoice || q.Label.Ko != "셔틀버스" {
		t.Fatalf("the question is %+v", q)
	}
	for i, want := range []registration.Option{
		{ID: "yes", Label: registration.Text{Ko: "탑승", En: "Yes"}, Places: 40}, {ID: "no", Label: registration.Text{Ko: "타지 않음", En: "No"}},
		{ID: "option", Label: registration.Text{Ko: "미정", En: "미정"}}, {ID: "yes-2", Label: registration.Text{Ko: "Yes", En: "Yes"}},
	} {
		if q.Options[i] != want {
			t.Errorf("option %d is %+v, want %+v", i, q.Options[i], want)
		}
	}
	if note := s.event(slug).Question("question"); note == nil || note.Per != registration.PerOrder || note.Max != 20 {
		t.Errorf("the second question is %+v", note)
	}
	page = b.get(path).want(200)
	b.submit(page, "main", url.Values{
		"questions.0.label.en": {"Bus"}, "questions.0.options.0.label.en": {"I take it"}, "questions.0.options.3.remove": {"1"},
		"questions.0.options.more": {"예비 | Spare"}, "questions.2.label.en": {"Stop"}, "questions.2.if": {"shuttle-bus.yes", "shuttle-bus.option"}, "questions.2.categories": {"student"},
	}).to()
	e := s.event(slug)
	q = e.Question("shuttle-bus")
	if q == nil || q.Label.En != "Bus" || len(q.Options) != 4 || q.Options[0].ID != "yes" || q.Options[0].Label.En != "I take it" || q.Options[3].ID != "spare" {
		t.Errorf("after a new name the question is %+v", q)
	}
	if stop := e.Question("stop"); stop == nil || stop.If == nil || stop.If.Question != "shuttle-bus" || strings.Join(stop.If.Is, " ") != "yes option" || strings.Join(stop.Categories, " ") != "student" {
		t.Errorf("the question with a condition is %+v", stop)
	}
	if n := len(e.Quotas); e.Quotas[n-1].ID != "shuttle-bus.yes" || e.Quotas[n-1].Places != 40 {
		t.Errorf("the places of the option are %+v", e.Quotas[n-1])
	}
	s.healthy()
}

func TestMistakesInQuestionsAreToldAtTheirFields(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/questions"
	for name, tc := range map[string]struct {
		fields url.Values
		want   string
	}{
		"choice of nothing":    {url.Values{"questions.2.kind": {"choice"}}, "#questions-2-options-more"},
		"options of a text":    {url.Values{"questions.0.kind": {"text"}}, "#questions-0-options-0-label-ko"},
		"a new option's place": {url.Values{"questions.0.options.more": {"a | b | many"}}, "#questions-0-options-more"},
		"too many parts":       {url.Values{"questions.0.options.more": {"a | b | 1 | 2"}}, "#questions-0-options-more"},
		"an option's place":    {url.Values{"questions.0.options.1.places": {"0"}}, "#questions-0-options-1-places"},
		"no label":             {url.Values{"questions.3.label.ko": {""}, "questions.3.label.en": {""}}, "#questions-3-label-ko"},
		"least of a text":      {url.Values{"questions.3.min": {"1"}}, "#questions-3-min"},
		"too long a text":      {url.Values{"questions.3.max": {"3000"}}, "#questions-3-max"},
		"two conditions":       {url.Values{"questions.1.if": {"bus.yes", "from.x"}}, "#questions-1-if"},
		"no such category":     {url.Values{"questions.1.categories": {"nobody"}}, "#questions-1-categories"},
	} {
		t.Run(name, func(t *testing.T) {
			f := with(filled(b.get(path).want(200)), tc.fields)
			refused := b.post(path, f).want(http.StatusUnprocessableEntity)
			if refused.doc().Find("#problems a[href='"+tc.want+"']").Length() == 0 || refused.doc().Find(tc.want).Length() != 1 {
				t.Errorf("nothing leads to %s: %s", tc.want, refused.doc().Find("#problems").Text())
			}
			if told := refused.doc().Find("#problems").Text(); strings.Contains(told, "setup.") || strings.Contains(told, "expected") {
				t.Errorf("a sentence is missing: %s", told)
			}
			for field, value := range tc.fields {
				if kept := filled(refused).Get(field); kept != value[0] && name != "no such category" && name != "two conditions" {
					t.Errorf("%s is %q afterwards, was typed as %q", field, kept, value[0])
				}
			}
		})
	}
}

func TestAnOptionThatWasSoldStaysAsInTheFile(t *testing.T) {
	s := newSite(t)
	s.apply(ruledEvent())
	s.ordered(s.event(slug), registration.Person{Name: "홍길동", Email: "hong@example.org"}, registration.Cart{Category: "student"})
	b := s.staff(store.RoleAdmin, slug)
	path := "/console/" + slug + "/setup/questions"
	f := filled(b.get(path).want(200))
	f.Set("questions.0.options.0.remove", "1")
	f.Set("questions.0.options.more", "새 | New")
	f.Del("questions.1.if")
	refused := b.post(path, f).want(http.StatusUnprocessableEntity)
	if told := refused.doc().Find("#problems").Text(); !strings.Contains(told, "bus.yes") {
		t.Errorf("the page says %s", told)
	}
	if s.event(slug).Question("bus").Option("yes") == nil {
		t.Error("the option is gone")
	}
}
