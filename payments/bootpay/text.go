package bootpay

import (
	"strings"

	"foyer/payments"
)

// Bounds of what is taken from outside.
const (
	maxReceipt = 64 // receipt_id has 24 characters today
	maxOrderNo = 64
	maxCode    = 100
	maxLink    = 1000
)

// plain reports whether s is 1 to limit letters, digits, hyphens and underscores: nothing that means something in a path, a
// header or a log.
func plain(s string, limit int) bool {
	return s != "" && len(s) <= limit && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_'
	})
}

// only gives s when it is plain, else nothing.
func only(s string, limit int) string {
	if plain(s, limit) {
		return s
	}
	return ""
}

// cut gives at most limit characters of s.
func cut(s string, limit int) string { return payments.Cut(s, limit, nil) }
