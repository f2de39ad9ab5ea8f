package stripe

import (
	"crypto/hmac"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"

	"github.com/stripe/stripe-go/v85/webhook"
)

// tolerance is how far a notification's time may be from ours, either way.
const tolerance = 300 * time.Second

// ParseReturn reads what the browser brought back from Stripe's page: the session's id, or that the payer went back without paying,
// which does not end the session. An id of an impossible shape counts as absent. It makes no call and returns no error.
func (g *gateway) ParseReturn(r payments.Request) (payments.Return, error) {
	if r.Query.Get("cancelled") != "" {
		return payments.Return{Failed: true, Cancelled: true, Reason: keyCancelled}, nil
	}
	var out payments.Return
	if id := r.Query.Get("session_id"); sessionID(id) {
		out.GatewayID = id
	}
	return out, nil
}

// ParseWebhook verifies a notification against every secret of the channel and reads which payment it is about. It is ErrSignature when
// nothing matches or its time is more than 300 s from r.Now, and ErrMalformed when what was signed is no event. An event of the
// other mode, or of no interest, gives no hints.
func (g *gateway) ParseWebhook(r payments.Request) ([]payments.Hint, error) {
	if err := g.verify(&r); err != nil {
		return nil, err
	}
	var e struct {
		ID     text   `json:"id"`
		Object string `json:"object"`
		Type   string `json:"type"`
		Live   *bool  `json:"livemode"`
		Data   struct {
			Object loose `json:"object"`
		} `json:"data"`
	}
	if err := json.Unmarshal(r.Body, &e); err != nil || e.Object != "event" || !payments.Plain(e.Type, maxCode) || e.Live == nil {
		return nil, fmt.Errorf("stripe: notification: %w", payments.ErrMalformed)
	}
	if *e.Live != (g.channel.Mode == registration.Live) || !interesting(e.Type) {
		return nil, nil
	}
	h := about(e.Data.Object)
	if h.OrderNo == "" && h.GatewayID == "" {
		return nil, fmt.Errorf("stripe: notification names no payment: %w", payments.ErrMalformed)
	}
	h.EventID, h.Kind = payments.OnlyPlain(string(e.ID), maxID), e.Type
	return []payments.Hint{h}, nil
}

// interesting reports whether an event can mean that money came or went. A refused card is none: its session stays open.
func interesting(event string) bool {
	switch event {
	case "charge.refunded", "charge.refund.updated":
		return true
	}
	for _, family := range []string{"checkout.session.", "refund.", "charge.dispute."} {
		if strings.HasPrefix(event, family) {
			return true
		}
	}
	return false
}

// about reads which payment an event's object belongs to: a session by its own number and id, everything else by the metadata that
// the payment handed on, or the payment's id.
func about(object loose) payments.Hint {
	o := payments.Member[struct {
		ID       text            `json:"id"`
		Object   text            `json:"object"`
		OrderNo  text            `json:"client_reference_id"`
		Intent   ref             `json:"payment_intent"`
		Metadata map[string]text `json:"metadata"`
	}](object)
	if o.Object == "checkout.session" {
		return payments.Hint{OrderNo: payments.OnlyPlain(string(o.OrderNo), maxOrderNo), GatewayID: payments.OnlyPlain(string(o.ID), maxID)}
	}
	return payments.Hint{OrderNo: payments.OnlyPlain(string(o.Metadata[metaOrder]), maxOrderNo), GatewayID: o.Intent.id}
}

// verify checks the signature over the raw bytes, and the time in it.
func (g *gateway) verify(r *payments.Request) error {
	at, signatures, ok := signed(header(r.Header, "Stripe-Signature"))
	if off := r.Now.Sub(at); !ok || off > tolerance || off < -tolerance {
		return fmt.Errorf("stripe: %w", payments.ErrSignature)
	}
	for _, secret := range g.secrets {
		want := webhook.ComputeSignature(at, r.Body, secret)
		for _, s := range signatures {
			if hmac.Equal(want, s) {
				return nil
			}
		}
	}
	return fmt.Errorf("stripe: %w", payments.ErrSignature)
}

// maxSignatures is how many signatures of one notification are looked at; Stripe sends two while a secret is replaced.
const maxSignatures = 8

// signed reads a header such as t=1700000000,v1=…,v1=…,v0=…: the one time that is signed and the signatures of the scheme v1. What is
// not hexadecimal is no signature; a second time, or a part that is no pair, spoils the whole.
func signed(h string) (at time.Time, signatures [][]byte, ok bool) {
	for part := range strings.SplitSeq(h, ",") {
		name, value, pair := strings.Cut(part, "=")
		if !pair || strings.Contains(value, "=") {
			return at, nil, false
		}
		switch name {
		case "t":
			seconds, err := strconv.ParseInt(value, 10, 64)
			if err != nil || !at.IsZero() {
				return at, nil, false
			}
			at = time.Unix(seconds, 0)
		case "v1":
			if s, err := hex.DecodeString(value); err == nil && len(signatures) < maxSignatures {
				signatures = append(signatures, s)
			}
		}
	}
	return at, signatures, !at.IsZero() && len(signatures) > 0
}

// header finds a header whatever the case of its name.
func header(h map[string][]string, name string) string {
	for k, v := range h {
		if len(v) > 0 && http.CanonicalHeaderKey(k) == name {
			return v[0]
		}
	}
	return ""
}
