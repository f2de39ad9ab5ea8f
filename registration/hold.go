package registration

import "time"

// Longer gives the end of the order's hold when its owner asks for one hold more, at most until HoldLimit. can is false when the order
// does not wait for its payment, the hold has ended at now, or nothing can be added.
func (o *Order) Longer(hold time.Duration, now time.Time) (until time.Time, can bool) {
	until = o.HoldUntil.Add(hold)
	if until.After(o.HoldLimit) {
		until = o.HoldLimit
	}
	return until, o.State == OrderPending && now.Before(o.HoldUntil) && until.After(o.HoldUntil)
}
