package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// seat is one person of an order as that person sees it.
type seat struct {
	event *registration.Event
	order *registration.Order
	reg   *registration.Registration
	path  string
	typed store.Given // evidence that was refused, to be shown again
	own   bool        // this is the person's own page, not their order's

	ticked form   // consents that were refused, to be shown again
	form   string // address of the form in which the number can be changed, where it is another page
}

// page is where the person reads how they stand: their own page, or their order's.
func (p *seat) page() string { return strings.TrimSuffix(p.path, "/details") }

// seat finds the person of a path whose secret is right. A wrong secret and a code that does not exist fail alike, with CodeNotFound.
func (s *Server) seat(c echo.Context) (*seat, error) {
	code, secret := c.Param("code"), c.Param("secret")
	unknown := registration.Fail(registration.CodeNotFound, "order.unknown")
	if !isName(code) || !isToken(secret) {
		return nil, unknown
	}
	o, err := s.cfg.Store.OrderByCode(c.Request().Context(), code)
	if isCode(err, registration.CodeNotFound) {
		s.cfg.Store.Keys().CheckPersonSecret(secret, code, 1) // takes as long as for an order of one that exists
		return nil, unknown
	}
	if err != nil {
		return nil, fmt.Errorf("find order: %w", err)
	}
	i := slices.IndexFunc(o.Registrations, func(r registration.Registration) bool {
		return !r.Gone && s.cfg.Store.Keys().CheckPersonSecret(secret, r.ID, r.Version)
	})
	if i < 0 {
		return nil, unknown
	}
	e, err := s.cfg.Store.EventByID(c.Request().Context(), o.EventID)
	if err != nil {
		return nil, fmt.Errorf("find the order's event: %w", err)
	}
	return &seat{event: e, order: o, reg: &o.Registrations[i], path: personPath(code, secret), own: true}, nil
}

// until is the last moment at which people may change their own details: what the event says, else the eve of its first day. Whoever has
// another category by now which asks for more has until then at least.
func (p *seat) until() time.Time {
	d, eve := p.event.Changes.Details, eveOf(p.event)
	if d.IsZero() || (d.Before(eve) && p.unanswered()) {
		return eve
	}
	return d
}

// eveOf is the last moment before an event begins.
func eveOf(e *registration.Event) time.Time { return e.Starts.In(e.Location()).Add(-time.Second) }

// unanswered reports whether something has still to be answered here that was not asked before.
func (p *seat) unanswered() bool {
	return slices.ContainsFunc(p.event.Late(p.order, p.reg), func(q registration.Question) bool { return q.Per == registration.PerPerson || p.whole() })
}

// whole reports whether what is asked once for the order is asked with what is asked of the person: on the page of an order of one.
func (p *seat) whole() bool { return !p.own && len(p.order.Registrations) == 1 }

// answers are what was answered so far of that which can be asked here.
func (p *seat) answers() registration.Answers {
	all := registration.Answers{}
	for id, values := range p.reg.Answers {
		if q := p.event.Question(id); q != nil && q.Per == registration.PerPerson {
			all[id] = values
		}
	}
	for id, values := range p.order.Answers {
		if q := p.event.Question(id); q != nil && q.Per == registration.PerOrder && p.whole() {
			all[id] = values
		}
	}
	return all
}

// open reports whether the person may change their details now.
func (p *seat) open(now time.Time) bool {
	return p.reg.State != registration.Cancelled && p.event.MayChange(p.until(), now)
}

// fixed reports whether the answer to a question stays as it is: it takes places, and was agreed to with the order. What has to be answered
// and was not asked then, since it is another category's, can still be.
func (p *seat) fixed(q *registration.Question) bool {
	return p.event.TakesPlaces(q) && (!q.Required || len(p.answers()[q.ID]) > 0 || !p.changed())
}

// changed reports whether what the order holds was changed since it was made.
func (p *seat) changed() bool { return p.order.Changed > 0 }

// asked are the questions that the person may answer here.
func (p *seat) asked(given registration.Answers) []registration.Question {
	questions := p.event.AskedOf(p.order, p.reg, given)
	if p.whole() {
		questions = p.event.Asked(registration.PerAny, p.reg.Category(), given)
	}
	return slices.DeleteFunc(questions, func(q registration.Question) bool { return p.fixed(&q) })
}

// showOwn handles GET /p/{code}/{secret}: one person's own registration.
func (s *Server) showOwn(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	return s.renderOwn(c, http.StatusOK, p, p.reg.Person, p.answers(), nil)
}

func (s *Server) renderOwn(c echo.Context, status int, p *seat, who registration.Person, given registration.Answers, problems []views.Problem) error {
	proofs, err := s.ownEvidence(c.Request().Context(), p)
	if err != nil {
		return err
	}
	unproved, err := s.ownUnproved(c.Request().Context(), p)
	if err != nil {
		return err
	}
	page := views.OwnPage{
		Page: frame(c, p.event, p.path, "own.title"), Event: p.event, Code: p.order.Code, Registration: p.reg, Payer: p.order.Payer.Name, Person: who,
		Path: p.path, Open: p.open(s.cfg.Now()), Until: p.until(), Problems: problems, Saved: c.QueryParam("saved") != "",
		Paid: p.order.State == registration.OrderPaid, Awaiting: p.order.State == registration.OrderAwaiting, Evidence: proofs, Unproved: unproved,
		Consent: s.consentForm(p, problems), Unanswered: p.unanswered(), Shown: p.shown(),
	}
	if page.Asked, err = s.askedOf(c.Request().Context(), p, given, problems); err != nil {
		return err
	}
	page.Page.Private, page.Page.Error, page.Page.Refused = true, len(problems) > 0, refusedForm(c, p.path)
	return s.render(c, status, views.Own(page))
}

// submitOwn handles POST /p/{code}/{secret}: the person's details. The e-mail address stays with the payer and the staff.
func (s *Server) submitOwn(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	f, files, err := readFilesForm(c)
	if err != nil {
		return err
	}
	if !p.open(s.cfg.Now()) {
		return goTo(c, p.path)
	}
	return s.saveOwn(c, p, f, files, p.path+"?saved=1", s.renderOwn)
}

// showOwnQR handles GET /p/{code}/{secret}/qr.svg: the person's check-in code, once the order is paid.
func (s *Server) showOwnQR(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	if p.reg.State != registration.Confirmed {
		return registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	svg, err := documents.QRSVG(p.reg.CheckInToken)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	return c.Blob(http.StatusOK, "image/svg+xml", []byte(svg))
}

// showOwnCalendar handles GET /p/{code}/{secret}/calendar.ics.
func (s *Server) showOwnCalendar(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	var file strings.Builder
	if err := EventCalendar(p.event, p.order, langOf(c), s.links).Write(&file); err != nil {
		return fmt.Errorf("write calendar file: %w", err)
	}
	c.Response().Header().Set("Content-Disposition", `attachment; filename="`+p.event.Slug+`.ics"`)
	return c.Blob(http.StatusOK, "text/calendar; charset=utf-8", []byte(file.String()))
}
