// Package stripe takes card payments through Stripe Checkout: our server makes a Checkout Session, the browser is led to Stripe's own
// page, and the card is charged there. Nothing is confirmed by us; what became of a session is looked up.
//
// Requests are written, and webhooks' signatures computed, with stripe-go at its API version. Answers are read here, because they
// decide about money: amounts from the number's text, no more than 1 MiB, no redirect.
//
// Source: Stripe's API reference and stripe-go v85, read in November 2026.
package stripe

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	defaultAPI = "https://api.stripe.com"

	// sessionLife is how long a session lives. Stripe takes 30 minutes at least, counted from its own clock when the session is
	// made; the rest is for clocks that differ and a first call that was slow.
	sessionLife = 35 * time.Minute
	// lastConfirm is the session's life and a few minutes for a payer who is with the card issuer when it ends.
	lastConfirm = 40 * time.Minute
)

// minimums are the least amounts per currency. Stripe's rule is about 0.50 US dollars of the settlement currency; for won, where
// no number is published, it is a sum that is surely above that.
var minimums = map[registration.Currency]int64{registration.USD: 50, registration.EUR: 50, registration.JPY: 50, registration.KRW: 1000}

// gateway is one Stripe account in one mode. It keeps no state and may be used from many goroutines.
type gateway struct {
	channel   payments.Channel
	transport payments.Transport
	auth      string   // value of the Authorization header
	base      string   // scheme and host of the API
	merchant  string   // a digest of the key
	secrets   []string // of the webhook endpoint, any of which may have signed
}

var (
	_ payments.Gateway = (*gateway)(nil)
	_ payments.Adapter = New
)

// New makes the gateway of a channel from its secret_key and webhook_secret. It makes no call. t must follow no redirect, as those of
// payments.NewTransport do not.
//
// Its error is one sentence about the setting that does not fit; it never quotes a key.
func New(c payments.Channel, t payments.Transport) (payments.Gateway, error) {
	if t == nil {
		return nil, errors.New("stripe: no transport given")
	}
	key, err := secretKey(&c)
	if err != nil {
		return nil, err
	}
	secrets, err := webhookSecrets(&c)
	if err != nil {
		return nil, err
	}
	if err := offer(&c); err != nil {
		return nil, err
	}
	base, _, err := c.Addresses(defaultAPI, "")
	if err != nil {
		return nil, fmt.Errorf("stripe: %w", err)
	}
	sum := sha256.Sum256([]byte(key))
	return &gateway{
		channel: c, transport: t, base: base, secrets: secrets, auth: "Bearer " + key, merchant: "stripe-" + hex.EncodeToString(sum[:8]),
	}, nil
}

// Capabilities says what the account can do. The merchant is a digest of the secret key. The hand-over page needs no foreign host: it
// only links to the session's page.
func (g *gateway) Capabilities() payments.Capabilities {
	return payments.Capabilities{
		Merchant:       g.merchant,
		PartialRefund:  true,
		Inquiry:        true,
		SignedWebhooks: true,
		Lists:          true,
		Fallback:       true,
		LastConfirm:    lastConfirm,
		Minimum:        registration.Money{Minor: minimums[g.channel.Currency], Cur: g.channel.Currency},
	}
}
