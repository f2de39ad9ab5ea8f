package handlers

import (
	"context"
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showConsole handles GET /console: the events that the visitor works for. The desk sees none here: it only checks in.
func (o *office) showConsole(c echo.Context, st store.Staff) error {
	ctx := c.Request().Context()
	events, err := o.cfg.Store.Events(ctx)
	if err != nil {
		return fmt.Errorf("list events: %w", err)
	}
	var mine []*registration.Event
	ids := map[string]string{}
	for _, e := range events {
		if st.MaySee(e.ID) && st.MayEdit() {
			mine, ids[e.Slug] = append(mine, e), e.ID
		}
	}
	page := views.ConsoleEventsPage{Page: staffFrame(c, st, views.ConsolePath), MayMake: mayMake(st)}
	cards, err := o.eventCards(ctx, mine)
	if err != nil {
		return err
	}
	for _, card := range cards {
		e := views.ConsoleEvent{Slug: card.Slug, Name: card.Name, Starts: card.Starts, Ends: card.Ends, Mode: registration.Live, Window: card.Window, Preview: previews(card.Window) || card.Unready}
		if card.Test {
			e.Mode = registration.Test
		}
		if err := o.countEvent(ctx, ids[card.Slug], &e); err != nil {
			return err
		}
		if card.Unready {
			if err := o.sayWhy(ctx, &e); err != nil {
				return err
			}
		}
		page.Events = append(page.Events, e)
	}
	return o.render(c, http.StatusOK, views.ConsoleEvents(page))
}

// countEvent fills in the numbers that say how an event stands.
func (o *office) countEvent(ctx context.Context, eventID string, e *views.ConsoleEvent) error {
	for state, into := range map[registration.OrderState]*int{registration.OrderPaid: &e.Paid, registration.OrderPending: &e.Pending} {
		n, err := o.cfg.Store.CountOrders(ctx, store.OrderFilter{EventID: eventID, State: state, TestToo: true})
		if err != nil {
			return fmt.Errorf("count orders: %w", err)
		}
		*into = int(n)
	}
	n, err := o.cfg.Store.CountAttention(ctx, eventID)
	if err != nil {
		return fmt.Errorf("count what waits: %w", err)
	}
	e.Attention = int(n)
	return nil
}

// sayWhy fills in what a live event lacks before it opens.
func (o *office) sayWhy(ctx context.Context, e *views.ConsoleEvent) error {
	event, err := o.event(ctx, e.Slug)
	if err != nil {
		return err
	}
	e.Lacks = event.Lacks()
	if e.Unchecked, err = o.cfg.Store.Unchecked(ctx, event); err != nil {
		return fmt.Errorf("read go-live checks: %w", err)
	}
	return nil
}

// showConsoleEvent handles GET /console/{event}: its list of orders is where one begins.
func (o *office) showConsoleEvent(v *visit) error {
	return goTo(v, views.ConsoleOrdersPath(v.event.Slug))
}
