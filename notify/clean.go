package notify

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// oneLine makes user text safe for a header or a line of a mail: NFC, no control or text-direction characters,
// no line breaks, single spaces.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || turnsText(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}

// turnsText reports whether r is an invisible character that reverses the text after it.
func turnsText(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// mailbox checks an e-mail address and gives it with a one-line name. An address that needs tidying is refused, not repaired.
func mailbox(name, email string) (*mail.Address, error) {
	a, err := mail.ParseAddress(email)
	if err != nil || a.Address != email || strings.ContainsFunc(email, unicode.IsSpace) || strings.ContainsFunc(email, unicode.IsControl) {
		return nil, fmt.Errorf("%q is not an e-mail address", email)
	}
	return &mail.Address{Name: oneLine(name), Address: email}, nil
}

// isASCII reports whether every byte of s is ASCII.
func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
