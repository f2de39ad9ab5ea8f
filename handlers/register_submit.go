package handlers

import (
	"errors"
	"net/http"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// submitRegister handles POST /e/{event}/register: the choice is kept in the draft.
func (s *Server) submitRegister(c echo.Context) error {
	e, err := s.openEvent(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	cart, typed, problems := cartOf(e, f)
	if f.raw("apply") != "" && len(problems) == 0 {
		if err = s.applyVoucher(c, e, cart); err == nil || !isCode(err, registration.CodeInvalid) {
			return err
		}
		p, _ := cartProblem(err)
		return s.renderRegister(c, http.StatusUnprocessableEntity, e, cart, typed, nil, []views.Problem{p})
	}
	quote, err := s.price(c.Request().Context(), e, cart)
	if err != nil {
		p, mine := cartProblem(err)
		if !mine {
			return err
		}
		if !slices.ContainsFunc(problems, func(told views.Problem) bool { return told.Key == p.Key }) { // not told at its own field yet
			problems = append([]views.Problem{p}, problems...)
		}
	}
	if len(problems) > 0 {
		return s.renderRegister(c, http.StatusUnprocessableEntity, e, cart, typed, nil, problems)
	}
	if changed := phaseChange(e, cart, quote, f.line("revision")); changed != nil {
		return s.renderRegister(c, http.StatusUnprocessableEntity, e, cart, typed, changed, nil)
	}
	w, err := s.offerOf(c, e)
	if err != nil {
		return err
	}
	if problems, err = s.missing(c.Request().Context(), e, quote, w); err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.renderRegister(c, http.StatusConflict, e, cart, typed, nil, problems)
	}
	if f.onlyShow() {
		return s.renderRegister(c, http.StatusOK, e, cart, typed, nil, nil)
	}
	return s.keepCart(c, e, cart, w)
}

// keepCart keeps the choice, and drops an offer that does not stand or is for something else.
func (s *Server) keepCart(c echo.Context, e *registration.Event, cart registration.Cart, w *store.WaitingEntry) error {
	d, err := s.openDraft(c, e, false)
	if err != nil {
		return err
	}
	d.Cart, d.Group = cart, nil
	if w == nil || w.Cart.Category != cart.Category {
		d.Offer = ""
	}
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return goTo(c, views.RegisterPersonPath(e.Slug))
}

// cartProblem turns a failure of pricing that the form can mend into a sentence; false for any other failure.
func cartProblem(err error) (views.Problem, bool) {
	e, ok := errors.AsType[*registration.Error](err)
	if !ok || e.Code != registration.CodeInvalid {
		return views.Problem{}, false
	}
	if key, is := aboutVoucher(err); is {
		return views.Problem{Field: "voucher", Key: key}, true
	}
	return views.Problem{Field: "category", Key: e.Key}, true
}

// phaseChange tells that the prices of the phase in which the form was shown no longer hold, unless the total is the same. The
// revision is the phase's id; one that is unknown tells nothing, and the check page shows the price once more in any case.
func phaseChange(e *registration.Event, cart registration.Cart, now registration.Quote, revision string) *views.PriceChange {
	category := e.Category(cart.Category)
	if category == nil || category.Prices[revision] == nil || revision == now.Phase {
		return nil
	}
	before := append([]registration.Line(nil), now.Lines...)
	before[0].Unit = category.Prices[revision]
	old := registration.Total(before)
	if old.Equal(now.Prices) {
		return nil
	}
	return &views.PriceChange{Old: old, New: now.Prices}
}
