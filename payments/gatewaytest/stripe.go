package gatewaytest

import (
	"net/http"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// Stripe drives Stripe. Its launch is the address of a page at Stripe: nothing in it can be changed.
var Stripe = Kit{
	Gateway: "stripe", Card: "visa", Brought: "session_id",
	Contract: func(base string) payments.Channel { return stripeContract(base, registration.KRW) },
	Others: map[string]Other{
		"dollars": {func(base string) payments.Channel { return stripeContract(base, registration.USD) }, "mastercard"},
	},
	Window:  func(_ *Payer, l payments.Launch) (address, refused string) { return l.Href, "" },
	Settles: func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/v1/checkout/sessions/") },
	Refunds: func(r *http.Request) bool { return r.Method == http.MethodPost && r.URL.Path == "/v1/refunds" },
}

func stripeContract(base string, cur registration.Currency) payments.Channel {
	return payments.Channel{
		Currency: cur, Cards: "overseas", Methods: []string{"card"}, APIURL: base,
		Credentials: map[string]string{"secret_key": "sk_test_kit", "webhook_secret": "whsec_kit"},
	}
}
