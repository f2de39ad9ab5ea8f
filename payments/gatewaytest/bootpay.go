package gatewaytest

import (
	"net/http"
	"net/url"

	"foyer/payments"
	"foyer/registration"
)

// Bootpay drives Bootpay.
var Bootpay = Kit{
	Gateway: "bootpay", Card: "kr", Brought: "receipt_id",
	Contract: func(base string) payments.Channel { return bootpayContract(base, "kit", "domestic") },
	Others: map[string]Other{
		"older keys": {bootpayOlder, "kr"},
	},
	Strange:  func(base string) payments.Channel { return bootpayContract(base, "live", "domestic") },
	Expiring: bootpayOlder,
	Window:   bootpayWindow,
	Tampered: map[string]string{"amount": "price", "order": "order_id"},
	Settles:  func(r *http.Request) bool { return r.URL.Path == "/v2/confirm" },
	Refunds:  func(r *http.Request) bool { return r.URL.Path == "/v2/cancel" },
}

func bootpayContract(base, name, cards string) payments.Channel {
	return payments.Channel{
		Currency: registration.KRW, Cards: cards, Methods: []string{"card"}, APIURL: base, ScriptURL: base + "/bootpay-5.3.0.min.js",
		Credentials: map[string]string{"client_key": "bootpay_ck_" + name, "secret_key": "bootpay_sk_" + name},
	}
}

func bootpayOlder(base string) payments.Channel {
	c := bootpayContract(base, "", "domestic")
	c.Credentials = map[string]string{
		"js_application_id": "bootpay_js_older", "application_id": "bootpay_rest_older", "private_key": "bootpay_private_older",
	}
	return c
}

// bootpayWindow opens the window as the script would.
func bootpayWindow(p *Payer, l payments.Launch) (address, refused string) {
	q := url.Values{
		"price": {Read(l, "price")}, "order_id": {Read(l, "order_id")}, "order_name": {Read(l, "order_name")},
		"redirect_url": {Read(l, "redirect_url")}, "locale": {Read(l, "locale")},
		"separately_confirmed": {Read(l, "extra.separately_confirmed")}, "timeout": {Read(l, "extra.timeout")},
		"common_event_webhook": {Read(l, "extra.common_event_webhook")},
	}
	for _, key := range []string{"client_key", "application_id"} {
		if v := Read(l, key); v != "" {
			q.Set(key, v)
		}
	}
	page := p.Get(p.Base + "/bootpay/window?" + q.Encode())
	return page.Location, string(page.Body)
}
