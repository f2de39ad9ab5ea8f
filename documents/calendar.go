package documents

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"foyer/registration"
)

// Calendar is one all-day entry for a calendar program.
type Calendar struct {
	UID         string            // never changes for the same event: a program replaces the entry it knows
	Summary     string            // the event's name
	Location    string            // may be empty
	Description string            // may be empty, may have line breaks
	URL         string            // may be empty
	Starts      registration.Date // first day
	Ends        registration.Date // last day, included; zero: the first day
	Stamp       time.Time         // when the entry was made
}

// calendarLine is the longest line in octets that RFC 5545 allows, line break aside.
const calendarLine = 75

// Write writes the entry as an iCalendar file (RFC 5545). It is an error when UID, Starts or Stamp is missing, or the last day comes
// before the first. The same entry gives the same bytes.
func (c Calendar) Write(w io.Writer) error {
	last := c.Ends
	if last == (registration.Date{}) {
		last = c.Starts
	}
	switch {
	case c.UID == "" || c.Starts == (registration.Date{}) || c.Stamp.IsZero():
		return errors.New("calendar entry without UID, first day or stamp")
	case last.Before(c.Starts):
		return fmt.Errorf("calendar entry from %s to %s", c.Starts, last)
	}
	const day = "20060102"
	var b strings.Builder
	property := func(name, value string) {
		if value != "" {
			fold(&b, name+":"+value)
		}
	}
	property("BEGIN", "VCALENDAR")
	property("VERSION", "2.0")
	property("PRODID", "-//Foyer//Foyer//EN")
	property("CALSCALE", "GREGORIAN")
	property("METHOD", "PUBLISH")
	property("BEGIN", "VEVENT")
	property("UID", escapeCalendar(c.UID))
	property("DTSTAMP", c.Stamp.UTC().Format(day+"T150405Z"))
	property("DTSTART;VALUE=DATE", c.Starts.In(time.UTC).Format(day))
	property("DTEND;VALUE=DATE", last.In(time.UTC).AddDate(0, 0, 1).Format(day)) // exclusive
	property("SUMMARY", escapeCalendar(c.Summary))
	property("LOCATION", escapeCalendar(c.Location))
	property("DESCRIPTION", escapeCalendar(c.Description))
	property("URL", strings.Map(printableASCII, c.URL))
	property("TRANSP", "TRANSPARENT")
	property("END", "VEVENT")
	property("END", "VCALENDAR")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write calendar file: %w", err)
	}
	return nil
}

// escapeCalendar writes text as a TEXT value: no line break or separator of the user's can end a property.
func escapeCalendar(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`, "\t", " ").Replace(printable(s))
}

// printableASCII keeps what may stand in an address.
func printableASCII(r rune) rune {
	if r <= ' ' || r > '~' {
		return -1
	}
	return r
}

// fold adds one content line, broken into lines of at most 75 octets, never inside a character.
func fold(b *strings.Builder, content string) {
	room := calendarLine
	for len(content) > room {
		cut := room
		for !utf8.RuneStart(content[cut]) {
			cut--
		}
		b.WriteString(content[:cut] + "\r\n ")
		content = content[cut:]
		room = calendarLine - 1 // the space that goes on a line counts
	}
	b.WriteString(content + "\r\n")
}
