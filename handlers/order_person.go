package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

func changesDetails(c registration.Changes) time.Time  { return c.Details }
func changesTransfer(c registration.Changes) time.Time { return c.Transfer }

// single opens the order of one person for a change of that person; nil after leading to the order's page. The people of a group have
// pages of their own.
func (s *Server) single(c echo.Context, until func(registration.Changes) time.Time) (*altering, error) {
	a, err := s.altered(c, until)
	if a == nil {
		return nil, err
	}
	if len(a.order.Registrations) != 1 {
		return nil, goTo(c, a.path())
	}
	return a, nil
}

// seatOf is the person as their own page knows them.
func (a *altering) seatOf(path string) *seat {
	return &seat{event: a.event, order: a.order, reg: a.person, path: a.path() + path}
}

// showDetails handles GET /o/{code}/{secret}/details: what the attendee has told about themselves.
func (s *Server) showDetails(c echo.Context) error {
	a, err := s.single(c, changesDetails)
	if a == nil {
		return err
	}
	p := a.seatOf("/details")
	return s.renderDetails(c, http.StatusOK, p, p.reg.Person, p.answers(), nil)
}

func (s *Server) renderDetails(c echo.Context, status int, p *seat, who registration.Person, given registration.Answers, problems []views.Problem) error {
	asked, err := s.askedOf(c.Request().Context(), p, given, problems)
	if err != nil {
		return err
	}
	page := views.OrderDetailsPage{
		Page: frame(c, p.event, p.path, "details.title"), Event: p.event, Person: who, Path: p.path, Order: strings.TrimSuffix(p.path, "/details"), Problems: problems,
		Asked: asked, Shown: p.shown(),
	}
	page.Page.Private, page.Page.Error, page.Page.Refused = true, len(problems) > 0, refusedForm(c, p.path)
	return s.render(c, status, views.OrderDetails(page))
}

// submitDetails handles POST /o/{code}/{secret}/details.
func (s *Server) submitDetails(c echo.Context) error {
	a, err := s.single(c, changesDetails)
	if a == nil {
		return err
	}
	return s.saveOwn(c, a.seatOf("/details"), a.posted, a.files, a.path()+"?notice="+noticeChanged, s.renderDetails)
}

// showTransfer handles GET /o/{code}/{secret}/transfer: who comes instead.
func (s *Server) showTransfer(c echo.Context) error {
	a, err := s.single(c, changesTransfer)
	if a == nil {
		return err
	}
	return s.renderTransfer(c, http.StatusOK, a, registration.Person{}, nil)
}

func (s *Server) renderTransfer(c echo.Context, status int, a *altering, typed registration.Person, problems []views.Problem) error {
	page := views.OrderTransferPage{
		Page: frame(c, a.event, a.path()+"/transfer", "transfer.title"), Event: a.event, Order: a.path(), Person: a.person, Typed: typed, Problems: problems, Keeps: a.owner() == nil,
	}
	page.Page.Private, page.Page.Error, page.Page.Refused = true, len(problems) > 0, refusedForm(c, a.path()+"/transfer")
	return s.render(c, status, views.OrderTransfer(page))
}

// submitTransfer handles POST /o/{code}/{secret}/transfer: somebody else comes and has the order from now on, without what was answered once
// for it. Its address ends with that; the answer says so, since the page that it came from is gone. Who pays for somebody else keeps the
// order.
func (s *Server) submitTransfer(c echo.Context) error {
	a, err := s.single(c, changesTransfer)
	if a == nil {
		return err
	}
	who := registration.Person{Name: a.posted.line("name"), Email: a.posted.email("email")}
	problems, err := anotherProblems(who)
	if err != nil {
		return err
	}
	if len(problems) == 0 && strings.EqualFold(who.Email, a.person.Person.Email) {
		problems = []views.Problem{{Field: "email", Key: "transfer.email.same"}}
	}
	if len(problems) > 0 || a.posted.onlyShow() {
		return s.renderTransfer(c, http.StatusUnprocessableEntity, a, shown(who), problems)
	}
	change := store.PersonChange{
		Registration: a.person.ID, Version: a.person.Version, Person: who, Answers: keptAnswers(a.event, a.person.Answers), Another: true, Actor: payments.ActorAttendee,
	}
	if a.owner() != nil {
		once := keptAnswers(a.event, a.order.Answers)
		change.Payer, change.Once = true, &once
	}
	err = s.cfg.Store.ChangePerson(c.Request().Context(), a.order, change)
	if isCode(err, registration.CodeConflict) {
		return s.transferUnmade(c, a, who, err)
	}
	if err != nil {
		return fmt.Errorf("transfer order: %w", err)
	}
	return s.transferred(c, a, who)
}

// transferred says that an order has gone to somebody else, or leads who keeps it to it.
func (s *Server) transferred(c echo.Context, a *altering, who registration.Person) error {
	if a.owner() == nil {
		return goTo(c, a.path()+"?notice="+noticeChanged)
	}
	page := frame(c, a.event, "/e/"+a.event.Slug, "transfer.done")
	page.Private, page.NoSwitch = true, true
	return s.render(c, http.StatusOK, views.OrderTransferred(views.OrderTransferPage{Page: page, Event: a.event, Typed: who}))
}

// transferUnmade shows the form again of a transfer that the order did not take, with what was typed. When whoever was named has the order
// by now, the same form has made it theirs. Whoever has it no more reads nothing about who has it.
func (s *Server) transferUnmade(c echo.Context, a *altering, who registration.Person, cause error) error {
	o, err := s.cfg.Store.Order(c.Request().Context(), a.order.ID)
	if err != nil {
		return fmt.Errorf("read order again: %w", err)
	}
	now := o.Registrations[0]
	switch {
	case now.Version != a.person.Version && now.Person.Name == who.Name && strings.EqualFold(now.Person.Email, who.Email):
		return s.transferred(c, a, who)
	case now.Version != a.person.Version:
		return cause
	}
	return s.renderTransfer(c, http.StatusConflict, a, shown(who), []views.Problem{{Field: "name", Key: "unmade.moved"}})
}
