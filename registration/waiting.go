package registration

import (
	"maps"
	"slices"
	"time"
)

// WaitingList says whether an event keeps a list of those who wait for a place, and how.
type WaitingList struct {
	Offer time.Duration `json:"offer,omitempty"` // how long a place that became free is kept for the one to whom it is offered; 0: there is no list
}

// On reports whether there is a list.
func (w WaitingList) On() bool { return w.Offer > 0 }

// WaitingState is one stage of an entry of a waiting list.
type WaitingState string

// The states of an entry.
const (
	InLine         WaitingState = "waiting" // for places
	WaitingOffered WaitingState = "offered" // places are held for it until a time
	WaitingTaken   WaitingState = "taken"   // an order has those places
	WaitingLapsed  WaitingState = "lapsed"  // nobody took the offer
	WaitingLeft    WaitingState = "left"    // taken off the list, by its owner or by staff
)

var waitingMoves = map[WaitingState][]WaitingState{
	"":             {InLine},
	InLine:         {WaitingOffered, WaitingLeft},
	WaitingOffered: {WaitingTaken, WaitingLapsed, WaitingLeft},
}

// CanBecome reports whether an entry in state s may move to state t. The empty state stands for "not on the list yet".
func (s WaitingState) CanBecome(t WaitingState) bool { return slices.Contains(waitingMoves[s], t) }

// Open reports whether an entry in state s still waits for something.
func (s WaitingState) Open() bool { return s == InLine || s == WaitingOffered }

// Needs are the places that an entry for this cart waits for, by quota id. Something that is in no quota needs none.
func (e *Event) Needs(c Cart) map[string]int64 {
	lines := []Line{{Kind: LineCategory, ID: c.Category, Quantity: 1}}
	for _, id := range slices.Sorted(maps.Keys(c.Extras)) {
		lines = append(lines, Line{Kind: LineExtra, ID: id, Quantity: c.Extras[id]})
	}
	return PlacesOf(e, lines)
}

// Offers says which of those in line, given by what each needs, get the places that are free: each place the first in line whose quotas
// all have room. free is used up. A place that is not offered because offers are paused is put by for the one who would have it.
//
// short counts, by quota, those who go on waiting because of it: while it is above 0 nobody else may have a place of that quota.
func Offers(free map[string]int64, line []map[string]int64, paused bool) (offers []int, short map[string]int64) {
	short = map[string]int64{}
	for i, needs := range line {
		var lacking []string
		for id, n := range needs {
			if free[id] < n {
				lacking = append(lacking, id)
			}
		}
		switch {
		case len(lacking) > 0:
		case paused:
			lacking = slices.Collect(maps.Keys(needs))
			take(free, needs)
		default:
			offers = append(offers, i)
			take(free, needs)
		}
		for _, id := range lacking {
			short[id]++
		}
	}
	return offers, short
}

func take(free, needs map[string]int64) {
	for id, n := range needs {
		free[id] -= n
	}
}
