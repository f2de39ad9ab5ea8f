package sandbox

import (
	"encoding/json"
	"net/http"
	"time"
)

// bootpayNotice is a webhook of version 2: the receipt, and what happened to it.
type bootpayNotice struct {
	bootpayReceipt
	Type string `json:"webhook_type"`
}

// webhook tells of a charge, a cancel and a refused confirm, and of windows that came to nothing only when the merchant asked for it.
// It carries no signature, so a forged one differs from a true one by its content only.
func (g *bootpay) webhook(p *Payment, forged bool, now time.Time) (message, bool) {
	n := bootpayNotice{bootpayReceipt: g.receipt(p)}
	if forged {
		n.forge(now)
	}
	n.Type = n.name(p)
	if n.Type == "" {
		return message{}, false
	}
	body, err := json.Marshal(n)
	if err != nil {
		return message{}, false
	}
	event := n.Type
	if forged {
		event += " (forged)"
	}
	return message{Event: event, Body: body, Header: func(time.Time, int) http.Header { return http.Header{} }}, true
}

// name is the webhook_type of what the receipt says, "" when there is none.
func (n *bootpayNotice) name(p *Payment) string {
	switch {
	case n.Status == 1:
		return "PAYMENT_COMPLETED"
	case n.Status == 20 && n.CancelledPrice == n.Price:
		return "PAYMENT_CANCELLED"
	case n.Status == 20:
		return "PAYMENT_PARTIAL_CANCELLED"
	case n.Status == -2:
		return "PAYMENT_CONFIRM_FAILED"
	case n.Status == -20:
		return "PAYMENT_CANCEL_FAILED"
	case p.Session.Metadata[bootpayEvents] == "":
		return ""
	case p.State == StateExpired:
		return "PAYMENT_EXPIRED"
	case p.State == StateFailed:
		return "PAYMENT_REQUEST_FAILED"
	}
	return ""
}

// forge makes the receipt claim what is not so: that it was paid, or if it was, that it was cancelled.
func (n *bootpayNotice) forge(now time.Time) {
	if n.Status == 1 {
		n.Status, n.CancelledPrice, n.CancelledAt = 20, n.Price, bootpayTime(now)
	} else {
		n.Status, n.CancelledPrice, n.CancelledAt, n.PurchasedAt = 1, "0", "", bootpayTime(now)
	}
	n.Locale = bootpayLocale[n.Status]
}
