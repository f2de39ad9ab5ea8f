// Package allat takes payments through AllatPay (KG Allat): cards, bank transfer, telephone and virtual accounts in won, and, under a
// second contract, cards issued abroad in US dollars. The window only authenticates; the money moves when our server asks for the
// approval with the ticket that the window gave (allat_enc_data).
//
// There is neither an idempotency key nor an inquiry. A request goes out on a connection of its own, can never be sent twice by the
// HTTP client, and an error says whether a connection had been made: ErrBusy before that, ErrNoAnswer after it.
//
// Source: what public shops and libraries that speak to AllatPay send and expect, read in November 2026. KG Allat gives its table of
// reply codes with the contract only.
package allat

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

const (
	name       = "allat"
	defaultAPI = "https://tx.allatpay.com"

	// lastConfirm is how long after the start an approval is asked for. How long a ticket is good for is not published; nothing is
	// captured unless we ask, and we do not ask later than this.
	lastConfirm = 40 * time.Minute
	// minimumKRW is the least that a Korean card pays.
	minimumKRW = 100
)

// profile is one kind of contract: its money, and where its scripts and calls are.
type profile struct {
	currency         registration.Currency
	script, phone    string // paths of the browser script, and of the one for telephones
	approval, cancel string // paths of the calls
}

var (
	domestic = profile{
		currency: registration.KRW, script: "/common/NonAllatPayRE.js", phone: "/common/AllatPayM.js",
		approval: "/servlet/AllatPay/pay/approval.jsp", cancel: "/servlet/AllatPay/pay/cancel.jsp",
	}
	overseas = profile{
		currency: registration.USD, script: "/common/AllatPayEN.js",
		approval: "/servlet/AllatPay/pay/approval_dol.jsp", cancel: "/servlet/AllatPay/pay/cancel_dol.jsp",
	}
)

// gateway is one shop at AllatPay. It keeps no state and may be used from many goroutines.
type gateway struct {
	profile

	channel   payments.Channel
	transport payments.Transport
	shop      string
	crossKey  string
	base      string // scheme and host of the calls
	scripts   scripts
}

var (
	_ payments.Gateway  = (*gateway)(nil)
	_ payments.Receiver = (*gateway)(nil)
	_ payments.Adapter  = New
)

// New makes the gateway of a channel from shop_id and cross_key. A channel in KRW uses the ordinary contract, one in USD the separate
// overseas contract, which has a shop_id and cross_key of its own. It makes no call. t must follow no redirect, as those of
// payments.NewTransport do not.
//
// Its error is one sentence about the setting that does not fit; it never quotes a key.
func New(c payments.Channel, t payments.Transport) (payments.Gateway, error) {
	if t == nil {
		return nil, errors.New("allat: no transport given")
	}
	g := &gateway{channel: c, transport: t}
	var err error
	if g.shop, g.crossKey, err = keys(&c); err != nil {
		return nil, err
	}
	if g.profile, err = offer(&c); err != nil {
		return nil, err
	}
	if g.base, g.scripts, err = addresses(&c, g.profile); err != nil {
		return nil, fmt.Errorf("allat: %w", err)
	}
	return g, nil
}

// Capabilities says what the contract can do. The merchant is the shop's id, which every payer's browser sees too.
func (g *gateway) Capabilities() payments.Capabilities {
	caps := payments.Capabilities{
		Merchant: "allat-" + g.shop, TwoStep: true, PartialRefund: true, SignedWebhooks: true, Once: true, Ticket: true,
		LastConfirm: lastConfirm, Hosts: hosts(g.scripts.pc),
	}
	if g.currency == registration.KRW {
		caps.Minimum = registration.Money{Minor: minimumKRW, Cur: registration.KRW}
	}
	return caps
}

// hosts are the origins that the window needs: the script posts a form into a pop-up or, on a telephone, into a frame, which in the
// end shows our own receive page.
func hosts(script string) payments.Hosts {
	u, err := url.Parse(script)
	if err != nil {
		return payments.Hosts{}
	}
	own := u.Scheme + "://" + u.Host
	return payments.Hosts{Script: []string{own}, Frame: []string{"'self'", own}, Form: []string{own}, Styled: true}
}

// modeOf is what a reply code says of the money; ok is false when it is no success at all.
func modeOf(code string) (m registration.Mode, ok bool) {
	switch code {
	case codeDone:
		return registration.Live, true
	case codeTest:
		return registration.Test, true
	}
	return "", false
}

// flag is AllatPay's yes and no.
func flag(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}

// testing says whether the channel is in test mode, as the wire wants it.
func (g *gateway) testing() string { return flag(g.channel.Mode == registration.Test) }

// beside is the address of a file in the same folder as another one.
func beside(address, file string) string {
	return address[:strings.LastIndexByte(address, '/')+1] + file
}
