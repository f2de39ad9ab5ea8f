package payments

import (
	"strings"
	"unicode"
)

// Visible reports whether s is 1 to limit visible ASCII characters.
func Visible(s string, limit int) bool {
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// Plain reports whether s is Visible, none of its characters means something in a path, a header or a log, and it is no way to another
// folder.
func Plain(s string, limit int) bool {
	return Visible(s, limit) && !strings.ContainsAny(s, `/\?#%&;:,"'<>|{}[]^`+"`") && strings.Trim(s, ".") != ""
}

// OnlyPlain gives s when it is Plain, else "".
func OnlyPlain(s string, limit int) string {
	if Plain(s, limit) {
		return s
	}
	return ""
}

// Cut gives as much of s as fits into limit, never half a character, with control characters and runs of white space turned into single
// spaces. size is what a character counts for where the text goes, such as utf8.RuneLen for bytes; nil counts characters.
func Cut(s string, limit int, size func(rune) int) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	n := 0
	for i, r := range s {
		if size == nil {
			n++
		} else {
			n += size(r)
		}
		if n > limit {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// MaskedCard gives a card number as the gateway masked it, or "" when it shows too much to be kept.
func MaskedCard(number string) string {
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
