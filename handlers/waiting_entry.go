package handlers

import (
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// entryPath is the private address of an entry of a waiting list.
func (s *Server) entryPath(w *store.WaitingEntry) string {
	return waitingPath(w.Code, s.cfg.Store.Keys().WaitingSecret(w.ID))
}

// waiting finds the entry of a path whose secret is right. A wrong secret and a code that does not exist fail alike, with CodeNotFound.
func (s *Server) waiting(c echo.Context) (*store.WaitingEntry, *registration.Event, error) {
	code, secret := c.Param("code"), c.Param("secret")
	unknown := registration.Fail(registration.CodeNotFound, "order.unknown")
	if !isName(code) || !isToken(secret) {
		return nil, nil, unknown
	}
	w, err := s.cfg.Store.WaitingEntry(c.Request().Context(), code)
	if isCode(err, registration.CodeNotFound) {
		s.cfg.Store.Keys().CheckWaitingSecret(secret, code) // takes as long as for an entry that exists
		return nil, nil, unknown
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find who waits: %w", err)
	}
	if !s.cfg.Store.Keys().CheckWaitingSecret(secret, w.ID) {
		return nil, nil, unknown
	}
	e, err := s.cfg.Store.EventByID(c.Request().Context(), w.EventID)
	if err != nil {
		return nil, nil, fmt.Errorf("find the event: %w", err)
	}
	return w, e, nil
}

// showEntry handles GET /w/{code}/{secret}: how somebody stands who waits.
func (s *Server) showEntry(c echo.Context) error {
	w, e, err := s.waiting(c)
	if err != nil {
		return err
	}
	page := frame(c, e, s.entryPath(w), "waiting.entry.title")
	page.Private = true
	p := views.WaitingEntryPage{
		Page: page, Event: e, Path: s.entryPath(w), State: w.State, Wants: views.WaitingWants(page.Lang, e, w.Cart), Until: w.OfferUntil, Order: w.OrderCode,
		Open: s.canOffer(e),
	}
	if w.State == registration.WaitingOffered && !s.stands(w) {
		p.State = registration.WaitingLapsed // it is about to be
	}
	if w.State == registration.InLine {
		if p.Before, err = s.cfg.Store.WaitingBefore(c.Request().Context(), w); err != nil {
			return err
		}
	}
	return s.render(c, http.StatusOK, views.WaitingEntry(p))
}

// canOffer reports whether the event takes registrations and keeps a waiting list.
func (s *Server) canOffer(e *registration.Event) bool {
	return e.Waiting.On() && e.WindowAt(s.cfg.Now()) == registration.WindowOpen
}

// submitTake handles POST /w/{code}/{secret}/take: the form is begun that takes the offer, filled in as far as we know.
func (s *Server) submitTake(c echo.Context) error {
	w, e, err := s.waiting(c)
	if err != nil {
		return err
	}
	if !s.stands(w) {
		return goTo(c, s.entryPath(w)) // it says why
	}
	d, err := s.readDraft(c, e)
	if err != nil {
		return err
	}
	d = s.freshDraft(e, d, false)
	d.Cart, d.Person, d.Offer = w.Cart, registration.Person{Name: w.Name, Email: w.Email}, w.Code
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return goTo(c, views.RegisterPath(e.Slug))
}

// submitLeave handles POST /w/{code}/{secret}/leave: the entry is off the list, and an offer goes to the next. Posting it again is harmless.
func (s *Server) submitLeave(c echo.Context) error {
	w, e, err := s.waiting(c)
	if err != nil {
		return err
	}
	if err := s.cfg.Store.LeaveWaiting(c.Request().Context(), e, w.ID, "attendee"); err != nil {
		return fmt.Errorf("leave the waiting list: %w", err)
	}
	return goTo(c, s.entryPath(w))
}
