package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// takeEvidence gives what was handed in for one of an order's people, or says what is wrong with it. What comes too late changes nothing:
// the page says how it stands.
func (s *Server) takeEvidence(c echo.Context, o *registration.Order, x views.OrderEvidence, posted form, files uploads) (given store.Given, wrong string, err error) {
	given, wrong = givenEvidence(x, posted, files)
	if wrong != "" {
		return given, wrong, nil
	}
	if r := o.Registration(x.Registration); r != nil {
		given.CheckIn = r.CheckInToken
	}
	if given.File != nil {
		if err := s.mayUpload(c); err != nil {
			return given, "", err
		}
	}
	err = s.cfg.Store.GiveEvidence(c.Request().Context(), o.ID, given)
	switch {
	case err == nil || isCode(err, registration.CodeConflict):
		return given, "", nil
	case isCode(err, registration.CodeInvalid):
		return given, "evidence.number.wrong", nil
	}
	return given, "", fmt.Errorf("give evidence: %w", err)
}

// ownEvidence is what is asked of the person; none for somebody of whom nothing is.
func (s *Server) ownEvidence(ctx context.Context, p *seat) ([]views.OrderEvidence, error) {
	all, err := s.evidenceOf(ctx, p.event, p.order, p.typed)
	return slices.DeleteFunc(all, func(x views.OrderEvidence) bool { return x.Registration != p.reg.ID }), err
}

// submitOwnEvidence handles POST /p/{code}/{secret}/evidence: a file or a member number of the person themselves.
func (s *Server) submitOwnEvidence(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	posted, files, err := readFilesForm(c)
	if err != nil {
		return err
	}
	list, err := s.ownEvidence(c.Request().Context(), p)
	if err != nil {
		return err
	}
	if len(list) == 0 || !list[0].Open {
		return goTo(c, p.path)
	}
	given, wrong, err := s.takeEvidence(c, p.order, list[0], posted, files)
	if err != nil {
		return err
	}
	if wrong == "" {
		return goTo(c, p.path)
	}
	p.typed = given
	return s.renderOwn(c, http.StatusUnprocessableEntity, p, p.reg.Person, p.answers(), []views.Problem{{Field: list[0].Field(), Key: wrong}})
}

// showOwnInstead answers who reloads the address of a form: the person's page.
func (s *Server) showOwnInstead(c echo.Context) error {
	p, err := s.seat(c)
	if err != nil {
		return err
	}
	return goTo(c, p.path)
}

// ownFiles keeps the files of a form as the answers that they are, at once: a form that is refused for another reason does not lose them.
func (s *Server) ownFiles(c echo.Context, p *seat, f form, files uploads) ([]views.Problem, error) {
	return s.keepFiles(c, p.asked(p.filled(f)), f, files, func(q *registration.Question, file store.NewFile) (err error) {
		if q.Per == registration.PerOrder {
			p.order.Answers, err = s.cfg.Store.AnswerFile(c.Request().Context(), p.order, nil, q.ID, file)
		} else {
			p.reg.Answers, err = s.cfg.Store.AnswerFile(c.Request().Context(), p.order, p.reg, q.ID, file)
		}
		return err
	})
}
