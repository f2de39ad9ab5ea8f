package payments

import (
	"cmp"
	"slices"
	"time"

	"foyer/registration"
)

// Entry is one payment as our books have it, for comparing them with a gateway's.
type Entry struct {
	PaymentID string
	Event     string // slug
	Order     string // code
	OrderNo   string
	GatewayID string
	Approve   string
	Elsewhere bool               // it belongs to another channel of the same contract: known, but not compared here
	Captured  registration.Money // zero while no money was taken
	At        time.Time          // when the gateway told us of the capture, UTC
	Refunds   []EntryRefund      // those that are done
}

// EntryRefund is money that went back of an Entry.
type EntryRefund struct {
	GatewayID string // the gateway's id of the refund; "" when it told none
	Amount    registration.Money
	At        time.Time // UTC
}

// DifferenceKind says how our books and a gateway's differ.
type DifferenceKind string

// The kinds of differences.
const (
	OnlyTheirs    DifferenceKind = "only_theirs" // they have it and we do not
	OnlyOurs      DifferenceKind = "only_ours"   // we have it and they do not
	AmountsDiffer DifferenceKind = "amounts"     // both have it, with different amounts
)

// Difference is one movement of money about which our books and a gateway's differ.
type Difference struct {
	Kind   DifferenceKind
	Refund bool
	Entry  *Entry             // our payment; nil when they name none that we know
	Ours   registration.Money // zero for OnlyTheirs
	Theirs Transaction        // its zero value for OnlyOurs
	At     time.Time          // theirs where they tell it, else ours; UTC
	Closed bool               // a person has said how this money, which no payment of ours stands for, was dealt with
}

// Compare finds what differs on a day between our books and a gateway's list. Both may reach beyond the day, so that a movement which
// the two booked on different sides of midnight finds its counterpart; a difference belongs to the day of the gateway's side, where it
// has one. A transaction without a time counts as of the day.
//
// A transaction belongs to the payment whose gateway id it names, else to that of our order number, else to the only one with its
// approval number. Within a payment, refunds of the same id belong together, then movements of the same amount; what is left on
// both sides agrees when it adds up to the same.
func Compare(day Day, ours []Entry, theirs []Transaction) []Difference {
	index := newEntryIndex(ours)
	claimed := make([][]Transaction, len(ours))
	var all []Difference
	for _, t := range theirs {
		i := index.find(t)
		if i >= 0 {
			claimed[i] = append(claimed[i], t)
			continue
		}
		all = append(all, Difference{Kind: OnlyTheirs, Refund: t.Refund, Theirs: t, At: t.At})
	}
	for i := range ours {
		if !ours[i].Elsewhere {
			all = append(all, ours[i].differences(claimed[i], day.Around(Slack))...)
		}
	}
	all = slices.DeleteFunc(all, func(d Difference) bool { return !d.on(day) })
	slices.SortStableFunc(all, func(a, b Difference) int { return a.At.Compare(b.At) })
	return all
}

// Slack is how far beyond a day its books are read: one side may have booked in the night what the other booked before midnight.
const Slack = 24 * time.Hour

// Has reports whether t is within the day.
func (d Day) Has(t time.Time) bool { return !t.Before(d.From) && t.Before(d.To) }

// Around is the day with margin before and after it.
func (d Day) Around(margin time.Duration) Day { return Day{d.From.Add(-margin), d.To.Add(margin)} }

// on reports whether the difference belongs to the day.
func (d Difference) on(day Day) bool {
	return day.Has(d.At) || (d.Kind != OnlyOurs && d.Theirs.At.IsZero())
}

// entryIndex finds entries by what a transaction may name.
type entryIndex struct {
	gateway, orderNo, approve map[string]int // approve: -1 where several entries have the number
}

func newEntryIndex(ours []Entry) entryIndex {
	x := entryIndex{map[string]int{}, map[string]int{}, map[string]int{}}
	for i, e := range ours {
		if e.GatewayID != "" {
			x.gateway[e.GatewayID] = i
		}
		if e.OrderNo != "" {
			x.orderNo[e.OrderNo] = i
		}
		if e.Approve == "" {
			continue
		}
		if _, twice := x.approve[e.Approve]; twice {
			i = -1
		}
		x.approve[e.Approve] = i
	}
	return x
}

// find gives the number of the entry that a transaction belongs to, or -1.
func (x entryIndex) find(t Transaction) int {
	if i, ok := x.gateway[t.GatewayID]; ok {
		return i
	}
	if i, ok := x.orderNo[t.OrderNo]; ok {
		return i
	}
	if i, ok := x.approve[t.Approve]; ok && t.GatewayID == "" && t.OrderNo == "" {
		return i
	}
	return -1
}

