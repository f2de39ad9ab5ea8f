package stripe

import (
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// secretKey reads the channel's API key, a secret or a restricted one, and checks that it is of the channel's mode.
func secretKey(c *payments.Channel) (string, error) {
	if c.Mode != registration.Test && c.Mode != registration.Live {
		return "", fmt.Errorf("stripe: mode must be test or live, not %q", c.Mode)
	}
	key := strings.TrimSpace(c.Credentials["secret_key"])
	want := fmt.Sprintf("sk_%s_…", c.Mode)
	kind, rest, _ := strings.Cut(key, "_")
	mode, tail, _ := strings.Cut(rest, "_")
	switch {
	case key == "":
		return "", fmt.Errorf("stripe: secret_key is missing: expected an API key that begins with %s", want)
	case kind == "pk":
		return "", fmt.Errorf("stripe: secret_key holds a publishable key: expected the secret key, it begins with %s", want)
	case kind == "whsec":
		return "", fmt.Errorf("stripe: secret_key holds a webhook's secret: expected the secret key, it begins with %s", want)
	case (kind != "sk" && kind != "rk") || (mode != string(registration.Test) && mode != string(registration.Live)) || tail == "":
		return "", fmt.Errorf("stripe: secret_key is no Stripe key: expected one that begins with %s", want)
	case mode != string(c.Mode):
		return "", fmt.Errorf("stripe: secret_key is a %s key, but the channel's mode is %s: expected %s", mode, c.Mode, want)
	case !payments.Plain(key, 300):
		return "", errors.New("stripe: secret_key holds a character that no key has")
	}
	return key, nil
}

// webhookSecrets reads the signing secrets of the webhook endpoint: one, or several while the secret is being replaced.
func webhookSecrets(c *payments.Channel) ([]string, error) {
	var all []string
	for _, s := range strings.Split(c.Credentials["webhook_secret"], ",") {
		s = strings.TrimSpace(s)
		tail, ok := strings.CutPrefix(s, "whsec_")
		switch {
		case s == "":
			continue
		case !ok || tail == "" || !payments.Plain(s, 300):
			return nil, errors.New("stripe: webhook_secret is no signing secret of an endpoint: expected one that begins with whsec_…")
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		return nil, errors.New("stripe: webhook_secret is missing: expected the endpoint's signing secret, it begins with whsec_…")
	}
	return all, nil
}

// offer checks what the channel wants to sell with.
func offer(c *payments.Channel) error {
	if _, ok := minimums[c.Currency]; !ok {
		return fmt.Errorf("stripe: currency must be KRW, USD, EUR or JPY, not %q", c.Currency)
	}
	switch c.Cards {
	case "", "overseas", "any":
	case "domestic":
		return errors.New("stripe: cards must be overseas or any: Stripe offers no acceptance of Korean domestic cards alone")
	default:
		return fmt.Errorf("stripe: cards must be overseas or any, not %q", c.Cards)
	}
	for _, m := range c.Methods {
		if m != "card" {
			return fmt.Errorf("stripe: method must be card, not %q", m)
		}
	}
	return nil
}
