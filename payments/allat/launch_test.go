package allat_test

import (
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/allat"
	"foyer/registration"
)

func TestWhatTheWindowIsGiven(t *testing.T) {
	g := connect(t, channel("http://127.0.0.1:9100"))
	a := attempt("LAUNCH000000000000000000001")
	a.Payer.Name = "José \"Pepe\" Müller-Lüdenscheidt 김"
	a.OrderName = strings.Repeat("학술대회 ", 100)
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	f := l.Call["fields"].(map[string]string)
	for name, want := range map[string]string{
		"allat_shop_id": "allat_demo", "allat_order_no": a.OrderNo, "allat_amt": "150000", "allat_pmember_id": a.OrderNo[:20],
		"allat_buyer_nm": "Jose Pepe Muller-Lud", "shop_receive_url": a.Receive, "allat_enc_data": "", "allat_test_yn": "Y",
		"allat_card_yn": "Y", "allat_vbank_yn": "N", "allat_hp_yn": "N", "allat_email_addr": "gildong@example.org",
	} {
		if f[name] != want {
			t.Errorf("%s is %q, want %q", name, f[name], want)
		}
	}
	if !l.Classic || l.Script != "https://tx.allatpay.com/common/NonAllatPayRE.js" || l.Phone != "https://tx.allatpay.com/common/AllatPayM.js" {
		t.Errorf("scripts %+v", l)
	}
	for name, value := range f {
		if strings.Contains(value, "allat_key_demo") {
			t.Errorf("%s holds the cross key", name)
		}
	}
	if h := g.Capabilities().Hosts; h.Script[0] != "https://tx.allatpay.com" || h.Frame[0] != "'self'" || h.Form[0] != "https://tx.allatpay.com" {
		t.Errorf("hosts %+v", h)
	}
	abroad := channel("http://127.0.0.1:9100")
	abroad.Currency, abroad.Cards = registration.USD, "overseas"
	a.Amount = cents(12000)
	if l, err = connect(t, abroad).Begin(t.Context(), a); err != nil {
		t.Fatalf("begin in dollars: %v", err)
	}
	f = l.Call["fields"].(map[string]string)
	if f["allat_amt"] != "12000" || f["allat_company_url"] != "https://register.example.org" || f["allat_company_nm"] == "" || !strings.HasSuffix(l.Script, "/common/AllatPayEN.js") || l.Phone != "" {
		t.Errorf("in dollars: %+v", l)
	}
}

func TestWhatCannotBegin(t *testing.T) {
	g := connect(t, channel("http://127.0.0.1:9100"))
	for name, change := range map[string]func(*payments.Attempt){
		"another currency":             func(a *payments.Attempt) { a.Amount = cents(100) },
		"nothing to pay":               func(a *payments.Attempt) { a.Amount.Minor = 0 },
		"more than ten digits":         func(a *payments.Attempt) { a.Amount.Minor = 10_000_000_000 },
		"an odd order number":          func(a *payments.Attempt) { a.OrderNo = "A B 'C'" },
		"no script":                    func(a *payments.Attempt) { a.NoScript = true },
		"a receive address too long":   func(a *payments.Attempt) { a.Receive = "https://x.example/" + strings.Repeat("a", 120) },
		"a method that is not Allat's": func(a *payments.Attempt) { a.Method = payments.MethodPayPal },
	} {
		a := attempt("LAUNCH0002")
		change(&a)
		if l, err := g.Begin(t.Context(), a); err == nil {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestSettingsThatDoNotFit(t *testing.T) {
	for name, change := range map[string]func(*payments.Channel){
		"shop_id":   func(c *payments.Channel) { c.Credentials["shop_id"] = "" },
		"cross_key": func(c *payments.Channel) { delete(c.Credentials, "cross_key") },
		"never reach a browser": func(c *payments.Channel) {
			c.Credentials["shop_id"] = "secretsecret"
			c.Credentials["cross_key"] = "secretsecret"
		},
		"shop_id must have":      func(c *payments.Channel) { c.Credentials["shop_id"] = "a shop" },
		"currency must be":       func(c *payments.Channel) { c.Currency = registration.EUR },
		"cards must be domestic": func(c *payments.Channel) { c.Cards = "overseas" },
		"method must be":         func(c *payments.Channel) { c.Methods = []string{"paypal"} },
		"the overseas contract has cards": func(c *payments.Channel) {
			c.Currency, c.Cards, c.Methods = registration.USD, "any", []string{"virtual_account"}
		},
		"test mode only": func(c *payments.Channel) { c.Mode = registration.Live },
		"https":          func(c *payments.Channel) { c.APIURL = "http://tx.example.org" },
		"path out":       func(c *payments.Channel) { c.APIURL = "https://tx.example.org/x" },
		"mode":           func(c *payments.Channel) { c.Mode = "" },
	} {
		c := channel("http://127.0.0.1:9100")
		change(&c)
		_, err := allat.New(c, payments.NewTransport(1))
		if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "allat_key_demo") || strings.Contains(err.Error(), "secretsecret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
