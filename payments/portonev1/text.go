package portonev1

import (
	"net/url"
	"strings"
	"unicode"

	"foyer/registration"
)

// Bounds of what is taken from outside.
const (
	maxID      = 200 // ids of PortOne
	maxOrderNo = 40
	maxCode    = 100
)

// visible reports whether s is 1 to limit visible ASCII characters.
func visible(s string, limit int) bool {
	if s == "" || len(s) > limit {
		return false
	}
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

// plain reports whether s is visible and none of its characters means something in a path, a header or a log.
func plain(s string, limit int) bool {
	return visible(s, limit) && !strings.ContainsAny(s, `/\?#%&;:,"'<>|{}[]^`+"`") && strings.Trim(s, ".") != ""
}

// only gives s when it is plain, else nothing.
func only(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	return ""
}

// cut gives at most limit bytes of s, never half a character, with control characters and runs of white space turned into single
// spaces.
func cut(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= limit {
		return s
	}
	end := 0
	for i := range s {
		if i > limit {
			break
		}
		end = i
	}
	return strings.TrimSpace(s[:end])
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

// clip is cut for a limit in characters, as PortOne counts most of its own.
func clip(s string, limit int) string {
	runes := []rune(cut(s, len(s)))
	if len(runes) > limit {
		runes = runes[:limit]
	}
	return strings.TrimSpace(string(runes))
}
