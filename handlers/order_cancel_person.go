package handlers

import (
	"fmt"
	"net/http"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

func changesCancel(c registration.Changes) time.Time { return c.Cancel }

// changeLinks are what the order's page offers for each of its people.
func (f *folder) changeLinks(now time.Time) []views.OrderChanges {
	c := f.deadlines()
	if f.order.State != registration.OrderPaid || f.waits() != nil {
		return nil
	}
	var list []views.OrderChanges
	people := f.people()
	for _, r := range people {
		offer := views.OrderChanges{Person: r, Order: f.event.MayChange(c.Order, now), Cancel: f.event.MayChange(c.Cancel, now) && len(people) > 1}
		if len(f.order.Registrations) == 1 { // the people of a group have pages of their own
			offer.Details, offer.Transfer = f.event.MayChange(c.Details, now), f.event.MayChange(c.Transfer, now)
		}
		if offer.Order || offer.Cancel || offer.Details || offer.Transfer {
			list = append(list, offer)
		}
	}
	return list
}

// leaver opens an order for cancelling one of its people, and says what goes back; nil after the answer was given.
func (s *Server) leaver(c echo.Context) (*altering, registration.Money, error) {
	a, err := s.altered(c, changesCancel)
	if a == nil {
		return nil, registration.Money{}, err
	}
	if !a.several {
		return nil, registration.Money{}, s.unmade(c, views.Problem{Field: "content", Key: "unmade.last"}) // that is the whole order
	}
	kept := a.keeps()
	return a, a.event.Refunds.PersonRefund(a.order, a.person.ID, kept, s.cfg.Now()), nil
}

// submitCancelPerson handles POST /o/{code}/{secret}/cancel-person: it asks once more and changes nothing.
func (s *Server) submitCancelPerson(c echo.Context) error {
	a, back, err := s.leaver(c)
	if a == nil {
		return err
	}
	return s.renderCancelPerson(c, http.StatusOK, a, back, false)
}

func (s *Server) renderCancelPerson(c echo.Context, status int, a *altering, back registration.Money, changed bool) error {
	page := frame(c, a.event, a.path()+"/cancel-person", "cancel.person.title")
	askedAgain(c, &page)
	return s.render(c, status, views.OrderCancel(views.OrderCancelPage{
		Page: page, Event: a.event, Order: a.order, Path: a.path(), Nonce: a.person.ID, Refund: back, Paid: a.received(), Kept: a.keeps(), ToAccount: a.needsAccount(), Changed: changed,
		Person: a.person,
	}))
}

// confirmCancelPerson handles POST /o/{code}/{secret}/cancel-person/confirm: the person's registration ends, its places are free, and what
// was shown goes back. When it would be less than was shown, it is shown again. The same post again is harmless.
func (s *Server) confirmCancelPerson(c echo.Context) error {
	a, back, err := s.leaver(c)
	if a == nil {
		return err
	}
	if back.Cur != "" && a.posted.line("back") != back.Decimal() {
		return s.renderCancelPerson(c, http.StatusUnprocessableEntity, a, back, true)
	}
	kept := a.keeps()
	made, err := s.cfg.Store.Amend(c.Request().Context(), a.order.ID, store.NewAmendment{
		Parts: []registration.Part{{ID: a.person.ID, Cancelled: true}}, Seen: a.order.Parts(), Actor: payments.ActorAttendee, Reason: "cancel.person.by_attendee",
		Back: payments.Back{Some: back, Kept: &kept},
	})
	if isCode(err, registration.CodeConflict) {
		return s.cancelUnmade(c, err)
	}
	if err != nil {
		return fmt.Errorf("cancel person: %w", err)
	}
	if len(made.Refunds) > 0 {
		s.cfg.Cashier.Wake()
	}
	return goTo(c, a.path()+"?notice="+noticeChanged)
}
