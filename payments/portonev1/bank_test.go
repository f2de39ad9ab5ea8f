package portonev1_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"

	"io"
	"net/http"
	"net/http/httptest"
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

// contract is a channel of this sandbox; pg is a company with a shop id or without.
func (b *bank) contract(pg, cards string, cur registration.Currency, methods ...string) payments.Channel {
	c := channel(b.url)
	c.ScriptURL, c.PG, c.Cards, c.Currency, c.Methods = b.url+"/v1/iamport.js", pg, cards, cur, methods
	return c
}

// fresh is a payment that nobody has begun.
func fresh(orderNo string, amount registration.Money) payments.Attempt {
	a := attempt()
	a.OrderNo, a.Amount, a.Key = orderNo, amount, "KEY"+orderNo
	return a
}

// way is what the script is told when it wants a window for a call, which has passed through JSON as in a browser.
func (b *bank) way(t *testing.T, call map[string]any) (window, code string) {
	t.Helper()
	raw, err := json.Marshal(call)
	if err != nil {
		t.Fatalf("write call: %v", err)
	}
	res := exchange(t, http.MethodGet, b.url+"/portonev1/prepare?request="+url.QueryEscape(string(raw)), "")
	var said struct {
		Window string
		Code   string `json:"error_code"`
	}
	if err := json.Unmarshal(res.body, &said); err != nil {
		t.Fatalf("read %s: %v", res.body, err)
	}
	return said.Window, said.Code
}

// pay walks the payer from the launch through the window with one choice, and gives what the browser brings back.
func (b *bank) pay(t *testing.T, g payments.Gateway, l payments.Launch, choice string) payments.Return {
	t.Helper()
	window, code := b.way(t, l.Call)
	if code != "" {
		t.Fatalf("no window: %s", code)
	}
	res := exchange(t, http.MethodPost, window, "card="+choice)
	if choice == "leave" {
		return payments.Return{}
	}
	u, err := url.Parse(res.location)
	if err != nil || !strings.HasPrefix(res.location, "https://reg.example.org/pay/T/return?") {
		t.Fatalf("%d and no way back: %s, %v", res.status, res.location, err)
	}
	r, err := g.ParseReturn(payments.Request{Method: http.MethodGet, Query: u.Query()})
	if err != nil {
		t.Fatalf("read return: %v", err)
	}
	return r
}

// through begins a payment and lets the payer choose.
func (b *bank) through(t *testing.T, g payments.Gateway, a payments.Attempt, choice string) (payments.Attempt, payments.Return) {
	t.Helper()
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	r := b.pay(t, g, l, choice)
	a.GatewayID = r.GatewayID
	return a, r
}

// control asks the sandbox for something from outside.
func (b *bank) control(t *testing.T, what, body string) {
	t.Helper()
	if res := exchange(t, http.MethodPost, b.url+"/_sandbox/api/"+what, body); res.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", what, body, res.status, res.body)
	}
}

// answered is what came of one request; redirects are not followed.
type answered struct {
	status   int
	body     []byte
	location string
}

func exchange(t *testing.T, method, address, body string) answered {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := payments.NewTransport(5 * time.Second).Do(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, address, err)
	}
	said, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		t.Fatalf("read %s: %v, %v", address, err, cerr)
	}
	return answered{res.StatusCode, said, res.Header.Get("Location")}
}
