package views

import (
	"time"

	"foyer/registration"
)

// fewPlaces is the number below which the places left are told.
const fewPlaces = 10

// Left counts the places left by category or extra id: the smallest of the quotas that it belongs to. What belongs to
// no quota is absent.
type Left map[string]int64

func (left Left) gone(id string) bool {
	n, counted := left[id]
	return counted && n <= 0
}

// few gives the places left of id and whether they are few enough to be told.
func (left Left) few(id string) (int64, bool) {
	n, counted := left[id]
	return n, counted && n > 0 && n < fewPlaces
}

// allGone reports whether nothing can be bought at now because no category that is on sale has a place.
func (left Left) allGone(e *registration.Event, now time.Time) bool {
	for _, c := range onSale(e, now, nil) {
		if !left.gone(c.ID) {
			return false
		}
	}
	return true
}

// onSale lists the categories that have a price now; hidden ones only when v opens them.
func onSale(e *registration.Event, now time.Time, v *registration.Voucher) []*registration.Category {
	ph := e.Phase(now)
	if ph == nil {
		return nil
	}
	var all []*registration.Category
	for i := range e.Categories {
		c := &e.Categories[i]
		if c.Prices[ph.ID] != nil && (!c.Hidden || v.Opens(c.ID)) {
			all = append(all, c)
		}
	}
	return all
}

// phaseOver reports whether a phase has ended.
func phaseOver(ph *registration.Phase, now time.Time) bool {
	return !ph.Until.IsZero() && !now.Before(ph.Until.Add(time.Second))
}

// PhaseName is the organizer's name of a phase, or a usual one for a usual id.
func PhaseName(l registration.Lang, ph *registration.Phase) string {
	switch {
	case !ph.Name.Empty():
		return ph.Name.In(l)
	case Has(l, "phase."+ph.ID):
		return T(l, "phase."+ph.ID)
	}
	return ph.ID
}

// phaseNow says which prices hold now, and until when; where they never change, until when one can register.
func phaseNow(l registration.Lang, e *registration.Event, now time.Time, zone *time.Location) string {
	ph := e.Phase(now)
	until := e.ClosesAt()
	if len(e.Phases) == 1 {
		return T(l, "window.closes_at", "time", Deadline(l, until, zone))
	}
	if !ph.Until.IsZero() && ph.Until.Before(until) {
		until = ph.Until
	}
	return T(l, "event.phase", "phase", PhaseName(l, ph), "time", Deadline(l, until, zone))
}

// closingSoon reports whether registration closes within three days.
func closingSoon(e *registration.Event, now time.Time) bool {
	return e.ClosesAt().Sub(now) < 3*24*time.Hour
}

// twoCurrencies reports whether any category is priced in more than one currency.
func twoCurrencies(e *registration.Event) bool {
	for _, c := range e.Categories {
		for _, p := range c.Prices {
			if len(p) > 1 {
				return true
			}
		}
	}
	return false
}

// evidenceText says what a category's evidence is, and when it is asked for; "" for none.
func evidenceText(l registration.Lang, c *registration.Category) string {
	evidence := c.Evidence
	if c.Approval != registration.ApprovalDesk {
		return T(l, "evidence."+string(c.Approval)+"."+orText(evidence, "none"))
	}
	if evidence == "" {
		return ""
	}
	if Has(l, "evidence."+evidence) {
		return T(l, "evidence."+evidence)
	}
	return T(l, "evidence.document")
}
