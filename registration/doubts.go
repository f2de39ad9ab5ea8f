package registration

import (
	"fmt"
	"time"
)

// Doubts lists what an event's file may say and hardly means, in the order of its keys: deadlines after its last day, and phases in which
// nobody can register. Nothing of it is an error. Their lines are 0.
func (e *Event) Doubts() []FileProblem {
	var all []FileProblem
	doubt := func(path, say string, args ...any) {
		all = append(all, FileProblem{Path: path, Text: path + ": " + fmt.Sprintf(say, args...), Say: say, Args: args})
	}
	over := e.Ends.In(e.Location()).AddDate(0, 0, 1)
	late := func(path string, until time.Time, say string) {
		if !until.Before(over) {
			doubt(path, say, e.Ends)
		}
	}
	const after = "is after the last day of the event, %s"
	late("registration.closes", e.Closes, after)
	for i, ph := range e.Phases {
		if !e.sells(ph.ID) {
			doubt(fmt.Sprintf("phases[%d]", i), "no category has a price in it: nobody can register then")
		}
	}
	late("groups.replace", e.Groups.Replace, after)
	for i, step := range e.Refunds.Steps {
		late(fmt.Sprintf("refund_policy.steps[%d].until", i), step.Until, after)
	}
	late("changes.cancel", e.Changes.Cancel, "is after the last day of the event, %s: attendees could cancel when it is over")
	late("changes.order", e.Changes.Order, after)
	late("changes.transfer", e.Changes.Transfer, after)
	late("papers.deadline", e.Papers.Deadline, after)
	late("approval.until", e.Approval.Until, after)
	return all
}

// sells reports whether a category has a price in a phase.
func (e *Event) sells(phase string) bool {
	for i := range e.Categories {
		if len(e.Categories[i].Prices[phase]) > 0 {
			return true
		}
	}
	return false
}
