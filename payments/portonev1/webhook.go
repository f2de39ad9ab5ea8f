package portonev1

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"foyer/payments"
)

// notice is a notification: JSON or a form, as PortOne's console is set.
type notice struct {
	ID      text `json:"imp_uid"`
	OrderNo text `json:"merchant_uid"`
	State   text `json:"status"`
}

// ParseWebhook reads what a notification is about. PortOne signs none: anybody may have sent it, and it is only a reason to look up.
// ErrMalformed when it names no payment.
func (g *gateway) ParseWebhook(r payments.Request) ([]payments.Hint, error) {
	n, err := readNotice(r.Body)
	if err != nil {
		return nil, err
	}
	h := payments.Hint{
		OrderNo: payments.OnlyPlain(string(n.OrderNo), maxOrderNo), GatewayID: payments.OnlyPlain(string(n.ID), maxID), Kind: payments.OnlyPlain(string(n.State), maxCode),
	}
	if h.OrderNo == "" && h.GatewayID == "" {
		return nil, fmt.Errorf("portonev1: notification names no payment: %w", payments.ErrMalformed)
	}
	return []payments.Hint{h}, nil
}

// readNotice reads a body.
func readNotice(raw []byte) (notice, error) {
	var n notice
	body := strings.TrimSpace(string(raw))
	if strings.HasPrefix(body, "{") {
		if err := json.Unmarshal([]byte(body), &n); err != nil {
			return n, fmt.Errorf("portonev1: notification: %w", payments.ErrMalformed)
		}
		return n, nil
	}
	form, err := url.ParseQuery(body)
	if err != nil {
		return n, fmt.Errorf("portonev1: notification: %w", payments.ErrMalformed)
	}
	n.ID, n.OrderNo, n.State = text(form.Get("imp_uid")), text(form.Get("merchant_uid")), text(form.Get("status"))
	return n, nil
}
