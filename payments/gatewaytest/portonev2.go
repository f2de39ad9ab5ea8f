package gatewaytest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// PortoneV2 drives PortOne V2.
var PortoneV2 = Kit{
	Gateway: "portonev2", Card: "kr", Brought: "paymentId",
	Contract: func(base string) payments.Channel { return portoneV2Contract(base, "", "domestic", registration.KRW) },
	Others: map[string]Other{
		"any card":            {func(base string) payments.Channel { return portoneV2Contract(base, "-any", "any", registration.KRW) }, "jcb"},
		"overseas in dollars": {func(base string) payments.Channel { return portoneV2Contract(base, "", "overseas", registration.USD) }, "visa"},
	},
	Strange: func(base string) payments.Channel {
		return portoneV2Contract(base, "-live", "domestic", registration.KRW)
	},
	Window:   portoneV2Window,
	Tampered: map[string]string{"amount": "totalAmount", "currency": "currency", "order": "paymentId"},
	Settles: func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/payments/")
	},
	Refunds: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/cancel") },
}

func portoneV2Contract(base, kind, cards string, cur registration.Currency) payments.Channel {
	const name = "kit"
	secret, _, _ := sandbox.PortoneV2WebhookSecrets("store-test-" + name)
	return payments.Channel{
		Currency: cur, Cards: cards, Methods: []string{"card"}, APIURL: base, ScriptURL: base + "/v2/browser-sdk.js",
		Credentials: map[string]string{
			"store_id": "store-test-" + name, "channel_key": "channel-key-test-" + name + kind, "api_secret": "portone-test-" + name,
			"webhook_secret": secret,
		},
	}
}

// portoneV2Window asks for a window as the script does.
func portoneV2Window(p *Payer, l payments.Launch) (address, refused string) {
	p.T.Helper()
	raw, err := json.Marshal(l.Call)
	if err != nil {
		p.T.Fatalf("write call: %v", err)
	}
	var said struct{ Window, Code string }
	page := p.Get(p.Base + "/portonev2/prepare?request=" + url.QueryEscape(string(raw)))
	if err := json.Unmarshal(page.Body, &said); err != nil {
		p.T.Fatalf("read %s: %v", page.Body, err)
	}
	return said.Window, said.Code
}
