package views

import (
	"time"

	"foyer/registration"
)

// holdUntil says until when places are kept: the time of day and the minutes, or, for a hold that does not end today, the date.
func holdUntil(l registration.Lang, until, now time.Time, zone *time.Location) string {
	if Date(l, until, zone) != Date(l, now, zone) && until.Sub(now) > 6*time.Hour {
		return T(l, "hold.until.date", "time", Deadline(l, until, zone))
	}
	return T(l, "hold.until", "time", Clock(l, until, zone), "n", MinutesLeft(until, now))
}
