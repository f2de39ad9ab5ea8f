package views

import (
	"strconv"
	"time"

	"foyer/registration"
)

// OwnPage is one person's own registration, in an order that somebody else has paid.
type OwnPage struct {
	Page         Page
	Event        *registration.Event
	Code         string // the order's
	Registration *registration.Registration
	Payer        string
	Person       registration.Person // as it was typed
	Path         string              // of this page, /p/{code}/{secret}
	Paid         bool
	Open         bool // the details may be changed
	Until        time.Time
	Saved        bool // the details have just been kept
	Awaiting     bool // staff look at the order before it can be paid
	Evidence     []OrderEvidence
	Unproved     bool         // the telephone has to be proved by a code
	Unanswered   bool         // a question that was not asked before has to be answered
	Shown        string       // names what the form is filled with
	Consent      *ConsentForm // what they have still to agree to; nil for nothing
	Asked        QuestionList
	Problems     []Problem
}

// PeoplePage lists the people of an order for its payer.
type PeoplePage struct {
	Page  Page
	Event *registration.Event
	Order *registration.Order
	Path  string // of the order
	Done  string // what has just been done: link, replaced or ""

	Evidence []OrderEvidence // that is asked of them
	Unproved map[string]bool // whose telephone has to be proved by a code
}

// MemberPage is one of the people of an order for its payer.
type MemberPage struct {
	Page         Page
	Event        *registration.Event
	Registration *registration.Registration
	Path         string // of this page
	List         string // of the list of people
	Order        string // of the order
	Mailable     bool   // their link can be mailed
	Replaceable  bool   // somebody else may take their place
	Typed        registration.Person
	Evidence     []OrderEvidence // of this person
	Problems     []Problem
}

// owes are what is still open with one of the people, and how their evidence stands.
func (p PeoplePage) owes(r *registration.Registration) (list []tagged) {
	for _, e := range p.Evidence {
		if e.Registration == r.ID {
			list = append(list, evidenceTag(p.Page.Lang, e))
		}
	}
	if _, open := p.Order.Agreed(p.Event, r); open {
		list = append(list, tagged{"warn", T(p.Page.Lang, "agree.open")})
	}
	if len(p.Event.Late(p.Order, r)) > 0 {
		list = append(list, tagged{"warn", T(p.Page.Lang, "people.unanswered")})
	}
	if p.Unproved[r.ID] && !r.Gone {
		list = append(list, tagged{"warn", T(p.Page.Lang, "people.phone")})
	}
	return list
}

// tagged is a word with its tone.
type tagged struct{ tone, text string }

// evidenceTag says in few words how somebody's evidence stands.
func evidenceTag(l registration.Lang, e OrderEvidence) tagged {
	tones := map[registration.EvidenceState]string{
		registration.EvidenceMissing: "warn", registration.EvidenceGiven: "info", registration.EvidenceAccepted: "ok", registration.EvidenceRefused: "warn",
	}
	return tagged{tones[e.State], T(l, "people.proof."+string(e.State))}
}

// personTone and personState say whether somebody has looked through their details.
func personState(l registration.Lang, r *registration.Registration) (tone, text string) {
	switch {
	case r.Gone || r.State == registration.Cancelled:
		return "danger", T(l, "people.cancelled")
	case !r.CompletedAt.IsZero():
		return "ok", T(l, "people.completed")
	}
	return "info", T(l, "people.open")
}

func memberPath(order string, i int) string { return order + "/people/" + strconv.Itoa(i+1) }

// versionText writes the version of a person's link for a form.
func versionText(r *registration.Registration) string { return strconv.FormatInt(r.Version, 10) }

// people are the people of an order with what each takes.
func (p OrderPage) people() []RosterRow {
	var rows []RosterRow
	for _, r := range p.Order.Registrations {
		rows = append(rows, RosterRow{Person: r.Person, Lines: r.Lines, Sum: linePrices(p.Order, r.Lines), Gone: r.Gone})
	}
	return rows
}

// categoryOf names the category of a registration, as it stood in the order.
func categoryOf(l registration.Lang, r *registration.Registration) string {
	for _, line := range r.Lines {
		if line.Kind == registration.LineCategory {
			return line.Name.In(l)
		}
	}
	return ""
}
