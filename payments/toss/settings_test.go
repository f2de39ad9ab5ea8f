package toss_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/toss"
	"foyer/registration"
)

func TestNewChecksKeysAndSettings(t *testing.T) {
	tests := map[string]struct {
		change func(*payments.Channel)
		want   string // part of the error; "" when it is fine
	}{
		"test keys with any suffix":    {func(*payments.Channel) {}, ""},
		"white space around a key":     {func(c *payments.Channel) { c.Credentials["client_key"] = " test_ck_demo\n" }, ""},
		"yen":                          {func(c *payments.Channel) { c.Currency = registration.JPY }, ""},
		"live keys in a live channel":  {live, ""},
		"no client key":                {func(c *payments.Channel) { delete(c.Credentials, "client_key") }, "client_key is missing"},
		"no secret key":                {func(c *payments.Channel) { delete(c.Credentials, "secret_key") }, "secret_key is missing"},
		"test key in a live channel":   {func(c *payments.Channel) { c.Mode = registration.Live; c.APIURL = "" }, "client_key is a test key"},
		"live key in a test channel":   {func(c *payments.Channel) { c.Credentials["secret_key"] = "live_sk_SECRET" }, "secret_key is a live key"},
		"widget client key":            {func(c *payments.Channel) { c.Credentials["client_key"] = "test_gck_SECRET" }, "payment widget"},
		"widget secret key":            {func(c *payments.Channel) { c.Credentials["secret_key"] = "test_gsk_SECRET" }, "payment widget"},
		"secret key in the browser":    {func(c *payments.Channel) { c.Credentials["client_key"] = "test_sk_SECRET" }, "must never reach a browser"},
		"client key as the secret":     {func(c *payments.Channel) { c.Credentials["secret_key"] = "test_ck_SECRET" }, "holds a client key"},
		"no key of this gateway":       {func(c *payments.Channel) { c.Credentials["secret_key"] = "sk_test_SECRET" }, "begins with test_sk_"},
		"another kind of key":          {func(c *payments.Channel) { c.Credentials["secret_key"] = "test_xx_SECRET" }, "no API key"},
		"key without a tail":           {func(c *payments.Channel) { c.Credentials["secret_key"] = "test_sk_" }, "no API key"},
		"key with a colon":             {func(c *payments.Channel) { c.Credentials["secret_key"] = "test_sk_SECRET:x" }, "character"},
		"no mode":                      {func(c *payments.Channel) { c.Mode = "" }, "mode must be"},
		"euro":                         {func(c *payments.Channel) { c.Currency = registration.EUR }, "currency must be"},
		"unknown cards":                {func(c *payments.Channel) { c.Cards = "gold" }, "cards must be"},
		"a method that is not offered": {func(c *payments.Channel) { c.Methods = []string{"card", "gift_card"} }, "method must be card"},
		"all methods in won":           {func(c *payments.Channel) { c.Methods = []string{"card", "virtual_account", "transfer", "phone"} }, ""},
		"PayPal in won":                {func(c *payments.Channel) { c.Methods = []string{"paypal"} }, "paypal takes USD only"},
		"PayPal in dollars":            {func(c *payments.Channel) { c.Methods, c.Currency = []string{"paypal"}, registration.USD }, ""},
		"an account in dollars":        {func(c *payments.Channel) { c.Methods, c.Currency = []string{"virtual_account"}, registration.USD }, "KRW only"},
		"plain http elsewhere":         {func(c *payments.Channel) { c.APIURL = "http://gateway.example.org" }, "must use https"},
		"api_url with a path":          {func(c *payments.Channel) { c.APIURL = "https://gateway.example.org/v1" }, "leave the path out"},
		"api_url that is no address":   {func(c *payments.Channel) { c.APIURL = "127.0.0.1:9100" }, "absolute address"},
		"script_url over plain http":   {func(c *payments.Channel) { c.ScriptURL = "http://example.org/v2/standard" }, "script_url must use https"},
		"api_url in a live channel":    {func(c *payments.Channel) { live(c); c.APIURL = "https://gateway.example.org" }, "test mode only"},
		"script_url in a live channel": {func(c *payments.Channel) { live(c); c.ScriptURL = "https://gateway.example.org/x" }, "test mode only"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := channel("http://127.0.0.1:9100")
			tc.change(&c)
			g, err := toss.New(c, http.DefaultClient)
			switch {
			case tc.want == "" && (err != nil || g == nil):
				t.Fatalf("New: %v", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Fatalf("New: %v, want an error with %q", err, tc.want)
			case err != nil && (strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "_demo")):
				t.Errorf("the error quotes a key: %v", err)
			}
		})
	}
}

func live(c *payments.Channel) {
	c.Mode, c.APIURL = registration.Live, ""
	c.Credentials = map[string]string{"client_key": "live_ck_a", "secret_key": "live_sk_a"}
}

func TestCapabilities(t *testing.T) {
	c := channel("")
	korea := connect(t, c).Capabilities()
	if !korea.TwoStep || !korea.PartialRefund || !korea.Inquiry || !korea.Fallback || korea.SignedWebhooks {
		t.Errorf("wrong abilities: %+v", korea)
	}
	if korea.LastConfirm != 40*time.Minute || korea.Minimum != (registration.Money{Minor: 100, Cur: registration.KRW}) {
		t.Errorf("last confirm %v, minimum %v", korea.LastConfirm, korea.Minimum)
	}
	if !slices.Contains(korea.Hosts.Script, "https://js.tosspayments.com") || len(korea.Hosts.Connect) == 0 {
		t.Errorf("hosts %+v", korea.Hosts)
	}
	c.Currency, c.ScriptURL = registration.USD, "http://127.0.0.1:9100/v2/standard"
	c.Credentials["client_key"] = "test_ck_other"
	abroad := connect(t, c).Capabilities()
	if abroad.Minimum.Minor != 0 || abroad.Merchant == korea.Merchant {
		t.Errorf("minimum %v, merchant %q and %q", abroad.Minimum, abroad.Merchant, korea.Merchant)
	}
	for _, list := range [][]string{abroad.Hosts.Script, abroad.Hosts.Connect, abroad.Hosts.Frame, abroad.Hosts.Form} {
		if !slices.Equal(list, []string{"http://127.0.0.1:9100"}) {
			t.Errorf("hosts of an own script: %+v", abroad.Hosts)
		}
	}
}
