package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// portoneV2Event is a webhook of the version 2024-04-25.
type portoneV2Event struct {
	Type      string        `json:"type"`
	Timestamp string        `json:"timestamp"`
	Data      portoneV2Data `json:"data"`
}

type portoneV2Data struct {
	PaymentID      string `json:"paymentId"`
	StoreID        string `json:"storeId"`
	TransactionID  string `json:"transactionId"`
	CancellationID string `json:"cancellationId,omitempty"`
}

// webhook tells of every state, and signs with both of the store's secrets as PortOne does while one replaces the other. A forged one
// says that the payment was paid, and is signed with a secret that is not the store's.
func (g *portoneV2) webhook(p *Payment, forged bool, now time.Time) (message, bool) {
	e := portoneV2Event{Timestamp: portoneV2Time(p.Timeline[len(p.Timeline)-1].At), Data: portoneV2Data{
		PaymentID: p.OrderID, StoreID: p.Session.Metadata["store"], TransactionID: p.ID,
	}}
	e.Type, e.Data.CancellationID = g.event(p)
	keys := portoneV2Signing(p.Merchant)
	label := ""
	if forged {
		e.Type, e.Data.CancellationID, e.Timestamp = "Transaction.Paid", "", portoneV2Time(now)
		keys, label = [][]byte{[]byte("not-the-secret-of-this-store")}, " (forged)"
	}
	body, err := json.Marshal(e)
	if err != nil || e.Type == "" {
		return message{}, false
	}
	id := "wh-" + strings.ToLower(rand.Text())
	return message{Event: e.Type + label, Body: body, Header: func(at time.Time, _ int) http.Header {
		return portoneV2Sign(keys, id, at, body)
	}}, true
}

// event is the type of a webhook about p as it stands, and the refund that it is about. A window that was left says nothing.
func (g *portoneV2) event(p *Payment) (kind, cancellation string) {
	switch p.State {
	case StateReady, StateAuthenticated:
		return "Transaction.Ready", ""
	case StateDeposit:
		return "Transaction.VirtualAccountIssued", ""
	case StateFailed:
		if p.Failure == tossClosed {
			return "Transaction.Cancelled", p.Transaction
		}
		return "Transaction.Failed", ""
	case StateExpired:
		return "", ""
	case StateCaptured:
	}
	for _, w := range p.waits() {
		if w.Status == "REQUESTED" {
			return "Transaction.CancelPending", w.ID
		}
	}
	switch {
	case p.Left() == 0:
		return "Transaction.Cancelled", p.Transaction
	case p.Refunded > 0:
		return "Transaction.PartialCancelled", p.Transaction
	}
	return "Transaction.Paid", ""
}

// portoneV2Sign makes the headers of Standard Webhooks: one entry for each key, over the id, the time of this try and the raw body.
func portoneV2Sign(keys [][]byte, id string, at time.Time, body []byte) http.Header {
	seconds := strconv.FormatInt(at.Unix(), 10)
	var entries []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + seconds + "."))
		mac.Write(body)
		entries = append(entries, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {seconds}, "Webhook-Signature": {strings.Join(entries, " ")}}
}
