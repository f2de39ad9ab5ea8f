package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// attendeeCancelled is the reason in the audit of an order that its owner has cancelled.
const attendeeCancelled = "order.cancelled_by_attendee"

// mayCancel reports whether the owner may cancel the order without help, and what goes back then: an unpaid order as long as no money
// may be on its way, a paid one while the event lets attendees cancel under its refund rule.
func (f *folder) mayCancel(now time.Time) (back registration.Money, may bool) {
	if slices.ContainsFunc(f.payments, f.onItsWay) {
		return back, false
	}
	switch f.order.State {
	case registration.OrderPending, registration.OrderAwaiting:
		return back, f.received().Minor == 0
	case registration.OrderPaid:
		return f.goesBack(now), f.event.MayChange(f.event.Changes.Cancel, now) && !f.refunding()
	case registration.OrderExpired, registration.OrderCancelled:
	}
	return back, false
}

// onItsWay reports whether a payment may still bring money, or has brought money that cannot be used and has not gone back. A transfer that
// was chosen first and is paid in another way is not waited for.
func (f *folder) onItsWay(p payments.Payment) bool {
	switch p.State {
	case payments.AwaitingDeposit:
		paid := func(other payments.Payment) bool {
			return other.ChargeID == p.ChargeID && other.State == payments.Confirmed
		}
		return p.Asked != payments.MethodOnSite && p.Asked != payments.MethodPayLater && !slices.ContainsFunc(f.payments, paid)
	case payments.Surplus:
		return !f.returned(&p)
	case payments.Confirming, payments.Unknown:
		return true
	case payments.Started, payments.Failed, payments.Abandoned, payments.Expired, payments.Confirmed:
	}
	return false
}

// kept is what the order has brought and not given back so far.
func (f *folder) kept() registration.Money {
	kept := f.received()
	kept.Minor -= f.refunded().Minor
	return kept
}

// goesBack is what the event's rule gives back of what the order has kept.
func (f *folder) goesBack(now time.Time) registration.Money {
	kept := f.kept()
	if kept.Minor <= 0 {
		return registration.Money{}
	}
	return f.event.Refunds.OrderRefund(f.order, kept, now)
}

// refunding reports whether a refund is on its way.
func (f *folder) refunding() bool {
	return slices.ContainsFunc(f.refunds, func(r payments.Refund) bool { return r.State.Open() })
}

// cancelling opens an order that its owner wants to cancel, with the refunds that were made already: what goes back depends on them.
func (s *Server) cancelling(c echo.Context) (*folder, error) {
	f, err := s.folder(c)
	if err != nil {
		return nil, err
	}
	if f.refunds, err = s.cfg.Store.RefundsOf(c.Request().Context(), f.order.ID); err != nil {
		return nil, fmt.Errorf("read the order's refunds: %w", err)
	}
	return f, nil
}

// submitCancel handles POST /o/{code}/{secret}/cancel: it asks once more and changes nothing. An order that its owner cannot cancel
// shows its page, which names whom to ask.
func (s *Server) submitCancel(c echo.Context) error {
	f, err := s.cancelling(c)
	if err != nil {
		return err
	}
	if _, err := readForm(c); err != nil { // for the language switch
		return err
	}
	back, may := f.mayCancel(s.cfg.Now())
	if !may {
		return f.tooLate(c, f.event.Changes.Cancel, s.cfg.Now())
	}
	return s.renderCancel(c, http.StatusOK, f, back, false)
}

// noticeLate has the order's page say that nothing was done, since the time for it is over.
const noticeLate = "late"

// tooLate leads to the order's page, which says so where a post came after its deadline. A second post of what was done says nothing.
func (f *folder) tooLate(c echo.Context, until, now time.Time) error {
	if c.Request().Method == http.MethodPost && f.order.State == registration.OrderPaid && !f.event.MayChange(until, now) {
		return goTo(c, f.path()+"?notice="+noticeLate)
	}
	return goTo(c, f.path())
}

// askedAgain frames a page that was posted, changes nothing and asks once more. The language switch posts it again; the answer to the second
// step has none, since posting that again would not only show it.
func askedAgain(c echo.Context, page *views.Page) {
	page.Private, page.Refused = true, refusedForm(c, page.Path)
	page.NoSwitch = page.Refused == nil
}

func (s *Server) renderCancel(c echo.Context, status int, f *folder, back registration.Money, changed bool) error {
	page := frame(c, f.event, f.path()+"/cancel", "cancel.title")
	askedAgain(c, &page)
	return s.render(c, status, views.OrderCancel(views.OrderCancelPage{
		Page: page, Event: f.event, Order: f.order, Path: f.path(), Nonce: f.order.ID, Refund: back, Paid: f.received(), Kept: f.kept(), ToAccount: f.needsAccount(), Changed: changed,
	}))
}

// confirmCancel handles POST /o/{code}/{secret}/cancel/confirm: the order ends, its places are free, and what was shown goes back. When
// less would go back than was shown, it is shown again. The same post again is harmless.
func (s *Server) confirmCancel(c echo.Context) error {
	f, err := s.cancelling(c)
	if err != nil {
		return err
	}
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	back, may := f.mayCancel(s.cfg.Now())
	if !may {
		return f.tooLate(c, f.event.Changes.Cancel, s.cfg.Now())
	}
	if shown := posted.line("back"); back.Cur != "" && shown != back.Decimal() {
		return s.renderCancel(c, http.StatusUnprocessableEntity, f, back, true)
	}
	ctx, kept := c.Request().Context(), f.kept()
	refunds, err := s.cfg.Cashier.Cancel(ctx, f.order.ID, payments.ActorAttendee, attendeeCancelled, payments.Back{Some: back, Kept: &kept})
	if isCode(err, registration.CodeConflict) {
		return s.orderKept(c)
	}
	if err != nil {
		return fmt.Errorf("cancel order: %w", err)
	}
	if len(refunds) > 0 {
		s.cfg.Cashier.Wake()
	}
	return goTo(c, f.path())
}
