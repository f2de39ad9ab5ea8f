package portonev2_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/portonev2"
	"foyer/registration"
)

func TestNewSaysWhichSettingDoesNotFit(t *testing.T) {
	key := func(name, value string) func(*payments.Channel) {
		return func(c *payments.Channel) {
			c.Credentials = maps.Clone(c.Credentials)
			c.Credentials[name] = value
		}
	}
	tests := map[string]struct {
		change func(*payments.Channel)
		want   string
	}{
		"no store":                  {key("store_id", ""), "store_id is missing"},
		"a channel key as store":    {key("store_id", "channel-key-1"), "store_id is no store"},
		"no channel key":            {key("channel_key", " "), "channel_key is missing"},
		"a store as channel key":    {key("channel_key", "store-1"), "channel_key is no channel"},
		"no secret":                 {key("api_secret", ""), "api_secret is missing"},
		"webhook secret as secret":  {key("api_secret", "whsec_abcd"), "api_secret holds a webhook secret"},
		"a secret of two lines":     {key("api_secret", "x\ny"), "api_secret holds a character"},
		"no webhook secret":         {key("webhook_secret", ""), "webhook_secret is missing"},
		"only commas":               {key("webhook_secret", " , ,"), "webhook_secret is missing"},
		"webhook secret not base64": {key("webhook_secret", "whsec_c2Vj,whsec_***"), "webhook_secret is no webhook secret"},
		"no mode":                   {func(c *payments.Channel) { c.Mode = "" }, "mode must be test or live"},
		"a currency of elsewhere":   {func(c *payments.Channel) { c.Currency = "XAU" }, "currency"},
		"unknown cards":             {func(c *payments.Channel) { c.Cards = "all" }, "cards must be"},
		"a method that is not here": {func(c *payments.Channel) { c.Methods = []string{"gift_card"} }, "method must be"},
		"two methods":               {func(c *payments.Channel) { c.Methods = []string{"card", "transfer"} }, "one method"},
		"own address when live":     {func(c *payments.Channel) { c.Mode = registration.Live }, "test mode only"},
		"plain http":                {func(c *payments.Channel) { c.APIURL = "http://pay.example.org" }, "https"},
		"a path":                    {func(c *payments.Channel) { c.APIURL = "https://pay.example.org/v2" }, "leave the path out"},
		"script without a host":     {func(c *payments.Channel) { c.ScriptURL = "/sdk.js" }, "absolute"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := channel("http://127.0.0.1:1")
			tc.change(&c)
			_, err := portonev2.New(c, payments.NewTransport(time.Second))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			for _, quoted := range []string{"portone-test-demo", "c2Vj", "abcd", "x\ny"} {
				if strings.Contains(err.Error(), quoted) {
					t.Errorf("the error quotes a secret: %v", err)
				}
			}
		})
	}
}

func TestCapabilities(t *testing.T) {
	g := connect(t, channel("http://127.0.0.1:1"))
	caps := g.Capabilities()
	if caps.TwoStep || !caps.PartialRefund || !caps.Inquiry || !caps.SignedWebhooks || caps.Fallback {
		t.Errorf("capabilities %+v", caps)
	}
	if caps.Minimum != won(100) || caps.LastConfirm != time.Hour {
		t.Errorf("minimum %v, last confirm %v", caps.Minimum, caps.LastConfirm)
	}
	other := channel("http://127.0.0.1:1")
	other.Credentials = maps.Clone(other.Credentials)
	other.Credentials["channel_key"] = "channel-key-test-demo-overseas"
	other.Currency = registration.USD
	sister := connect(t, other).Capabilities()
	if sister.Merchant != caps.Merchant || sister.Minimum.Minor != 0 {
		t.Errorf("two channels of one store: %+v and %+v", caps, sister)
	}
	other.Credentials["store_id"] = "store-test-other"
	if connect(t, other).Capabilities().Merchant == caps.Merchant {
		t.Error("two stores are one merchant")
	}
}

func TestHostsOfTheRealScriptAndOfAStandIn(t *testing.T) {
	c := channel("")
	if h := connect(t, c).Capabilities().Hosts; len(h.Script) == 0 || h.Script[0] != "https://cdn.portone.io" || len(h.Connect) == 0 || len(h.Frame) == 0 {
		t.Errorf("hosts %+v", h)
	}
	c.ScriptURL = "http://127.0.0.1:9100/v2/browser-sdk.js"
	h := connect(t, c).Capabilities().Hosts
	for _, list := range [][]string{h.Script, h.Connect, h.Frame, h.Form} {
		if len(list) != 1 || list[0] != "http://127.0.0.1:9100" {
			t.Errorf("hosts of a stand-in %+v", h)
		}
	}
}
