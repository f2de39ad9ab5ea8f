package bootpay

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// key is a credential under the name that the browser script has for it.
type key struct{ name, value string }

// keys are a channel's credentials.
type keys struct {
	browser                 key
	client, secret          string // of the newer kind, used on every call
	application, privateKey string // of the older kind, traded for a token
}

// readKeys reads the credentials and says which one is missing.
func readKeys(c *payments.Channel) (keys, error) {
	get := func(name string) string { return strings.TrimSpace(c.Credentials[name]) }
	k := keys{client: get("client_key"), secret: get("secret_key"), application: get("application_id"), privateKey: get("private_key")}
	script := get("js_application_id")
	need := []key{{"client_key", k.client}, {"secret_key", k.secret}}
	k.browser = key{"client_key", k.client}
	if k.client == "" && k.secret == "" {
		need = []key{{"js_application_id", script}, {"application_id", k.application}, {"private_key", k.privateKey}}
		k.browser = key{"application_id", script}
	}
	for _, n := range need {
		if n.value == "" {
			return keys{}, fmt.Errorf("bootpay: %s is missing: give client_key and secret_key, or js_application_id, application_id and private_key", n.name)
		}
		if !visible(n.value, 300) {
			return keys{}, fmt.Errorf("bootpay: %s holds a character that no key has", n.name)
		}
	}
	switch {
	case k.client == "" && script == k.application && c.Mode == registration.Live:
		return keys{}, errors.New("bootpay: js_application_id and application_id are the same: the first is the project's key for web, the second the one for REST")
	case k.client != "" && k.client == k.secret:
		return keys{}, errors.New("bootpay: client_key holds the secret key, which must never reach a browser")
	case strings.Contains(k.client, ":"):
		return keys{}, errors.New("bootpay: client_key holds a character that no key has")
	}
	return k, nil
}

// login is how the server's calls say who they are.
func (k keys) login(g *gateway) login {
	if k.client != "" {
		return basic{k.client, k.secret}
	}
	return newBearer(g, k.application, k.privateKey)
}

// methodWords are our names of methods and the script's.
var methodWords = map[string]string{"card": "card", "transfer": "bank", "mobile": "phone"}

// offer checks what the channel wants to sell with, and gives the script's words for its methods.
func offer(c *payments.Channel) (any, error) {
	if c.Currency != registration.KRW {
		return nil, fmt.Errorf("bootpay: currency must be KRW, not %q", c.Currency)
	}
	switch c.Cards {
	case "", "domestic", "any":
	case "overseas":
		return nil, errors.New("bootpay: cards must be domestic or any: Bootpay publishes no way to open a window for overseas cards")
	default:
		return nil, fmt.Errorf("bootpay: cards must be domestic or any, not %q", c.Cards)
	}
	var words []string
	for _, m := range c.Methods {
		word, ok := methodWords[m]
		if !ok {
			return nil, fmt.Errorf("bootpay: method must be card, transfer or mobile, not %q", m)
		}
		words = append(words, word)
	}
	switch len(words) {
	case 0:
		return "card", nil
	case 1:
		return words[0], nil
	}
	return words, nil
}

// addresses gives the API's scheme and host and the script's address; only a test channel may replace them.
func addresses(c *payments.Channel) (base, script string, err error) {
	base, script = defaultAPI, defaultScript
	if (c.APIURL != "" || c.ScriptURL != "") && c.Mode != registration.Test {
		return "", "", errors.New("bootpay: api_url and script_url are for test mode only")
	}
	if c.APIURL != "" {
		if base, err = ownHost("api_url", c.APIURL); err != nil {
			return "", "", err
		}
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

// ownHost parses an address that replaces scheme and host.
func ownHost(name, raw string) (string, error) {
	u, err := ownAddress(name, raw)
	if err != nil {
		return "", err
	}
	if (u.Path != "" && u.Path != "/") || u.RawQuery != "" {
		return "", fmt.Errorf("bootpay: %s replaces scheme and host only: leave the path out", name)
	}
	return u.Scheme + "://" + u.Host, nil
}

// ownAddress parses an address from the settings: https anywhere, or http on loopback.
func ownAddress(name, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("bootpay: %s must be an absolute address", name)
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u)) {
		return nil, fmt.Errorf("bootpay: %s must use https, or http on a loopback address", name)
	}
	return u, nil
}

// loopback reports whether an address stays on this machine.
func loopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || (ip != nil && ip.IsLoopback())
}
