package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// covered are the papers that an order covers, for its pages.
func (s *Server) covered(ctx context.Context, e *registration.Event, order *registration.Order) ([]views.CoveredPaper, error) {
	if !e.Papers.Any() {
		return nil, nil
	}
	all, err := s.cfg.Store.PapersOf(ctx, order.ID)
	if err != nil {
		return nil, fmt.Errorf("read papers: %w", err)
	}
	return coveredPapers(all), nil
}

func coveredPapers(all []store.Covering) []views.CoveredPaper {
	var list []views.CoveredPaper
	for _, c := range all {
		list = append(list, views.CoveredPaper{Number: c.Number, Title: c.Title})
	}
	return list
}

// adminPapers is what the staff's page of an order says about papers.
func (o *office) adminPapers(v *visit, f *orderFile) (views.AdminPapers, error) {
	p := views.AdminPapers{Show: v.event.Papers.Any(), Can: f.Places != "none" && !f.Order.Check, Form: f.papers}
	var err error
	if p.List, err = o.covered(v.Request().Context(), v.event, f.Order); err != nil || len(p.Form.Problems) > 0 {
		return p, err
	}
	var numbers []string
	for _, c := range p.List {
		numbers = append(numbers, c.Number)
	}
	p.Form.Typed = strings.Join(numbers, ", ")
	return p, nil
}

// firstOf is the position of an order's first person who is not cancelled.
func firstOf(o *registration.Order) int {
	return max(slices.IndexFunc(o.Registrations, func(r registration.Registration) bool { return !r.Gone }), 0)
}

// submitAdminPapers handles POST /admin/{event}/orders/{code}/papers: staff give an order other papers, whatever its limit and the
// deadline.
func (o *office) submitAdminPapers(v *visit) error {
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	f, err := readForm(v)
	if err != nil {
		return err
	}
	numbers, bad := registration.PaperNumbers(f.line("papers"))
	typed := views.AdminPapersForm{Typed: f.line("papers"), Reason: f.line("reason")}
	refuse := func(status int, field, key string, args ...any) error {
		typed.Problems = []views.Problem{{Field: field, Key: key, Args: args}}
		file.papers = typed
		return o.renderFile(v, status, file)
	}
	switch {
	case registration.HoldsCardNumber(typed.Typed):
		typed.Typed = ""
		return refuse(http.StatusUnprocessableEntity, "papers", "form.nocard")
	case bad != "" || strings.Contains(typed.Typed, badText):
		return refuse(http.StatusUnprocessableEntity, "papers", "papers.bad", "text", bad)
	case len(numbers) > mostPapers:
		return refuse(http.StatusUnprocessableEntity, "papers", "papers.limit", "n", mostPapers)
	}
	if wrong, err := staffProblems("handmade", reasonForm{typed.Reason}); err != nil || len(wrong) > 0 {
		if err != nil {
			return err
		}
		return refuse(http.StatusUnprocessableEntity, "papers-reason", wrong[0].Key, wrong[0].Args...)
	}
	err = o.cfg.Store.CoverPapers(v.Request().Context(), v.event, file.Order.ID, firstOf(file.Order), numbers, v.staff.Actor(), typed.Reason)
	switch {
	case isCode(err, registration.CodeNotFound):
		return refuse(http.StatusUnprocessableEntity, "papers", "papers.unknown", "numbers", strings.Join(numbers, ", "))
	case hasKey(err, "papers.covered"):
		return refuse(http.StatusConflict, "papers", "papers.covered", "numbers", strings.Join(numbers, ", "))
	case isCode(err, registration.CodeConflict):
		return refuse(http.StatusConflict, "papers", "papers.staff.gone")
	case err != nil:
		return fmt.Errorf("change papers: %w", err)
	}
	return saved(v, file.path(v), "papers")
}

// mostPapers is how many papers one order covers at most, also by staff's hand.
const mostPapers = 200

// reasonForm is why staff do something that no rule foresees.
type reasonForm struct {
	Reason string `form:"reason" validate:"required,max=200,text,nocard"`
}
