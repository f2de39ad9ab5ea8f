package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// tossEvent is the envelope of PAYMENT_STATUS_CHANGED.
type tossEvent struct {
	EventType string     `json:"eventType"`
	CreatedAt string     `json:"createdAt"`
	Data      tossObject `json:"data"`
}

// webhook tells of DONE, CANCELED, PARTIAL_CANCELED, ABORTED and EXPIRED, never of READY or IN_PROGRESS.
// Payment webhooks of Toss carry no signature, so a forged one differs from a true one by its content only.
func (g *toss) webhook(p *Payment, forged bool, now time.Time) (message, bool) {
	data := g.object(p, false)
	if forged {
		forge(&data, now)
	}
	if data.Status == "READY" || data.Status == "IN_PROGRESS" {
		return message{}, false
	}
	body, err := json.Marshal(tossEvent{"PAYMENT_STATUS_CHANGED", tossCreatedAt(now), data})
	if err != nil {
		return message{}, false
	}
	event := data.Status
	if forged {
		event += " (forged)"
	}
	id := strings.ToLower(rand.Text())
	return message{Event: event, Body: body, Header: func(at time.Time, retried int) http.Header {
		return http.Header{
			"Tosspayments-Webhook-Transmission-Id":            {id},
			"Tosspayments-Webhook-Transmission-Time":          {tossTime(at)},
			"Tosspayments-Webhook-Transmission-Retried-Count": {strconv.Itoa(retried)},
		}
	}}, true
}

// forge makes o claim what is not so: that it was paid, or if it was, that it was cancelled.
func forge(o *tossObject, now time.Time) {
	if o.Status == "DONE" {
		o.Status, o.BalanceAmount = "CANCELED", "0"
		return
	}
	o.Status, o.BalanceAmount, o.Failure, o.Cancels = "DONE", o.TotalAmount, nil, nil
	o.Method, o.ApprovedAt, o.LastTransactionKey = optional("카드"), optional(tossTime(now)), optional(newTransactionKey())
}

// tossCreatedAt has no offset and one to six digits of the second's fraction.
func tossCreatedAt(t time.Time) string {
	text := strings.TrimRight(t.In(kst).Format("2006-01-02T15:04:05.000000"), "0")
	if strings.HasSuffix(text, ".") {
		text += "0"
	}
	return text
}
