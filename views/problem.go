package views

import (
	"strings"

	"foyer/registration"
)

// Problem is one thing in a form that has to be mended before it is accepted.
type Problem struct {
	Field string // id of the control that the summary leads to
	Key   string // message key of a sentence that says what to do
	Args  []any  // for the message, as T takes them
	Of    string // what it is about, for the summary, where the sentence alone does not say so; in the reader's language
}

// Text is the sentence in language l.
func (p Problem) Text(l registration.Lang) string { return T(l, p.Key, p.Args...) }

// summary is the sentence with what it is about.
func (p Problem) summary(l registration.Lang) string {
	switch {
	case p.Of == "":
		return p.Text(l)
	case strings.HasSuffix(p.Of, "?"): // a question reads on
		return p.Of + " " + p.Text(l)
	}
	return p.Of + ": " + p.Text(l)
}

// problemText gives the first sentence about a field, or "".
func problemText(l registration.Lang, problems []Problem, field string) string {
	for _, p := range problems {
		if p.Field == field {
			return p.Text(l)
		}
	}
	return ""
}

// FieldID is the id of the control with that name.
func FieldID(name string) string { return fieldID(name) }

// fieldID makes an id for a control out of its name: dots would need escaping in selectors.
func fieldID(name string) string {
	b := []byte(name)
	for i, c := range b {
		if c == '.' {
			b[i] = '-'
		}
	}
	return string(b)
}

// Message keys of notices on the order's page.
const (
	NoticeAlreadyPaid = "order.notice.already_paid"
	NoticeRenewed     = "order.notice.renewed"
	NoticeCancelled   = "order.notice.cancelled"
	NoticeLate        = "order.notice.late"
	NoticeChanged     = "order.notice.changed"
)

// Message keys of why places cannot be taken again, and of why a channel cannot be chosen.
const (
	RefusedFull     = "renew.full"
	RefusedClosed   = "renew.closed"
	RefusedGateway  = "pay.unavailable"
	RefusedTooSmall = "channel.minimum"
)
