package portonev1

import (
	"unicode/utf8"

	"foyer/payments"
)

// Bounds of what is taken from outside.
const (
	maxID      = 200 // ids of PortOne
	maxOrderNo = 40
	maxCode    = 100
	maxLink    = 1000
)

// cut gives at most limit bytes of s.
func cut(s string, limit int) string { return payments.Cut(s, limit, utf8.RuneLen) }

// clip gives at most limit characters of s, as PortOne counts most of its own.
func clip(s string, limit int) string { return payments.Cut(s, limit, nil) }
