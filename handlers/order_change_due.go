package handlers

import (
	"context"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// waits is the change of the order that waits for its money; nil when there is none.
func (f *folder) waits() *store.Amendment {
	for i := range f.changes {
		if f.changes[i].State == registration.AmendmentPending {
			return &f.changes[i]
		}
	}
	return nil
}

// asks is what the order asks for now: its price while it is unpaid, the difference while a change waits, nothing else.
func (f *folder) asks() registration.Prices {
	switch a := f.waits(); {
	case f.order.State == registration.OrderPending:
		return f.order.Prices
	case a != nil && f.order.State == registration.OrderPaid:
		return a.Due()
	}
	return nil
}

// change tells the order's page about the change that waits; nil when there is none.
func (f *folder) change(attempt *views.OrderAttempt) *views.OrderChange {
	a := f.waits()
	if a == nil || f.order.State != registration.OrderPaid {
		return nil
	}
	w := &views.OrderChange{Lines: registration.LinesOf(a.After), Moves: f.order.MovesOf(a.Before, a.After), Papers: namedPapers(a.After), Due: a.Due(), Until: a.HoldUntil, ByStaff: strings.HasPrefix(a.Actor, "staff:"), Withdraw: true}
	if w.ByStaff {
		w.Reason, w.Withdraw = a.Reason, false
	}
	if p := f.speaking(); p != nil && p.ChargeID == a.ChargeID {
		w.Attempt = attempt
	}
	for _, p := range f.payments {
		busy := p.State == payments.Confirming || p.State == payments.Unknown || (p.State == payments.AwaitingDeposit && p.IntoAccount())
		if p.ChargeID == a.ChargeID && busy {
			w.Withdraw = false
		}
	}
	return w
}

// awaited reports whether a payment is for what its order asks for now.
func (s *Server) awaited(ctx context.Context, o *registration.Order, p *payments.Payment) (bool, error) {
	if p.ChargeNo == 1 {
		return o.State == registration.OrderPending, nil
	}
	f := &folder{order: o}
	var err error
	if f.changes, err = s.cfg.Store.Amendments(ctx, o.ID); err != nil {
		return false, err
	}
	a := f.waits()
	return a != nil && a.ChargeID == p.ChargeID && o.State == registration.OrderPaid, nil
}

// submitWithdraw handles POST /o/{code}/{secret}/change/withdraw: the change that waits for its money is dropped. A second post is harmless.
func (s *Server) submitWithdraw(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	switch w := f.change(nil); {
	case w == nil && len(f.changes) > 0 && f.changes[len(f.changes)-1].State == registration.AmendmentApplied:
		return s.unmade(c, views.Problem{Field: "content", Key: "unmade.paid"})
	case w == nil || w.ByStaff:
		return goTo(c, f.path())
	}
	err = s.cfg.Store.Withdraw(c.Request().Context(), f.order.ID, payments.ActorAttendee, "")
	if isCode(err, registration.CodeConflict) {
		return s.unmade(c, unmadeProblem("change", err))
	}
	if err != nil {
		return fmt.Errorf("withdraw change: %w", err)
	}
	return goTo(c, f.path())
}
