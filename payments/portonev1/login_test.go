package portonev1

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

// doorman is a stand-in that counts its tokens and refuses all but the newest.
type doorman struct {
	*httptest.Server
	tokens, looks atomic.Int64
	stale         atomic.Bool  // every token is refused
	broken        atomic.Bool  // tokens are answered with HTML
	refuses       atomic.Bool  // the keys are wrong
	life          atomic.Int64 // seconds that a token counts
}

func newDoorman(t *testing.T) *doorman {
	t.Helper()
	d := &doorman{}
	d.life.Store(1800)
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		status, body := d.answer(r)
		w.WriteHeader(status)
		if _, err := io.WriteString(w, body); err != nil {
			t.Logf("write answer: %v", err)
		}
	}))
	t.Cleanup(d.Close)
	return d
}

func (d *doorman) answer(r *http.Request) (int, string) {
	const refused = `{"code":-1,"message":"Unauthorized","response":null}`
	if r.URL.Path != "/users/getToken" {
		d.looks.Add(1)
		if d.stale.Load() || r.Header.Get("Authorization") != fmt.Sprintf("Bearer token-%d", d.tokens.Load()) {
			return http.StatusUnauthorized, refused
		}
		return http.StatusOK, `{"code":0,"response":{"imp_uid":"imp_1","merchant_uid":"order00001","status":"paid","amount":100,"currency":"KRW","sandbox":true}}`
	}
	switch {
	case d.broken.Load():
		return http.StatusBadGateway, "<html>"
	case d.refuses.Load():
		return http.StatusUnauthorized, refused
	}
	// The server's clock is nowhere near ours.
	return http.StatusOK, fmt.Sprintf(`{"code":0,"message":null,"response":{"access_token":"token-%d","now":1000,"expired_at":%d}}`, d.tokens.Add(1), 1000+d.life.Load())
}

func (d *doorman) gateway(t *testing.T) *gateway {
	t.Helper()
	g, err := New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, APIURL: d.URL,
		Credentials: map[string]string{"imp_code": "imp1", "imp_key": "key", "imp_secret": "hush"},
	}, payments.NewTransport(5*time.Second))
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	own, _ := g.(*gateway)
	return own
}

func look(t *testing.T, g *gateway) error {
	t.Helper()
	_, err := g.Lookup(t.Context(), payments.Attempt{OrderNo: "order00001", GatewayID: "imp_1"})
	return err
}

func TestOneTokenServesManyCallsAtOnce(t *testing.T) {
	d := newDoorman(t)
	g := d.gateway(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := look(t, g); err != nil {
				t.Errorf("look up: %v", err)
			}
		})
	}
	all.Wait()
	if n := d.tokens.Load(); n != 1 {
		t.Errorf("%d tokens were asked for", n)
	}
}

func TestATokenIsRenewedShortlyBeforeItsEnd(t *testing.T) {
	d := newDoorman(t)
	g := d.gateway(t)
	now := time.Now()
	g.login.now = func() time.Time { return now }
	for _, step := range []struct {
		later  time.Duration
		tokens int64
	}{{0, 1}, {29 * time.Minute, 1}, {29 * time.Second, 1}, {2 * time.Second, 2}, {time.Minute, 2}} {
		now = now.Add(step.later)
		if err := look(t, g); err != nil || d.tokens.Load() != step.tokens {
			t.Errorf("%v later: %v, %d tokens, want %d", step.later, err, d.tokens.Load(), step.tokens)
		}
	}
	d.life.Store(20) // the rest of a token that somebody else has asked for
	now = now.Add(time.Hour)
	for _, want := range []int64{3, 3} {
		if err := look(t, g); err != nil || d.tokens.Load() != want {
			t.Errorf("with a short rest: %v, %d tokens", err, d.tokens.Load())
		}
	}
}

func TestARefusedTokenIsRenewedOnceByAllTogether(t *testing.T) {
	d := newDoorman(t)
	g := d.gateway(t)
	if err := look(t, g); err != nil {
		t.Fatalf("look up: %v", err)
	}
	d.tokens.Add(1) // the one in use counts no more
	if err := look(t, g); err != nil || d.tokens.Load() != 3 {
		t.Errorf("after a refused token: %v, %d tokens", err, d.tokens.Load())
	}
	d.stale.Store(true)
	before := d.looks.Load()
	if err := look(t, g); !tokenRefused(err) || d.looks.Load() != before+2 {
		t.Errorf("with every token refused: %v after %d calls", err, d.looks.Load()-before)
	}
}

func TestWithoutATokenNothingIsSent(t *testing.T) {
	d := newDoorman(t)
	g := d.gateway(t)
	d.broken.Store(true)
	if err := look(t, g); !errors.Is(err, payments.ErrBusy) || errors.Is(err, payments.ErrNoAnswer) || d.looks.Load() != 0 {
		t.Errorf("look up: %v, %d calls", err, d.looks.Load())
	}
	d.broken.Store(false)
	d.refuses.Store(true)
	err := look(t, g)
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Code != codeUnauthorized || r.Passing || d.looks.Load() != 0 {
		t.Errorf("with the wrong keys: %v, %d calls", err, d.looks.Load())
	}
}

func TestHowLongATokenIsUsed(t *testing.T) {
	for _, tc := range []struct {
		now, until number
		want       time.Duration
	}{
		{"1000", "2800", 1770 * time.Second}, {"1000", "1045", 15 * time.Second}, {"1000", "1020", 5 * time.Second}, {"1000", "900", 5 * time.Second},
		{"", "", 1770 * time.Second}, {"1000", "99999999999", 1770 * time.Second}, {"x", "1", 1770 * time.Second},
	} {
		if got := lifeOf(tc.now, tc.until); got != tc.want {
			t.Errorf("now %s, until %s: %v, want %v", tc.now, tc.until, got, tc.want)
		}
	}
}
