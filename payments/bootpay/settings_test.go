package bootpay_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/bootpay"
	"foyer/registration"
)

func TestNewChecksKeysAndSettings(t *testing.T) {
	del := func(names ...string) func(*payments.Channel) {
		return func(c *payments.Channel) {
			for _, n := range names {
				delete(c.Credentials, n)
			}
		}
	}
	tests := map[string]struct {
		change func(*payments.Channel)
		want   string // part of the error; "" when it is fine
	}{
		"both kinds of keys":        {func(*payments.Channel) {}, ""},
		"the newer kind":            {del("js_application_id", "application_id", "private_key"), ""},
		"the older kind":            {del("client_key", "secret_key"), ""},
		"white space around a key":  {func(c *payments.Channel) { c.Credentials["client_key"] = " ck\n" }, ""},
		"live":                      {func(c *payments.Channel) { c.Mode, c.APIURL = registration.Live, "" }, ""},
		"no methods, no cards":      {func(c *payments.Channel) { c.Methods, c.Cards = nil, "" }, ""},
		"all methods":               {func(c *payments.Channel) { c.Methods = []string{"card", "transfer", "mobile"} }, ""},
		"any cards":                 {func(c *payments.Channel) { c.Cards = "any" }, ""},
		"half of the newer kind":    {del("secret_key"), "secret_key is missing"},
		"the other half":            {del("client_key"), "client_key is missing"},
		"no key for web":            {del("client_key", "secret_key", "js_application_id"), "js_application_id is missing"},
		"no key for REST":           {del("client_key", "secret_key", "application_id"), "application_id is missing"},
		"no private key":            {del("client_key", "secret_key", "private_key"), "private_key is missing"},
		"nothing":                   {func(c *payments.Channel) { c.Credentials = nil }, "is missing"},
		"a key with a space":        {func(c *payments.Channel) { c.Credentials["secret_key"] = "SEC RET" }, "character"},
		"a client key with a colon": {func(c *payments.Channel) { c.Credentials["client_key"] = "SEC:RET" }, "character"},
		"the secret key twice":      {func(c *payments.Channel) { c.Credentials["client_key"] = c.Credentials["secret_key"] }, "must never reach a browser"},
		"live, one key for web + REST": {func(c *payments.Channel) {
			del("client_key", "secret_key")(c)
			live(c)
			c.Credentials["js_application_id"] = "SECRET-rest"
		}, "are the same"},
		"no mode":                      {func(c *payments.Channel) { c.Mode = "" }, "mode must be"},
		"dollars":                      {func(c *payments.Channel) { c.Currency = registration.USD }, "currency must be KRW"},
		"overseas cards":               {func(c *payments.Channel) { c.Cards = "overseas" }, "overseas"},
		"unknown cards":                {func(c *payments.Channel) { c.Cards = "gold" }, "cards must be"},
		"an account":                   {func(c *payments.Channel) { c.Methods = []string{"virtual_account"} }, "method must be"},
		"plain http elsewhere":         {func(c *payments.Channel) { c.APIURL = "http://gateway.example.org" }, "must use https"},
		"api_url with a path":          {func(c *payments.Channel) { c.APIURL = "https://gateway.example.org/v2" }, "leave the path out"},
		"api_url that is no address":   {func(c *payments.Channel) { c.APIURL = "127.0.0.1:9100" }, "absolute address"},
		"script_url over plain http":   {func(c *payments.Channel) { c.ScriptURL = "http://example.org/bootpay.js" }, "script_url must use https"},
		"api_url in a live channel":    {func(c *payments.Channel) { live(c); c.APIURL = "https://gateway.example.org" }, "test mode only"},
		"script_url in a live channel": {func(c *payments.Channel) { live(c); c.ScriptURL = "https://gateway.example.org/x" }, "test mode only"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := channel("http://127.0.0.1:9100")
			c.Credentials = map[string]string{
				"client_key": "SECRET-client", "secret_key": "SECRET-secret",
				"js_application_id": "SECRET-web", "application_id": "SECRET-rest", "private_key": "SECRET-private=",
			}
			tc.change(&c)
			g, err := bootpay.New(c, http.DefaultClient)
			switch {
			case tc.want == "" && (err != nil || g == nil):
				t.Fatalf("New: %v", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Fatalf("New: %v, want an error with %q", err, tc.want)
			case err != nil && strings.Contains(err.Error(), "SEC"):
				t.Errorf("the error quotes a key: %v", err)
			}
		})
	}
	if _, err := bootpay.New(channel(""), nil); err == nil {
		t.Error("made without a transport")
	}
}

