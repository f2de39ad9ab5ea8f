package portonev1

import "foyer/payments"

// What answers are read by.
type (
	number = payments.Number
	text   = payments.Text
	loose  = payments.Loose
)
