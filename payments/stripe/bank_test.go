package stripe_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
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

// clock is a time that a test moves on.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

// contract is a channel of this sandbox.
func (b *bank) contract(name string, cur registration.Currency) payments.Channel {
	c := channel(b.url)
	c.Currency = cur
	c.Credentials = map[string]string{"secret_key": "sk_test_" + name, "webhook_secret": "whsec_" + name}
	return c
}

// fresh is a payment that begins now.
func fresh(orderNo string, amount registration.Money) payments.Attempt {
	a := attempt()
	a.OrderNo, a.GatewayID, a.Amount, a.Key, a.StartedAt = orderNo, "", amount, "KEY"+orderNo, time.Now()
	return a
}

// choose clicks one choice on a session's page and gives the status and where it leads.
func choose(t *testing.T, page, card string) (status int, to string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, page, strings.NewReader(url.Values{"card": {card}}.Encode()))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := payments.NewTransport(5 * time.Second).Do(req)
	if err != nil {
		t.Fatalf("choose %s: %v", card, err)
	}
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatalf("read page: %v", err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatalf("close page: %v", err)
	}
	if at, err := res.Location(); err == nil {
		to = at.String()
	}
	return res.StatusCode, to
}

// begun begins a payment and gives its session's page.
func begun(t *testing.T, g payments.Gateway, a payments.Attempt) string {
	t.Helper()
	l, err := g.Begin(t.Context(), a)
	if err != nil || l.Href == "" || l.Script != "" || l.Call != nil {
		t.Fatalf("begin: %+v, %v", l, err)
	}
	return l.Href
}

// pay begins a payment, lets the payer choose a card, and gives the attempt with the session's id that the browser brought back.
func pay(t *testing.T, g payments.Gateway, a payments.Attempt, card string) payments.Attempt {
	t.Helper()
	status, to := choose(t, begun(t, g, a), card)
	if status != http.StatusSeeOther {
		t.Fatalf("%s: %d to %q", card, status, to)
	}
	r := came(t, g, to)
	if r.GatewayID == "" || r.Failed {
		t.Fatalf("%s: came back with %+v", card, r)
	}
	a.GatewayID = r.GatewayID
	return a
}

// came reads the address that a browser came back to.
func came(t *testing.T, g payments.Gateway, address string) payments.Return {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatalf("way back: %v", err)
	}
	r, err := g.ParseReturn(payments.Request{Method: http.MethodGet, Query: u.Query()})
	if err != nil {
		t.Fatalf("read return: %v", err)
	}
	return r
}

// mailbox is a shop that takes notifications.
func mailbox(t *testing.T) (address string, came chan payments.Request) {
	t.Helper()
	came = make(chan payments.Request, 16)
	shop := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read notification: %v", err)
		}
		came <- payments.Request{Method: r.Method, Header: r.Header, Body: body, Now: time.Now()}
	}))
	t.Cleanup(shop.Close)
	return shop.URL, came
}

// next waits for a notification.
func next(t *testing.T, came chan payments.Request) payments.Request {
	t.Helper()
	select {
	case r := <-came:
		return r
	case <-time.After(10 * time.Second):
		t.Fatal("no notification came")
		panic("not reached")
	}
}

// expirer is what the gateway can do beside the contract.
type expirer interface {
	Expire(ctx context.Context, a payments.Attempt) (payments.Outcome, error)
}
