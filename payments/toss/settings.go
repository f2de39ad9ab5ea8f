package toss

import (
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// keys reads the channel's two keys and checks that both are API keys of the channel's mode.
func keys(c *payments.Channel) (client, secret string, err error) {
	if c.Mode != registration.Test && c.Mode != registration.Live {
		return "", "", fmt.Errorf("toss: mode must be test or live, not %q", c.Mode)
	}
	client = strings.TrimSpace(c.Credentials["client_key"])
	secret = strings.TrimSpace(c.Credentials["secret_key"])
	if err := checkKey("client_key", client, "ck", c.Mode); err != nil {
		return "", "", err
	}
	return client, secret, checkKey("secret_key", secret, "sk", c.Mode)
}

// checkKey checks one key's shape, {mode}_{kind}_…, and says what was expected without quoting it.
func checkKey(name, key, kind string, mode registration.Mode) error {
	want := fmt.Sprintf("%s_%s_…", mode, kind)
	given, rest, _ := strings.Cut(key, "_")
	part, tail, _ := strings.Cut(rest, "_")
	switch {
	case key == "":
		return fmt.Errorf("toss: %s is missing: expected an API key that begins with %s", name, want)
	case given != string(registration.Test) && given != string(registration.Live):
		return fmt.Errorf("toss: %s is no Toss Payments key: expected one that begins with %s", name, want)
	case given != string(mode):
		return fmt.Errorf("toss: %s is a %s key, but the channel's mode is %s: expected %s", name, given, mode, want)
	case part == "gck" || part == "gsk":
		return fmt.Errorf("toss: %s belongs to the payment widget: take the API key from the developer centre, it begins with %s", name, want)
	case part == "ck" && kind == "sk":
		return fmt.Errorf("toss: %s holds a client key: expected the secret key, it begins with %s", name, want)
	case part == "sk" && kind == "ck":
		return fmt.Errorf("toss: %s holds a secret key, which must never reach a browser: expected %s", name, want)
	case part != kind || tail == "":
		return fmt.Errorf("toss: %s is no API key: expected one that begins with %s", name, want)
	case !plain(key, 300):
		return fmt.Errorf("toss: %s holds a character that no key has", name)
	}
	return nil
}

// offer checks what the channel wants to sell with.
func offer(c *payments.Channel) error {
	switch c.Currency {
	case registration.KRW, registration.USD, registration.JPY:
	default:
		return fmt.Errorf("toss: currency must be KRW, USD or JPY, not %q", c.Currency)
	}
	switch c.Cards {
	case "", "domestic", "overseas", "any":
	default:
		return fmt.Errorf("toss: cards must be domestic, overseas or any, not %q", c.Cards)
	}
	return checkMethods(c)
}
