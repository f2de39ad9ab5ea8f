package registration

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A card number has 13 to 19 digits and begins with 2 to 6.
const (
	cardDigitsMin = 13
	cardDigitsMax = 19
)

// HoldsCardNumber reports whether text holds what looks like a payment card's number: 13 to 19 digits of any script, written
// together or in groups with spaces or hyphens between, that begin with 2 to 6 and pass the Luhn check. No such text is kept.
func HoldsCardNumber(text string) bool {
	from, to := findCard(text)
	return from < to
}

// WithoutCardNumbers is text as it can be shown to its writer again: card numbers are taken out, everything else stays. Empty where what
// is left of it would make a card number again.
func WithoutCardNumbers(text string) string {
	var kept strings.Builder
	rest := text
	for {
		from, to := findCard(rest)
		if from == to {
			break
		}
		kept.WriteString(rest[:from])
		rest = rest[to:]
	}
	kept.WriteString(rest)
	if out := kept.String(); len(out) == len(text) || !HoldsCardNumber(out) {
		return out
	}
	return ""
}

// findCard is where the first card number of text begins and ends, in bytes; both 0 when there is none.
func findCard(text string) (from, to int) {
	var run digitRun
	for i, r := range text {
		d, isDigit := digitOf(r)
		switch {
		case isDigit:
			run.add(d, i, i+utf8.RuneLen(r))
		case isSeparator(r):
			run.open = false
		default:
			if from, to = run.card(); from < to {
				return from, to
			}
			run = digitRun{}
		}
	}
	return run.card()
}

// digitRun is a stretch of digits and separators.
type digitRun struct {
	digits []byte
	groups []digitGroup
	open   bool // the last group goes on
}

// digitGroup is where a group begins among the digits, and in the text, and where it ends in the text.
type digitGroup struct{ first, from, to int }

func (r *digitRun) add(d byte, from, to int) {
	if !r.open {
		r.groups, r.open = append(r.groups, digitGroup{len(r.digits), from, to}), true
	}
	r.groups[len(r.groups)-1].to = to
	r.digits = append(r.digits, d)
}

// card looks at every stretch of whole groups that has the length of a card number.
func (r *digitRun) card() (from, to int) {
	for i, g := range r.groups {
		for j := i; j < len(r.groups); j++ {
			end := len(r.digits)
			if j+1 < len(r.groups) {
				end = r.groups[j+1].first
			}
			if end-g.first > cardDigitsMax {
				break
			}
			if isCardNumber(r.digits[g.first:end]) {
				return g.from, r.groups[j].to
			}
		}
	}
	return 0, 0
}

func isCardNumber(digits []byte) bool {
	if len(digits) < cardDigitsMin || len(digits) > cardDigitsMax || digits[0] < 2 || digits[0] > 6 {
		return false
	}
	sum := 0
	for i, d := range digits {
		n := int(d)
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// digitOf gives the value of a decimal digit of any script. Unicode keeps the ten digits of a script together, in order.
func digitOf(r rune) (byte, bool) {
	if r >= '0' && r <= '9' {
		return byte(r - '0'), true
	}
	if r < 0x80 || !unicode.IsDigit(r) {
		return 0, false
	}
	zero := r
	for zero > r-9 && unicode.IsDigit(zero-1) {
		zero--
	}
	return byte(r - zero), true
}

// isSeparator reports whether r may stand between the groups of a card number: a space, a hyphen, another mark, or something invisible.
func isSeparator(r rune) bool {
	return r == '-' || unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || unicode.IsPunct(r)
}
