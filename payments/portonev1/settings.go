package portonev1

import (
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// settings are a channel's credentials, checked, and the company behind it as far as the channel names it.
type settings struct {
	code    string // of the shop, public: imp and digits
	key     string
	secret  string
	channel string // channel key, "" when pg or the console's default channel decides
	pg      string // as request_pay wants it: a company, or a company and its shop id
	company string // the first part of pg, "" when it is not told
}

// credentials reads the channel's credentials. PortOne's keys do not tell test from live, its answers do: see payment.mode.
func credentials(c *payments.Channel) (settings, error) {
	if c.Mode != registration.Test && c.Mode != registration.Live {
		return settings{}, fmt.Errorf("portonev1: mode must be test or live, not %q", c.Mode)
	}
	get := func(key string) string { return strings.TrimSpace(c.Credentials[key]) }
	s := settings{code: get("imp_code"), key: get("imp_key"), secret: get("imp_secret"), channel: get("channel_key"), pg: strings.TrimSpace(c.PG)}
	s.company, _, _ = strings.Cut(s.pg, ".")
	switch {
	case s.code == "":
		return s, errors.New("portonev1: imp_code is missing: expected the shop's code, it begins with imp")
	case !strings.HasPrefix(s.code, "imp") || !payments.Plain(s.code, maxID):
		return s, errors.New("portonev1: imp_code is no shop's code: expected one that begins with imp")
	case s.key == "":
		return s, errors.New("portonev1: imp_key is missing: expected the key of the REST API")
	case s.secret == "":
		return s, errors.New("portonev1: imp_secret is missing: expected the secret of the REST API")
	case !payments.Visible(s.key, 500) || !payments.Visible(s.secret, 500):
		return s, errors.New("portonev1: imp_key or imp_secret holds a character that no key has")
	case s.channel != "" && (!payments.Plain(s.channel, maxID) || !strings.HasPrefix(s.channel, "channel-key-")):
		return s, errors.New("portonev1: channel_key is no channel's key: expected one that begins with channel-key-")
	case s.pg != "" && !payments.Plain(s.pg, 100):
		return s, errors.New("portonev1: pg must be a company's code such as kcp or html5_inicis, with its shop id after a dot or without")
	}
	return s, nil
}

// offer checks what the channel wants to sell with.
func (s settings) offer(c *payments.Channel) error {
	if !c.Currency.Known() {
		return fmt.Errorf("portonev1: currency %q is not one that can be counted in", c.Currency)
	}
	switch c.Cards {
	case "", "domestic", "overseas", "any":
	default:
		return fmt.Errorf("portonev1: cards must be domestic, overseas or any, not %q", c.Cards)
	}
	company, known := companies[s.company]
	if known && !company.takes(c.Currency) {
		return fmt.Errorf("portonev1: %s does not take %s", s.company, c.Currency)
	}
	if c.PayMethod != "" && (len(c.Methods) > 1 || !payments.Plain(c.PayMethod, 20)) {
		return errors.New("portonev1: pay_method is one word of PortOne's, for a channel with one method")
	}
	for _, m := range c.Methods {
		if err := s.method(c, payments.Method(m), company); err != nil {
			return err
		}
	}
	return nil
}

// method checks one method of a channel.
func (s settings) method(c *payments.Channel, m payments.Method, company company) error {
	switch {
	case c.PayMethod == "" && company.word(m) == "" && m == payments.MethodEasyPay:
		return errors.New("portonev1: method easy_pay needs pg kakaopay, naverpay, payco or tosspay, or pay_method")
	case c.PayMethod == "" && company.word(m) == "":
		return fmt.Errorf("portonev1: method must be card, transfer, virtual_account, phone, easy_pay or paypal, not %q", m)
	case company.only != "" && m != company.only:
		return fmt.Errorf("portonev1: %s takes %s only, not %q", s.company, company.only, m)
	case c.Currency != registration.KRW && homely[m]:
		return fmt.Errorf("portonev1: method %s takes KRW only", m)
	}
	return nil
}
