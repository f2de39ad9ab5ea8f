package registration

import (
	"slices"
	"sync"
	"time"
)

// Mode says whether an event's money is real. All channels of an event have the event's mode.
type Mode string

// The two modes.
const (
	Test Mode = "test"
	Live Mode = "live"
)

// Tax says how prices relate to value added tax.
type Tax string

// The kinds of tax that an event declares.
const (
	TaxIncluded Tax = "included" // prices include 10 % VAT
	TaxExempt   Tax = "exempt"   // the organizer's service is exempt (면세)
	TaxNone     Tax = "none"     // not subject to tax (비과세)
)

// Event is one conference edition as its organizer describes it. It is never changed in place: event apply stores a new one.
type Event struct {
	ID         string         `json:"id"`
	Slug       string         `json:"slug"`
	Name       Text           `json:"name"`
	Place      Text           `json:"place"`
	About      Text           `json:"about"`
	RefundRule Text           `json:"refund_rule"`
	Starts     Date           `json:"starts"` // first day, in Timezone
	Ends       Date           `json:"ends"`   // last day, included
	Timezone   string         `json:"timezone"`
	Mode       Mode           `json:"mode"`
	State      EventState     `json:"state,omitempty"`
	StateText  Text           `json:"state_text,omitzero"` // why it is closed or cancelled, for everybody
	Tax        Tax            `json:"tax"`
	Statement  string         `json:"statement"` // name on the card statement, may be empty
	Opens      time.Time      `json:"opens"`     // zero: open from the beginning
	Closes     time.Time      `json:"closes"`    // zero: when the first day begins; included
	Unpaid     Unpaid         `json:"unpaid,omitempty"`
	Organizer  Organizer      `json:"organizer"`
	Phases     []Phase        `json:"phases"`
	Categories []Category     `json:"categories"`
	Extras     []Extra        `json:"extras"`
	Quotas     []Quota        `json:"quotas"`
	Channels   []ChannelOffer `json:"channels"`

	Vouchers  []Voucher    `json:"vouchers,omitempty"` // of the event file; the store has more
	Questions []Question   `json:"questions,omitempty"`
	Refunds   RefundPolicy `json:"refund_policy,omitzero"`
	Changes   Changes      `json:"changes,omitzero"`
	Person    PersonForm   `json:"person,omitzero"`
	Groups    Groups       `json:"groups,omitzero"`
	Texts     Texts        `json:"texts,omitzero"`
	Consents  []ConsentAsk `json:"consents,omitempty"`
	Papers    Papers       `json:"papers,omitzero"`
	Waiting   WaitingList  `json:"waiting_list,omitzero"`

	Approval ApprovalRules `json:"approval,omitzero"`
}

// Changes says until when attendees may do things themselves, each to its last second. A zero time leaves it to staff.
type Changes struct {
	Cancel   time.Time `json:"cancel,omitzero"`   // a paid order, or one person of it, under the refund policy
	Details  time.Time `json:"details,omitzero"`  // what they have told about themselves, and their answers
	Order    time.Time `json:"order,omitzero"`    // category and extras of a paid order
	Transfer time.Time `json:"transfer,omitzero"` // who comes instead of them
}

// Open reports whether now is within a deadline of Changes.
func (Changes) Open(until, now time.Time) bool {
	return !until.IsZero() && now.Before(until.Add(time.Second))
}

// MayChange reports whether attendees may do at now what has that deadline of Changes. With a cancelled event nothing is left to do: all of
// the money goes back, and nobody should get less of it by being first.
func (e *Event) MayChange(until, now time.Time) bool {
	return !e.CalledOff() && e.Changes.Open(until, now)
}

// Organizer is who issues the event's receipts and answers its complaints.
type Organizer struct {
	Name           Text   `json:"name"`
	BusinessNumber string `json:"business_number"`
	Representative string `json:"representative"`
	Address        string `json:"address"`
	Phone          string `json:"phone"`
	Email          string `json:"email"`

	MailOrderNumber string `json:"mail_order_number"` // 통신판매업 신고번호, with the office that received it
	PrivacyOfficer  string `json:"privacy_officer"`   // who answers for personal data
	Hosting         string `json:"hosting"`           // who runs the server
}

// Phase is a window of prices. The phases of an event follow each other; the last may have no Until.
type Phase struct {
	ID    string    `json:"id"`
	Name  Text      `json:"name"`
	Until time.Time `json:"until"` // its last second, included; zero: open-ended
}

// Prices holds one price per currency, in minor units. Currencies are never converted into each other.
type Prices map[Currency]int64

