package allat

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// keys reads the credentials.
func keys(c *payments.Channel) (shop, cross string, err error) {
	shop, cross = strings.TrimSpace(c.Credentials["shop_id"]), strings.TrimSpace(c.Credentials["cross_key"])
	switch {
	case c.Mode != registration.Test && c.Mode != registration.Live:
		return "", "", errors.New("allat: mode must be test or live")
	case shop == "":
		return "", "", errors.New("allat: shop_id is missing")
	case cross == "":
		return "", "", errors.New("allat: cross_key is missing")
	case !plain(shop, 20):
		return "", "", errors.New("allat: shop_id must have 1 to 20 letters, digits, hyphens and underscores")
	case !payments.Visible(cross, 200):
		return "", "", errors.New("allat: cross_key must have at most 200 visible characters")
	case shop == cross:
		return "", "", errors.New("allat: shop_id holds the cross key, which must never reach a browser")
	}
	return shop, cross, nil
}

// methodFlags are the fields that switch a method of the window on or off.
var methodFlags = map[payments.Method][]string{
	payments.MethodCard:           {"allat_card_yn"},
	payments.MethodTransfer:       {"allat_bank_yn", "allat_abank_yn"}, // on a computer, on a telephone
	payments.MethodVirtualAccount: {"allat_vbank_yn"},
	payments.MethodPhone:          {"allat_hp_yn"},
}

// offer checks what the channel wants to sell with, and gives the kind of contract that does it.
func offer(c *payments.Channel) (profile, error) {
	p, cards := domestic, "domestic"
	if c.Currency == registration.USD {
		p, cards = overseas, "overseas"
	}
	switch {
	case c.Currency != registration.KRW && c.Currency != registration.USD:
		return profile{}, fmt.Errorf("allat: currency must be KRW, or USD under the overseas contract, not %q", c.Currency)
	case c.Cards != "" && c.Cards != "any" && c.Cards != cards:
		return profile{}, fmt.Errorf("allat: cards must be %s or any for %s, not %q", cards, c.Currency, c.Cards)
	}
	for _, m := range c.Methods {
		if methodFlags[payments.Method(m)] == nil {
			return profile{}, fmt.Errorf("allat: method must be card, transfer, virtual_account or phone, not %q", m)
		}
		if p.currency == registration.USD && payments.Method(m) != payments.MethodCard {
			return profile{}, fmt.Errorf("allat: the overseas contract has cards only, not %q", m)
		}
	}
	return p, nil
}

// scripts are the addresses of the browser scripts; phone is empty where the first serves telephones too.
type scripts struct{ pc, phone string }

// addresses gives scheme and host of the calls and the scripts' addresses; only a test channel may replace them. A script_url in the
// place of the script for computers has the one for telephones beside it; any other serves both.
func addresses(c *payments.Channel, p profile) (base string, s scripts, err error) {
	base, s.pc, err = c.Addresses(defaultAPI, defaultAPI+p.script)
	if p.phone != "" && (c.ScriptURL == "" || fileOf(s.pc) == path.Base(p.script)) {
		s.phone = beside(s.pc, path.Base(p.phone))
	}
	return base, s, err
}

// fileOf is the last part of an address's path.
func fileOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return path.Base(u.Path)
}
