package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// telling is what a form of somebody's own details says.
type telling struct {
	who       registration.Person
	given     registration.Answers // as typed
	own, once registration.Answers // what is to be kept of the person, and of the order where that is asked here
}

// tells reads a form. Consents, files and mistakes are looked at elsewhere.
func (p *seat) tells(f form) (t telling, problems []views.Problem) {
	t = telling{who: personOf(p.event, f.value), given: p.filled(f)}
	t.who.Email = p.reg.Person.Email
	questions := p.asked(t.given)
	kept, wrong := answerProblems(questions, t.given)
	t.own, t.once = p.parted(kept)
	return t, slices.Concat(opened(questions, t.given, f), wrong)
}

// filled are the answers of a form, with those that it does not ask, for conditions, and the files that are there and stay.
func (p *seat) filled(f form) registration.Answers {
	given := answered(p.event, f)
	for id := range given {
		if q := p.event.Question(id); p.fixed(q) || (q.Per == registration.PerOrder && !p.whole()) {
			delete(given, id)
		}
	}
	for id, values := range p.answers() {
		if q := p.event.Question(id); p.fixed(q) || (q.Kind == registration.AskFile && !f.removes(q)) {
			given[id] = values
		}
	}
	return given
}

// removes reports whether a form takes out the file that is the answer to a question.
func (f form) removes(q *registration.Question) bool { return f.raw("remove.answer."+q.ID) != "" }

// parted are the answers that are to be kept, of the person and of the order: those of the form, and those that it cannot ask, where they are.
func (p *seat) parted(kept registration.Answers) (own, once registration.Answers) {
	own, once = p.stays(p.reg.Answers, registration.PerPerson), p.stays(p.order.Answers, registration.PerOrder)
	for id, values := range kept {
		if p.event.Question(id).Per == registration.PerOrder {
			once[id] = values
		} else {
			own[id] = values
		}
	}
	return own, once
}

// stays are the answers that the form cannot ask: to questions that are gone or asked of the others now, and what takes places.
func (p *seat) stays(had registration.Answers, per registration.Per) registration.Answers {
	kept := registration.Answers{}
	for id, values := range had {
		if q := p.event.Question(id); q == nil || q.Per != per || p.fixed(q) {
			kept[id] = values
		}
	}
	return kept
}

// shown names what the form is filled with.
func (p *seat) shown() string {
	return markOf(p.reg.Person, p.answers())
}

// stands reports whether everything is as it is told.
func (p *seat) stands(t telling) bool {
	return p.reg.Person == t.who && p.reg.Answers.Equal(t.own) && (!p.whole() || p.order.Answers.Equal(t.once))
}

// filed are answers with the files among others.
func filed(e *registration.Event, given, had registration.Answers) registration.Answers {
	all := registration.Answers{}.With(given)
	for _, q := range e.Questions {
		if v := had[q.ID]; q.Kind == registration.AskFile && len(v) > 0 {
			all[q.ID] = v
		}
	}
	return all
}

// detailsAgain shows a form of somebody's own details again.
type detailsAgain func(c echo.Context, status int, p *seat, who registration.Person, given registration.Answers, problems []views.Problem) error

// refuse shows the form again with what was typed. Files that were taken out in it are still there.
func (p *seat) refuse(c echo.Context, again detailsAgain, status int, t telling, problems []views.Problem) error {
	return again(c, status, p, shown(t.who), withoutCards(filed(p.event, t.given, p.answers())), problems)
}

