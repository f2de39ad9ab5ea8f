package views

import (
	"foyer/payments"
	"foyer/registration"
)

// longestPolling is how often a page asks for news before it leaves that to the person.
const longestPolling = 60

// attemptState is the state of the newest payment as the status address gives it; "" for none.
func attemptState(a *OrderAttempt) string {
	if a == nil {
		return ""
	}
	return string(a.State)
}

// pollPath is where the page's script asks for news; "" when none is expected soon.
func pollPath(p OrderPage, s OrderStatus) string {
	if p.Change != nil {
		s = StatusOf(registration.OrderPending, p.Change.Attempt)
	}
	switch s {
	case StatusHandedOver, StatusConfirming, StatusUnknown, StatusDeposit:
		return p.Path + "/status"
	case StatusReady, StatusFailed, StatusStopped, StatusPaid, StatusRefunded, StatusExpired, StatusSurplus, StatusPayAgain, StatusCancelled, StatusAwaiting, StatusCalledOff:
		return ""
	}
	return ""
}

// reasonText says why a payment did not work. A reason without words of its own gets the general sentence.
func reasonText(l registration.Lang, key string) string {
	if key == "" || !Has(l, key) {
		key = "payment.failed"
	}
	return T(l, key)
}

// refundText says what happens to money on its way back.
func refundText(l registration.Lang, r OrderRefund) string {
	key := ""
	switch r.State {
	case payments.RefundRequested, payments.RefundSending:
		key = "refund.pending"
	case payments.RefundUnknown, payments.RefundRefused:
		key = "refund.checking"
	case payments.RefundDone:
		key = "refund.done"
	}
	if r.Auto && r.State != payments.RefundDone {
		key = "refund.auto"
	}
	return T(l, key, "amount", r.Amount)
}
