package views

import (
	"cmp"

	"foyer/payments"
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

var standingTones = map[payments.Standing]string{
	payments.StandingAwaiting: toneInfo, payments.StandingPending: toneInfo, payments.StandingConfirming: toneInfo, payments.StandingAwaitingDeposit: toneInfo, payments.StandingUnknown: toneWarn,
	payments.StandingSurplus: toneWarn, payments.StandingExpired: toneNeutral, payments.StandingPaid: toneOK, payments.StandingPartlyRefunded: toneWarn,
	payments.StandingRefunded: toneDanger, payments.StandingCancelled: toneDanger, payments.StandingCancelledRefunded: toneDanger,
}

// orderStatus says how an order stands; method is that of the payment that counts, "" for none.
func orderStatus(s payments.Standing, method payments.Method) consoleStatus {
	return awaited(toned(standingTones, standingWords, s), string(s), method)
}

// standingWords begin the keys of the words for how an order stands.
const standingWords = "console.state."

// StandingText says how an order stands, in the words of the staff's pages; method is that of the payment that counts, "" for none.
func StandingText(l registration.Lang, s payments.Standing, method string) string {
	return T(l, orderStatus(s, payments.Method(method)).key)
}

// PaymentText says how a payment by a method stands, in the words of the staff's pages; state "" is no payment.
func PaymentText(l registration.Lang, state payments.State, method string) string {
	return T(l, paymentStatus(cmp.Or(string(state), "none"), payments.Method(method)).key)
}

// awaited names what is awaited where that is no transfer.
func awaited(s consoleStatus, state string, method payments.Method) consoleStatus {
	if state == string(payments.AwaitingDeposit) && (method == payments.MethodOnSite || method == payments.MethodPayLater) {
		s.key = "console.awaiting." + string(method)
	}
	return s
}

var paymentTones = map[string]string{
	"started": toneNeutral, "confirming": toneInfo, "confirmed": toneOK, "awaiting_deposit": toneInfo, "failed": toneDanger,
	"abandoned": toneNeutral, "expired": toneNeutral, "unknown": toneWarn, "surplus": toneWarn,
}

// paymentStatus says how a payment by a method stands.
func paymentStatus(state string, method payments.Method) consoleStatus {
	return awaited(toned(paymentTones, "console.payment.", state), state, method)
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
	registration.WindowDraft: toneNeutral, registration.WindowCancelled: toneDanger,
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
