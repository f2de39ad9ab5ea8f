package registration

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// EventState is what the organizer has decided about an event, besides its dates.
type EventState string

// The states of an event.
const (
	StateOpen      EventState = ""          // its dates say whether it takes registrations
	StateDraft     EventState = "draft"     // nobody but staff sees it
	StateClosed    EventState = "closed"    // takes no registrations, whatever its dates say
	StateCancelled EventState = "cancelled" // does not take place
)

// CalledOff reports whether the event does not take place. Nobody pays for it any more, and whoever has paid gets everything back.
func (e *Event) CalledOff() bool { return e.State == StateCancelled }

// Texts are legal texts of the organizer's own, instead of those that every event has.
type Texts struct {
	Terms   Text `json:"terms,omitzero"`
	Privacy Text `json:"privacy,omitzero"`
}

// ConsentAsk is something that attendees may agree to, or must, besides the order and the terms. Nothing is agreed to beforehand.
type ConsentAsk struct {
	ID       string `json:"id"`
	Label    Text   `json:"label"`
	Required bool   `json:"required,omitempty"`
}

// Version identifies what is agreed to, in both languages.
func (c ConsentAsk) Version() string { return digest(c.Label.Ko + "\x00" + c.Label.En) }

// TermsVersion identifies what an event adds to the terms, in both languages: its rule for refunds, its dated rule, its own terms.
func (e *Event) TermsVersion() string {
	text := e.RefundRule.Ko + "\x00" + e.RefundRule.En
	if !e.Refunds.Empty() {
		text += "\x00" + ruleText(e.Refunds)
	}
	if !e.Texts.Terms.Empty() {
		text += "\x00" + e.Texts.Terms.Ko + "\x00" + e.Texts.Terms.En
	}
	return digest(text)
}

// PrivacyVersion identifies the event's own privacy notice.
func (e *Event) PrivacyVersion() string {
	return digest(e.Texts.Privacy.Ko + "\x00" + e.Texts.Privacy.En)
}

// digest is eight characters, enough to tell the few versions of one text from each other.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// ruleText writes a dated rule for refunds, so that a change of it is another text.
func ruleText(p RefundPolicy) string {
	b, err := json.Marshal(p)
	if err != nil {
		return "" // our own types always can be written
	}
	return string(b)
}
