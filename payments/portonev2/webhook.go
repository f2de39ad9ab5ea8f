package portonev2

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"foyer/payments"
)

// notice is a notification of the version 2024-04-25, or, with the members below, of the one before it.
type notice struct {
	Type string `json:"type"`
	Data struct {
		PaymentID     text `json:"paymentId"`
		TransactionID text `json:"transactionId"`
	} `json:"data"`

	OldPaymentID text `json:"payment_id"`
	OldTxID      text `json:"tx_id"`
	OldStatus    text `json:"status"`
}

// ParseWebhook verifies a notification's signature over its raw body and reads what it is about; every one is only a reason to look up.
// A window that opened, and what is not about a payment, gives no hints. ErrSignature when it is not signed with one of the
// channel's secrets within five minutes of r.Now, ErrMalformed when it cannot be read.
func (g *gateway) ParseWebhook(r payments.Request) ([]payments.Hint, error) {
	now := r.Now
	if now.IsZero() {
		now = time.Now()
	}
	id, err := verify(g.settings.signing, r.Header, r.Body, now)
	if err != nil {
		return nil, err
	}
	n, err := readNotice(r)
	if err != nil {
		return nil, err
	}
	h := payments.Hint{EventID: payments.OnlyPlain(id, maxID)}
	switch {
	case n.Type == "" && n.OldPaymentID != "":
		h.OrderNo, h.GatewayID = payments.OnlyPlain(string(n.OldPaymentID), maxOrderNo), payments.OnlyPlain(string(n.OldTxID), maxID)
		h.Kind = payments.OnlyPlain(string(n.OldStatus), maxCode)
		if h.Kind == "Ready" {
			return nil, nil
		}
	case telling[n.Type] || (strings.HasPrefix(n.Type, "Transaction.") && !silent[n.Type] && n.Data.PaymentID != ""):
		h.OrderNo, h.GatewayID = payments.OnlyPlain(string(n.Data.PaymentID), maxOrderNo), payments.OnlyPlain(string(n.Data.TransactionID), maxID)
		h.Kind = payments.OnlyPlain(n.Type, maxCode)
	default:
		return nil, nil
	}
	if h.OrderNo == "" {
		return nil, fmt.Errorf("portonev2: notification names no payment: %w", payments.ErrMalformed)
	}
	return []payments.Hint{h}, nil
}

// telling are the events after which a payment or its refunds may stand otherwise than before.
var telling = map[string]bool{
	"Transaction.Paid": true, "Transaction.Failed": true, "Transaction.PayPending": true, "Transaction.VirtualAccountIssued": true,
	"Transaction.PartialCancelled": true, "Transaction.Cancelled": true, "Transaction.CancelPending": true,
	"Transaction.DisputeCreated": true, "Transaction.DisputeResolved": true,
}

// silent are the events after which nothing has changed: the window opened, and a question that this contract does not have asked.
var silent = map[string]bool{"Transaction.Ready": true, "Transaction.Confirm": true}

// readNotice reads a body: JSON, or a form in the older version.
func readNotice(r payments.Request) (notice, error) {
	var n notice
	body := strings.TrimSpace(string(r.Body))
	if !strings.HasPrefix(body, "{") {
		form, err := url.ParseQuery(body)
		if err != nil || form.Get("payment_id") == "" {
			return n, fmt.Errorf("portonev2: notification: %w", payments.ErrMalformed)
		}
		n.OldPaymentID, n.OldTxID, n.OldStatus = text(form.Get("payment_id")), text(form.Get("tx_id")), text(form.Get("status"))
		return n, nil
	}
	if err := json.Unmarshal([]byte(body), &n); err != nil {
		return n, fmt.Errorf("portonev2: notification: %w", payments.ErrMalformed)
	}
	return n, nil
}
