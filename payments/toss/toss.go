// Package toss takes payments through Toss Payments by card, virtual account, transfer, telephone bill and PayPal: its payment window
// (browser SDK v2) authenticates the payer, then our server confirms with the secret key. Nothing is charged before that confirmation;
// of a virtual account it brings the number, and the money comes with a deposit.
//
// Source: Toss Payments' core API reference and the type file of its browser SDK 2.8.1, read in November 2026.
package toss

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	defaultAPI    = "https://api.tosspayments.com"
	defaultScript = "https://js.tosspayments.com/v2/standard"

	// lastConfirm is the window's 30 minutes before authentication and the 10 minutes in which we may confirm after it.
	lastConfirm = 40 * time.Minute
	// minimumKRW is the least that a Korean card pays, minimumBank the least from a bank account.
	minimumKRW  = 100
	minimumBank = 200
)

// gateway is one contract with Toss Payments. It keeps no state and may be used from many goroutines.
type gateway struct {
	channel   payments.Channel
	transport payments.Transport
	clientKey string
	auth      string // value of the Authorization header
	base      string // scheme and host of the API
	script    string // address of the browser script
}

var (
	_ payments.Gateway = (*gateway)(nil)
	_ payments.Adapter = New
)

// New makes the gateway of a channel from its client_key and secret_key. It makes no call. t must follow no redirect, as those of
// payments.NewTransport do not.
//
// Its error is one sentence about the setting that does not fit; it never quotes a key.
func New(c payments.Channel, t payments.Transport) (payments.Gateway, error) {
	if t == nil {
		return nil, errors.New("toss: no transport given")
	}
	client, secret, err := keys(&c)
	if err != nil {
		return nil, err
	}
	if err := offer(&c); err != nil {
		return nil, err
	}
	base, script, err := c.Addresses(defaultAPI, defaultScript)
	if err != nil {
		return nil, fmt.Errorf("toss: %w", err)
	}
	return &gateway{
		channel: c, transport: t, clientKey: client, base: base, script: script,
		auth: "Basic " + base64.StdEncoding.EncodeToString([]byte(secret+":")),
	}, nil
}

// Capabilities says what the contract can do. The merchant is a digest of the client key.
func (g *gateway) Capabilities() payments.Capabilities {
	least := registration.Money{Cur: g.channel.Currency}
	if least.Cur == registration.KRW {
		if least.Minor = minimumKRW; !g.offers(payments.MethodCard) && !g.offers(payments.MethodPhone) {
			least.Minor = minimumBank
		}
	}
	sum := sha256.Sum256([]byte(g.clientKey))
	return payments.Capabilities{
		Merchant:      "toss-" + hex.EncodeToString(sum[:8]),
		TwoStep:       true,
		PartialRefund: true,
		Inquiry:       true,
		Fallback:      g.offers(payments.MethodCard) || !g.offers(payments.MethodPayPal),
		RefundAccount: g.offers(payments.MethodVirtualAccount),
		Lists:         true,
		LastConfirm:   lastConfirm,
		Minimum:       least,
		Hosts:         hosts(g.script),
	}
}

// hosts are the origins that the payment window needs. A script from elsewhere is a stand-in that brings everything itself.
func hosts(script string) payments.Hosts {
	if script != defaultScript {
		own := []string{payments.Origin(script)}
		return payments.Hosts{Script: own, Connect: own, Frame: own, Form: own}
	}
	return payments.Hosts{
		Script: []string{"https://js.tosspayments.com"},
		Connect: []string{
			"https://log.tosspayments.com", "https://event.tosspayments.com", "https://apigw.tosspayments.com",
			"https://apigw-sandbox.tosspayments.com", "https://api.tosspayments.com",
		},
		Frame: []string{
			"https://payment-gateway.tosspayments.com", "https://payment-gateway-sandbox.tosspayments.com",
			"https://js.tosspayments.com", "https://pay.toss.im", "https://*.toss.im",
		},
	}
}
