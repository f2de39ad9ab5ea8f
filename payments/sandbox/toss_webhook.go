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

// webhook tells of DONE, CANCELED, PARTIAL_CANCELED, ABORTED and EXPIRED and of accounts that wait, never of READY or IN_PROGRESS.
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
	return tossMessage(event, body), true
}

// tossDeposit is the envelope of DEPOSIT_CALLBACK: flat, without an event's name and without the payment's key.
type tossDeposit struct {
	CreatedAt      string `json:"createdAt"`
	Secret         string `json:"secret"`
	Status         string `json:"status"`
	TransactionKey string `json:"transactionKey"`
	OrderID        string `json:"orderId"`
}

// beside is the second webhook of a virtual account, whose secret tells that the gateway sent it. A forged one does not know it.
func (g *toss) beside(p *Payment, forged bool, now time.Time) (message, bool) {
	status := g.status(p)
	if p.Account == nil || p.State == StateExpired || (status == "WAITING_FOR_DEPOSIT" && p.Captured == 0 && !forged) {
		return message{}, false // nothing has come yet, or ever will
	}
	d := tossDeposit{tossCreatedAt(now), p.Account.Secret, status, p.Transaction, p.OrderID}
	event := "DEPOSIT_CALLBACK " + status
	if forged {
		d.Secret, d.Status, d.TransactionKey = "ps_"+rand.Text()[:24], "DONE", newTransactionKey()
		event = "DEPOSIT_CALLBACK DONE (forged)"
	}
	body, err := json.Marshal(d)
	if err != nil {
		return message{}, false
	}
	return tossMessage(event, body), true
}

// tossMessage is one notification under an id of its own.
func tossMessage(event string, body []byte) message {
	id := strings.ToLower(rand.Text())
	return message{Event: event, Body: body, Header: func(at time.Time, retried int) http.Header {
		return http.Header{
			"Tosspayments-Webhook-Transmission-Id":            {id},
			"Tosspayments-Webhook-Transmission-Time":          {tossTime(at)},
			"Tosspayments-Webhook-Transmission-Retried-Count": {strconv.Itoa(retried)},
		}
	}}
}

// forge makes o claim what is not so: that it was paid, or if it was, that it was cancelled.
func forge(o *tossObject, now time.Time) {
	if o.Status == "DONE" {
		o.Status, o.BalanceAmount = "CANCELED", "0"
		return
	}
	o.Status, o.BalanceAmount, o.Failure, o.Cancels, o.Secret = "DONE", o.TotalAmount, nil, nil, nil
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
