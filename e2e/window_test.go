package e2e

import (
	"net/http"
	"net/url"
	"strings"
)

// window is a payer in the sandbox's payment window without a browser: it opens the window as the gateway's script would and presses
// the button of a test card. It gives the address to which the gateway sends the browser back, "" when it sends it nowhere.
func (c *script) window(l launch, card string) string {
	c.t.Helper()
	q := url.Values{
		"clientKey": {l.Call.ClientKey}, "customerKey": {l.Call.CustomerKey}, "method": {l.Call.Method}, "orderId": {l.Call.OrderID},
		"orderName": {l.Call.OrderName}, "successUrl": {l.Call.SuccessURL}, "failUrl": {l.Call.FailURL},
		"currency": {l.Call.Amount.Currency}, "value": {l.Call.Amount.Value.String()},
	}
	if strings.Contains(l.Call.ClientKey, "usd") {
		q.Set("useInternationalCardOnly", "true")
	}
	p := c.get(c.site.gateway.url + "/toss/window?" + q.Encode())
	for p.status/100 == 3 {
		p = c.get(resolve(c.site.gateway.url, p.location))
	}
	action, values := c.form(p, "main", map[string]string{"card": card})
	after := c.post(resolve(c.site.gateway.url, action), values)
	if after.status == http.StatusOK {
		return ""
	}
	if after.location == "" {
		c.t.Fatalf("window answered %d\n%s", after.status, after.html)
	}
	return after.location
}

func resolve(base, ref string) string {
	if strings.HasPrefix(ref, "http") {
		return ref
	}
	return base + ref
}

// pay goes the whole way through a channel with a card and follows the return.
func (c *script) pay(order, channel, card string) page {
	c.t.Helper()
	_, l := c.choose(order, channel)
	back := c.window(l, card)
	if back == "" {
		return page{}
	}
	return c.get(back)
}
