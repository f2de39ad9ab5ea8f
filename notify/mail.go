package notify

import (
	"context"
	"errors"
	"strings"

	"foyer/registration"
)

// Mail is one finished message to one person. Text is always there; HTML may be empty.
type Mail struct {
	To          registration.Person // Name and Email are used
	Lang        registration.Lang
	From        Address
	ReplyTo     Address // no header when Email is empty
	Subject     string
	Text        string // lines end with \n
	HTML        string
	Attachments []Attachment
	MessageID   string // as MessageID makes it: the same at every try of one job, so that a repeated delivery is recognisable
}

// Address is a mailbox with the name that is shown for it.
type Address struct {
	Name  string
	Email string
}

// Attachment is one file of a mail. ContentType may carry parameters, such as `text/calendar; charset=utf-8`.
type Attachment struct {
	Name        string // file name as the reader sees it, Hangul allowed
	ContentType string
	Data        []byte
}

// Sender delivers mails. *SMTP is the real one.
type Sender interface {
	// Send delivers m and returns nil when a server has taken it. An error that wraps ErrPermanent stays
	// however often it is tried; any other may pass. A second call sends a second mail with the same Message-ID.
	// It never outlives ctx.
	Send(ctx context.Context, m Mail) error
}

// ErrPermanent marks a mail that will not be accepted at any later try: the address is no address, or the server
// refused this message for good.
var ErrPermanent = errors.New("mail refused for good")

// MessageID makes the Message-ID of a job's mail, without angle brackets. The same job and sender give the same id.
func MessageID(job string, from Address) string {
	_, domain, found := strings.Cut(from.Email, "@")
	if !found {
		domain = "foyer.invalid"
	}
	return "foyer." + idChars(job) + "@" + idChars(domain)
}

// idChars keeps what needs no quoting in a Message-ID and puts a hyphen in place of the rest.
func idChars(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, s)
}
