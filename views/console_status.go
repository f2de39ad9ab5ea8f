package views

import (
	"slices"

	"foyer/registration"
)

// consoleStatus is one word about where something stands: the colour of its tag, and the key of its text.
type consoleStatus struct{ tone, key string }

// The colours of tags. The text always says the same as the colour.
const (
	toneNeutral = "neutral"
	toneInfo    = "info"
	toneOK      = "ok"
	toneWarn    = "warn"
	toneDanger  = "danger"
)

// orderStatus is the one function that says how an order stands. payment is the state of the payment that counts, or
// "" when there is none; received and refunded are what the order has taken and given back in its currency. A second
// payment that went back changes nothing: what counts is whether the money still held covers what was charged.
func orderStatus(s registration.OrderState, payment string, charged []registration.Money, received, refunded registration.Money) consoleStatus {
	held := received.Minor - refunded.Minor
	whole := refunded.Minor > 0 && held <= 0
	switch s {
	case registration.OrderPaid:
		switch {
		case whole:
			return consoleStatus{toneDanger, "console.state.refunded"}
		case refunded.Minor > 0 && !slices.ContainsFunc(charged, func(m registration.Money) bool { return m.Cur == received.Cur && held >= m.Minor }):
			return consoleStatus{toneWarn, "console.state.partly_refunded"}
		}
		return consoleStatus{toneOK, "console.state.paid"}
	case registration.OrderCancelled:
		if whole {
			return consoleStatus{toneDanger, "console.state.cancelled_refunded"}
		}
		return consoleStatus{toneDanger, "console.state.cancelled"}
	case registration.OrderPending, registration.OrderExpired:
		return openStatus(s, payment)
	}
	return consoleStatus{toneNeutral, "console.state." + string(s)}
}

// openStatus says what an order without enough money is waiting for.
func openStatus(s registration.OrderState, payment string) consoleStatus {
	switch payment {
	case "confirming", "awaiting_deposit":
		return consoleStatus{toneInfo, "console.state." + payment}
	case "unknown", "surplus":
		return consoleStatus{toneWarn, "console.state." + payment}
	}
	if s == registration.OrderExpired {
		return consoleStatus{toneNeutral, "console.state.expired"}
	}
	return consoleStatus{toneInfo, "console.state.pending"}
}

var paymentTones = map[string]string{
	"started": toneNeutral, "confirming": toneInfo, "confirmed": toneOK, "awaiting_deposit": toneInfo, "failed": toneDanger,
	"abandoned": toneNeutral, "expired": toneNeutral, "unknown": toneWarn, "surplus": toneWarn,
}

// paymentStatus says how a payment stands.
func paymentStatus(state string) consoleStatus {
	return toned(paymentTones, "console.payment.", state)
}

var refundTones = map[string]string{
	"requested": toneInfo, "sending": toneInfo, "done": toneOK, "refused": toneDanger, "unknown": toneWarn,
}

// refundStatus says how a refund stands.
func refundStatus(state string) consoleStatus { return toned(refundTones, "console.refund.", state) }

var mailTones = map[string]string{"queued": toneInfo, "sent": toneOK, "failed": toneDanger}

// mailStatus says how a mail stands.
func mailStatus(state string) consoleStatus { return toned(mailTones, "console.mail.", state) }

var registrationTones = map[registration.State]string{
	registration.Held: toneInfo, registration.Confirmed: toneOK, registration.Cancelled: toneDanger,
}

// registrationStatus says how one person's registration stands.
func registrationStatus(s registration.State) consoleStatus {
	return toned(registrationTones, "console.registration.", s)
}

var windowTones = map[registration.Window]string{
	registration.WindowEarly: toneNeutral, registration.WindowOpen: toneOK,
	registration.WindowClosed: toneWarn, registration.WindowEnded: toneNeutral,
}

// windowStatus says how an event's registration window stands.
func windowStatus(w registration.Window) consoleStatus {
	return toned(windowTones, "console.window.", w)
}

// toned looks a state's colour up; a state that is not known stays grey.
func toned[S ~string](tones map[S]string, prefix string, state S) consoleStatus {
	tone, ok := tones[state]
	if !ok {
		tone = toneNeutral
	}
	return consoleStatus{tone, prefix + string(state)}
}
