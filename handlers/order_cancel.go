package handlers

import (
	"fmt"
	"net/http"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// attendeeCancelled is the reason in the audit of an order that its owner has cancelled.
const attendeeCancelled = "order.cancelled_by_attendee"

// mayCancel reports whether the owner may cancel the order without help: it is unpaid, and no money may be on its way.
func (f *folder) mayCancel() bool {
	if f.order.State != registration.OrderPending {
		return false
	}
	for _, p := range f.payments {
		switch p.State {
		case payments.AwaitingDeposit:
			if p.Asked != payments.MethodOnSite && p.Asked != payments.MethodPayLater {
				return false // a transfer may be on its way
			}
		case payments.Confirming, payments.Unknown, payments.Confirmed, payments.Surplus:
			return false
		case payments.Started, payments.Failed, payments.Abandoned, payments.Expired:
		}
	}
	return true
}

// confirmCancel handles POST /o/{code}/{secret}/cancel/confirm: the order ends and its places are free. The same post again is harmless.
func (s *Server) confirmCancel(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	if f.mayCancel() {
		_, err := s.cfg.Cashier.Cancel(c.Request().Context(), f.order.ID, payments.ActorAttendee, attendeeCancelled, true)
		if err != nil && !isCode(err, registration.CodeConflict) {
			return fmt.Errorf("cancel order: %w", err)
		}
	}
	return goTo(c, f.path())
}

// submitCancel handles POST /o/{code}/{secret}/cancel: it asks once more and changes nothing. An order that its owner cannot cancel
// shows its page, which names whom to ask.
func (s *Server) submitCancel(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	if !f.mayCancel() {
		return goTo(c, f.path())
	}
	page := frame(c, f.event, f.path(), "cancel.title")
	page.Private = true
	return s.render(c, http.StatusOK, views.OrderCancel(views.OrderCancelPage{
		Page: page, Event: f.event, Order: f.order, Path: f.path(), Nonce: f.order.ID,
	}))
}
