package sandbox

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// stripeEvent is the envelope of a notification.
type stripeEvent struct {
	ID              string          `json:"id"`
	Object          string          `json:"object"`
	APIVersion      string          `json:"api_version"`
	Created         int64           `json:"created"`
	Data            stripeEventData `json:"data"`
	Livemode        bool            `json:"livemode"`
	PendingWebhooks int             `json:"pending_webhooks"`
	Request         *struct{}       `json:"request"`
	Type            string          `json:"type"`
}

type stripeEventData struct {
	Object any `json:"object"`
}

// webhook tells of a session that was completed or has expired, and of a charge that was refunded. A forged one claims that money came
// where none did, or went back where it did not, and is signed with a secret that is not the merchant's.
func (g *stripe) webhook(p *Payment, forged bool, now time.Time) (message, bool) {
	secret := stripeSecret(p.Merchant)
	if forged {
		p, secret = stripeForge(p, now), "whsec_forged"
	}
	e := stripeEvent{
		ID: "evt_1" + stripeTail(), Object: "event", APIVersion: stripeVersion, Created: unix(now), PendingWebhooks: 1,
	}
	switch {
	case p.Refunded > 0:
		e.Type, e.Data.Object = "charge.refunded", g.chargeObject(p)
	case p.State == StateCaptured:
		e.Type, e.Data.Object = "checkout.session.completed", g.sessionObject(p, nil)
	case p.State == StateExpired:
		e.Type, e.Data.Object = "checkout.session.expired", g.sessionObject(p, nil)
	default:
		return message{}, false
	}
	body, err := json.Marshal(e)
	if err != nil {
		return message{}, false
	}
	event := e.Type
	if forged {
		event += " (forged)"
	}
	return message{Event: event, Body: body, Header: func(at time.Time, _ int) http.Header {
		return http.Header{"Stripe-Signature": {stripeSign(at, body, secret)}}
	}}, true
}

// stripeForge is p as it is not.
func stripeForge(p *Payment, now time.Time) *Payment {
	lie := p.clone()
	if lie.State == StateCaptured {
		lie.Refunded = lie.Captured
		return lie
	}
	card := tossCards["visa"]
	lie.State, lie.Captured, lie.CapturedAt, lie.Card = StateCaptured, lie.Amount, now, &card
	return lie
}

// stripeSign is the header of a notification that is sent at a moment.
func stripeSign(at time.Time, body []byte, secret string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "%d.", at.Unix()) // a hash takes everything
	_, _ = mac.Write(body)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(mac.Sum(nil)))
}
