package handlers

import (
	"context"
	"fmt"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/labstack/echo/v4"
)

// folder is an order as its owner sees it, with everything that belongs to it.
type folder struct {
	event    *registration.Event
	order    *registration.Order
	secret   string
	payments []payments.Payment // by attempt
	refunds  []payments.Refund
	receipts []store.Receipt
	audit    []store.AuditRow  // oldest first
	account  accountForm       // as it was typed
	typed    store.Given       // evidence that was refused, to be shown again
	changes  []store.Amendment // of what it holds, oldest first
	ticked   form              // consents that were refused, to be shown again
}

// path is the order's own page.
func (f *folder) path() string { return orderPath(f.order.Code, f.secret) }

// newest is the order's newest payment, or nil.
func (f *folder) newest() *payments.Payment {
	if len(f.payments) == 0 {
		return nil
	}
	return &f.payments[len(f.payments)-1]
}

// owned finds the order of a path whose secret is right. A wrong secret and a code that does not exist fail alike, with CodeNotFound.
func (s *Server) owned(c echo.Context) (*registration.Order, error) {
	code, secret := c.Param("code"), c.Param("secret")
	unknown := registration.Fail(registration.CodeNotFound, "order.unknown")
	if !isName(code) || !isToken(secret) {
		return nil, unknown
	}
	o, err := s.cfg.Store.OrderByCode(c.Request().Context(), code)
	if isCode(err, registration.CodeNotFound) {
		s.cfg.Store.Keys().CheckOrderSecret(secret, code, 1) // takes as long as for an order that exists
		return nil, unknown
	}
	if err != nil {
		return nil, fmt.Errorf("find order: %w", err)
	}
	if !s.cfg.Store.Keys().CheckOrderSecret(secret, o.ID, o.SecretVersion) {
		return nil, unknown
	}
	return o, nil
}

// folder opens the order of a path with its event and payments.
func (s *Server) folder(c echo.Context) (*folder, error) {
	o, err := s.owned(c)
	if err != nil {
		return nil, err
	}
	ctx := c.Request().Context()
	f := &folder{order: o, secret: c.Param("secret")}
	if f.event, err = s.cfg.Store.EventByID(ctx, o.EventID); err != nil {
		return nil, fmt.Errorf("find the order's event: %w", err)
	}
	if f.payments, err = s.cfg.Store.Payments(ctx, o.ID); err != nil {
		return nil, fmt.Errorf("read the order's payments: %w", err)
	}
	if o.Changed > 0 {
		if f.changes, err = s.cfg.Store.Amendments(ctx, o.ID); err != nil {
			return nil, fmt.Errorf("read the order's changes: %w", err)
		}
	}
	return f, nil
}

// fill reads the refunds, documents and history of an order.
func (s *Server) fill(ctx context.Context, f *folder) (err error) {
	if f.refunds, err = s.cfg.Store.RefundsOf(ctx, f.order.ID); err != nil {
		return fmt.Errorf("read the order's refunds: %w", err)
	}
	if f.receipts, err = s.cfg.Store.Receipts(ctx, f.order.ID); err != nil {
		return fmt.Errorf("read the order's receipts: %w", err)
	}
	if f.audit, err = s.cfg.Store.AuditOf(ctx, f.order.ID); err != nil {
		return fmt.Errorf("read the order's history: %w", err)
	}
	return nil
}

// currency is the one in which the order is owed: of its first money, else of its newest payment, else of the first channel that
// can take it.
func (f *folder) currency() registration.Currency {
	if f.order.Currency != "" {
		return f.order.Currency
	}
	if p := f.newest(); p != nil {
		return p.Amount.Cur
	}
	for _, ch := range f.event.Channels {
		if _, priced := f.order.Prices[ch.Currency]; priced {
			return ch.Currency
		}
	}
	for _, cur := range f.order.Prices.Currencies() {
		return cur
	}
	return registration.KRW
}

// due is what is still to be paid: nothing once an order is paid or over, whatever was given back since.
func (f *folder) due() registration.Money {
	due := registration.Money{Cur: f.currency()}
	switch f.order.State {
	case registration.OrderPaid, registration.OrderCancelled:
		due.Minor = f.asks()[due.Cur]
		return due
	case registration.OrderPending, registration.OrderExpired, registration.OrderAwaiting:
		due.Minor = f.order.Prices[due.Cur]
	}
	for _, p := range f.payments {
		if p.State == payments.Confirmed && p.Captured.Cur == due.Cur {
			due.Minor -= p.Captured.Minor
		}
	}
	due.Minor = max(due.Minor, 0)
	return due
}
