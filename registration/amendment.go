package registration

import (
	"maps"
	"slices"
)

// AmendmentState is one stage of an Amendment: a change of what a paid order holds.
type AmendmentState string

// The states of an amendment.
const (
	AmendmentPending   AmendmentState = "pending"   // what it adds is held until HoldUntil, its charge is not paid yet
	AmendmentApplied   AmendmentState = "applied"   // the order is as it says
	AmendmentLapsed    AmendmentState = "lapsed"    // the hold ran out, what it added was given back
	AmendmentWithdrawn AmendmentState = "withdrawn" // ended by attendee or staff, or because its order ended
)

var amendmentMoves = map[AmendmentState][]AmendmentState{
	"":               {AmendmentPending, AmendmentApplied},
	AmendmentPending: {AmendmentApplied, AmendmentLapsed, AmendmentWithdrawn},
	AmendmentLapsed:  {AmendmentPending, AmendmentApplied},
}

// CanBecome reports whether an amendment in state s may move to state t. The empty state stands for "not made yet".
func (s AmendmentState) CanBecome(t AmendmentState) bool {
	return slices.Contains(amendmentMoves[s], t)
}

// Part is what one registration of an order is to have: its lines, or nothing any more.
type Part struct {
	ID        string `json:"id"` // of the registration
	Lines     []Line `json:"lines"`
	Cancelled bool   `json:"cancelled,omitempty"`

	Papers []string `json:"papers,omitempty"` // numbers that a change adds to those it covers; none of an order as it is
}

// AddedPapers are the numbers of the papers that parts add to those covered.
func AddedPapers(parts []Part) (numbers []string) {
	for _, p := range parts {
		numbers = append(numbers, p.Papers...)
	}
	return numbers
}

// Parts are the order's registrations as they are now.
func (o *Order) Parts() []Part {
	var all []Part
	for _, r := range o.Registrations {
		all = append(all, Part{ID: r.ID, Lines: r.Lines, Cancelled: r.Gone})
	}
	return all
}

// Replaced are parts in which those of the same registrations in by stand instead. ok is false when by names a registration that is not
// among them, or one that is cancelled already.
func Replaced(parts, by []Part) (after []Part, ok bool) {
	after = slices.Clone(parts)
	for _, p := range by {
		i := slices.IndexFunc(after, func(a Part) bool { return a.ID == p.ID })
		if i < 0 || after[i].Cancelled {
			return nil, false
		}
		if p.Cancelled {
			p.Lines = after[i].Lines // what somebody had stays to be read
		}
		after[i] = p
	}
	return after, true
}

// Move is what one person of an order has before and after a change.
type Move struct {
	Name          string
	Before, After []Line
}

// MovesOf are the people of an order of several whom a change from before to after touches; none for an order of one.
func (o *Order) MovesOf(before, after []Part) (all []Move) {
	for i, p := range after {
		if r := o.Registration(p.ID); len(after) > 1 && i < len(before) && r != nil && !SameParts(before[i:i+1], after[i:i+1]) {
			all = append(all, Move{r.Person.Name, LinesOf(before[i : i+1]), LinesOf(after[i : i+1])})
		}
	}
	return all
}

// LinesOf are the lines of the registrations that are not cancelled.
func LinesOf(parts []Part) []Line {
	var lines []Line
	for _, p := range parts {
		if !p.Cancelled {
			lines = append(lines, p.Lines...)
		}
	}
	return lines
}

// SameParts reports whether both say the same of the same registrations, beside papers.
func SameParts(a, b []Part) bool {
	return slices.EqualFunc(a, b, func(x, y Part) bool {
		return x.ID == y.ID && x.Cancelled == y.Cancelled && slices.EqualFunc(x.Lines, y.Lines, Line.Equal)
	})
}

// Equal reports whether both lines say the same.
func (l Line) Equal(o Line) bool {
	return l.Kind == o.Kind && l.ID == o.ID && l.Quantity == o.Quantity && l.Name == o.Name && l.Unit.Equal(o.Unit)
}