// saveOwn keeps what somebody has told about themselves and leads on, or shows the form again: also when what it was filled with is not
// what stands there any more, so that nobody undoes what somebody else has changed meanwhile.
func (s *Server) saveOwn(c echo.Context, p *seat, f form, files uploads, to string, again detailsAgain) error {
	moved := f.raw("shown") != "" && f.raw("shown") != p.shown()
	badFiles, err := s.ownFiles(c, p, f, files)
	if err != nil {
		return err
	}
	t, wrong := p.tells(f)
	if moved {
		if p.stands(t) && len(badFiles) == 0 && !f.onlyShow() {
			return goTo(c, to) // as it is already, perhaps by the same form
		}
		return p.refuse(c, again, http.StatusConflict, t, []views.Problem{{Field: "main", Key: "own.moved"}})
	}
	problems, err := personProblems(p.event, t.who)
	if err != nil {
		return err
	}
	problems = firstOfEach(slices.Concat(problems, phoneProblems(p.event, t.who), badFiles, wrong))
	var consents []registration.Consent
	if p.own && p.agrees() {
		problems = append(problems, consentProblems(p.event, f, views.ConsentTerms)...)
		p.ticked, consents = f, s.consented(p.event, f)
	}
	if len(problems) > 0 || f.onlyShow() {
		return p.refuse(c, again, http.StatusUnprocessableEntity, t, problems)
	}
	err = s.changeOwn(c.Request().Context(), p, t, consents)
	for range 2 { // the same form at the same time may have left another file
		if !isCode(err, registration.CodeConflict) || !s.otherFiles(c.Request().Context(), p) {
			break
		}
		t, _ = p.tells(f)
		err = s.changeOwn(c.Request().Context(), p, t, consents)
	}
	switch {
	case isCode(err, registration.CodeFull):
		if problems, err = s.full(c.Request().Context(), p, t.given); err != nil {
			return err
		}
		return p.refuse(c, again, http.StatusConflict, t, problems)
	case isCode(err, registration.CodeConflict):
		return s.detailsUnmade(c, p, f, to, again, err)
	case err != nil:
		return fmt.Errorf("keep details: %w", err)
	}
	return s.leaveOwn(c, p, t.who, to)
}

// changeOwn writes what somebody has told. It fails like store.ChangePerson.
func (s *Server) changeOwn(ctx context.Context, p *seat, t telling, consents []registration.Consent) error {
	change := store.PersonChange{Registration: p.reg.ID, Version: p.reg.Version, Person: t.who, Answers: t.own, Consents: consents, Actor: payments.ActorAttendee}
	if p.whole() {
		change.Once = &t.once
	}
	return s.cfg.Store.ChangePerson(ctx, p.order, change)
}

// otherFiles reads the order again, and reports whether what it says differs by files alone.
func (s *Server) otherFiles(ctx context.Context, p *seat) bool {
	o, err := s.cfg.Store.Order(ctx, p.order.ID)
	if err != nil {
		return false
	}
	was, r := *p, o.Registration(p.reg.ID)
	if r == nil || r.Gone || r.Version != was.reg.Version {
		return false
	}
	p.order, p.reg = o, r
	return p.stands(telling{who: was.reg.Person, own: filed(p.event, was.reg.Answers, r.Answers), once: filed(p.event, was.order.Answers, o.Answers)})
}

// askedOf are the questions of somebody's own form, with the places left where an option of one has places.
func (s *Server) askedOf(ctx context.Context, p *seat, given registration.Answers, problems []views.Problem) (list views.QuestionList, err error) {
	list = views.QuestionList{Questions: p.asked(given), Answers: given, Problems: problems}
	if slices.ContainsFunc(list.Questions, func(q registration.Question) bool { return p.event.TakesPlaces(&q) }) {
		list.Left, err = s.optionsLeft(ctx, p.event)
	}
	return list, err
}

// full says which of the answers that take places have none left. Here they are those that nobody was asked before.
func (s *Server) full(ctx context.Context, p *seat, given registration.Answers) ([]views.Problem, error) {
	left, err := s.optionsLeft(ctx, p.event)
	if err != nil {
		return nil, err
	}
	if problems := fullOptions(p.asked(given), given, left); len(problems) > 0 {
		return problems, nil
	}
	return []views.Problem{{Field: "main", Key: "unmade.moved"}}, nil // free again by now
}
