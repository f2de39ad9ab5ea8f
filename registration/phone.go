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
