package views

import (
	"strings"
	"time"

	"foyer/registration"
)

// AuditEntry is one line of what happened: who did what to which thing, when, and why.
type AuditEntry struct {
	At     time.Time
	Actor  string // attendee, system, gateway:{channel} or staff:{email}
	What   string // order, payment, refund, receipt, correction, staff or event
	Order  string // the order's code, "" when it is about none
	From   string // state before, "" for the first
	To     string // state after
	Amount registration.Money
	Reason string // words of a person, or a key of ours
}

// ActorText names who did something: attendee, system, gateway:{channel} or staff:{email}.
func ActorText(l registration.Lang, actor string) string {
	kind, name, _ := strings.Cut(actor, ":")
	switch kind {
	case "attendee", "system":
		return T(l, "console.actor."+kind)
	case "gateway":
		return T(l, "console.actor.gateway", "channel", name)
	case "staff":
		return name
	}
	return actor
}

// auditKinds are the things whose states have words of their own.
var auditKinds = map[string]string{
	"order": "console.state.", "payment": "console.payment.", "refund": "console.refund.", "receipt": "console.receipt.", "correction": "console.receipt.", "staff": "console.role.", "event": "console.event.", "registration": "console.registration.", "amendment": "console.amendment.", "evidence": "console.evidence.state.",
}

// auditState gives the word for a state of one kind of thing, or for a kind of entry on the attention list, and the
// text itself where there is none, such as a receipt number.
func auditState(l registration.Lang, what, state string) string {
	prefix, ok := auditKinds[what]
	if !ok || state == "" {
		return state
	}
	return wordOr(l, prefix+state, wordOr(l, "console.attention."+state+".title", state))
}

// auditStep is auditState behind the name of the thing, which it does not say once more.
func auditStep(l registration.Lang, what, state string) string {
	return strings.TrimPrefix(auditState(l, what, state), auditWhat(l, what)+" ")
}

// auditWhat names the kind of thing.
func auditWhat(l registration.Lang, what string) string { return wordOr(l, "console.what."+what, what) }

// auditReason gives the words for one of our own reasons, and any other reason as it was written.
func auditReason(l registration.Lang, reason string) string {
	return wordOr(l, "console.reason."+reason, wordOr(l, reason, reason))
}
