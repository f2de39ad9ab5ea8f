package views

import (
	"foyer/payments"
	"foyer/registration"
)

// OrderStatus is where an order stands in the eyes of the attendee.
type OrderStatus string

// What an attendee can be told about an order.
const (
	StatusReady      OrderStatus = "ready"       // places held, nothing under way
	StatusHandedOver OrderStatus = "handed_over" // the gateway's window is open
	StatusConfirming OrderStatus = "confirming"  // the gateway is being asked
	StatusUnknown    OrderStatus = "unknown"     // the gateway has not said; not to be paid again
	StatusFailed     OrderStatus = "failed"      // refused, or the browser says so
	StatusStopped    OrderStatus = "stopped"     // the attendee closed the window
	StatusDeposit    OrderStatus = "deposit"     // an account waits for money
	StatusPaid       OrderStatus = "paid"        // registered
	StatusRefunded   OrderStatus = "refunded"    // registered, and all of its money given back
	StatusExpired    OrderStatus = "expired"     // the places were given back
	StatusSurplus    OrderStatus = "surplus"     // money came that the order cannot use, and its places are gone
	StatusPayAgain   OrderStatus = "pay_again"   // money came that cannot be used, and the places are held
	StatusCancelled  OrderStatus = "cancelled"
	StatusAwaiting   OrderStatus = "awaiting_approval" // staff decide; nothing can be paid yet
	StatusCalledOff  OrderStatus = "called_off"        // the event does not take place
)

// reasonStopped is the reason of a payment whose window was closed by the payer.
const reasonStopped = "payment.cancelled"

// StatusOf says where an order stands; newest is its newest payment, nil for none.
func StatusOf(o registration.OrderState, newest *OrderAttempt) OrderStatus {
	switch o {
	case registration.OrderPaid:
		return StatusPaid
	case registration.OrderCancelled:
		return StatusCancelled
	case registration.OrderAwaiting:
		return StatusAwaiting
	case registration.OrderPending, registration.OrderExpired:
	}
	if newest == nil {
		return withoutMoney(o)
	}
	switch newest.State {
	case payments.Confirming:
		return StatusConfirming
	case payments.Unknown:
		return StatusUnknown
	case payments.Surplus:
		return unused(o, newest)
	case payments.AwaitingDeposit:
		return StatusDeposit
	case payments.Started, payments.Failed:
		return tried(o, newest)
	case payments.Abandoned, payments.Expired, payments.Confirmed:
	}
	return withoutMoney(o)
}

// status says where the order of a page stands: like StatusOf, and besides whether all of its money went back. That is nothing to tell of
// one that costs nothing any more, because its owner has given back what was paid for.
func (p OrderPage) status() OrderStatus {
	s := StatusOf(p.Order.State, p.Attempt)
	if p.Event.CalledOff() && (s.CanPay() || s == StatusExpired || s == StatusAwaiting) {
		return StatusCalledOff
	}
	costs := registration.Total(registration.LinesOf(p.Order.Parts()))[p.Received.Cur] > 0
	if s == StatusPaid && costs && p.Refunded.Minor > 0 && p.Refunded.Minor >= p.Received.Minor {
		return StatusRefunded
	}
	if s == StatusPaid && p.Event.CalledOff() {
		return StatusCalledOff
	}
	return s
}

// withoutMoney is the status of an order with nothing under way.
func withoutMoney(o registration.OrderState) OrderStatus {
	if o == registration.OrderExpired {
		return StatusExpired
	}
	return StatusReady
}

// unused is the status of an order whose newest payment brought money that it cannot use: its amount is wrong, or it came too late.
func unused(o registration.OrderState, a *OrderAttempt) OrderStatus {
	switch {
	case o == registration.OrderPending:
		return StatusPayAgain
	case a.Returned:
		return StatusExpired
	}
	return StatusSurplus
}

// tried is the status of an order whose newest payment was begun and has not taken money.
func tried(o registration.OrderState, a *OrderAttempt) OrderStatus {
	switch {
	case o == registration.OrderExpired:
		return StatusExpired
	case a.Reason == reasonStopped:
		return StatusStopped
	case a.State == payments.Failed || a.Reason != "":
		return StatusFailed
	case a.Over:
		return StatusReady
	}
	return StatusHandedOver
}

// CanPay reports whether the attendee may start a payment in this status.
func (s OrderStatus) CanPay() bool {
	switch s {
	case StatusReady, StatusHandedOver, StatusFailed, StatusStopped, StatusDeposit, StatusPayAgain:
		return true
	case StatusConfirming, StatusUnknown, StatusPaid, StatusRefunded, StatusExpired, StatusSurplus, StatusCancelled, StatusAwaiting, StatusCalledOff:
		return false
	}
	return false
}

// begun reports whether a payment has begun that the attendee can go on with.
func (s OrderStatus) begun() bool { return s == StatusHandedOver || s == StatusDeposit }

// tone is the colour of the status block.
func (s OrderStatus) tone() string {
	switch s {
	case StatusPaid:
		return "ok"
	case StatusFailed, StatusUnknown, StatusSurplus, StatusPayAgain, StatusRefunded:
		return "warn"
	case StatusReady, StatusHandedOver, StatusConfirming, StatusDeposit, StatusAwaiting:
		return "info"
	case StatusStopped, StatusExpired, StatusCancelled, StatusCalledOff:
		return "neutral"
	}
	return "neutral"
}

// TimelineKey is the message key for one state change as the audit keeps it, or "" for one that an attendee need not
// see. what is order, payment or refund.
func TimelineKey(what, from, to string) string {
	if what == "order" && to == "pending" {
		switch from {
		case "expired":
			return "timeline.order.renewed"
		case "awaiting_approval":
			return "timeline.order.approved"
		}
	}
	key := "timeline." + what + "." + to
	if Has(registration.English, key) {
		return key
	}
	return ""
}
