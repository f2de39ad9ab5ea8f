package stripe

import (
	"strings"

	"foyer/payments"
)

// Bounds of what is taken from outside.
const (
	maxID      = 255 // ids of sessions, payment intents, refunds, events and requests
	maxOrderNo = 64
	maxCode    = 100
	maxLink    = 5000
)

// sessionID reports whether s can be the id of a Checkout Session.
func sessionID(s string) bool { return strings.HasPrefix(s, "cs_") && payments.Plain(s, maxID) }

// cut gives at most limit characters of s.
func cut(s string, limit int) string { return payments.Cut(s, limit, nil) }

// withQuery adds to an address that may have a query of its own. query is written as it is: Stripe wants to find its placeholder.
func withQuery(address, query string) string {
	if strings.Contains(address, "?") {
		return address + "&" + query
	}
	return address + "?" + query
}
