package handlers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// price prices a cart at now with the voucher that it names. It fails like registration.Event.PriceWith, and with CodeInvalid when the
// event has no such code.
func (s *Server) price(ctx context.Context, e *registration.Event, cart registration.Cart) (registration.Quote, error) {
	v, err := s.voucher(ctx, e, cart.Voucher)
	if err != nil {
		return registration.Quote{}, err
	}
	return e.PriceWith(cart, v, s.cfg.Now())
}

// voucher finds a code of the event: nil for no code, CodeInvalid when there is no such code.
func (s *Server) voucher(ctx context.Context, e *registration.Event, code string) (*registration.Voucher, error) {
	if code == "" {
		return nil, nil
	}
	v, err := s.cfg.Store.Voucher(ctx, e.ID, code)
	switch {
	case isCode(err, registration.CodeNotFound):
		return nil, registration.Fail(registration.CodeInvalid, "voucher.unknown")
	case err != nil:
		return nil, fmt.Errorf("find voucher: %w", err)
	}
	return v, nil
}

// typedVoucher reads the field voucher. What can be no code comes back as it was typed, with a problem.
func typedVoucher(f form) (code string, problems []views.Problem) {
	typed := f.line("voucher")
	if typed == "" {
		return "", nil
	}
	code, ok := registration.CleanVoucher(typed)
	if !ok {
		again := registration.WithoutCardNumbers(strings.ReplaceAll(typed, badText, ""))
		return again, []views.Problem{{Field: "voucher", Key: "voucher.unknown"}}
	}
	return code, nil
}

// aboutVoucher reports whether a refusal is about the code.
func aboutVoucher(err error) (key string, ok bool) {
	e, is := errors.AsType[*registration.Error](err)
	if !is || !strings.HasPrefix(e.Key, "voucher.") {
		return "", false
	}
	return e.Key, true
}

// applyVoucher keeps what was chosen so far and shows the page again with the code's effect. A code that cannot be used is refused.
func (s *Server) applyVoucher(c echo.Context, e *registration.Event, cart registration.Cart) error {
	v, err := s.voucher(c.Request().Context(), e, cart.Voucher)
	if err == nil && v != nil {
		err = v.Usable(s.cfg.Now())
	}
	if err != nil {
		return err
	}
	d, err := s.openDraft(c, e, false)
	if err != nil {
		return err
	}
	d.Cart, d.Group = cart, nil
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return goTo(c, views.RegisterPath(e.Slug))
}
