package bootpay

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// counter is a stand-in that counts its tokens and refuses all but the newest.
type counter struct {
	*httptest.Server
	tokens, looks atomic.Int64
	stale         atomic.Bool // every token is refused
	broken        atomic.Bool // tokens are answered with HTML
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	c := &counter{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := `{"receipt_id":"R1","order_id":"ORDER001","price":100,"sandbox":true,"status":1}`
		switch {
		case r.URL.Path == "/v2/request/token" && c.broken.Load():
			w.WriteHeader(http.StatusBadGateway)
			body = "<html>"
		case r.URL.Path == "/v2/request/token":
			body = fmt.Sprintf(`{"access_token":"token-%d","expire_in":1800}`, c.tokens.Add(1))
		default:
			c.looks.Add(1)
			if c.stale.Load() || r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%d", c.tokens.Load()) {
				w.WriteHeader(http.StatusUnauthorized)
				body = `{"error_code":"TOKEN_KEY_INVALID","message":"x"}`
			}
		}
		if _, err := io.WriteString(w, body); err != nil {
			t.Logf("write answer: %v", err)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *counter) gateway(t *testing.T) (*gateway, *bearer) {
	t.Helper()
	g, err := New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: c.URL,
		Credentials: map[string]string{"js_application_id": "web", "application_id": "rest", "private_key": "hush"},
	}, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	own, _ := g.(*gateway)
	b, _ := own.login.(*bearer)
	return own, b
}

func look(t *testing.T, g *gateway) error {
	t.Helper()
	_, err := g.Lookup(t.Context(), payments.Attempt{GatewayID: "R1"})
	return err
}

func TestOneTokenServesManyCallsAtOnce(t *testing.T) {
	c := newCounter(t)
	g, _ := c.gateway(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := look(t, g); err != nil {
				t.Errorf("look up: %v", err)
			}
		})
	}
	all.Wait()
	if n := c.tokens.Load(); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
}

func TestATokenIsRenewedWhenItIsOld(t *testing.T) {
	c := newCounter(t)
	g, b := c.gateway(t)
	now := time.Now()
	b.now = func() time.Time { return now }
	for _, step := range []struct {
		later  time.Duration
		tokens int64
	}{{0, 1}, {24 * time.Minute, 1}, {2 * time.Minute, 2}, {time.Minute, 2}} {
		now = now.Add(step.later)
		if err := look(t, g); err != nil || c.tokens.Load() != step.tokens {
			t.Errorf("%v later: %v, %d tokens, want %d", step.later, err, c.tokens.Load(), step.tokens)
		}
	}
}

func TestARefusedTokenIsRenewedOnce(t *testing.T) {
	c := newCounter(t)
	g, _ := c.gateway(t)
	if err := look(t, g); err != nil {
		t.Fatalf("look up: %v", err)
	}
	c.tokens.Add(1) // the one in use counts no more
	if err := look(t, g); err != nil || c.tokens.Load() != 3 {
		t.Errorf("after a refused token: %v, %d tokens", err, c.tokens.Load())
	}
	c.stale.Store(true)
	before := c.looks.Load()
	if err := look(t, g); !tokenRefused(err) || c.looks.Load() != before+2 {
		t.Errorf("with every token refused: %v after %d calls", err, c.looks.Load()-before)
	}
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	c := newCounter(t)
	g, _ := c.gateway(t)
	c.broken.Store(true)
	if err := look(t, g); !errors.Is(err, payments.ErrBusy) || errors.Is(err, payments.ErrNoAnswer) || c.looks.Load() != 0 {
		t.Errorf("look up: %v, %d calls", err, c.looks.Load())
	}
}

func TestHowLongATokenIsUsed(t *testing.T) {
	for said, want := range map[number]time.Duration{
		"1800": 25 * time.Minute, "600": 500 * time.Second, "0": 25 * time.Minute, "-5": 25 * time.Minute, "1": 10 * time.Second,
		"": 25 * time.Minute, "99999999999999999999": 25 * time.Minute, "86400": 25 * time.Minute,
	} {
		if got := lifeOf(said); got != want {
			t.Errorf("expire_in %q: %v, want %v", said, got, want)
		}
	}
}
