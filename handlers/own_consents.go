package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// agrees reports whether the person has still to agree for themselves.
func (p *seat) agrees() bool {
	_, open := p.order.Agreed(p.event, p.reg)
	return open
}

// consentForm is the form in which they do, with the boxes that were ticked; nil when there is nothing to agree to.
func (s *Server) consentForm(p *seat, problems []views.Problem) *views.ConsentForm {
	if !p.agrees() {
		return nil
	}
	return &views.ConsentForm{Event: p.event, Codes: s.cfg.Messenger, Terms: ticked(p.ticked, views.ConsentTerms), Agreed: agreed(p.event, p.ticked), Problems: problems}
}

// consented are the consents of a form that was posted.
func (s *Server) consented(e *registration.Event, f form) []registration.Consent {
	return addConsents(nil, e, termsVersion(e), f, s.cfg.Now().UTC().Truncate(time.Millisecond))
}

// takeConsents keeps what the person agrees to and leads on, or shows their page again.
func (s *Server) takeConsents(c echo.Context, p *seat, to string, again func([]views.Problem) error) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if !p.agrees() {
		return goTo(c, p.page())
	}
	if problems := consentProblems(p.event, f, views.ConsentTerms); len(problems) > 0 || f.onlyShow() {
		p.ticked = f
		return again(problems)
	}
	err = s.cfg.Store.Agree(c.Request().Context(), p.order, p.reg, s.consented(p.event, f), payments.ActorAttendee)
	if err != nil && !isCode(err, registration.CodeConflict) { // somebody else has the place by now
		return fmt.Errorf("keep consents: %w", err)
	}
	return goTo(c, to)
}

// submitOwnConsents handles POST /p/{code}/{secret}/consents: what one of the people agrees to after the time for their details.
func (s *Server) submitOwnConsents(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	return s.takeConsents(c, p, p.path+"?saved=1", func(problems []views.Problem) error {
		return s.renderOwn(c, http.StatusUnprocessableEntity, p, p.reg.Person, p.answers(), problems)
	})
}

// submitOrderConsents handles POST /o/{code}/{secret}/consents: what the owner of an order agrees to who came instead of another.
func (s *Server) submitOrderConsents(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	p := f.owner()
	if p == nil {
		return goTo(c, f.path())
	}
	return s.takeConsents(c, p, f.path()+"?notice="+noticeAgreed, func(problems []views.Problem) error {
		f.ticked = p.ticked
		return s.renderOrder(c, http.StatusUnprocessableEntity, f, problems)
	})
}

// owner is who has an order of their own, as one of its people; nil for the order of a group, and for one that somebody else pays.
func (f *folder) owner() *seat {
	o := f.order
	if p := f.sole(); p != nil && strings.EqualFold(p.reg.Person.Email, o.Payer.Email) {
		return p
	}
	return nil
}

// sole is the person of an order of one, whoever pays it; nil for a group.
func (f *folder) sole() *seat {
	if len(f.order.Registrations) != 1 {
		return nil
	}
	return &seat{event: f.event, order: f.order, reg: &f.order.Registrations[0], path: f.path(), ticked: f.ticked}
}

// instead reports whether the person has come instead of another.
func (p *seat) instead() bool { return p.reg.Consents != nil }

// deadlines are until when attendees may change what. Where the event lets nobody change their details, whoever came instead of another may
// tell theirs all the same, as people of groups may; and whoever has another category by now which asks for more, as long as that is open.
func (f *folder) deadlines() registration.Changes {
	c := f.event.Changes
	if p := f.owner(); p != nil && p.instead() && c.Details.IsZero() {
		c.Details = p.until()
	}
	if p := f.sole(); p != nil && p.unanswered() {
		c.Details = p.until()
	}
	if eve := eveOf(f.event); f.owesAnswers() && c.Details.Before(eve) {
		c.Details = eve
	}
	return c
}

// todos tells the owner of an order what is still open.
func (s *Server) todos(c echo.Context, f *folder, page *views.OrderPage) (err error) {
	p := f.owner()
	if p == nil {
		page.Unanswered = len(f.order.Registrations) > 1 && f.order.State == registration.OrderPaid &&
			slices.ContainsFunc(f.order.Registrations, func(r registration.Registration) bool { return len(f.event.Late(f.order, &r)) > 0 })
		page.Owes = page.Answers && f.owesAnswers()
		p = f.sole()
		page.Details = p != nil && p.unanswered() && f.mayChange(f.deadlines().Details, s.cfg.Now())
		return nil
	}
	page.Consent = s.consentForm(p, nil)
	page.Details = (p.instead() || p.changed()) && f.mayChange(f.deadlines().Details, s.cfg.Now()) && p.lacks()
	page.Unproved, err = s.ownUnproved(c.Request().Context(), p)
	return err
}

// lacks reports whether something that the event needs to know of the person is missing.
func (p *seat) lacks() bool {
	given := p.answers()
	_, open := answerProblems(p.asked(given), given)
	return len(open) > 0 || len(p.event.Person.Lacks(p.reg.Person)) > 0
}
