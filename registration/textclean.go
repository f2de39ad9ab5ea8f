package registration

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// CleanLine brings one line of somebody's text into the form in which it is kept: NFC, full-width digits made plain, line breaks
// and runs of spaces made one space, ends trimmed, control characters and marks that reverse the direction of text taken out.
//
// ok is false when s is no valid UTF-8; the text is then unusable. Cleaning a clean line changes nothing.
func CleanLine(s string) (clean string, ok bool) {
	if plainASCII(s) {
		return s, true
	}
	if !utf8.ValidString(s) {
		return "", false
	}
	s = norm.NFC.String(strings.Map(keepRune, s))
	return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " "), true
}

// plainASCII reports whether cleaning would change nothing, for the usual case.
func plainASCII(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || (c == ' ' && before == ' ') {
			return false
		}
		before = c
	}
	return s == "" || before != ' '
}

// keepRune maps a character to what is kept of it: itself, something plainer, or -1 for nothing.
func keepRune(r rune) rune {
	switch {
	case unicode.IsSpace(r), isFiller(r):
		return ' '
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case unicode.IsControl(r), isDirection(r), r == '\u200b', r == '\ufeff', r == utf8.RuneError:
		return -1
	case r >= 0xfff9 && r <= 0xfffb, unicode.Is(unicode.Noncharacter_Code_Point, r):
		return -1
	}
	return r
}

// isFiller reports whether r is one of the Hangul letters that nobody sees: they stand for a letter that is not there.
func isFiller(r rune) bool { return r == '\u3164' || r == '\uffa0' || r == '\u115f' || r == '\u1160' }

// isDirection reports whether r is one of the invisible marks that change the direction of what follows.
func isDirection(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069)
}

// CleanEmail is CleanLine for an e-mail address: full-width letters and signs become plain, and the part after the @ becomes
// lower case. A space inside stays: without it the address might be somebody else's. It does not say whether the result is an address; see IsEmail.
func CleanEmail(s string) (clean string, ok bool) {
	s, ok = CleanLine(s)
	if !ok {
		return "", false
	}
	s = strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		s = s[:at] + strings.ToLower(s[at:])
	}
	return s, true
}

// MaxEmail is the longest e-mail address that mail servers pass on, in octets.
const MaxEmail = 254

// IsEmail reports whether s looks like an address that mail can be sent to: a local part of at most 64 octets without spaces,
// quotes or brackets, one @, and a host of at least two labels. Letters of any script are taken in both parts.
func IsEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	if len(s) > MaxEmail || at < 1 || at > 64 || !utf8.ValidString(s) {
		return false
	}
	return isLocalPart(s[:at]) && isMailHost(s[at+1:])
}

func isLocalPart(s string) bool {
	if s[0] == '.' || s[len(s)-1] == '.' || strings.Contains(s, "..") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`"(),:;<>@[\]`, r)
	})
}

func isMailHost(s string) bool {
	labels := strings.Split(s, ".")
	if len(labels) < 2 || len(s) > 253 {
		return false
	}
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(l, func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}) {
			return false
		}
	}
	return !strings.ContainsFunc(labels[len(labels)-1], unicode.IsDigit) || strings.HasPrefix(labels[len(labels)-1], "xn--")
}
