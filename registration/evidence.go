package registration

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Approval says when staff look at what proves that somebody belongs to a category.
type Approval string

// The ways of looking at evidence.
const (
	ApprovalDesk   Approval = ""       // at the desk: nothing is asked for beforehand
	ApprovalBefore Approval = "before" // nobody pays before staff have approved
	ApprovalAfter  Approval = "after"  // everybody pays at once; staff look afterwards
)

// MayMove reports whether attendees may change by themselves from one category to another: to one that asks for nothing more, and whose
// refunds go by the same steps. Otherwise a change would be the way out of a rule that gives nothing back.
func (e *Event) MayMove(from string, to *Category) bool {
	alike := func(a, b RefundStep) bool { return a.Percent == b.Percent && a.Until.Equal(b.Until) }
	return to.ID == from || (!to.AsksMore() && slices.EqualFunc(e.Refunds.Of(from), e.Refunds.Of(to.ID), alike))
}

// AsksMore reports whether a category asks for what only the registration form takes: a proof, or staff's approval. Attendees cannot
// change to it by themselves.
func (c *Category) AsksMore() bool { return c.Evidence != "" || c.Approval != ApprovalDesk }

// What a category may ask for as evidence.
const (
	EvidenceStudentID    = "student_id"    // a file
	EvidenceMemberNumber = "member_number" // a number, compared with the member list where there is one
)

// EvidenceState says how the evidence of one registration stands.
type EvidenceState string

// The states of evidence. A registration of a category without approval has none.
const (
	EvidenceNone     EvidenceState = "none"     // nothing is asked for; kept of evidence that a change of category has let rest, undecided
	EvidenceMissing  EvidenceState = "missing"  // not handed in yet
	EvidenceGiven    EvidenceState = "given"    // waits for staff
	EvidenceAccepted EvidenceState = "accepted" // by staff, or by the member list
	EvidenceRefused  EvidenceState = "refused"  // another proof is wanted, or another category
)

// EvidenceStates are those of evidence that is asked for, in the order of their life.
var EvidenceStates = []EvidenceState{EvidenceMissing, EvidenceGiven, EvidenceAccepted, EvidenceRefused}

var evidenceMoves = map[EvidenceState][]EvidenceState{
	"":               {EvidenceMissing, EvidenceGiven, EvidenceAccepted},
	EvidenceMissing:  {EvidenceGiven, EvidenceAccepted, EvidenceRefused, EvidenceNone},
	EvidenceGiven:    {EvidenceGiven, EvidenceAccepted, EvidenceRefused, EvidenceNone},
	EvidenceNone:     {EvidenceMissing, EvidenceGiven},
	EvidenceAccepted: {EvidenceRefused},
	EvidenceRefused:  {EvidenceGiven, EvidenceAccepted},
}

// CanBecome reports whether evidence in state s may move to state t. The empty state stands for "not asked for yet".
func (s EvidenceState) CanBecome(t EvidenceState) bool { return slices.Contains(evidenceMoves[s], t) }

// Open reports whether the attendee may still hand something in.
func (s EvidenceState) Open() bool {
	return s == EvidenceMissing || s == EvidenceGiven || s == EvidenceRefused
}

// Proof is what somebody hands in when registering.
type Proof struct {
	File   string `json:"file,omitempty"`   // as FileAnswer writes it
	Number string `json:"number,omitempty"` // of a member, as it was typed
	Later  bool   `json:"later,omitempty"`  // will be handed in later
}

// ApprovalRules are an event's own, for all of its categories with approval.
type ApprovalRules struct {
	PayWithin time.Duration `json:"pay_within,omitempty"` // after an approval; 0: three days
	Until     time.Time     `json:"until,omitzero"`       // evidence is taken so long, to its last second; zero: until the first day begins
}

// payWithin is how long places are held after an approval when the event does not say.
const payWithin = 72 * time.Hour

// PayWithin is how long places are held for payment after an approval.
func (e *Event) PayWithin() time.Duration {
	if e.Approval.PayWithin > 0 {
		return e.Approval.PayWithin
	}
	return payWithin
}

// EvidenceUntil is the last second at which attendees can hand evidence in, in UTC.
func (e *Event) EvidenceUntil() time.Time {
	if e.Approval.Until.IsZero() {
		return e.Starts.In(e.Location()).Add(-time.Second).UTC()
	}
	return e.Approval.Until
}

// TakesEvidence reports whether evidence can be handed in at now.
func (e *Event) TakesEvidence(now time.Time) bool {
	return now.Before(e.EvidenceUntil().Add(time.Second))
}

// Approves reports whether any category of the event has an approval.
func (e *Event) Approves() bool {
	return slices.ContainsFunc(e.Categories, func(c Category) bool { return c.Approval != ApprovalDesk })
}

// ApprovalOf is the approval of a category by its id; none for a category that the event does not have.
func (e *Event) ApprovalOf(category string) Approval {
	if c := e.Category(category); c != nil {
		return c.Approval
	}
	return ApprovalDesk
}

// Asks reports whether a category asks for evidence of that kind, "" for an approval alone.
func (e *Event) Asks(category, kind string) bool {
	c := e.Category(category)
	return c != nil && c.Approval != ApprovalDesk && c.Wants() == kind
}

// Wants is the evidence that a category asks for in the form: none when it is looked at at the desk.
func (c *Category) Wants() string {
	if c == nil || c.Approval == ApprovalDesk {
		return ""
	}
	return c.Evidence
}

// MemberKey is a member number as it is compared: without spaces, hyphens and dots, capitals and full-width letters made plain.
func MemberKey(number string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || strings.ContainsRune("-./_·", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, norm.NFKC.String(number))
}

// SameName reports whether two ways of writing a name may be the same person's: case, spaces, hyphens, commas and the order of its parts
// do not matter.
func SameName(a, b string) bool {
	x, y := nameParts(a), nameParts(b)
	if len(x) == 0 || len(y) == 0 {
		return false
	}
	if strings.Join(x, "") == strings.Join(y, "") {
		return true
	}
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

// nameParts are the words of a name, folded.
func nameParts(name string) []string {
	name = strings.NewReplacer("'", "", "’", "", "-", "").Replace(strings.ToLower(norm.NFKC.String(name)))
	return strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) })
}
