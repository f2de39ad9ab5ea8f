package handlers

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// waitingForm is who joins a waiting list.
type waitingForm struct {
	Name  string `form:"name" validate:"required,text,max=60,nocard"`
	Email string `form:"email" validate:"required,text,max=254,mail,nocard"`
}

// waitingEvent is the event of a page about joining its waiting list: CodeNotFound without one, CodeClosed when it takes no registrations.
func (s *Server) waitingEvent(c echo.Context) (*registration.Event, error) {
	e, err := s.openEvent(c)
	if err == nil && !e.Waiting.On() {
		return nil, registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	return e, err
}

// showWaiting handles GET /e/{event}/waiting: the form with which somebody joins the waiting list.
func (s *Server) showWaiting(c echo.Context) error {
	e, err := s.waitingEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	return s.renderWaiting(c, http.StatusOK, e, registration.Cart{Category: c.QueryParam("category")}, waitingForm{}, nil)
}

func (s *Server) renderWaiting(c echo.Context, status int, e *registration.Event, cart registration.Cart, filled waitingForm, problems []views.Problem) error {
	left, err := s.left(c.Request().Context(), e)
	if err != nil {
		return err
	}
	p := shown(registration.Person{Name: filled.Name, Email: filled.Email})
	return s.render(c, status, views.WaitingJoin(views.WaitingJoinPage{
		Page:  registerFrame(c, e, views.WaitingPath(e.Slug), "waiting.join.title", problems),
		Event: e, Now: s.cfg.Now(), Left: left, Category: cart.Category, Extras: cart.Extras, Name: p.Name, Email: p.Email, Problems: problems,
	}))
}

// submitWaiting handles POST /e/{event}/waiting. Its answer is the same whether the address waits already or not.
func (s *Server) submitWaiting(c echo.Context) error {
	e, err := s.waitingEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	filled := waitingForm{Name: f.line("name"), Email: f.email("email")}
	cart := registration.Cart{Category: f.line("category"), Extras: map[string]int64{}}
	for _, x := range e.Extras {
		if f.raw("extra."+x.ID) != "" {
			cart.Extras[x.ID] = 1
		}
	}
	problems, err := problemsOf("register", filled)
	if err != nil {
		return err
	}
	if _, err := e.Price(cart, s.cfg.Now()); err != nil {
		problem, mine := cartProblem(err)
		if !mine {
			return err
		}
		problems = append([]views.Problem{problem}, problems...)
	}
	if len(problems) > 0 || f.onlyShow() {
		return s.renderWaiting(c, http.StatusUnprocessableEntity, e, cart, filled, problems)
	}
	return s.join(c, e, cart, filled)
}

func (s *Server) join(c echo.Context, e *registration.Event, cart registration.Cart, filled waitingForm) error {
	if s.cfg.Rate && !s.finds.allow(store.Hash(strings.ToLower(filled.Email)), time.Now()) {
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	person := registration.Person{Name: filled.Name, Email: filled.Email}
	err := s.cfg.Store.JoinWaiting(c.Request().Context(), e, cart, person, langOf(c))
	if isCode(err, registration.CodeConflict) {
		return s.renderWaiting(c, http.StatusConflict, e, cart, filled, []views.Problem{{Field: "category", Key: "waiting.room"}})
	}
	if err != nil {
		return fmt.Errorf("join the waiting list: %w", err)
	}
	page := frame(c, e, views.WaitingPath(e.Slug), "waiting.joined.title")
	page.Private = true
	return s.render(c, http.StatusOK, views.WaitingJoined(views.WaitingJoinedPage{Page: page, Event: e, Email: filled.Email}))
}

// offerOf is the offer of the waiting list that the browser's form is bound to, as long as it stands; nil for none. Events without a list
// are asked nothing.
func (s *Server) offerOf(c echo.Context, e *registration.Event) (*store.WaitingEntry, error) {
	if !e.Waiting.On() {
		return nil, nil
	}
	d, err := s.readDraft(c, e)
	if err != nil {
		return nil, err
	}
	w, err := s.offerIn(c.Request().Context(), e, d)
	if err != nil || w == nil || !s.stands(w) {
		return nil, err
	}
	return w, nil
}

// offerIn is the entry that a draft is bound to, whatever became of it; nil for none.
func (s *Server) offerIn(ctx context.Context, e *registration.Event, d *draft) (*store.WaitingEntry, error) {
	if d.Offer == "" {
		return nil, nil
	}
	w, err := s.cfg.Store.WaitingEntry(ctx, d.Offer)
	if err != nil {
		return nil, fmt.Errorf("find offer: %w", err)
	}
	if w.EventID != e.ID {
		return nil, nil
	}
	return w, nil
}

// offerEnd is when an entry's offer ends; zero for no entry.
func offerEnd(w *store.WaitingEntry) time.Time {
	if w == nil {
		return time.Time{}
	}
	return w.OfferUntil
}

// stands reports whether an entry's offer can still be taken.
func (s *Server) stands(w *store.WaitingEntry) bool {
	return w.State == registration.WaitingOffered && s.cfg.Now().Before(w.OfferUntil)
}

// offered is the event as somebody sees it who has an offer: with the one category of the offer.
func offered(e *registration.Event, w *store.WaitingEntry) *registration.Event {
	if w == nil || e.Category(w.Cart.Category) == nil {
		return e
	}
	only := *e
	only.Categories = []registration.Category{*e.Category(w.Cart.Category)}
	return &only
}

// addKept counts the places that are kept for a code among those that are free.
func (s *Server) addKept(ctx context.Context, free map[string]int64, e *registration.Event, v *registration.Voucher) error {
	kept, err := s.cfg.Store.KeptLeft(ctx, e, v)
	if err != nil {
		return fmt.Errorf("count kept places: %w", err)
	}
	for id, n := range kept {
		free[id] += n
	}
	return nil
}

// addOffer counts the places that an offer holds among those that are free.
func addOffer(free map[string]int64, w *store.WaitingEntry) {
	if w != nil {
		for id, n := range w.Needs {
			free[id] += n
		}
	}
}
