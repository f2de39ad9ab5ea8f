package toss

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf16"

	"foyer/registration"
)

// Bounds of what is taken from outside.
const (
	maxKey     = 200 // paymentKey
	maxOrderNo = 64
	maxCode    = 100
)

// plain reports whether s is 1 to limit visible ASCII characters, none of which means something in a path, a header or a log.
func plain(s string, limit int) bool {
	if s == "confirm" || s == "orders" {
		return false // words of the gateway's own paths
	}
	if s == "" || len(s) > limit {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(`/\?#%&;:,"'<>|{}[]^`+"`", r) {
			return false
		}
	}
	return strings.Trim(s, ".") != ""
}

// only gives s when it is plain, else nothing.
func only(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	return ""
}

// cut gives at most limit UTF-16 units of s (that is how the gateway counts), never half a character, with control characters and
// runs of white space turned into single spaces.
func cut(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i, r := range s {
		n += utf16.RuneLen(r)
		if n > limit {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// masked gives a card number as the gateway masked it, or nothing when it shows too much to be kept.
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
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || len(raw) > 1000 {
		return ""
	}
	if u.Scheme == "https" || (u.Scheme == "http" && mode == registration.Test && loopback(u)) {
		return u.String()
	}
	return ""
}
