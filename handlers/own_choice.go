package handlers

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// askedOf are the questions of somebody's own form, with the places left where an option of one has places.
func (s *Server) askedOf(ctx context.Context, p *seat, given registration.Answers, problems []views.Problem) (list views.QuestionList, err error) {
	list = views.QuestionList{Questions: p.asked(given), Answers: given, Problems: problems}
	if slices.ContainsFunc(list.Questions, func(q registration.Question) bool { return p.event.TakesPlaces(&q) }) {
		list.Left, err = s.optionsLeft(ctx, p.event)
	}
	return list, err
}

// parted are answers of the form as those of the person and those of the order. Those to questions that are gone stay where they were.
func (p *seat) parted(all registration.Answers) (own, once registration.Answers) {
	own, once = registration.Answers{}, registration.Answers{}
	for id, values := range all {
		q := p.event.Question(id)
		switch {
		case p.whole() && q != nil && q.Per == registration.PerOrder, p.whole() && q == nil && len(p.reg.Answers[id]) == 0:
			once[id] = values
		default:
			own[id] = values
		}
	}
	return own, once
}

// chosen are the answers that take places and were not given before.
func (p *seat) chosen(given registration.Answers) registration.Answers {
	all := registration.Answers{}
	for id, values := range given {
		if q := p.event.Question(id); q != nil && p.event.TakesPlaces(q) && !p.fixed(q) {
			all[id] = values
		}
	}
	return all
}

// choose takes the places of what somebody answers about themselves for the first time since their category was changed, and reads the
// order again; nothing for anybody else. It fails like store.Correct: with CodeFull when an option has no places left.
func (s *Server) choose(ctx context.Context, p *seat, given registration.Answers) error {
	chosen := p.chosen(given)
	if len(chosen) == 0 {
		return nil
	}
	all := registration.Answers{}
	maps.Copy(all, p.reg.Answers)
	maps.Copy(all, chosen)
	return s.correct(ctx, p, store.Correction{Registration: p.reg.ID, Person: p.reg.Person, Answers: all})
}

// keepOnce keeps what is asked once for the order, with files by question as store.Correction has them, and reads the order again; nothing
// where it is not asked here, or is as it was. It fails like store.Correct.
func (s *Server) keepOnce(ctx context.Context, p *seat, once registration.Answers, files map[string]*store.NewFile) error {
	if !p.whole() || (p.order.Answers.Equal(once) && len(files) == 0) {
		return nil
	}
	return s.correct(ctx, p, store.Correction{Answers: once, Files: files})
}

// correct makes a correction for the attendee, and reads the order again. The person stays as they were read, so that what somebody else
// has changed meanwhile is still found when they are written.
func (s *Server) correct(ctx context.Context, p *seat, x store.Correction) error {
	x.Actor = payments.ActorAttendee
	err := s.cfg.Store.Correct(ctx, p.event, p.order, x)
	if err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	was := *p.reg
	if x.Registration != "" {
		was.Answers = x.Answers
	}
	if p.order, err = s.cfg.Store.Order(ctx, p.order.ID); err != nil {
		return fmt.Errorf("read order again: %w", err)
	}
	p.reg = p.order.Registration(was.ID)
	p.reg.Person, p.reg.Answers = was.Person, was.Answers
	return nil
}

// full says which of the answers that take places have none left.
func (s *Server) full(ctx context.Context, p *seat, given registration.Answers) ([]views.Problem, error) {
	left, err := s.optionsLeft(ctx, p.event)
	if err != nil {
		return nil, err
	}
	if problems := fullOptions(p.asked(given), p.chosen(given), left); len(problems) > 0 {
		return problems, nil
	}
	return []views.Problem{{Field: "main", Key: "unmade.moved"}}, nil // free again by now
}
