package handlers

import (
	"fmt"

	"foyer/payments"
	"foyer/registration"

	"github.com/labstack/echo/v4"
)

// submitFallback handles POST /pay/{token}/fallback: a new payment through the same channel that needs no script. The same form again
// leads to the same payment.
func (s *Server) submitFallback(c echo.Context) error {
	p, err := s.paymentOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	e, err := s.cfg.Store.EventByID(ctx, p.EventID)
	if err != nil {
		return fmt.Errorf("read the payment's event: %w", err)
	}
	if e.CalledOff() {
		return s.leavePay(c, &p)
	}
	list, err := s.cfg.Store.Payments(ctx, p.OrderID)
	if err != nil {
		return fmt.Errorf("read the order's payments: %w", err)
	}
	attempt := len(list) + 1
	for _, other := range list {
		if other.Attempt > p.Attempt && other.ChannelID == p.ChannelID {
			attempt = other.Attempt
			break
		}
	}
	want := payments.Choice{ChannelID: p.ChannelID, Method: p.Asked, Bill: p.Bill, Attempt: attempt, NoScript: true}
	next, err := s.cfg.Cashier.Start(ctx, p.OrderID, want, payments.ActorAttendee)
	switch {
	case err == nil:
		return goTo(c, payPath(next.Token))
	case isCode(err, registration.CodeConflict):
		return s.leavePay(c, &p)
	}
	return fmt.Errorf("start payment without script: %w", err)
}
