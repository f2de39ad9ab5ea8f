package handlers

import (
	"slices"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// answeredInList reports whether a question has to be answered in the list: places are taken with the order, not later.
func answeredInList(e *registration.Event, q *registration.Question) bool {
	return q.Required && e.TakesPlaces(q)
}

// answers checks what was answered for the person. Other questions that are needed may be left open: people answer them themselves.
func (r *listReader) answers(p *groupPerson, given registration.Answers) {
	if p.Cart.Category == "" {
		return
	}
	questions := r.event.Asked(registration.PerPerson, p.Cart.Category, r.once.With(given))
	for i := range questions {
		questions[i].Required = answeredInList(r.event, &questions[i])
	}
	kept, problems := answerProblems(questions, given)
	unsure := r.unsure(p)
	for _, x := range problems {
		c := listColumn{columnAnswer, strings.TrimPrefix(x.Field, "answer-")}
		if unsure[c.id] = true; slices.Contains(r.columns, c) {
			r.wrong(p.Row, r.title(c), x.Key, x.Args...)
		} else {
			r.lacks(c)
		}
	}
	r.notAsked(p, questions, given, unsure)
	if len(kept) > 0 {
		p.Answers = kept
	}
}

// lacks tells once that somebody of the list has to answer a question that has no column.
func (r *listReader) lacks(c listColumn) {
	x := views.ListProblem{Row: r.line, Column: r.title(c), Key: "group.column.missing"}
	if !slices.ContainsFunc(r.problems, func(was views.ListProblem) bool { return was.Row == x.Row && was.Column == x.Column }) {
		r.problems = slices.Insert(r.problems, 0, x)
	}
}

// unsure are the questions asked once for the order whose answers have to be mended first.
func (r *listReader) unsure(p *groupPerson) map[string]bool {
	all := map[string]bool{}
	for _, q := range r.event.Asked(registration.PerOrder, p.Cart.Category, r.once) {
		all[q.ID] = q.Check(r.once[q.ID]) != ""
	}
	return all
}

// notAsked finds cells that are filled in for questions that the person is not asked, unless that hangs on an unsure answer.
func (r *listReader) notAsked(p *groupPerson, asked []registration.Question, given registration.Answers, unsure map[string]bool) {
	for _, q := range r.event.Questions {
		isAsked := slices.ContainsFunc(asked, func(a registration.Question) bool { return a.ID == q.ID })
		switch {
		case isAsked || q.Per != registration.PerPerson:
		case q.If != nil && unsure[q.If.Question]:
			unsure[q.ID] = true
		case len(given[q.ID]) > 0:
			r.wrong(p.Row, r.title(listColumn{columnAnswer, q.ID}), "group.notasked")
		}
	}
}

// answerNamed turns what stands in a cell into an answer: names of options and countries into their ids.
func answerNamed(q *registration.Question, text string) []string {
	switch {
	case len(q.Options) > 0:
		return q.OptionsIn(text)
	case q.Kind == registration.AskCountry:
		text = countryNamed(text)
	}
	return []string{plainAnswer(q.Kind, text)}
}
