package handlers

import (
	"slices"
	"strings"

	"foyer/registration"
)

// answers checks what was answered for the person. Questions that are needed may be left open: people answer them themselves.
func (r *listReader) answers(p *groupPerson, given registration.Answers) {
	if len(given) == 0 || p.Cart.Category == "" {
		return
	}
	questions := r.event.Asked(registration.PerPerson, p.Cart.Category, r.once.With(given))
	for i := range questions {
		questions[i].Required = false
	}
	kept, problems := answerProblems(questions, given)
	unsure := r.unsure(p)
	for _, x := range problems {
		id := strings.TrimPrefix(x.Field, "answer-")
		r.wrong(p.Row, r.title(listColumn{columnAnswer, id}), x.Key, x.Args...)
		unsure[id] = true
	}
	r.notAsked(p, questions, given, unsure)
	if len(kept) > 0 {
		p.Answers = kept
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
