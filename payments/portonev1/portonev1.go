// Package portonev1 takes payments through PortOne's first API, known as iamport: IMP.request_pay in the browser, which stands before many
// Korean payment companies and a few abroad. The amount is registered before the browser opens the window; the company captures when
// the payer is through it, and our server only asks what became of the payment. Notifications are not signed.
//
// Source: PortOne's description of its REST API v1, its integration guides for each company, and iamport-rest-client-nodejs 0.9.12,
// read in November 2026.
package portonev1

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	name          = "portonev1"
	defaultAPI    = "https://api.iamport.kr"
	defaultScript = "https://cdn.iamport.kr/v1/iamport.js"

	// lastConfirm bounds how long after the start a window can still capture. PortOne names no time of its own; the windows of the
	// companies behind it end within 40 minutes.
	lastConfirm = time.Hour
)

// gateway is one channel of one shop at PortOne. It keeps no state of a payment and may be used from many goroutines.
type gateway struct {
	channel   payments.Channel
	transport payments.Transport
	settings  settings
	login     *login
	base      string // scheme and host of the API
	script    string // address of the browser script
}

var (
	_ payments.Gateway = (*gateway)(nil)
	_ payments.Adapter = New
)

// New makes the gateway of a channel from its imp_code, imp_key and imp_secret, and the optional channel_key; Channel.PG names the
// company where there is no channel_key, and Channel.PayMethod PortOne's own word for a method that our words do not name. It makes no
// call. t must follow no redirect, as those of payments.NewTransport do not.
//
// Its error is one sentence about the setting that does not fit; it never quotes a secret.
func New(c payments.Channel, t payments.Transport) (payments.Gateway, error) {
	if t == nil {
		return nil, errors.New("portonev1: no transport given")
	}
	s, err := credentials(&c)
	if err != nil {
		return nil, err
	}
	if err := s.offer(&c); err != nil {
		return nil, err
	}
	base, script, err := c.Addresses(defaultAPI, defaultScript)
	if err != nil {
		return nil, fmt.Errorf("portonev1: %w", err)
	}
	g := &gateway{channel: c, transport: t, settings: s, base: base, script: script}
	g.login = newLogin(g)
	return g, nil
}

// Capabilities says what the contract can do. The merchant is a digest of the shop's code, whose channels share their payments.
//
// A cancel has no idempotency key at PortOne. What makes a repeat harmless is the checksum, the balance that is left before it, and the
// refund's own mark in its reason, by which a look-up finds it again; see Refund.
func (g *gateway) Capabilities() payments.Capabilities {
	sum := sha256.Sum256([]byte(g.settings.code))
	return payments.Capabilities{
		Merchant:      "portonev1-" + hex.EncodeToString(sum[:8]),
		PartialRefund: true,
		Inquiry:       true,
		Reopens:       true,
		RefundAccount: slices.Contains(g.channel.Methods, string(payments.MethodVirtualAccount)) || g.channel.PayMethod == vbank,
		Lists:         true,
		LastConfirm:   lastConfirm,
		Minimum:       registration.Money{Minor: g.least(), Cur: g.channel.Currency},
		Hosts:         hosts(g.script),
	}
}

// least is the least amount in minor units: what a Korean card pays, or the company's own limit.
func (g *gateway) least() int64 {
	switch {
	case g.channel.Currency != registration.KRW:
		return 0
	case g.settings.company == "html5_inicis" || g.settings.company == "welcome":
		return 1000
	}
	return 100
}

// hosts are the origins that the payment window needs: PortOne's own, and those of the companies whose scripts and frames it brings
// into the page. A script from elsewhere is a stand-in that brings everything itself.
func hosts(script string) payments.Hosts {
	if script != defaultScript {
		own := []string{payments.Origin(script)}
		return payments.Hosts{Script: own, Connect: own, Frame: own, Form: own}
	}
	return payments.Hosts{
		Script: []string{
			"https://cdn.iamport.kr", "https://service.iamport.kr", "https://*.inicis.com", "https://*.kcp.co.kr", "https://*.nicepay.co.kr",
			"https://js.tosspayments.com", "https://*.eximbay.com", "https://www.paypal.com", "https://*.paypal.com",
		},
		Connect: []string{
			"https://service.iamport.kr", "https://core-api.prod.iamport.co", "https://checkout-service.prod.iamport.co", "https://*.paypal.com",
		},
		Frame: []string{
			"https://service.iamport.kr", "https://checkout-service.prod.iamport.co", "https://*.inicis.com", "https://*.kcp.co.kr",
			"https://*.nicepay.co.kr", "https://*.tosspayments.com", "https://*.kakaopay.com", "https://*.pay.naver.com", "https://*.eximbay.com",
			"https://*.paypal.com",
		},
		Form: []string{
			"https://service.iamport.kr", "https://*.inicis.com", "https://*.kcp.co.kr", "https://*.nicepay.co.kr", "https://*.eximbay.com",
			"https://*.paypal.com",
		},
	}
}
