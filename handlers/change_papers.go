package handlers

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// papersHad reads which papers the person covers whose registration is to be changed.
func (s *Server) papersHad(ctx context.Context, a *altering) error {
	if !a.event.Papers.Any() {
		return nil
	}
	covered, err := s.cfg.Store.PapersOf(ctx, a.order.ID)
	if err != nil {
		return fmt.Errorf("read papers: %w", err)
	}
	position := int64(slices.IndexFunc(a.order.Registrations, func(r registration.Registration) bool { return r.ID == a.person.ID }))
	for _, c := range covered {
		if c.Position == position {
			a.papers.has = append(a.papers.has, c.Number)
		}
	}
	return nil
}

// papersAdded reads the numbers that a change adds, and checks them as registration does; staff have no deadline, and may name none.
func (s *Server) papersAdded(ctx context.Context, a *altering, cart registration.Cart, staff bool) ([]views.Problem, error) {
	p, rule, had := &a.papers, a.event.Papers, a.person.Cart()
	if !rule.Any() {
		return nil, nil
	}
	p.typed = a.posted.line("papers")
	if p.read(); len(p.problems) > 0 {
		return p.problems, nil
	}
	p.numbers = slices.DeleteFunc(p.numbers, func(n string) bool { return slices.Contains(p.has, n) })
	none, open := len(p.numbers) == 0, rule.OpenAt(s.cfg.Now())
	needs := cart.Category != had.Category || cart.Extras[rule.ExtraPage] > had.Extras[rule.ExtraPage]
	switch {
	case none && (staff || !open || !needs || !rule.Covers(cart.Category)):
		return nil, nil
	case !rule.Covers(cart.Category):
		p.wrong("papers.add.category")
		return p.problems, nil
	case !open && !staff:
		p.wrong("papers.closed")
		return p.problems, nil
	}
	err := s.checkPapers(ctx, a.event, cart, p)
	return p.problems, err
}

// late says that one of the papers has been covered by somebody else meanwhile.
func (p *paperChoice) late() []views.Problem {
	return []views.Problem{{Field: "papers", Key: "papers.covered", Args: []any{"numbers", strings.Join(p.numbers, ", ")}}}
}

// uncovering lists what of a choice would not cover the papers any more that the person covers: staff alone take papers off.
func (a *altering) uncovering(cart registration.Cart) []views.Problem {
	rule, n, had := a.event.Papers, int64(len(a.papers.has)), a.person.Cart()
	switch {
	case n == 0:
	case cart.Category != had.Category && !rule.Covers(cart.Category):
		return []views.Problem{{Field: "category", Key: "change.papers"}}
	case rule.Limit(cart.Extras) < n && rule.Limit(cart.Extras) < rule.Limit(had.Extras):
		return []views.Problem{{Field: "extra-" + rule.ExtraPaper, Key: "change.papers"}}
	}
	return nil
}

// moreField is how a change's form asks for papers, where any category that is offered may cover some.
func (s *Server) moreField(a *altering, offered *registration.Event, staff bool) views.PaperField {
	rule := a.event.Papers
	if !slices.ContainsFunc(offered.Categories, func(c registration.Category) bool { return rule.Covers(c.ID) }) {
		return views.PaperField{}
	}
	f := views.PaperField{
		Ask: true, Closed: !staff && !rule.OpenAt(s.cfg.Now()), Typed: a.papers.typed, Limit: rule.PerRegistration, Adds: true, Has: strings.Join(a.papers.has, ", "),
	}
	if !staff {
		f.Deadline = rule.Deadline
	}
	if x := a.event.Extra(rule.ExtraPaper); x != nil {
		f.Extra = x.Name
	}
	return f
}

// namedPapers are the papers that parts of a change that waits add.
func namedPapers(parts []registration.Part) (list []views.CoveredPaper) {
	for _, n := range registration.AddedPapers(parts) {
		list = append(list, views.CoveredPaper{Number: n})
	}
	return list
}
