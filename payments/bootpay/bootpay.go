// Package bootpay takes payments through Bootpay, which stands in front of a Korean payment company's contract. Its window stops
// before the charge (separately confirmed), our server compares order, price and mode with the receipt, and only then confirms.
// Nothing is charged before that confirmation.
//
// Verify is for shops that use Bootpay's older API, and needs nothing else of this program.
//
// Source: Bootpay's public documents, its server clients for Go and Node.js and the type files of its browser script 5.3.1, read
// in November 2026.
package bootpay

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
	defaultAPI    = "https://api.bootpay.co.kr"
	defaultScript = "https://js.bootpay.co.kr/bootpay-5.3.0.min.js"

	// windowMinutes is how long the payer has in the window.
	windowMinutes = 30
	// lastConfirm is the window, and ten minutes to confirm after it. How long the company behind Bootpay keeps an authentication is
	// its own affair and shorter; nothing is captured unless we confirm, and we do not confirm later than this.
	lastConfirm = (windowMinutes + 10) * time.Minute
	// minimumKRW is the least that a Korean card pays.
	minimumKRW = 100
)

// gateway is one project at Bootpay. It keeps no state but an access token and may be used from many goroutines.
type gateway struct {
	channel   payments.Channel
	transport payments.Transport
	login     login
	browser   key    // what the browser script is given
	methods   any    // the script's word for the methods, or a list of them
	base      string // scheme and host of the API
	script    string // address of the browser script
}

var (
	_ payments.Gateway = (*gateway)(nil)
	_ payments.Adapter = New
)

// New makes the gateway of a channel, from client_key and secret_key, or else from js_application_id, application_id and private_key;
// the first pair is used when both are there. It makes no call. t must follow no redirect, as those of payments.NewTransport do not.
//
// Bootpay's keys do not tell test from live: each receipt does, and one of the other mode is never confirmed.
//
// Its error is one sentence about the setting that does not fit; it never quotes a key.
func New(c payments.Channel, t payments.Transport) (payments.Gateway, error) {
	if t == nil {
		return nil, errors.New("bootpay: no transport given")
	}
	if c.Mode != registration.Test && c.Mode != registration.Live {
		return nil, errors.New("bootpay: mode must be test or live")
	}
	k, err := readKeys(&c)
	if err != nil {
		return nil, err
	}
	methods, err := offer(&c)
	if err != nil {
		return nil, err
	}
	base, script, err := c.Addresses(defaultAPI, defaultScript)
	if err != nil {
		return nil, fmt.Errorf("bootpay: %w", err)
	}
	g := &gateway{channel: c, transport: t, browser: k.browser, methods: methods, base: base, script: script}
	g.login = k.login(g)
	return g, nil
}

// Capabilities says what the contract can do. The merchant is a digest of the key that the server uses.
func (g *gateway) Capabilities() payments.Capabilities {
	sum := sha256.Sum256([]byte(g.login.account()))
	return payments.Capabilities{
		Merchant:      "bootpay-" + hex.EncodeToString(sum[:8]),
		TwoStep:       true,
		PartialRefund: true,
		Inquiry:       true,
		LastConfirm:   lastConfirm,
		Minimum:       registration.Money{Minor: minimumKRW, Cur: registration.KRW},
		Hosts:         hosts(g.script),
	}
}

// hosts are the origins that the payment window needs: the script posts a form into a frame of Bootpay's, whatever way it then takes.
// A script from elsewhere is a stand-in that brings everything itself.
func hosts(script string) payments.Hosts {
	if script != defaultScript {
		own := []string{payments.Origin(script)}
		return payments.Hosts{Script: own, Connect: own, Frame: own, Form: own}
	}
	all := []string{"https://*.bootpay.co.kr"}
	return payments.Hosts{Script: []string{"https://js.bootpay.co.kr"}, Connect: all, Frame: all, Form: all}
}
