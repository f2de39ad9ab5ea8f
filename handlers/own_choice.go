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

// choose takes the places of what somebody answers for the first time since their category was changed, and reads the order again; nothing
// for anybody else. It fails like store.Correct: with CodeFull when an option has no places left.
func (s *Server) choose(ctx context.Context, p *seat, given registration.Answers) error {
	chosen := p.chosen(given)
	if len(chosen) == 0 {
		return nil
	}
	all := registration.Answers{}
	maps.Copy(all, p.reg.Answers)
	maps.Copy(all, chosen)
	err := s.cfg.Store.Correct(ctx, p.event, p.order, store.Correction{Registration: p.reg.ID, Person: p.reg.Person, Answers: all, Actor: payments.ActorAttendee})
	if err != nil {
		return fmt.Errorf("take places of answers: %w", err)
	}
	if p.order, err = s.cfg.Store.Order(ctx, p.order.ID); err != nil {
		return fmt.Errorf("read order again: %w", err)
	}
	p.reg = p.order.Registration(p.reg.ID)
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