// differences compares an entry with the transactions that belong to it; those were read for the span near.
func (e *Entry) differences(theirs []Transaction, near Day) []Difference {
	var captures, refunds []EntryRefund
	if e.Captured.Minor != 0 {
		captures = []EntryRefund{{Amount: e.Captured, At: e.At}}
	}
	refunds = append(refunds, e.Refunds...)
	var in, back []Transaction
	for _, t := range theirs {
		if t.Refund {
			back = append(back, t)
		} else {
			in = append(in, t)
		}
	}
	all := append(paired(captures, in, near, false), paired(refunds, back, near, true)...)
	for i := range all {
		all[i].Entry = e
	}
	return all
}

// paired tells which movements of one kind have no counterpart, or one of another amount.
func paired(ours []EntryRefund, theirs []Transaction, near Day, refund bool) []Difference {
	slices.SortStableFunc(theirs, func(a, b Transaction) int { return a.At.Compare(b.At) })
	same := func(matches func(EntryRefund, Transaction) bool) (all []Difference) {
		ours = slices.DeleteFunc(ours, func(o EntryRefund) bool {
			i := slices.IndexFunc(theirs, func(t Transaction) bool { return matches(o, t) })
			if i < 0 {
				return false
			}
			if t := theirs[i]; t.Amount != o.Amount {
				all = append(all, differing(o, t))
			}
			theirs = slices.Delete(theirs, i, i+1)
			return true
		})
		return all
	}
	all := same(func(o EntryRefund, t Transaction) bool { return o.GatewayID != "" && o.GatewayID == t.RefundID })
	same(func(o EntryRefund, t Transaction) bool { return o.Amount == t.Amount })
	ours = slices.DeleteFunc(ours, func(o EntryRefund) bool { return !near.Has(o.At) })
	if !addUp(ours, theirs) {
		all = append(all, unpaired(ours, theirs)...)
	}
	for i := range all {
		all[i].Refund = refund
	}
	return all
}

// addUp reports whether both sides hold something and come to the same sum.
func addUp(ours []EntryRefund, theirs []Transaction) bool {
	if len(ours) == 0 || len(theirs) == 0 {
		return false
	}
	sum, cur := int64(0), ours[0].Amount.Cur
	for _, o := range ours {
		sum += o.Amount.Minor
	}
	for _, t := range theirs {
		if t.Amount.Cur != cur {
			return false
		}
		sum -= t.Amount.Minor
	}
	return sum == 0
}

// unpaired tells of movements that found no counterpart of their amount: in the order of time, one against the other.
func unpaired(ours []EntryRefund, theirs []Transaction) []Difference {
	var all []Difference
	for i := range max(len(ours), len(theirs)) {
		switch {
		case i >= len(theirs):
			all = append(all, Difference{Kind: OnlyOurs, Ours: ours[i].Amount, At: ours[i].At})
		case i >= len(ours):
			all = append(all, Difference{Kind: OnlyTheirs, Theirs: theirs[i], At: theirs[i].At})
		default:
			all = append(all, differing(ours[i], theirs[i]))
		}
	}
	return all
}

func differing(o EntryRefund, t Transaction) Difference {
	at := t.At
	if at.IsZero() {
		at = o.At
	}
	return Difference{Kind: AmountsDiffer, Ours: o.Amount, Theirs: t, At: at}
}

// Names gives what transactions call our payments: gateway ids and order numbers, each once.
func Names(theirs []Transaction) (gatewayIDs, orderNos []string) {
	for _, t := range theirs {
		if t.GatewayID != "" {
			gatewayIDs = append(gatewayIDs, t.GatewayID)
		}
		if t.OrderNo != "" {
			orderNos = append(orderNos, t.OrderNo)
		}
	}
	slices.Sort(gatewayIDs)
	slices.Sort(orderNos)
	return slices.Compact(gatewayIDs), slices.Compact(orderNos)
}

// Mark tells a transaction that names no payment of ours apart from others of its channel.
func (t Transaction) Mark() string {
	kind := "capture"
	if t.Refund {
		kind = "refund"
	}
	id := cmp.Or(t.RefundID, t.GatewayID, t.OrderNo, t.Approve)
	return kind + " " + id + " " + t.Amount.Decimal() + " " + t.At.UTC().Format(time.RFC3339)
}
