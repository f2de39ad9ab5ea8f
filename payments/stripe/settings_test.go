package stripe_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/stripe"
	"foyer/registration"
)

func TestNewChecksKeysAndSettings(t *testing.T) {
	key := func(k string) func(*payments.Channel) {
		return func(c *payments.Channel) { c.Credentials["secret_key"] = k }
	}
	hook := func(k string) func(*payments.Channel) {
		return func(c *payments.Channel) { c.Credentials["webhook_secret"] = k }
	}
	tests := map[string]struct {
		change func(*payments.Channel)
		want   string // part of the error; "" when it is fine
	}{
		"a test key":                   {func(*payments.Channel) {}, ""},
		"a restricted key":             {key("rk_test_demo"), ""},
		"white space around a key":     {key(" sk_test_demo\n"), ""},
		"two webhook secrets":          {hook("whsec_a, whsec_b"), ""},
		"dollars":                      {func(c *payments.Channel) { c.Currency = registration.USD }, ""},
		"any cards":                    {func(c *payments.Channel) { c.Cards = "any" }, ""},
		"live key in a live channel":   {live, ""},
		"no key":                       {key(""), "secret_key is missing"},
		"no webhook secret":            {hook(""), "webhook_secret is missing"},
		"commas for a webhook secret":  {hook(" , "), "webhook_secret is missing"},
		"key as a webhook secret":      {hook("sk_test_SECRET"), "no signing secret"},
		"one good and one bad secret":  {hook("whsec_a,SECRET"), "no signing secret"},
		"empty webhook secret":         {hook("whsec_"), "no signing secret"},
		"test key in a live channel":   {func(c *payments.Channel) { c.Mode = registration.Live; c.APIURL = "" }, "is a test key"},
		"live key in a test channel":   {key("sk_live_SECRET"), "is a live key"},
		"live restricted key in test":  {key("rk_live_SECRET"), "is a live key"},
		"publishable key":              {key("pk_test_SECRET"), "publishable"},
		"webhook secret as the key":    {key("whsec_SECRET"), "webhook's secret"},
		"no key of this gateway":       {key("test_sk_SECRET"), "begins with sk_test_"},
		"a mode that is none":          {key("sk_prod_SECRET"), "no Stripe key"},
		"key without a tail":           {key("sk_test_"), "no Stripe key"},
		"key with a line break":        {key("sk_test_SEC\nRET"), "character"},
		"no mode":                      {func(c *payments.Channel) { c.Mode = "" }, "mode must be"},
		"a currency nobody knows":      {func(c *payments.Channel) { c.Currency = "BHD" }, "currency must be"},
		"domestic cards":               {func(c *payments.Channel) { c.Cards = "domestic" }, "cards must be overseas or any"},
		"unknown cards":                {func(c *payments.Channel) { c.Cards = "gold" }, "cards must be"},
		"a method that is not offered": {func(c *payments.Channel) { c.Methods = []string{"card", "virtual_account"} }, "method must be card"},
		"plain http elsewhere":         {func(c *payments.Channel) { c.APIURL = "http://gateway.example.org" }, "must use https"},
		"api_url with a path":          {func(c *payments.Channel) { c.APIURL = "https://gateway.example.org/v1" }, "leave the path out"},
		"api_url that is no address":   {func(c *payments.Channel) { c.APIURL = "127.0.0.1:9100" }, "absolute address"},
		"api_url in a live channel":    {func(c *payments.Channel) { live(c); c.APIURL = "https://gateway.example.org" }, "test mode only"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := channel("http://127.0.0.1:9100")
			tc.change(&c)
			g, err := stripe.New(c, http.DefaultClient)
			switch {
			case tc.want == "" && (err != nil || g == nil):
				t.Fatalf("New: %v", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Fatalf("New: %v, want an error with %q", err, tc.want)
			case err != nil && (strings.Contains(err.Error(), "SEC") || strings.Contains(err.Error(), "_demo")):
				t.Errorf("the error quotes a key: %v", err)
			}
		})
	}
	if _, err := stripe.New(channel(""), nil); err == nil {
		t.Error("made a gateway without a transport")
	}
}

func live(c *payments.Channel) {
	c.Mode, c.APIURL = registration.Live, ""
	c.Credentials = map[string]string{"secret_key": "sk_live_a", "webhook_secret": "whsec_test"}
}

func TestCapabilities(t *testing.T) {
	c := channel("")
	won := connect(t, c).Capabilities()
	if won.TwoStep || !won.PartialRefund || !won.Inquiry || !won.SignedWebhooks || !won.Fallback {
		t.Errorf("wrong abilities: %+v", won)
	}
	if won.LastConfirm < 35*time.Minute || won.Minimum != (registration.Money{Minor: 1000, Cur: registration.KRW}) {
		t.Errorf("last confirm %v, minimum %v", won.LastConfirm, won.Minimum)
	}
	if h := won.Hosts; len(h.Script)+len(h.Connect)+len(h.Frame)+len(h.Form) != 0 {
		t.Errorf("hosts %+v", h)
	}
	if again := connect(t, c).Capabilities(); again.Merchant != won.Merchant || strings.Contains(won.Merchant, "demo") {
		t.Errorf("merchant %q, then %q", won.Merchant, again.Merchant)
	}
	c.Currency, c.Credentials["secret_key"] = registration.USD, "sk_test_other"
	abroad := connect(t, c).Capabilities()
	if abroad.Minimum != (registration.Money{Minor: 50, Cur: registration.USD}) || abroad.Merchant == won.Merchant {
		t.Errorf("minimum %v, merchant %q and %q", abroad.Minimum, abroad.Merchant, won.Merchant)
	}
}
