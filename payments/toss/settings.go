package toss

import (
	"errors"
	"fmt"
	"net"
	"net/url"
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

// addresses gives the API's scheme and host and the script's address; only a test channel may replace them.
func addresses(c *payments.Channel) (base, script string, err error) {
	base, script = defaultAPI, defaultScript
	if (c.APIURL != "" || c.ScriptURL != "") && c.Mode != registration.Test {
		return "", "", errors.New("toss: api_url and script_url are for test mode only")
	}
	if c.APIURL != "" {
		u, err := ownAddress("api_url", c.APIURL)
		if err != nil {
			return "", "", err
		}
		if (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
			return "", "", errors.New("toss: api_url replaces scheme and host only: leave the path out")
		}
		base = u.Scheme + "://" + u.Host
	}
	if c.ScriptURL != "" {
		u, err := ownAddress("script_url", c.ScriptURL)
		if err != nil {
			return "", "", err
		}
		script = u.String()
	}
	return base, script, nil
}

// ownAddress parses an address from the event file: https anywhere, or http on loopback.
func ownAddress(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("toss: %s must be an absolute address", name)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u)) {
		return nil, fmt.Errorf("toss: %s must use https, or http on a loopback address", name)
	}
	return u, nil
}

// loopback reports whether an address stays on this machine.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}

// origin is an address's scheme and host.
func origin(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
