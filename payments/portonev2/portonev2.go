// Package portonev2 takes payments through PortOne's second API, which stands before many Korean payment companies. The amount is
// registered before the browser opens the window; PortOne captures when the payer is through it, and our server only asks what
// became of the payment. Notifications are signed as Standard Webhooks say.
//
// Source: PortOne's OpenAPI description 1.16.0, its server SDK 0.19.0 and browser SDK 0.1.11, read in November 2026.
package portonev2

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
	name          = "portonev2"
	defaultAPI    = "https://api.portone.io"
	defaultScript = "https://cdn.portone.io/v2/browser-sdk.js"

	// lastConfirm bounds how long after the start a window can still capture. PortOne names no time of its own; the windows of the
	// companies behind it end within 40 minutes.
	lastConfirm = time.Hour
	// minimumKRW is the least that a Korean card pays.
	minimumKRW = 100
)

// gateway is one channel of one store at PortOne. It keeps no state and may be used from many goroutines.
type gateway struct {
	channel   payments.Channel
	transport payments.Transport
	settings  settings
	base      string // scheme and host of the API
	script    string // address of the browser script
}

var (
	_ payments.Gateway = (*gateway)(nil)
	_ payments.Adapter = New
)

// New makes the gateway of a channel from its store_id, channel_key, api_secret and webhook_secret; the last may hold several secrets
// with commas between them, while PortOne changes from one to the next. It makes no call. t must follow no redirect, as those of
// payments.NewTransport do not.
//
// Its error is one sentence about the setting that does not fit; it never quotes a secret.
func New(c payments.Channel, t payments.Transport) (payments.Gateway, error) {
	if t == nil {
		return nil, errors.New("portonev2: no transport given")
	}
	s, err := credentials(&c)
	if err != nil {
		return nil, err
	}
	if err := offer(&c); err != nil {
		return nil, err
	}
	base, script, err := c.Addresses(defaultAPI, defaultScript)
	if err != nil {
		return nil, fmt.Errorf("portonev2: %w", err)
	}
	return &gateway{channel: c, transport: t, settings: s, base: base, script: script}, nil
}

// Capabilities says what the contract can do. The merchant is a digest of the store, whose channels share their payments.
func (g *gateway) Capabilities() payments.Capabilities {
	least := registration.Money{Cur: g.channel.Currency}
	if least.Cur == registration.KRW {
		least.Minor = minimumKRW
	}
	sum := sha256.Sum256([]byte(g.settings.store))
	return payments.Capabilities{
		Merchant:       "portonev2-" + hex.EncodeToString(sum[:8]),
		PartialRefund:  true,
		Inquiry:        true,
		SignedWebhooks: true,
		Lists:          true,
		RefundAccount:  g.payMethod() == virtualAccount,
		LastConfirm:    lastConfirm,
		Minimum:        least,
		Hosts:          hosts(g.script),
	}
}

// hosts are the origins that the payment window needs: PortOne's own, and those of the companies whose scripts and frames it brings
// into the page. A script from elsewhere is a stand-in that brings everything itself.
func hosts(script string) payments.Hosts {
	if script != defaultScript {
		own := []string{payments.Origin(script)}
		return payments.Hosts{Script: own, Connect: own, Frame: own, Form: own}
	}
	return payments.Hosts{
		Script: []string{"https://cdn.portone.io", "https://*.inicis.com", "https://static.tosspayments.com"},
		Connect: []string{
			"https://checkout-service.prod.iamport.co", "https://tx-gateway-service.prod.iamport.co", "https://payment-bridge.prod.iamport.co",
			"https://coretelemetry.prod.iamport.co", "https://service.iamport.kr",
		},
		Frame: []string{
			"https://checkout-service.prod.iamport.co", "https://payment-bridge.prod.iamport.co", "https://service.iamport.kr",
			"https://payment-gateway.tosspayments.com", "https://payment-gateway-sandbox.tosspayments.com", "https://*.inicis.com",
			"https://*.kcp.co.kr", "https://*.nicepay.co.kr", "https://*.firstpay.co.kr",
		},
		Form: []string{"https://service.iamport.kr", "https://*.inicis.com", "https://*.kcp.co.kr"},
	}
}
