package portonev1_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/portonev1"
	"foyer/registration"
)

func TestNewSaysWhichSettingDoesNotFit(t *testing.T) {
	key := func(name, value string) func(*payments.Channel) {
		return func(c *payments.Channel) {
			c.Credentials = maps.Clone(c.Credentials)
			c.Credentials[name] = value
		}
	}
	sells := func(pg string, cur registration.Currency, methods ...string) func(*payments.Channel) {
		return func(c *payments.Channel) { c.PG, c.Currency, c.Methods = pg, cur, methods }
	}
	tests := map[string]struct {
		change func(*payments.Channel)
		want   string
	}{
		"no code":                   {key("imp_code", ""), "imp_code is missing"},
		"a store of V2":             {key("imp_code", "store-1"), "imp_code is no shop"},
		"no key":                    {key("imp_key", ""), "imp_key is missing"},
		"no secret":                 {key("imp_secret", " "), "imp_secret is missing"},
		"a secret of two lines":     {key("imp_secret", "hu\nsh"), "holds a character"},
		"no channel key":            {key("channel_key", "hush"), "channel_key is no channel"},
		"no company":                {func(c *payments.Channel) { c.PG = "k c p" }, "pg must be"},
		"no mode":                   {func(c *payments.Channel) { c.Mode = "" }, "mode must be test or live"},
		"a currency of elsewhere":   {func(c *payments.Channel) { c.Currency = "XAU" }, "currency"},
		"unknown cards":             {func(c *payments.Channel) { c.Cards = "all" }, "cards must be"},
		"a method that is not here": {sells("kcp", "KRW", "on_site"), "method must be"},
		"a wallet of no company":    {sells("kcp", "KRW", "easy_pay"), "needs pg kakaopay"},
		"PayPal in won":             {sells("paypal_v2", "KRW", "paypal"), "does not take KRW"},
		"PayPal with cards":         {sells("paypal_v2", "USD", "card"), "takes paypal only"},
		"KakaoPay in dollars":       {sells("kakaopay", "USD", "easy_pay"), "does not take USD"},
		"KakaoPay with an account":  {sells("kakaopay", "KRW", "virtual_account"), "takes easy_pay only"},
		"an account in dollars":     {sells("kcp", "USD", "virtual_account"), "takes KRW only"},
		"a word for two methods":    {func(c *payments.Channel) { c.PayMethod, c.Methods = "samsung", []string{"card", "phone"} }, "pay_method is one word"},
		"own address when live":     {func(c *payments.Channel) { c.Mode = registration.Live }, "test mode only"},
		"plain http":                {func(c *payments.Channel) { c.APIURL = "http://pay.example.org" }, "https"},
		"a path":                    {func(c *payments.Channel) { c.APIURL = "https://pay.example.org/v1" }, "leave the path out"},
		"script without a host":     {func(c *payments.Channel) { c.ScriptURL = "/iamport.js" }, "absolute"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := channel("http://127.0.0.1:1")
			tc.change(&c)
			_, err := portonev1.New(c, payments.NewTransport(time.Second))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("error %v, want %q", err, tc.want)
			}
			for _, quoted := range []string{"imp-key-test-demo", "imp-secret-test-demo", "hush", "hu\nsh"} {
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
	if caps.TwoStep || !caps.PartialRefund || !caps.Inquiry || caps.SignedWebhooks || caps.Fallback || !caps.Reopens || !caps.Lists || caps.RefundAccount {
		t.Errorf("capabilities %+v", caps)
	}
	if caps.Minimum != won(1000) || caps.LastConfirm != time.Hour {
		t.Errorf("minimum %v, last confirm %v", caps.Minimum, caps.LastConfirm)
	}
	other := channel("http://127.0.0.1:1")
	other.PG, other.Methods = "kcp.T0000", []string{"card", "virtual_account"}
	sister := connect(t, other).Capabilities()
	if sister.Merchant != caps.Merchant || sister.Minimum != won(100) || !sister.RefundAccount {
		t.Errorf("two channels of one shop: %+v and %+v", caps, sister)
	}
	other.PG, other.Currency, other.Methods = "eximbay", registration.USD, nil
	if least := connect(t, other).Capabilities().Minimum; least != dollars(0) {
		t.Errorf("minimum %v", least)
	}
	other.Credentials = maps.Clone(other.Credentials)
	other.Credentials["imp_code"] = "imp-test-other"
	if connect(t, other).Capabilities().Merchant == caps.Merchant {
		t.Error("two shops are one merchant")
	}
}

func TestHostsOfTheRealScriptAndOfAStandIn(t *testing.T) {
	c := channel("")
	if h := connect(t, c).Capabilities().Hosts; len(h.Script) == 0 || h.Script[0] != "https://cdn.iamport.kr" || len(h.Connect) == 0 || len(h.Frame) == 0 {
		t.Errorf("hosts %+v", h)
	}
	c.ScriptURL = "http://127.0.0.1:9100/v1/iamport.js"
	h := connect(t, c).Capabilities().Hosts
	for _, list := range [][]string{h.Script, h.Connect, h.Frame, h.Form} {
		if len(list) != 1 || list[0] != "http://127.0.0.1:9100" {
			t.Errorf("hosts of a stand-in %+v", h)
		}
	}
}
