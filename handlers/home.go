package handlers

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showHome handles GET /: every event, those that take registrations first.
func (s *Server) showHome(c echo.Context) error {
	events, err := s.cfg.Store.Events(c.Request().Context())
	if err != nil {
		return fmt.Errorf("list events: %w", err)
	}
	events = slices.DeleteFunc(events, func(e *registration.Event) bool { return e.State == registration.StateDraft })
	cards, err := s.eventCards(c.Request().Context(), events)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.EventList(views.EventListPage{
		Page: frame(c, nil, "/", "events.title"), Events: cards,
	}))
}

// windowRank puts what can still be done before what is over.
var windowRank = map[registration.Window]int{
	registration.WindowOpen: 0, registration.WindowEarly: 1, registration.WindowDraft: 1,
	registration.WindowClosed: 2, registration.WindowCancelled: 2, registration.WindowEnded: 3,
}

func (s *Server) eventCards(ctx context.Context, events []*registration.Event) ([]views.EventCard, error) {
	cards := make([]views.EventCard, 0, len(events))
	for _, e := range events {
		ready, err := s.opened(ctx, e)
		if err != nil {
			return nil, err
		}
		cards = append(cards, views.EventCard{
			Slug: e.Slug, Name: e.Name, Place: e.Place, Starts: e.Starts, Ends: e.Ends, Window: e.WindowAt(s.cfg.Now()),
			Opens: e.Opens, Closes: e.ClosesAt(), Zone: e.Location(), Test: e.Mode == registration.Test, Unready: !ready,
		})
	}
	slices.SortStableFunc(cards, func(a, b views.EventCard) int {
		byDate := a.Starts.In(a.Zone).Compare(b.Starts.In(b.Zone))
		if a.Window == registration.WindowEnded {
			byDate = -byDate
		}
		return cmp.Or(windowRank[a.Window]-windowRank[b.Window], byDate)
	})
	return cards, nil
}

// event reads the event of a path; CodeNotFound when there is none of that name.
func (s *Server) event(ctx context.Context, slug string) (*registration.Event, error) {
	if !isName(slug) {
		return nil, registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	e, err := s.cfg.Store.Event(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("find event: %w", err)
	}
	return e, nil
}

// left counts the places left by category and extra: of each the smallest of the quotas that count it.
func (s *Server) left(ctx context.Context, e *registration.Event) (views.Left, error) {
	return s.leftFor(ctx, e, nil, nil)
}

// leftFor is left for somebody who has an offer of the waiting list, or a code for which places are kept.
func (s *Server) leftFor(ctx context.Context, e *registration.Event, w *store.WaitingEntry, v *registration.Voucher) (views.Left, error) {
	free, err := s.cfg.Store.Left(ctx, e.ID)
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	addOffer(free, w)
	if err := s.addKept(ctx, free, e, v); err != nil {
		return nil, err
	}
	left := views.Left{}
	for _, q := range e.Quotas {
		for _, id := range q.Of {
			if n, counted := left[id]; !counted || free[q.ID] < n {
				left[id] = free[q.ID]
			}
		}
	}
	return left, nil
}

// isName reports whether a part of a path can be the name of anything of ours; it keeps odd bytes away from the database.
func isName(s string) bool {
	if s == "" || len(s) > 100 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}
