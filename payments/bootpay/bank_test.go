package bootpay_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
)

// bank is the sandbox with a payer in front of it.
type bank struct {
	*sandbox.Sandbox
	url string
}

func openBank(t *testing.T, cfg sandbox.Config) *bank {
	t.Helper()
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatalf("open the sandbox: %v", err)
	}
	srv := httptest.NewServer(s.Handler())
	t.Cleanup(func() {
		srv.Close()
		if err := s.Close(); err != nil {
			t.Errorf("close the sandbox: %v", err)
		}
	})
	return &bank{Sandbox: s, url: srv.URL}
}

// contract is a channel of this sandbox, with the newer kind of keys.
func (b *bank) contract(name string) payments.Channel {
	c := channel(b.url)
	c.ScriptURL = b.url + "/bootpay-5.3.0.min.js"
	c.Credentials = map[string]string{"client_key": "bootpay_ck_" + name, "secret_key": "bootpay_sk_" + name}
	return c
}

// olderContract is the same with the older kind.
func (b *bank) olderContract(name string) payments.Channel {
	c := b.contract(name)
	c.Credentials = map[string]string{
		"js_application_id": "bootpay_js_" + name, "application_id": "bootpay_rest_" + name, "private_key": "bootpay_private_" + name,
	}
	return c
}

// fresh is a payment that nobody has begun.
func fresh(number string) payments.Attempt {
	a := attempt()
	a.OrderNo, a.GatewayID, a.Key = number, "", "KEY"+number
	return a
}

// windowQuery is what the script makes of a launch's call: it has passed through JSON, as in a browser.
func windowQuery(t *testing.T, l payments.Launch) url.Values {
	t.Helper()
	raw, err := json.Marshal(l.Call)
	if err != nil {
		t.Fatalf("write call: %v", err)
	}
	var call struct {
		ClientKey     string      `json:"client_key"`
		ApplicationID string      `json:"application_id"`
		Price         json.Number `json:"price"`
		OrderName     string      `json:"order_name"`
		OrderID       string      `json:"order_id"`
		Locale        string      `json:"locale"`
		RedirectURL   string      `json:"redirect_url"`
		Extra         struct {
			Separately bool `json:"separately_confirmed"`
			Timeout    int  `json:"timeout"`
		} `json:"extra"`
	}
	if err := json.Unmarshal(raw, &call); err != nil {
		t.Fatalf("read call: %v", err)
	}
	q := url.Values{
		"price": {call.Price.String()}, "order_id": {call.OrderID}, "order_name": {call.OrderName}, "redirect_url": {call.RedirectURL},
		"locale": {call.Locale}, "separately_confirmed": {fmt.Sprint(call.Extra.Separately)}, "timeout": {fmt.Sprint(call.Extra.Timeout)},
	}
	if call.ClientKey != "" {
		q.Set("client_key", call.ClientKey)
	} else {
		q.Set("application_id", call.ApplicationID)
	}
	return q
}

// walk leads the payer through a window with one choice, and gives what the browser brings back.
func (b *bank) walk(t *testing.T, g payments.Gateway, q url.Values, card string) (payments.Return, url.Values) {
	t.Helper()
	window := follow(t, http.MethodGet, b.url+"/bootpay/window?"+q.Encode(), nil)
	u, err := url.Parse(follow(t, http.MethodPost, window, url.Values{"card": {card}}))
	if err != nil {
		t.Fatalf("way back: %v", err)
	}
	r, err := g.ParseReturn(payments.Request{Method: http.MethodGet, Query: u.Query()})
	if err != nil {
		t.Fatalf("read return: %v", err)
	}
	return r, u.Query()
}

// follow sends one request and gives the absolute address that it is redirected to.
func follow(t *testing.T, method, address string, form url.Values) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := payments.NewTransport(5 * time.Second).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("read %s: %v, %v", address, err, cerr)
	}
	to, err := res.Location()
	if err != nil {
		t.Fatalf("%s %s: %d and no way on: %s", method, address, res.StatusCode, body)
	}
	return to.String()
}

// authenticated begins a payment and lets the payer choose; the attempt then names the receipt. change may tamper with what the
// browser was given.
func (b *bank) authenticated(t *testing.T, g payments.Gateway, a payments.Attempt, card string, change func(url.Values)) payments.Attempt {
	t.Helper()
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	q := windowQuery(t, l)
	if change != nil {
		change(q)
	}
	r, said := b.walk(t, g, q, card)
	if r.Failed || r.GatewayID == "" {
		t.Fatalf("came back with %+v from %v", r, said)
	}
	a.GatewayID = r.GatewayID
	return a
}

// settled begins, lets the payer pay and confirms.
func (b *bank) settled(t *testing.T, g payments.Gateway, number string) payments.Attempt {
	t.Helper()
	a := b.authenticated(t, g, fresh(number), "kr", nil)
	if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != a.Amount {
		t.Fatalf("settle: %+v, %v", out, err)
	}
	return a
}
