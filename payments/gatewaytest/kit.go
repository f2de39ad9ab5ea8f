package gatewaytest

import (
	"net/http"
	"testing"

	"foyer/payments"
	"foyer/registration"
)

// Kit is what the suite has to know of one gateway beside its adapter: contracts that the sandbox has, and what a browser does.
type Kit struct {
	Gateway string // as in event files
	// Contract is a channel of the sandbox at base in test mode.
	Contract func(base string) payments.Channel
	// Others are further contracts that must take their Card: of another currency, of other keys.
	Others map[string]Other
	// Strange is a contract in whose windows money of the other mode is taken; nil when keys alone tell the modes apart.
	Strange func(base string) payments.Channel
	// Expiring is a contract whose calls need a token that runs out in half an hour; nil when no token is needed.
	Expiring func(base string) payments.Channel
	// Card is the button of a card that Contract approves.
	Card string
	// Window is what the gateway's script makes of a launch: the address of the window, or "" and the reason why none opens.
	Window func(p *Payer, l payments.Launch) (address, refused string)
	// Choose presses the button of a card in a window; nil presses it as the sandbox's own form does.
	Choose func(p *Payer, l payments.Launch, window, card string) Back
	// Tampered are the members of a launch's call that a payer may change: "amount", "currency" and "order", as paths with dots. What
	// is not there cannot be changed in a browser.
	Tampered map[string]string
	// Brought is the name of the return's parameter that holds the gateway's id.
	Brought string
	// Settles and Refunds tell whether a request to the gateway is the one that settles a payment or gives money back.
	Settles, Refunds func(*http.Request) bool
}

// Other is a contract with a card that it approves.
type Other struct {
	Contract func(base string) payments.Channel
	Card     string
}

// check is one case of the suite.
type check struct {
	name string
	// needs names what the gateway does not offer and the case needs, "" when it offers all.
	needs func(Kit, payments.Capabilities) string
	run   func(*till)
}

// Run runs the suite for an adapter. What the gateway does not offer passes as a sub-test whose name says so.
func Run(t *testing.T, adapter payments.Adapter, kit Kit) {
	t.Helper()
	g, err := adapter(kit.Channel(kit.Contract("http://127.0.0.1:9")), payments.NewTransport(callTime))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	caps := g.Capabilities()
	for _, cases := range [][]check{approving, windows, settling, strangers, refunding, notified} {
		for _, c := range cases {
			if c.needs != nil {
				if lacks := c.needs(kit, caps); lacks != "" {
					t.Run(c.name+" (not offered: "+lacks+")", func(*testing.T) {})
					continue
				}
			}
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.run(open(t, adapter, kit))
			})
		}
	}
}

// Channel completes a contract to the channel "main" of an event in test mode.
func (k Kit) Channel(c payments.Channel) payments.Channel {
	c.Key, c.Gateway, c.Mode = "main", k.Gateway, registration.Test
	return c
}

// offered names a capability that a case needs and that is not there.
func offered(has bool, name string) string {
	if has {
		return ""
	}
	return name
}