func live(c *payments.Channel) { c.Mode, c.APIURL = registration.Live, "" }

func TestCapabilities(t *testing.T) {
	korea := connect(t, channel("")).Capabilities()
	if !korea.TwoStep || !korea.PartialRefund || !korea.Inquiry || korea.Fallback || korea.SignedWebhooks {
		t.Errorf("wrong abilities: %+v", korea)
	}
	if korea.LastConfirm != 40*time.Minute || korea.Minimum != won(100) {
		t.Errorf("last confirm %v, minimum %v", korea.LastConfirm, korea.Minimum)
	}
	if !slices.Contains(korea.Hosts.Script, "https://js.bootpay.co.kr") || !slices.Contains(korea.Hosts.Form, "https://*.bootpay.co.kr") {
		t.Errorf("hosts %+v", korea.Hosts)
	}
	c := older("")
	c.ScriptURL = "http://127.0.0.1:9100/bootpay-5.3.0.min.js"
	other := connect(t, c).Capabilities()
	if other.Merchant == korea.Merchant || strings.Contains(other.Merchant, "rest_demo") {
		t.Errorf("merchants %q and %q", other.Merchant, korea.Merchant)
	}
	for _, list := range [][]string{other.Hosts.Script, other.Hosts.Connect, other.Hosts.Frame, other.Hosts.Form} {
		if !slices.Equal(list, []string{"http://127.0.0.1:9100"}) {
			t.Errorf("hosts of an own script: %+v", other.Hosts)
		}
	}
}

// begin gives the launch as a browser gets it: JSON.
func begin(t *testing.T, c payments.Channel, a payments.Attempt) string {
	t.Helper()
	l, err := connect(t, c).Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	raw, err := json.Marshal(l)
	if err != nil {
		t.Fatalf("write launch: %v", err)
	}
	return string(raw)
}

func TestBeginWritesTheScriptsCall(t *testing.T) {
	rest := `"extra":{"open_type":"redirect","redirect_url":"https://reg.example.org/pay/T/return","separately_confirmed":true,"timeout":30},` +
		`"locale":"ko","method":"card","order_id":"REG2026000123A1","order_name":"2026 가을 학술대회","price":150000,` +
		`"redirect_url":"https://reg.example.org/pay/T/return","user":{"email":"kim@example.org","username":"Kim"}}}`
	head := `{"gateway":"bootpay","script":"https://js.bootpay.co.kr/bootpay-5.3.0.min.js","order_no":"REG2026000123A1","call":{`
	if got, want := begin(t, channel(""), attempt()), head+`"client_key":"bootpay_ck_demo",`+rest; got != want {
		t.Errorf("launch\n%s\nwant\n%s", got, want)
	}
	if got, want := begin(t, older(""), attempt()), head+`"application_id":"bootpay_js_demo",`+rest; got != want {
		t.Errorf("launch\n%s\nwant\n%s", got, want)
	}
	c, a := channel(""), attempt()
	c.Methods, a.Lang, a.Payer, a.OrderName = []string{"card", "transfer"}, registration.English, registration.Person{}, "\n"
	got := begin(t, c, a)
	for _, part := range []string{`"method":["card","bank"]`, `"locale":"en"`, `"order_name":"REG2026000123A1"`} {
		if !strings.Contains(got, part) || strings.Contains(got, `"user"`) {
			t.Errorf("%s is missing, or a user is there, in %s", part, got)
		}
	}
}

func TestBeginRefusesWhatCannotBePaid(t *testing.T) {
	tests := map[string]func(*payments.Attempt){
		"another currency":   func(a *payments.Attempt) { a.Amount.Cur = registration.USD },
		"nothing to pay":     func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"short order number": func(a *payments.Attempt) { a.OrderNo = "a1" },
		"odd order number":   func(a *payments.Attempt) { a.OrderNo = "reg/2026/1" },
		"no way back":        func(a *payments.Attempt) { a.Return = "" },
		"without script":     func(a *payments.Attempt) { a.NoScript = true },
	}
	for name, change := range tests {
		a := attempt()
		change(&a)
		if l, err := connect(t, channel("")).Begin(t.Context(), a); err == nil {
			t.Errorf("%s: began: %+v", name, l)
		}
	}
}
