package registration

import "unicode"

// A card number has 13 to 19 digits and begins with 2 to 6.
const (
	cardDigitsMin = 13
	cardDigitsMax = 19
)

// HoldsCardNumber reports whether text holds what looks like a payment card's number: 13 to 19 digits of any script, written
// together or in groups with spaces or hyphens between, that begin with 2 to 6 and pass the Luhn check. No such text is kept.
func HoldsCardNumber(text string) bool {
	var run digitRun
	for _, r := range text {
		d, isDigit := digitOf(r)
		switch {
		case isDigit:
			run.add(d)
		case isSeparator(r):
			run.split()
		default:
			if run.holdsCard() {
				return true
			}
			run = digitRun{}
		}
	}
	return run.holdsCard()
}

// digitRun is a stretch of digits and separators; starts are the places at which its groups begin.
type digitRun struct {
	digits []byte
	starts []int
	open   bool // the last group goes on
}

func (r *digitRun) add(d byte) {
	if !r.open {
		r.starts, r.open = append(r.starts, len(r.digits)), true
	}
	r.digits = append(r.digits, d)
}

func (r *digitRun) split() { r.open = false }

// holdsCard looks at every stretch of whole groups that has the length of a card number.
func (r *digitRun) holdsCard() bool {
	for i, from := range r.starts {
		for j := i; j < len(r.starts); j++ {
			to := len(r.digits)
			if j+1 < len(r.starts) {
				to = r.starts[j+1]
			}
			if to-from > cardDigitsMax {
				break
			}
			if isCardNumber(r.digits[from:to]) {
				return true
			}
		}
	}
	return false
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