// Category is who registers: member, student, author.
type Category struct {
	ID       string            `json:"id"`
	Name     Text              `json:"name"`
	Note     Text              `json:"note"`
	Evidence string            `json:"evidence"`           // "", student_id or member_number
	Approval Approval          `json:"approval,omitempty"` // when staff look at it
	Hidden   bool              `json:"hidden"`             // not on show; a voucher reveals it
	Prices   map[string]Prices `json:"prices"`             // by phase id; absent: not on sale in that phase
}

// Extra is something added to a registration.
type Extra struct {
	ID         string   `json:"id"`
	Name       Text     `json:"name"`
	Note       Text     `json:"note"`
	Price      Prices   `json:"price"`
	Max        int      `json:"max"`                  // most that one registration may take
	Categories []string `json:"categories,omitempty"` // that may take it; empty: all
}

// For reports whether a registration of that category may take the extra.
func (x *Extra) For(category string) bool {
	return len(x.Categories) == 0 || slices.Contains(x.Categories, category)
}

// Quota is a number of places shared by a set of categories and extras.
type Quota struct {
	ID     string   `json:"id"`
	Places int64    `json:"places"`
	Of     []string `json:"of"`
}

// BankAccount is the account of an organizer to which payers transfer their money.
type BankAccount struct{ Bank, Number, Holder string }

// ChannelOffer is what an attendee sees of a payment channel; the contract behind it belongs to payments.
type ChannelOffer struct {
	ID       string   `json:"id"`
	Gateway  string   `json:"gateway"`
	Currency Currency `json:"currency"`
	Cards    string   `json:"cards"` // domestic, overseas or any
	Methods  []string `json:"methods"`
}

// zones keeps the time zones that were read: reading one opens a file.
var zones sync.Map // name -> *time.Location

// Location is the event's time zone. The event file's check has made sure that it exists; UTC stands in otherwise.
func (e *Event) Location() *time.Location {
	if loc, ok := zones.Load(e.Timezone); ok {
		return loc.(*time.Location)
	}
	loc, err := time.LoadLocation(e.Timezone)
	if err != nil {
		loc = time.UTC
	}
	zones.Store(e.Timezone, loc)
	return loc
}

// Phase gives the phase that holds at now, or nil after the last one has ended.
func (e *Event) Phase(now time.Time) *Phase {
	for i := range e.Phases {
		p := &e.Phases[i]
		if p.Until.IsZero() || now.Before(p.Until.Add(time.Second)) {
			return p
		}
	}
	return nil
}

// Category finds a category by its id, or nil.
func (e *Event) Category(id string) *Category {
	if i := slices.IndexFunc(e.Categories, func(c Category) bool { return c.ID == id }); i >= 0 {
		return &e.Categories[i]
	}
	return nil
}

// Extra finds an extra by its id, or nil.
func (e *Event) Extra(id string) *Extra {
	if i := slices.IndexFunc(e.Extras, func(x Extra) bool { return x.ID == id }); i >= 0 {
		return &e.Extras[i]
	}
	return nil
}

// Channel finds a channel's offer by its id, or nil.
func (e *Event) Channel(id string) *ChannelOffer {
	if i := slices.IndexFunc(e.Channels, func(c ChannelOffer) bool { return c.ID == id }); i >= 0 {
		return &e.Channels[i]
	}
	return nil
}

// Window says whether an event takes registrations.
type Window string

// The stages of an event's registration window.
const (
	WindowDraft     Window = "draft"     // only staff know of the event
	WindowEarly     Window = "early"     // not open yet
	WindowOpen      Window = "open"      // taking registrations
	WindowClosed    Window = "closed"    // over or closed by hand, the event is still to come or running
	WindowEnded     Window = "ended"     // the event is over
	WindowCancelled Window = "cancelled" // the event does not take place
)

// ClosesAt is the last moment (included, to the second) at which an order can be made.
func (e *Event) ClosesAt() time.Time {
	if e.Closes.IsZero() {
		return e.Starts.In(e.Location()).Add(-time.Second)
	}
	return e.Closes
}

// WindowAt gives the stage of the registration window at now.
func (e *Event) WindowAt(now time.Time) Window {
	switch {
	case e.State == StateCancelled:
		return WindowCancelled
	case e.State == StateDraft:
		return WindowDraft
	case !now.Before(e.Ends.In(e.Location()).AddDate(0, 0, 1)):
		return WindowEnded
	case e.State == StateClosed:
		return WindowClosed
	case !e.Opens.IsZero() && now.Before(e.Opens):
		return WindowEarly
	case !now.Before(e.ClosesAt().Add(time.Second)) || e.Phase(now) == nil:
		return WindowClosed
	}
	return WindowOpen
}
