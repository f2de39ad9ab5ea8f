package handlers

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// unmadeProblem says that something was not done, and why.
func unmadeProblem(field string, cause error) views.Problem {
	p := views.Problem{Field: field, Key: "unmade.moved"}
	switch {
	case hasKey(cause, "change.pending"):
		p.Key = "unmade.pending"
	case hasKey(cause, "change.paying"):
		p.Key = "unmade.paying"
	}
	return p
}

// unmade answers somebody whose change was not made with the order's page as it is by now, which says so and why.
func (s *Server) unmade(c echo.Context, why views.Problem) error {
	f, err := s.cancelling(c)
	if err != nil {
		return err
	}
	return s.renderOrder(c, http.StatusConflict, f, []views.Problem{why})
}

// barred answers for a person of an order that cannot be changed as it is asked. What was posted in vain is told so; what the same form has
// done before is told as done.
func (s *Server) barred(c echo.Context, a *altering, named string, until time.Time) error {
	now := s.cfg.Now()
	if c.Request().Method != http.MethodPost || a.order.State != registration.OrderPaid || !a.event.MayChange(until, now) {
		return a.tooLate(c, until, now)
	}
	r, w := a.order.Registration(named), a.waits()
	switch {
	case r != nil && r.Gone && strings.Contains(c.Path(), "/cancel-person"):
		return goTo(c, a.path()+"?notice="+noticeChanged)
	case r != nil && r.Gone:
		return s.unmade(c, views.Problem{Field: "content", Key: "unmade.gone"})
	case w != nil && a.awaits(w):
		return goTo(c, a.path())
	case w != nil:
		return s.unmade(c, views.Problem{Field: "change", Key: "unmade.pending"})
	}
	return goTo(c, a.path())
}

// awaits reports whether the form that was posted asks for the change that waits for its money.
func (a *altering) awaits(w *store.Amendment) bool {
	cart, _, problems := cartOf(a.event, a.posted)
	if a.person == nil || len(problems) > 0 {
		return false
	}
	for _, p := range w.After {
		if p.ID == a.person.ID {
			return takes(p.Lines, cart)
		}
	}
	return false
}

// takes reports whether lines are what a form of category and extras asks for.
func takes(lines []registration.Line, cart registration.Cart) bool {
	r := registration.Registration{Lines: lines}
	had := r.Cart()
	return had.Category == cart.Category && maps.Equal(had.Extras, cart.Extras)
}

// had names what the person has now, for the form of a change.
func (a *altering) had() string {
	b, err := json.Marshal(a.person.Lines)
	if err != nil {
		return "" // our own types always can be written
	}
	return store.Hash(string(b))
}

// hasMoved reports whether a form of a change that would change nothing was made for what the person had before: its change has been made.
func (a *altering) hasMoved() bool {
	had := a.posted.raw("had")
	return a.posted.raw("revision") != "" || (had != "" && had != a.had())
}

// changeUnmade shows the form of a change again that the order did not take, with what was chosen. When the person has it by now, it was
// made by the same form.
func (s *Server) changeUnmade(c echo.Context, cart registration.Cart, cause error) error {
	a, err := s.altered(c, changesOrder)
	if a == nil {
		return err
	}
	if takes(a.person.Lines, cart) {
		return goTo(c, a.path()+"?notice="+noticeChanged)
	}
	return s.renderChange(c, http.StatusConflict, a, cart, nil, []views.Problem{unmadeProblem("category", cause)})
}

// cancelUnmade answers for a person who was not cancelled, unless somebody else has cancelled them meanwhile.
func (s *Server) cancelUnmade(c echo.Context, cause error) error {
	a, _, err := s.leaver(c)
	if a == nil {
		return err
	}
	return s.unmade(c, unmadeProblem("content", cause))
}

// orderKept answers for an order that was not cancelled, unless somebody else has ended it meanwhile.
func (s *Server) orderKept(c echo.Context) error {
	f, err := s.cancelling(c)
	if err != nil {
		return err
	}
	if !f.order.State.CanBecome(registration.OrderCancelled) {
		return goTo(c, f.path())
	}
	return s.renderOrder(c, http.StatusConflict, f, []views.Problem{{Field: "content", Key: "unmade.moved"}})
}

// detailsUnmade shows a form of somebody's own details again after they were found to be other ones. When they are what was typed, the same
// form has kept them. Whoever has the place no more reads nothing about who has it.
func (s *Server) detailsUnmade(c echo.Context, p *seat, f form, to string, again detailsAgain, cause error) error {
	o, err := s.cfg.Store.Order(c.Request().Context(), p.order.ID)
	if err != nil {
		return fmt.Errorf("read order again: %w", err)
	}
	r, now := o.Registration(p.reg.ID), *p
	now.order, now.reg = o, r
	if r == nil || r.Gone || r.Version != p.reg.Version {
		return cause
	}
	t, _ := now.tells(f)
	if now.stands(t) {
		return goTo(c, to)
	}
	return now.refuse(c, again, http.StatusConflict, t, []views.Problem{unmadeProblem("main", cause)})
}
