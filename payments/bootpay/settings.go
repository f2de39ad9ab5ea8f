package bootpay

import (
	"errors"
	"fmt"
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
		if !payments.Visible(n.value, 300) {
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
