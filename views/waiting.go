package views

import (
	"strings"
	"time"

	"foyer/registration"
)

// WaitingPath is where somebody joins an event's waiting list.
func WaitingPath(event string) string { return publicOf(event) + "/waiting" }

// ConsoleWaitingPath is the address of an event's waiting list for staff.
func ConsoleWaitingPath(event string) string { return consoleOf(event) + "/waiting" }

// WaitingWants names what somebody waits for.
func WaitingWants(l registration.Lang, e *registration.Event, c registration.Cart) string {
	var names []string
	if cat := e.Category(c.Category); cat != nil {
		names = append(names, cat.Name.In(l))
	}
	for _, x := range e.Extras {
		if c.Extras[x.ID] > 0 {
			names = append(names, x.Name.In(l))
		}
	}
	return strings.Join(names, " + ")
}

// anyGone reports whether something that is on sale at now has no place left.
func (left Left) anyGone(e *registration.Event, now time.Time) bool {
	if len(left.goneExtras(e)) > 0 {
		return true
	}
	for _, c := range onSale(e, now, nil) {
		if left.gone(c.ID) {
			return true
		}
	}
	return false
}

// goneExtras lists the extras without a place.
func (left Left) goneExtras(e *registration.Event) []registration.Extra {
	var gone []registration.Extra
	for _, x := range e.Extras {
		if left.gone(x.ID) {
			gone = append(gone, x)
		}
	}
	return gone
}

// awaited lists the categories that somebody may wait for: those without a place, or all when an extra has none.
func (left Left) awaited(e *registration.Event, now time.Time) []*registration.Category {
	var all []*registration.Category
	for _, c := range onSale(e, now, nil) {
		if left.gone(c.ID) || len(left.goneExtras(e)) > 0 {
			all = append(all, c)
		}
	}
	return all
}
