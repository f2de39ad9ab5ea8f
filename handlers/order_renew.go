package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// quoteAgain prices an order's lines as they would be sold now, without its voucher when that cannot be used any more.
func (s *Server) quoteAgain(ctx context.Context, f *folder) (registration.Quote, error) {
	cart := registration.Cart{Extras: map[string]int64{}}
	for _, r := range f.order.Registrations {
		for _, line := range r.Lines {
			switch line.Kind {
			case registration.LineCategory:
				cart.Category = line.ID
			case registration.LineExtra:
				cart.Extras[line.ID] = line.Quantity
			case registration.LineVoucher:
				cart.Voucher = line.ID
			}
		}
	}
	quote, err := s.price(ctx, f.event, cart)
	if _, about := aboutVoucher(err); about {
		cart.Voucher = ""
		return s.price(ctx, f.event, cart)
	}
	return quote, err
}

// renewal says what it takes to get the places of an expired order back.
func (s *Server) renewal(c echo.Context, f *folder) (*views.OrderRenewal, error) {
	quote, err := s.quoteAgain(c.Request().Context(), f)
	if _, ok := errors.AsType[*registration.Error](err); ok {
		return &views.OrderRenewal{Refused: "renew.closed"}, nil
	}
	if err != nil {
		return nil, err
	}
	gone, err := s.missing(c.Request().Context(), f.event, quote)
	if err != nil {
		return nil, err
	}
	r := &views.OrderRenewal{Old: f.order.Prices, New: quote.Prices, Revision: revisionOf(quote, f.order.Payer, f.order.ID)}
	if len(gone) > 0 {
		r.Refused = "renew.full"
	}
	return r, nil
}

// submitRenew handles POST /o/{code}/{secret}/renew: an expired order takes places again at the price that was just shown. The same
// form again is harmless.
func (s *Server) submitRenew(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	if f.order.State != registration.OrderExpired {
		return goTo(c, f.path())
	}
	quote, err := s.quoteAgain(c.Request().Context(), f)
	if err != nil {
		return fmt.Errorf("price order again: %w", err)
	}
	if posted.raw("revision") != revisionOf(quote, f.order.Payer, f.order.ID) {
		return s.renderOrder(c, http.StatusUnprocessableEntity, f, nil)
	}
	err = s.cfg.Store.Renew(c.Request().Context(), f.event, f.order.ID, quote, s.cfg.Hold, s.cfg.HoldMax, payments.ActorAttendee)
	if err != nil && !isCode(err, registration.CodeConflict) {
		return fmt.Errorf("renew order: %w", err)
	}
	return goTo(c, f.path())
}
