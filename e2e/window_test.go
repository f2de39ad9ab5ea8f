package e2e

import (
	"foyer/payments"
	"foyer/payments/gatewaytest"
)

// window is a payer in the sandbox's payment window without a browser: it opens the window as the gateway's script would and presses
// the button of a test card. It gives what the gateway sends the browser back with.
func (c *script) window(l payments.Launch, card string) gatewaytest.Back {
	c.t.Helper()
	return c.site.kit.Pay(&gatewaytest.Payer{T: c.t, Base: c.site.gateway.url}, l, card)
}

// bring is the browser on its way back from the gateway; one that was sent nowhere stays there.
func (c *script) bring(b gatewaytest.Back) page {
	c.t.Helper()
	switch {
	case b.To == "":
		return page{}
	case b.Form != nil:
		return c.post(b.To, b.Form)
	}
	return c.get(b.To)
}

// pay goes the whole way through a channel with a card and follows the return.
func (c *script) pay(order, channel, card string) page {
	c.t.Helper()
	_, l := c.choose(order, channel)
	return c.bring(c.window(l, card))
}
