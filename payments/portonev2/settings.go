package portonev2

import (
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// settings are a channel's credentials, checked.
type settings struct {
	store   string
	channel string
	secret  string   // of the API
	signing [][]byte // keys of notifications: the current one, and the next while they change
}

// credentials reads the channel's credentials. PortOne's keys do not tell test from live, its answers do: see Outcome.Mode.
func credentials(c *payments.Channel) (settings, error) {
	if c.Mode != registration.Test && c.Mode != registration.Live {
		return settings{}, fmt.Errorf("portonev2: mode must be test or live, not %q", c.Mode)
	}
	get := func(key string) string { return strings.TrimSpace(c.Credentials[key]) }
	s := settings{store: get("store_id"), channel: get("channel_key"), secret: get("api_secret")}
	switch {
	case s.store == "":
		return s, errors.New("portonev2: store_id is missing: expected the store's id, it begins with store-")
	case strings.HasPrefix(s.store, "channel-key-") || !payments.Plain(s.store, maxID):
		return s, errors.New("portonev2: store_id is no store's id: expected one that begins with store-")
	case s.channel == "":
		return s, errors.New("portonev2: channel_key is missing: expected the channel's key, it begins with channel-key-")
	case strings.HasPrefix(s.channel, "store-") || !payments.Plain(s.channel, maxID):
		return s, errors.New("portonev2: channel_key is no channel's key: expected one that begins with channel-key-")
	case s.secret == "":
		return s, errors.New("portonev2: api_secret is missing: expected the V2 API secret")
	case strings.HasPrefix(s.secret, "whsec_"):
		return s, errors.New("portonev2: api_secret holds a webhook secret: expected the V2 API secret")
	case !payments.Visible(s.secret, 500):
		return s, errors.New("portonev2: api_secret holds a character that no secret has")
	}
	var err error
	s.signing, err = signingKeys(get("webhook_secret"))
	return s, err
}

// offer checks what the channel wants to sell with.
func offer(c *payments.Channel) error {
	if !c.Currency.Known() {
		return fmt.Errorf("portonev2: currency %q is not one that can be counted in", c.Currency)
	}
	switch c.Cards {
	case "", "domestic", "overseas", "any":
	default:
		return fmt.Errorf("portonev2: cards must be domestic, overseas or any, not %q", c.Cards)
	}
	if len(c.Methods) > 1 {
		return errors.New("portonev2: a window takes one method: make a channel for each")
	}
	if len(c.Methods) == 1 && payMethods[c.Methods[0]] == "" {
		return fmt.Errorf("portonev2: method must be card, virtual_account, transfer, phone or easy_pay, not %q", c.Methods[0])
	}
	if c.Currency != registration.KRW && len(c.Methods) == 1 && payMethods[c.Methods[0]] == virtualAccount {
		return fmt.Errorf("portonev2: virtual_account takes KRW only, not %s", c.Currency)
	}
	return nil
}

// payMethods are our words for methods, and PortOne's. Both words for a telephone bill are taken.
var payMethods = map[string]string{
	"card": "CARD", "virtual_account": virtualAccount, "transfer": "TRANSFER", "phone": "MOBILE", "mobile": "MOBILE", "easy_pay": "EASY_PAY",
}

const virtualAccount = "VIRTUAL_ACCOUNT"
