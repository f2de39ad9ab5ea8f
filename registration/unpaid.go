package registration

import (
	"slices"
	"time"
)

// Unpaid says what becomes of an order's price when its phase ends before it is paid.
type Unpaid string

// The rules that an event can have.
const (
	UnpaidKeeps   Unpaid = ""        // the price stays as long as the places are held
	UnpaidReprice Unpaid = "reprice" // places are never held past the phase; then the order takes them again at the next price
)

// PriceEnds is the end of a phase past which nothing is held at its prices; zero when the event keeps prices, or the phase has no end.
func (e *Event) PriceEnds(phase string) time.Time {
	i := slices.IndexFunc(e.Phases, func(p Phase) bool { return p.ID == phase })
	if e.Unpaid != UnpaidReprice || i < 0 || e.Phases[i].Until.IsZero() {
		return time.Time{}
	}
	return e.Phases[i].Until.Add(time.Second)
}

// Sooner is the earlier of two times; a zero time is none.
func Sooner(t, end time.Time) time.Time {
	if t.IsZero() || (!end.IsZero() && end.Before(t)) {
		return end
	}
	return t
}

// DearerFrom is when the price of an order made at that time would be another: the end of its phase, when another phase follows; zero
// when none does.
func (e *Event) DearerFrom(placed time.Time) time.Time {
	p := e.Phase(placed)
	if p == nil || p.Until.IsZero() || e.Phase(p.Until.Add(time.Second)) == nil {
		return time.Time{}
	}
	return p.Until
}