// Difference is what the order costs more after a change, less where it is below 0: in the order's currency, or, while no money has
// fixed one, in each in which all that it has then is priced. ok is false when what it is to have has no price in the order's currency.
func (o *Order) Difference(after []Part) (more Prices, ok bool) {
	was, is := Total(LinesOf(o.Parts())), Total(LinesOf(after))
	more = Prices{}
	for cur := range is {
		if o.Currency == "" || o.Currency == cur {
			more[cur] = is[cur] - was[cur]
		}
	}
	return more, len(more) > 0
}

// MovedPlaces is what a change takes of each quota of the event, and what it gives back: with somebody who is cancelled also the options
// that they chose, and with another category those that it is not asked. Whoever has no voucher any more, because they are cancelled or their voucher is not for what they have then, gives back
// its use.
func (o *Order) MovedPlaces(e *Event, after []Part) (takes, gives map[string]int64) {
	diff := PlacesOf(e, LinesOf(after))
	for quota, n := range PlacesOf(e, LinesOf(o.Parts())) {
		diff[quota] -= n
	}
	for i, r := range o.Registrations {
		if r.Gone {
			continue
		}
		left := map[string]int64{}
		if after[i].Cancelled {
			r.Answers.takePlaces(e, left)
		} else {
			r.Answers.foreign(e, after[i]).takePlaces(e, left)
		}
		if after[i].Cancelled || len(linesFor(after[i].Lines, LineVoucher, "")) == 0 {
			for _, l := range linesFor(r.Lines, LineVoucher, "") {
				left[VoucherQuota(l.ID)]++
			}
		}
		for quota, n := range left {
			diff[quota] -= n
		}
	}
	return takenAndGiven(diff)
}

// foreign are the answers to questions with places which the category of a part is not asked.
func (a Answers) foreign(e *Event, p Part) Answers {
	all := Answers{}
	for id, values := range a {
		category := linesFor(p.Lines, LineCategory, "")
		q := e.Question(id)
		if q != nil && e.TakesPlaces(q) && len(q.Categories) > 0 && len(category) > 0 && !slices.Contains(q.Categories, category[0].ID) {
			all[id] = values
		}
	}
	return all
}

// Leaves are the answers of somebody who is changed to what a part says: without those to questions with places that are not asked any more,
// as far as gives holds what they took.
func (a Answers) Leaves(e *Event, p Part, gives map[string]int64) Answers {
	kept := Answers{}.With(a)
	for id, values := range a.foreign(e, p) {
		back := map[string]int64{}
		Answers{id: values}.takePlaces(e, back)
		if !slices.ContainsFunc(slices.Collect(maps.Keys(back)), func(quota string) bool { return gives[quota] < back[quota] }) {
			delete(kept, id)
		}
	}
	return kept
}

// takenAndGiven parts what becomes more of each quota from what becomes less.
func takenAndGiven(diff map[string]int64) (takes, gives map[string]int64) {
	takes, gives = map[string]int64{}, map[string]int64{}
	for quota, n := range diff {
		switch {
		case n > 0:
			takes[quota] = n
		case n < 0:
			gives[quota] = -n
		}
	}
	return takes, gives
}

// Between are the lines that a document about a change shows: what was added, and, with its price taken off, what went. Their sum is
// the difference.
func Between(before, after []Part) []Line {
	var lines []Line
	count := func(l Line, sign int64) {
		i := slices.IndexFunc(lines, func(o Line) bool { return o.Kind == l.Kind && o.ID == l.ID && o.Unit.Equal(l.Unit) })
		if i < 0 {
			lines, i = append(lines, Line{Kind: l.Kind, ID: l.ID, Name: l.Name, Unit: l.Unit}), len(lines)
		}
		lines[i].Quantity += sign * l.Quantity
	}
	for _, l := range LinesOf(after) {
		count(l, 1)
	}
	for _, l := range LinesOf(before) {
		count(l, -1)
	}
	lines = slices.DeleteFunc(lines, func(l Line) bool { return l.Quantity == 0 })
	for i := range lines {
		if l := &lines[i]; l.Quantity < 0 {
			l.Quantity, l.Unit = -l.Quantity, l.Unit.minus()
			l.Name = Text{Ko: l.Name.Ko + " (변경 전)", En: l.Name.En + " (before the change)"}
		}
	}
	return lines
}

// minus are the prices with their signs turned.
func (p Prices) minus() Prices {
	turned := Prices{}
	for cur, v := range p {
		turned[cur] = -v
	}
	return turned
}
