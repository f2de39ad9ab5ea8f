package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"
)

// portoneV1Notice is a webhook. It is not signed, so that a forged one differs from a true one by its content only.
type portoneV1Notice struct {
	ID             string `json:"imp_uid"`
	OrderID        string `json:"merchant_uid"`
	Status         string `json:"status"`
	CancellationID string `json:"cancellation_id,omitempty"`
}

// webhook tells of a payment, an issued account, a deposit and a refund; of the last only when it was made at PortOne, or when the cancel
// asked for it. PortOne says nothing of windows that came to nothing.
func (g *portoneV1) webhook(p *Payment, forged bool, _ time.Time) (message, bool) {
	n := portoneV1Notice{ID: p.ID, OrderID: p.OrderID, Status: g.status(p)}
	last := len(p.Refunds) - 1
	switch {
	case forged && n.Status == "paid":
		n.Status = "cancelled"
	case forged:
		n.Status = "paid"
	case p.State != StateCaptured && p.State != StateDeposit:
		return message{}, false
	case last >= 0 && !p.Refunds[last].Taken:
		if !p.Refunds[last].Outside && p.Session.Metadata[portoneV1Told] != "true" {
			return message{}, false
		}
		n.Status, n.CancellationID = "cancelled", p.Refunds[last].ID
	}
	body, err := json.Marshal(n)
	if err != nil {
		return message{}, false
	}
	m := message{Event: n.Status, Body: body, Header: func(time.Time, int) http.Header { return http.Header{} }}
	if forged {
		m.Event += " (forged)"
	}
	if p.Session.Metadata[portoneV1Form] != "" {
		form := url.Values{"imp_uid": {n.ID}, "merchant_uid": {n.OrderID}, "status": {n.Status}}
		m.Body, m.Type = []byte(form.Encode()), "application/x-www-form-urlencoded"
	}
	return m, true
}
