package payments

import (
	"time"

	"foyer/registration"
)

// Day is a span of time for which a gateway's books are read: From is included, To is not. Both are UTC.
type Day struct {
	From, To time.Time
}

// DayOf is the calendar day d as it passes in loc.
func DayOf(d registration.Date, loc *time.Location) Day {
	from := d.In(loc)
	return Day{From: from.UTC(), To: from.AddDate(0, 0, 1).UTC()}
}

// Transaction is one movement of money in a gateway's own list.
type Transaction struct {
	GatewayID string // of the payment
	OrderNo   string // our number; "" where the list does not name it
	RefundID  string // the gateway's id of the refund; "" for a capture, or where the list does not name it
	Refund    bool   // the money went back
	Amount    registration.Money
	Mode      registration.Mode
	Method    string
	Approve   string    // approval number; "" where the list does not name it
	At        time.Time // UTC; zero where an uploaded list has no time
}
