package registration

import "strings"

// IsPhone reports whether s looks like a telephone number: 7 to 15 digits with spaces, hyphens, dots or brackets between, perhaps with
// a plus in front.
func IsPhone(s string) bool {
	digits := 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, strings.ContainsRune(" -.()", r):
		default:
			return false
		}
	}
	return digits >= 7 && digits <= 15
}

// CleanPhone brings a telephone number as people write it into E.164: 010-1234-5678, +82 10 1234 5678 and 0082-10-1234-5678 all become
// +821012345678. A number without a country is a Korean one. ok is false for what can be no number.
func CleanPhone(s string) (e164 string, ok bool) {
	if !IsPhone(s) {
		return s, false
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
	abroad := strings.HasPrefix(s, "+")
	if !abroad && strings.HasPrefix(digits, "00") {
		digits, abroad = digits[2:], true
	}
	switch {
	case !abroad && strings.HasPrefix(digits, "0"):
		digits = "82" + digits[1:]
	case !abroad:
		return s, false
	case strings.HasPrefix(digits, "820"):
		digits = "82" + digits[3:] // +82 (0)10
	}
	if len(digits) < 7 || len(digits) > 15 || digits[0] == '0' {
		return s, false
	}
	return "+" + digits, true
}

// ListedPhone is a telephone number as a list has it, with the zero in front that a spreadsheet takes away from a Korean mobile number.
func ListedPhone(s string) string {
	if (len(s) == 9 || len(s) == 10) && s[0] == '1' && strings.Trim(s, "0123456789") == "" && strings.IndexByte("016789", s[1]) >= 0 {
		return "0" + s
	}
	return s
}

// PhoneText writes a number of CleanPhone as people read it: Korean ones as 010-1234-5678, others as they are.
func PhoneText(e164 string) string {
	rest, korean := strings.CutPrefix(e164, "+82")
	if !korean || len(rest) < 8 || len(rest) > 10 {
		return e164
	}
	area := 2
	if rest[0] == '2' {
		area = 1 // Seoul
	}
	return "0" + rest[:area] + "-" + rest[area:len(rest)-4] + "-" + rest[len(rest)-4:]
}

// IsMobile reports whether a number of CleanPhone may be a mobile telephone's. Of Korean numbers that can be told; any other may be.
func IsMobile(e164 string) bool {
	rest, korean := strings.CutPrefix(e164, "+82")
	return !korean || strings.HasPrefix(rest, "1")
}
