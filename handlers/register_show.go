package handlers

import (
	"maps"
	"net/http"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showRegister handles GET /e/{event}/register: category and extras. A draft that has become an order is not shown again.
func (s *Server) showRegister(c echo.Context) error {
	e, err := s.openEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	d, err := s.openDraft(c, e, false)
	if err != nil {
		return err
	}
	var problems []views.Problem
	if _, err := s.price(c.Request().Context(), e, d.Cart); err != nil && d.Cart.Voucher != "" {
		if key, is := aboutVoucher(err); is && !s.onlyOpens(c, e, d.Cart.Voucher, key) { // it could be used when it was typed
			problems = []views.Problem{{Field: "voucher", Key: key}}
		}
	}
	return s.renderRegister(c, http.StatusOK, e, d.Cart, d.typedExtras(), nil, problems)
}

// stillThere is what of a cart has places left: what is gone cannot be sent with the form, and is not in its total.
func stillThere(cart registration.Cart, left views.Left) registration.Cart {
	gone := func(id string, _ int64) bool {
		n, counted := left[id]
		return counted && n <= 0
	}
	cart.Extras = maps.Clone(cart.Extras)
	maps.DeleteFunc(cart.Extras, gone)
	if gone(cart.Category, 1) {
		cart.Category = ""
	}
	return cart
}

// onlyOpens reports whether a code is refused for what was chosen before it was typed, while what it opens can be chosen now.
func (s *Server) onlyOpens(c echo.Context, e *registration.Event, code, refusal string) bool {
	if refusal != "voucher.scope" {
		return false
	}
	v, err := s.voucher(c.Request().Context(), e, code)
	return err == nil && v != nil && len(v.Reveals) > 0
}

// closedOr leads somebody who cannot register now to the event's page, which says why; other failures stay what they are.
func (s *Server) closedOr(c echo.Context, e *registration.Event, err error) error {
	if isCode(err, registration.CodeClosed) {
		return goTo(c, views.EventPath(e.Slug))
	}
	return err
}

func (s *Server) renderRegister(c echo.Context, status int, e *registration.Event, cart registration.Cart, typed map[string]string,
	changed *views.PriceChange, problems []views.Problem) error {
	w, err := s.offerOf(c, e)
	if err != nil {
		return err
	}
	now := s.cfg.Now()
	has, err := s.cfg.Store.HasVouchers(c.Request().Context(), e.ID)
	if err != nil {
		return err
	}
	v, err := s.voucher(c.Request().Context(), e, cart.Voucher)
	if err != nil && !isCode(err, registration.CodeInvalid) {
		return err
	}
	if v != nil && v.Usable(now) != nil {
		v = nil
	}
	left, err := s.leftFor(c.Request().Context(), e, w, v)
	if err != nil {
		return err
	}
	page := views.RegisterCategoryPage{
		Page:  registerFrame(c, e, views.RegisterPath(e.Slug), "register.category.title", problems),
		Event: offered(e, w), Now: now, Left: left, Category: cart.Category, Extras: typed, Changed: changed, Problems: problems,
		AskVoucher: has, Typed: cart.Voucher, Voucher: v,
	}
	if w != nil {
		page.OfferUntil = w.OfferUntil
	}
	page.Page.Script = []string{"total.js"}
	if phase := e.Phase(now); phase != nil {
		page.Revision = phase.ID
	}
	if quote, err := e.PriceWith(stillThere(cart, left), v, now); err == nil {
		page.Total = quote.Prices
	}
	return s.render(c, status, views.RegisterCategory(page))
}
