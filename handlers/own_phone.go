package handlers

import (
	"context"
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// ownUnproved reports whether the person has still to prove their telephone by a code, where the event asks for that.
func (s *Server) ownUnproved(ctx context.Context, p *seat) (bool, error) {
	who := p.reg.Person
	if !p.event.Person.VerifyPhone || who.Phone == "" || p.reg.State == registration.Cancelled || (s.cfg.Reaches != nil && !s.cfg.Reaches(who.Phone)) {
		return false, nil
	}
	proved, err := s.cfg.Store.PhonesProved(ctx, p.order.ID)
	return !proved[store.PhoneOf{Registration: p.reg.ID, Phone: who.Phone}], err
}

// calling opens the page on which one of an order's people proves their telephone; nil after leading to their page when there is nothing to prove.
func (s *Server) calling(c echo.Context) (*seat, *calling, error) {
	p, err := s.seat(c)
	if err != nil {
		return nil, nil, err
	}
	open, err := s.ownUnproved(c.Request().Context(), p)
	if err != nil {
		return nil, nil, err
	}
	if !open {
		return nil, nil, goTo(c, p.path)
	}
	return p, &calling{event: p.event, draft: store.PersonDraft(p.reg.ID), phone: p.reg.Person.Phone, path: p.path + "/phone", back: p.path}, nil
}

// leaveOwn goes on after somebody's details were kept: to the code where their telephone has to be proved, else to the page.
func (s *Server) leaveOwn(c echo.Context, p *seat, who registration.Person, to string) error {
	p.reg.Person = who
	open, err := s.ownUnproved(c.Request().Context(), p)
	if err != nil {
		return err
	}
	if !open {
		return goTo(c, to)
	}
	q := &calling{event: p.event, draft: store.PersonDraft(p.reg.ID), phone: who.Phone}
	if err := s.sendCode(c, q); err != nil && !isCode(err, registration.CodeConflict) {
		return err
	}
	return goTo(c, p.path+"/phone")
}

// showOwnPhone handles GET /p/{code}/{secret}/phone: the code that was sent to the person's telephone.
func (s *Server) showOwnPhone(c echo.Context) error {
	p, q, err := s.calling(c)
	if p == nil {
		return err
	}
	return s.renderPhone(c, http.StatusOK, q, nil)
}

// submitOwnPhone handles POST /p/{code}/{secret}/phone: the code as it was typed.
func (s *Server) submitOwnPhone(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	p, q, err := s.calling(c)
	if p == nil {
		return err
	}
	wrong, err := s.checkCode(c, q, f)
	if err != nil {
		return fmt.Errorf("check code: %w", err)
	}
	if wrong != "" {
		return s.renderPhone(c, http.StatusUnprocessableEntity, q, []views.Problem{{Field: "code", Key: wrong}})
	}
	return goTo(c, p.path+"?saved=1")
}

// submitOwnPhoneAgain handles POST /p/{code}/{secret}/phone/again: another code.
func (s *Server) submitOwnPhoneAgain(c echo.Context) error {
	p, q, err := s.calling(c)
	if p == nil {
		return err
	}
	return s.callAgain(c, q)
}
