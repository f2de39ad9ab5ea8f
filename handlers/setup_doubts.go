package handlers

import (
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// doubts are what the stored event says and hardly means, as far as the topic asks for it; the file's page shows all of it.
func (p *setupForm) doubts(e *registration.Event) []views.Problem {
	var all []views.Problem
	for _, d := range e.Doubts() {
		if p.topic.id != setupFile && p.topic.id != topicFor(d.Path) {
			continue
		}
		doubt := sayProblem(p.lang, d)
		doubt.Of, doubt.Field = views.SetupLabel(p.lang, d.Path), "file"
		if p.topic.id != setupFile {
			doubt.Field, _ = p.control(indexed.ReplaceAllString(d.Path, ".$1"))
		}
		if m := indexed.FindStringSubmatch(d.Path); within(d.Path, "phases") {
			i, _ := strconv.Atoi(m[1]) // digits, by the expression
			ph := &e.Phases[i]
			doubt.Of, doubt.Field = views.PhaseName(p.lang, ph), p.firstPrice(ph.ID, doubt.Field)
		}
		all = append(all, doubt)
	}
	return all
}

// firstPrice is the control of the first category's price in a phase; other where the page has none.
func (p *setupForm) firstPrice(phase, other string) string {
	i := slices.IndexFunc(p.names, func(name string) bool { return strings.HasPrefix(name, "categories.0.prices."+phase+".") })
	if i < 0 {
		return other
	}
	return fieldOf(p.names[i])
}

// nameProblems says in the summary which control each problem of the form is about: "Enter a value" alone would not.
func nameProblems(page *views.SetupPage) {
	name := func(f views.SetupField, of string) {
		for i := range page.Problems {
			p := &page.Problems[i]
			if p.Field != f.ID || p.Of != "" {
				continue
			}
			p.Of = of + f.Label
			if f.Kind == "ids" && p.Key == "setup.say.is missing" {
				p.Key = "setup.choose"
			}
		}
	}
	for _, f := range page.Fields {
		name(f, "")
	}
	for _, l := range page.Lists {
		nameRows(page.Page.Lang, l, "", name)
	}
}

func nameRows(l registration.Lang, list views.SetupList, in string, name func(views.SetupField, string)) {
	for _, r := range list.Rows {
		of := in + r.Title + " – "
		if key := "setup.new." + list.Key; r.New && views.Has(l, key) {
			of = in + views.T(l, key) + " – "
		}
		for _, f := range r.Fields {
			name(f, of)
		}
		if r.Inner != nil {
			nameRows(l, *r.Inner, of, name)
		}
	}
	for _, f := range list.More {
		name(f, in)
	}
}

// inOrder puts problems into the order of their controls; what is about no control of the page comes first.
func (p *setupForm) inOrder(problems []views.Problem) {
	place := map[string]int{}
	for i, name := range p.names {
		place[fieldOf(name)] = i + 1
	}
	slices.SortStableFunc(problems, func(a, b views.Problem) int { return place[a.Field] - place[b.Field] })
}
