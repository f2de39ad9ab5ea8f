package toss

import (
	"unicode/utf16"

	"foyer/payments"
)

// Bounds of what is taken from outside.
const (
	maxKey     = 200 // paymentKey
	maxOrderNo = 64
	maxCode    = 100
	maxLink    = 1000
)

// plain reports whether s is plain and no word of the gateway's own paths.
func plain(s string, limit int) bool {
	return payments.Plain(s, limit) && s != "confirm" && s != "orders"
}

// only gives s when it is plain, else nothing.
func only(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	return ""
}

// cut gives at most limit UTF-16 units of s: that is how the gateway counts.
func cut(s string, limit int) string { return payments.Cut(s, limit, utf16.RuneLen) }
