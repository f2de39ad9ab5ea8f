package handlers

import (
	"net/url"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// maxFilter is the longest text that a filter takes, in bytes.
const maxFilter = 200

// filterOf reads the filter of a list from the address. A value that no order can have stays: it finds nothing, and says so.
func filterOf(c echo.Context) views.OrderFilter {
	q := c.QueryParams()
	return views.OrderFilter{
		Query: filterText(q, "q"), State: filterText(q, "state"), Payment: filterText(q, "payment"),
		Channel: filterText(q, "channel"), Category: filterText(q, "category"),
		Evidence: filterText(q, "evidence"), Change: filterText(q, "change"),
	}
}

func filterText(q url.Values, name string) string {
	text := q.Get(name)
	text, ok := registration.CleanLine(text[:min(len(text), maxFilter)])
	if !ok {
		return "\ufffd" // no text: nothing has it
	}
	return text
}

// storeFilter asks the store for the same orders. A test event's orders are on its list; only totals leave test money out.
func storeFilter(e *registration.Event, f views.OrderFilter) store.OrderFilter {
	filter := store.OrderFilter{
		EventID: e.ID, Query: f.Query, Payment: payments.State(f.Payment), Channel: f.Channel, Category: f.Category, TestToo: true,
		Evidence: registration.EvidenceState(f.Evidence), Changing: f.Change != "",
	}
	switch f.State {
	case views.FilterUnpaid:
		filter.State = registration.OrderPending
	case views.FilterRegistered:
		filter.State = registration.OrderPaid
	default:
		filter.Standing = payments.Standing(f.State)
	}
	return filter
}

// channelOptions are the channels that a list can be narrowed down to.
func channelOptions(l registration.Lang, e *registration.Event) []views.ConsoleOption {
	var list []views.ConsoleOption
	for _, ch := range e.Channels {
		list = append(list, views.ConsoleOption{Value: ch.ID, Name: ch.ID + ": " + views.ChannelName(l, ch)})
	}
	return list
}

// categoryOptions are the categories that a list can be narrowed down to.
func categoryOptions(l registration.Lang, e *registration.Event) []views.ConsoleOption {
	var list []views.ConsoleOption
	for _, cat := range e.Categories {
		list = append(list, views.ConsoleOption{Value: cat.ID, Name: cat.Name.In(l)})
	}
	return list
}

// categoryName names a category for a reader; one that the event no longer has keeps its id.
func categoryName(l registration.Lang, e *registration.Event, id string) string {
	if cat := e.Category(id); cat != nil {
		return cat.Name.In(l)
	}
	return id
}
