package toss

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"
)

// transmission is the header that names a notification; its retries carry the same value.
const transmission = "tosspayments-webhook-transmission-id"

// ParseReturn reads what the payment window sent the browser back with: paymentKey and orderId, or code. The amount and the message are
// not read; members of an impossible shape count as absent. It makes no call and returns no error.
func (g *gateway) ParseReturn(r payments.Request) (payments.Return, error) {
	get := func(name string, limit int) string { return only(first(name, r.Query, r.Form), limit) }
	out := payments.Return{GatewayID: get("paymentKey", maxKey), OrderNo: get("orderId", maxOrderNo)}
	if first("code", r.Query, r.Form) == "" {
		return out, nil
	}
	out.Failed, out.Reason = true, reason(get("code", maxCode))
	out.Cancelled = out.Reason == keyCancelled
	return out, nil
}

// first is the first value of a name in any of the lists.
func first(name string, lists ...url.Values) string {
	for _, l := range lists {
		if v := l.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// envelope holds both shapes of a notification: an event with a payment inside, and the flat one of a deposit, which has no
// event type.
type envelope struct {
	EventType text  `json:"eventType"`
	Data      loose `json:"data"`
	OrderID   text  `json:"orderId"`
	Status    text  `json:"status"`
	Secret    text  `json:"secret"`
}

// ParseWebhook reads a notification. Toss Payments does not sign those of payments: every one is only a reason to look up. That of a
// deposit carries the payment's secret instead, and so may any other of a virtual account: the hint has it. A deposit's without secret
// is ErrSignature. An event of no interest gives no hints; what is not JSON, or names no payment, is ErrMalformed.
func (g *gateway) ParseWebhook(r payments.Request) ([]payments.Hint, error) {
	var e envelope
	if err := json.Unmarshal(r.Body, &e); err != nil || !strings.HasPrefix(strings.TrimSpace(string(r.Body)), "{") {
		return nil, fmt.Errorf("toss: notification: %w", payments.ErrMalformed)
	}
	h := payments.Hint{EventID: only(header(r.Header, transmission), maxKey)}
	switch {
	case e.EventType == "PAYMENT_STATUS_CHANGED":
		var p struct {
			PaymentKey string `json:"paymentKey"`
			OrderID    string `json:"orderId"`
			Status     text   `json:"status"`
			Secret     text   `json:"secret"`
		}
		if err := json.Unmarshal(e.Data, &p); err != nil {
			return nil, fmt.Errorf("toss: notification of a payment: %w", payments.ErrMalformed)
		}
		h.GatewayID, h.OrderNo = only(p.PaymentKey, maxKey), only(p.OrderID, maxOrderNo)
		h.Kind, h.Secret = kind("PAYMENT_STATUS_CHANGED", p.Status), only(string(p.Secret), maxKey)
	case e.EventType == "DEPOSIT_CALLBACK" || (e.EventType == "" && e.OrderID != ""):
		h.OrderNo, h.Kind = only(string(e.OrderID), maxOrderNo), kind("DEPOSIT_CALLBACK", e.Status)
		if h.Secret = only(string(e.Secret), maxKey); h.Secret == "" {
			return nil, fmt.Errorf("toss: notification of a deposit: %w", payments.ErrSignature)
		}
	default:
		return nil, nil
	}
	if h.OrderNo == "" && h.GatewayID == "" {
		return nil, fmt.Errorf("toss: notification names no payment: %w", payments.ErrMalformed)
	}
	return []payments.Hint{h}, nil
}

// kind joins an event's name and the status that it tells.
func kind(event string, status text) string {
	if s := only(string(status), 40); s != "" {
		return event + " " + s
	}
	return event
}

// header finds a header whatever the case of its name.
func header(h map[string][]string, name string) string {
	for k, v := range h {
		if len(v) > 0 && http.CanonicalHeaderKey(k) == http.CanonicalHeaderKey(name) {
			return v[0]
		}
	}
	return ""
}
