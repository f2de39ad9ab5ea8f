package handlers

import (
	"context"
	"fmt"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// paperChoice is what somebody has typed into the field papers, and what became of it.
type paperChoice struct {
	has      []string // that the registration covers already
	typed    string
	numbers  []string
	found    map[string]store.PaperRow
	problems []views.Problem
}

// papersTyped reads the field papers for a category that may cover papers; the zero value for any other.
func (s *Server) papersTyped(ctx context.Context, e *registration.Event, cart registration.Cart, typed string) (paperChoice, error) {
	if !e.Papers.Covers(cart.Category) || !e.Papers.OpenAt(s.cfg.Now()) {
		return paperChoice{}, nil
	}
	p := paperChoice{typed: typed}
	if p.read(); len(p.problems) > 0 {
		return p, nil
	}
	return p, s.checkPapers(ctx, e, cart, &p)
}

// read makes numbers of what was typed.
func (p *paperChoice) read() {
	switch typed := p.typed; {
	case strings.Contains(typed, badText):
		p.wrong("form.text")
	case registration.HoldsCardNumber(typed):
		p.typed = ""
		p.wrong("form.nocard")
	default:
		var bad string
		if p.numbers, bad = registration.PaperNumbers(typed); bad != "" {
			p.wrong("papers.bad", "text", bad)
		}
	}
}

// papersOf is papersTyped for the numbers that a draft holds.
func (s *Server) papersOf(ctx context.Context, e *registration.Event, d *draft) (paperChoice, error) {
	if !e.Papers.Covers(d.Cart.Category) {
		return paperChoice{}, nil
	}
	if len(d.Papers) > 0 && !e.Papers.OpenAt(s.cfg.Now()) {
		p := paperChoice{}
		p.wrong("papers.closed")
		return p, nil
	}
	return s.papersTyped(ctx, e, d.Cart, strings.Join(d.Papers, ", "))
}

func (p *paperChoice) wrong(key string, args ...any) {
	p.problems = append(p.problems, views.Problem{Field: "papers", Key: key, Args: args})
}

// checkPapers looks whether the papers are listed and free, and whether the registration covers so many.
func (s *Server) checkPapers(ctx context.Context, e *registration.Event, cart registration.Cart, p *paperChoice) error {
	if len(p.numbers) == 0 && len(p.has) > 0 {
		return nil
	}
	switch e.Papers.Wrong(cart, len(p.has)+len(p.numbers)) {
	case registration.PapersNeeded:
		p.wrong("papers.needed")
		return nil
	case registration.PapersPage:
		p.wrong("papers.page")
		return nil
	case registration.PapersLimit:
		p.tooMany(e, cart, e.Papers.Limit(cart.Extras))
		return nil
	}
	if len(p.numbers) == 0 {
		return nil
	}
	var err error
	if p.found, err = s.cfg.Store.PapersNamed(ctx, e.ID, p.numbers); err != nil {
		return fmt.Errorf("find papers: %w", err)
	}
	var unknown, covered []string
	for _, n := range p.numbers {
		row, known := p.found[n]
		switch {
		case !known:
			unknown = append(unknown, n)
		case row.Cover != nil:
			covered = append(covered, n)
		}
	}
	if len(unknown) > 0 {
		p.wrong("papers.unknown", "numbers", strings.Join(unknown, ", "))
	}
	if len(covered) > 0 {
		p.wrong("papers.covered", "numbers", strings.Join(covered, ", "))
	}
	return nil
}

// tooMany says how many papers the registration covers, and how to cover more.
func (p *paperChoice) tooMany(e *registration.Event, cart registration.Cart, limit int64) {
	extra := e.Extra(e.Papers.ExtraPaper)
	want := int64(len(p.has)+len(p.numbers)) - e.Papers.PerRegistration
	if extra == nil || want > int64(extra.Max) {
		p.wrong("papers.limit", "n", limit)
		return
	}
	p.wrong("papers.limit_extra", "n", limit, "extra", extra.Name, "more", want)
}

// paperField is how the form's page asks for papers.
func (s *Server) paperField(e *registration.Event, cart registration.Cart, typed string) views.PaperField {
	if !e.Papers.Covers(cart.Category) {
		return views.PaperField{}
	}
	return views.PaperField{
		Ask: true, Closed: !e.Papers.OpenAt(s.cfg.Now()), Typed: typed, Must: e.Papers.Must(cart.Category), Limit: e.Papers.Limit(cart.Extras),
		Deadline: e.Papers.Deadline, Items: views.RegisterPath(e.Slug),
	}
}

// papersShown is the field papers as the form shows it: as it was typed, else what is kept.
func (d *draft) papersShown() string {
	if d.typed != "" {
		return d.typed
	}
	return strings.Join(d.Papers, ", ")
}

// rows are the papers with their titles, in the order in which they were typed.
func (p paperChoice) rows() []views.CoveredPaper {
	var list []views.CoveredPaper
	for _, n := range p.numbers {
		list = append(list, views.CoveredPaper{Number: n, Title: p.found[n].Title})
	}
	return list
}

// revised are the papers as the check page's revision counts them: nothing when there are none.
func (p paperChoice) revised() registration.Answers {
	if len(p.numbers) == 0 {
		return nil
	}
	return registration.Answers{"papers": p.numbers}
}

// lateForPapers shows the second page again after somebody else has covered one of the papers.
func (s *Server) lateForPapers(c echo.Context, status int, e *registration.Event, d *draft) error {
	p, err := s.papersOf(c.Request().Context(), e, d)
	if err != nil {
		return err
	}
	d.changing = true
	return s.renderPerson(c, status, e, d, p.problems)
}
