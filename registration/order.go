package registration

import (
	"slices"
	"time"
)

// OrderState is one stage in the life of an Order.
type OrderState string

// The states of an order.
const (
	OrderAwaiting  OrderState = "awaiting_approval" // places held until staff decide; no payment can begin
	OrderPending   OrderState = "pending"           // places held until HoldUntil, not covered yet
	OrderPaid      OrderState = "paid"              // every charge is covered
	OrderExpired   OrderState = "expired"           // the hold ran out, places given back
	OrderCancelled OrderState = "cancelled"         // ended by staff or attendee
)

var orderMoves = map[OrderState][]OrderState{
	"":            {OrderPending, OrderPaid, OrderAwaiting},
	OrderAwaiting: {OrderPending, OrderPaid, OrderCancelled},
	OrderPending:  {OrderPaid, OrderExpired, OrderCancelled},
	OrderExpired:  {OrderPending, OrderPaid},
	OrderPaid:     {OrderCancelled},
}

// CanBecome reports whether an order in state s may move to state t. The empty state stands for "not made yet".
func (s OrderState) CanBecome(t OrderState) bool { return slices.Contains(orderMoves[s], t) }

// State is the state of one Registration, which follows its order.
type State string

// The states of a registration.
const (
	Held      State = "held"
	Confirmed State = "confirmed"
	Cancelled State = "cancelled"
)

// Of gives the state that a registration has in an order of state s.
// The registrations of an expired order are cancelled: they hold no place.
func Of(s OrderState) State {
	switch s {
	case OrderPending, OrderAwaiting:
		return Held
	case OrderPaid:
		return Confirmed
	case OrderExpired, OrderCancelled:
		return Cancelled
	}
	return Cancelled
}

// Person is somebody who registers, as they wrote it (NFC).
type Person struct {
	Name        string `json:"name"`
	FamilyName  string `json:"family_name"`
	GivenName   string `json:"given_name"`
	Email       string `json:"email"`
	Affiliation string `json:"affiliation"`
	Phone       string `json:"phone"`   // E.164, may be empty
	Country     string `json:"country"` // ISO 3166 alpha-2, may be empty

	AffiliationEn string `json:"affiliation_en,omitempty"`
	Title         string `json:"title,omitempty"`
	BadgeName     string `json:"badge_name,omitempty"`
}

// Line is one priced thing of an order, with the name that it had when the order was made.
type Line struct {
	Kind     LineKind `json:"kind"`
	ID       string   `json:"id"` // category or extra id
	Name     Text     `json:"name"`
	Quantity int64    `json:"quantity"`
	Unit     Prices   `json:"unit"` // price of one, per currency
}

// LineKind tells categories and extras apart.
type LineKind string

// The kinds of lines.
const (
	LineCategory LineKind = "category"
	LineExtra    LineKind = "extra"
	LineVoucher  LineKind = "voucher" // what a voucher takes off: its unit is negative
)

// Registration is one person in an Order, with the lines that belong to that person. The first line is the category's.
type Registration struct {
	ID           string
	OrderID      string
	State        State
	Gone         bool // cancelled by itself while its order stays
	Person       Person
	Lines        []Line
	CheckInToken string
	Answers      Answers
	Version      int64     // of the person's own link, raised to revoke it
	CompletedAt  time.Time // when the person has looked through their own details; zero before
	Consents     []Consent // that the person has given themselves; nil for whom the order was made, until then; not nil for who came instead of another
}

// Category is the id of the category that the person has registered in.
func (r *Registration) Category() string {
	for _, l := range r.Lines {
		if l.Kind == LineCategory {
			return l.ID
		}
	}
	return ""
}

// Consent is what somebody agreed to: the text as it stood, and when.
type Consent struct {
	ID      string    `json:"id"`
	Version string    `json:"version"` // identifies the text that was shown
	At      time.Time `json:"at"`
}

// Order is what one payer buys.
type Order struct {
	ID            string
	EventID       string
	Code          string // K7Q4-M2XD
	SecretVersion int64  // raised to revoke mailed links
	State         OrderState
	Lang          Lang
	Payer         Person
	Consents      []Consent
	Prices        Prices   // total per currency in which every line has a price
	Currency      Currency // "" until the first money fixes it
	PlacedAt      time.Time
	HoldUntil     time.Time
	HoldLimit     time.Time // holds are never extended past this
	Extensions    int       // how often a hold was extended by starting a payment
	Voucher       string    // code that was used, "" for none
	Answers       Answers   // to the questions that are asked once for the order
	Registrations []Registration
	Changed       int64 // how many amendments were made
	Check         bool  // a go-live check: it takes no place, is in no list, and its money goes back at once
}

// Registration finds one of the order's registrations by its id, or nil.
func (o *Order) Registration(id string) *Registration {
	if i := slices.IndexFunc(o.Registrations, func(r Registration) bool { return r.ID == id }); i >= 0 {
		return &o.Registrations[i]
	}
	return nil
}

// Free reports whether the order costs nothing in every currency it is priced in.
func (o *Order) Free() bool {
	for _, v := range o.Prices {
		if v != 0 {
			return false
		}
	}
	return len(o.Prices) > 0
}

// Places adds up what the order's lines take from each quota of the event.
func (o *Order) Places(e *Event) map[string]int64 {
	return PlacesOf(e, LinesOf(o.Parts()))
}

// PlacesOf adds up what lines take from each quota of the event, by quota id.
func PlacesOf(e *Event, lines []Line) map[string]int64 {
	taken := map[string]int64{}
	for _, q := range e.Quotas {
		for _, l := range lines {
			if slices.Contains(q.Of, l.ID) {
				taken[q.ID] += l.Quantity
			}
		}
	}
	return taken
}

// AddLines adds lines to a list, equal ones into one.
func AddLines(list, more []Line) []Line {
	for _, l := range more {
		same := func(o Line) bool { return o.Kind == l.Kind && o.ID == l.ID && o.Unit.Equal(l.Unit) }
		if i := slices.IndexFunc(list, same); i >= 0 {
			list[i].Quantity += l.Quantity
		} else {
			list = append(list, l)
		}
	}
	return list
}
