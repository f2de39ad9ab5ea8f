package bootpay

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"foyer/registration"
)

// Bounds of what is taken from outside.
const (
	maxReceipt = 64 // receipt_id has 24 characters today
	maxOrderNo = 64
	maxCode    = 100
)

// visible reports whether s is 1 to limit visible ASCII characters.
func visible(s string, limit int) bool {
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// plain reports whether s is 1 to limit letters, digits, hyphens and underscores: nothing that means something in a path, a
// header or a log.
func plain(s string, limit int) bool {
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
	})
}

// only gives s when it is plain, else nothing.
func only(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	return ""
}

// cut gives at most limit characters of s, with control characters and runs of white space turned into single spaces.
func cut(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:limit]))
}

// masked gives a card number as it was masked, or nothing when it shows too much to be kept.
func masked(number string) string {
	digits := 0
	for _, r := range number {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r != '*' && r != '-' && r != ' ':
			return ""
		}
	}
	if digits > 12 || len(number) > 30 || !strings.Contains(number, "*") {
		return ""
	}
	return number
}

// link gives an address from an answer when a person may be sent there: https, or in test mode http on loopback.
func link(raw string, mode registration.Mode) string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Host == "" || u.User != nil || len(raw) > 1000 {
		return ""
	}
	if u.Scheme == "https" || (u.Scheme == "http" && mode == registration.Test && loopback(u)) {
		return u.String()
	}
	return ""
}
