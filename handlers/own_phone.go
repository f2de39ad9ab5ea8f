package handlers

import (
	"cmp"
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
	if !p.own {
		at, err := s.cfg.Store.PhoneVerified(ctx, p.order.ID, who.Phone) // also with the order, before it was made
		return at.IsZero(), err
	}
	proved, err := s.cfg.Store.PhonesProved(ctx, p.order.ID)
	return !proved[store.PhoneOf{Registration: p.reg.ID, Phone: who.Phone}], err
}

// seating finds the person whose page it is.
type seating func(echo.Context) (*seat, error)

// ownerSeat is the owner of an order, on its page; CodeNotFound for an order that is not one person's own.
func (s *Server) ownerSeat(c echo.Context) (*seat, error) {
	f, err := s.folder(c)
	if err != nil {
		return nil, err
	}
	p := f.owner()
	if p == nil {
		return nil, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	if f.mayChange(f.deadlines().Details, s.cfg.Now()) {
		p.form = p.path + "/details"
	}
	return p, nil
}

// calling opens the page on which one of an order's people proves their telephone; nil after leading to their page when there is nothing to prove.
func (s *Server) calling(c echo.Context, find seating) (*seat, *calling, error) {
	p, err := find(c)
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
	return p, &calling{event: p.event, draft: store.PersonDraft(p.reg.ID), phone: p.reg.Person.Phone, path: p.path + "/phone", back: cmp.Or(p.form, p.path)}, nil
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
	return goTo(c, p.page()+"/phone")
}

// showOwnPhone handles GET /p/{code}/{secret}/phone and /o/{code}/{secret}/phone: the code that was sent to the person's telephone.
func (s *Server) showOwnPhone(find seating) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, q, err := s.calling(c, find)
		if p == nil {
			return err
		}
		return s.renderPhone(c, http.StatusOK, q, nil)
	}
}

// submitOwnPhone handles POST to the same address: the code as it was typed.
func (s *Server) submitOwnPhone(find seating) echo.HandlerFunc {
	return func(c echo.Context) error {
		f, err := readForm(c)
		if err != nil {
			return err
		}
		p, q, err := s.calling(c, find)
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
		if !p.own {
			return goTo(c, p.path+"?notice="+noticePhone)
		}
		return goTo(c, p.path+"?saved=1")
	}
}

// submitOwnPhoneAgain handles POST to {that address}/again: another code.
func (s *Server) submitOwnPhoneAgain(find seating) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, q, err := s.calling(c, find)
		if p == nil {
			return err
		}
		return s.callAgain(c, q)
	}
}
