package gatewaytest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// PortoneV1 drives PortOne V1.
var PortoneV1 = Kit{
	Gateway: "portonev1", Card: "kr", Brought: "imp_uid",
	Contract: func(base string) payments.Channel {
		return portoneV1Contract(base, "html5_inicis", "domestic", registration.KRW)
	},
	Others: map[string]Other{
		"stays paid after a part": {func(base string) payments.Channel {
			return portoneV1Contract(base, "kcp.keeps", "domestic", registration.KRW)
		}, "kr"},
		"any card": {func(base string) payments.Channel { return portoneV1Contract(base, "kcp.any", "any", registration.KRW) }, "jcb"},
		"overseas in dollars": {func(base string) payments.Channel {
			return portoneV1Contract(base, "eximbay", "overseas", registration.USD)
		}, "visa"},
	},
	Strange: func(base string) payments.Channel {
		return portoneV1Contract(base, "html5_inicis.live", "domestic", registration.KRW)
	},
	Expiring: func(base string) payments.Channel {
		return portoneV1Contract(base, "html5_inicis", "domestic", registration.KRW)
	},
	Window:   portoneV1Window,
	Tampered: map[string]string{"amount": "amount", "currency": "currency", "order": "merchant_uid"},
	Settles: func(r *http.Request) bool {
		return r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/payments/") && !strings.HasPrefix(r.URL.Path, "/payments/prepare/")
	},
	Refunds: func(r *http.Request) bool { return r.URL.Path == "/payments/cancel" },
}

func portoneV1Contract(base, pg, cards string, cur registration.Currency) payments.Channel {
	return payments.Channel{
		Currency: cur, Cards: cards, Methods: []string{"card"}, PG: pg, APIURL: base, ScriptURL: base + "/v1/iamport.js",
		Credentials: map[string]string{"imp_code": "imp-test-kit", "imp_key": "imp-key-test-kit", "imp_secret": "imp-secret-test-kit"},
	}
}

// portoneV1Window asks for a window as the script does on a telephone, where it leads away and back by redirect.
func portoneV1Window(p *Payer, l payments.Launch) (address, refused string) {
	p.T.Helper()
	raw, err := json.Marshal(l.Call)
	if err != nil {
		p.T.Fatalf("write call: %v", err)
	}
	var said struct {
		Window string
		Code   string `json:"error_code"`
	}
	page := p.Get(p.Base + "/portonev1/prepare?request=" + url.QueryEscape(string(raw)))
	if err := json.Unmarshal(page.Body, &said); err != nil {
		p.T.Fatalf("read %s: %v", page.Body, err)
	}
	return said.Window, said.Code
}
