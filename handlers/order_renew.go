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

// cartAgain is what a registration has bought, as a cart.
func cartAgain(r registration.Registration) registration.Cart {
	cart := registration.Cart{Extras: map[string]int64{}}
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
	return cart
}

// quoteAgain prices each registration of an order as it would be sold now, without its voucher when that cannot be used any more.
func (s *Server) quoteAgain(ctx context.Context, f *folder) (registration.Quotes, error) {
	v, err := s.voucher(ctx, f.event, f.order.Voucher)
	if err != nil && !isCode(err, registration.CodeInvalid) {
		return nil, err
	}
	var all registration.Quotes
	for _, r := range f.order.Registrations {
		cart, mine := cartAgain(r), v
		if cart.Voucher == "" {
			mine = nil
		}
		quote, err := f.event.PriceWith(cart, mine, s.cfg.Now())
		if _, about := aboutVoucher(err); about {
			quote, err = f.event.Price(cart, s.cfg.Now())
		}
		if err != nil {
			return nil, err
		}
		all = append(all, quote)
	}
	return all, nil
}

// tooFew reports whether an order like this one would find too few places now.
func (s *Server) tooFew(ctx context.Context, f *folder, q registration.Quotes) (bool, error) {
	free, err := s.cfg.Store.Left(ctx, f.event.ID)
	if err != nil {
		return false, fmt.Errorf("count places: %w", err)
	}
	for quota, n := range registration.PlacesOf(f.event, q.Lines()) {
		if n > free[quota] {
			return true, nil
		}
	}
	return false, nil
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
	full, err := s.tooFew(c.Request().Context(), f, quote)
	if err != nil {
		return nil, err
	}
	r := &views.OrderRenewal{Old: f.order.Prices, New: quote.Prices(), Revision: revisionOfAll(quote, f.order.Payer, f.order.ID)}
	if full {
		r.Refused = "renew.full"
	}
	if f.event.Papers.Any() {
		free, err := s.cfg.Store.PapersFree(c.Request().Context(), f.event.ID, f.order.ID)
		if err != nil {
			return nil, err
		}
		if !free {
			r.Refused = "renew.papers"
		}
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
	if f.order.State != registration.OrderExpired || f.event.CalledOff() {
		return goTo(c, f.path())
	}
	quote, err := s.quoteAgain(c.Request().Context(), f)
	if err != nil {
		return fmt.Errorf("price order again: %w", err)
	}
	if posted.raw("revision") != revisionOfAll(quote, f.order.Payer, f.order.ID) {
		return s.renderOrder(c, http.StatusUnprocessableEntity, f, nil)
	}
	err = s.cfg.Store.Renew(c.Request().Context(), f.event, f.order.ID, quote, s.cfg.Hold, s.cfg.HoldMax, payments.ActorAttendee)
	if err != nil && !isCode(err, registration.CodeConflict) {
		return fmt.Errorf("renew order: %w", err)
	}
	return goTo(c, f.path())
}
