package bootpay

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"foyer/payments"
)

// ParseReturn reads what the window sent the browser back with: event and receipt_id, by GET or, from older scripts, by POST. After
// cancel and error the receipt is not named, so that nothing is confirmed because of a failure. Price and status are not read; members
// of an impossible shape count as absent. It makes no call and returns no error.
func (g *gateway) ParseReturn(r payments.Request) (payments.Return, error) {
	get := func(name string, limit int) string { return only(first(name, r.Query, r.Form), limit) }
	out := payments.Return{OrderNo: get("order_id", maxOrderNo)}
	switch event := get("event", 40); event {
	case "cancel", "close":
		out.Failed, out.Cancelled, out.Reason = true, true, keyCancelled
	case "error":
		out.Failed, out.Reason = true, reason(get("error_code", maxCode))
		out.Cancelled = out.Reason == keyCancelled
	default: // confirm, confirm_ready, done, issued, and none
		out.GatewayID = get("receipt_id", maxReceipt)
	}
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

// notice is what is read of a notification. Everything else in it, the older kind's private key above all, is left alone.
type notice struct {
	ReceiptID text  `json:"receipt_id"`
	OrderID   text  `json:"order_id"`
	Type      text  `json:"webhook_type"`
	Status    loose `json:"status"`
}

// ParseWebhook reads a notification, JSON or the older kind's form. Bootpay does not sign those of payments: every one is only a
// reason to look up. It gives no event id: one would let a forged notification stand in the true one's way, while a repeat is
// known by its body. What names no payment at all gives no hints; what is neither JSON nor a form, or names one in an impossible
// shape, is ErrMalformed.
func (g *gateway) ParseWebhook(r payments.Request) ([]payments.Hint, error) {
	n, err := readNotice(r.Body)
	if err != nil {
		return nil, fmt.Errorf("bootpay: notification: %w", payments.ErrMalformed)
	}
	if n.ReceiptID == "" && n.OrderID == "" {
		return nil, nil
	}
	h := payments.Hint{GatewayID: only(string(n.ReceiptID), maxReceipt), OrderNo: only(string(n.OrderID), maxOrderNo), Kind: n.kind()}
	if h.OrderNo == "" && h.GatewayID == "" {
		return nil, fmt.Errorf("bootpay: notification names no payment: %w", payments.ErrMalformed)
	}
	return []payments.Hint{h}, nil
}

// readNotice reads one JSON object, or a form that names a receipt.
func readNotice(body []byte) (n notice, err error) {
	if strings.HasPrefix(strings.TrimSpace(string(body)), "{") {
		err = json.Unmarshal(body, &n)
		return n, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || !form.Has("receipt_id") {
		return n, payments.ErrMalformed
	}
	return notice{
		ReceiptID: text(form.Get("receipt_id")), OrderID: text(form.Get("order_id")), Type: text(form.Get("webhook_type")),
		Status: loose(form.Get("status")),
	}, nil
}

// kind is Bootpay's word for what happened, and the status that comes with it.
func (n notice) kind() string {
	return strings.TrimSpace(only(string(n.Type), 60) + " " + only(strings.Trim(string(n.Status), `"`), 4))
}
