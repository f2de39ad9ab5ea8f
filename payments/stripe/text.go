package stripe

import (
	"net/url"
	"strings"
	"unicode"

	"foyer/registration"
)

// Bounds of what is taken from outside.
const (
	maxID      = 255 // ids of sessions, payment intents, refunds, events and requests
	maxOrderNo = 64
	maxCode    = 100
)

// plain reports whether s is 1 to limit visible ASCII characters, none of which means something in a path, a header or a log.
func plain(s string, limit int) bool {
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

// sessionID reports whether s can be the id of a Checkout Session.
func sessionID(s string) bool { return strings.HasPrefix(s, "cs_") && plain(s, maxID) }

// cut gives at most limit characters of s, with control characters and runs of white space turned into single spaces.
func cut(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i := range s {
		if n++; n > limit {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// link gives an address from an answer when a person may be sent there: https, or in test mode http on loopback.
func link(raw string, mode registration.Mode) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || len(raw) > 5000 {
		return ""
	}
	if u.Scheme == "https" || (u.Scheme == "http" && mode == registration.Test && loopback(u)) {
		return u.String()
	}
	return ""
}

// withQuery adds to an address that may have a query of its own. query is written as it is: Stripe wants to find its placeholder.
func withQuery(address, query string) string {
	if strings.Contains(address, "?") {
		return address + "&" + query
	}
	return address + "?" + query
}
