package gatewaytest

import (
	"net/http"
	"net/url"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// Toss drives Toss Payments.
var Toss = Kit{
	Gateway: "toss", Card: "kr", Brought: "paymentKey",
	Contract: func(base string) payments.Channel { return tossContract(base, "kit", "domestic", registration.KRW) },
	Others: map[string]Other{
		"overseas cards in won": {func(base string) payments.Channel { return tossContract(base, "abroad", "overseas", registration.KRW) }, "visa"},
		"overseas in dollars":   {func(base string) payments.Channel { return tossContract(base, "usd", "overseas", registration.USD) }, "amex"},
		"any card":              {func(base string) payments.Channel { return tossContract(base, "any", "any", registration.KRW) }, "mastercard"},
	},
	Window:   tossWindow,
	Tampered: map[string]string{"amount": "amount.value", "currency": "amount.currency", "order": "orderId"},
	Settles:  func(r *http.Request) bool { return r.URL.Path == "/v1/payments/confirm" },
	Refunds:  func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/cancel") },
}

func tossContract(base, name, cards string, cur registration.Currency) payments.Channel {
	return payments.Channel{
		Currency: cur, Cards: cards, Methods: []string{"card"}, APIURL: base, ScriptURL: base + "/v2/standard",
		Credentials: map[string]string{"client_key": "test_ck_" + name, "secret_key": "test_sk_" + name},
	}
}

// tossWindow opens the window as the script would.
func tossWindow(p *Payer, l payments.Launch) (address, refused string) {
	q := url.Values{
		"clientKey": {Read(l, "clientKey")}, "customerKey": {Read(l, "customerKey")}, "method": {Read(l, "method")},
		"currency": {Read(l, "amount.currency")}, "value": {Read(l, "amount.value")}, "orderId": {Read(l, "orderId")},
		"orderName": {Read(l, "orderName")}, "successUrl": {Read(l, "successUrl")}, "failUrl": {Read(l, "failUrl")},
		"language": {Read(l, "card.language")}, "useInternationalCardOnly": {Read(l, "card.useInternationalCardOnly")},
	}
	page := p.Get(p.Base + "/toss/window?" + q.Encode())
	return page.Location, string(page.Body)
}
