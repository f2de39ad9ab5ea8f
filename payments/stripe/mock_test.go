package stripe_test

import (
	"errors"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"foyer/payments"
)

// TestStripeMockTakesTheShapeOfOurRequests sends every request of the adapter to Stripe's own checker of request shapes, when the
// program stripe-mock is on the path. It knows no state: only that no parameter is refused counts.
func TestStripeMockTakesTheShapeOfOurRequests(t *testing.T) {
	program, err := exec.LookPath("stripe-mock")
	if err != nil {
		t.Skip("stripe-mock is not on the path")
	}
	address := free(t)
	mock := exec.CommandContext(t.Context(), program, "-http-addr", address, "-https-addr", free(t))
	if err := mock.Start(); err != nil {
		t.Fatalf("start stripe-mock: %v", err)
	}
	t.Cleanup(func() {
		if err := mock.Process.Kill(); err == nil {
			_ = mock.Wait() // it ends by our signal
		}
	})
	await(t, "http://"+address)
	wire := &recorder{next: payments.NewTransport(5 * time.Second)}
	g := connectOver(t, channel("http://"+address), wire)
	a := attempt()
	byOrder := a
	byOrder.GatewayID = ""
	calls := map[string]func() error{
		"begin":            func() error { _, err := g.Begin(t.Context(), a); return err },
		"look up":          func() error { _, err := g.Lookup(t.Context(), a); return err },
		"look up by order": func() error { _, err := g.Lookup(t.Context(), byOrder); return err },
		"expire":           func() error { return wire.post(t, "http://"+address+"/v1/checkout/sessions/cs_test_a1/expire", "") },
		"refund": func() error {
			return wire.post(t, "http://"+address+"/v1/refunds", refundBody(t))
		},
		"refunds": func() error { return wire.get(t, "http://"+address+"/v1/refunds?payment_intent=pi_1&limit=100") },
	}
	for name, call := range calls {
		if err := call(); err != nil {
			if r, refused := errors.AsType[*payments.Refusal](err); refused {
				t.Errorf("%s: refused as %+v", name, *r)
			}
		}
	}
	for _, status := range wire.statuses {
		if status != http.StatusOK {
			t.Errorf("answers %v, want 200 for all", wire.statuses)
			break
		}
	}
	if len(wire.statuses) < len(calls) {
		t.Errorf("%d calls arrived", len(wire.statuses))
	}
}

// refundBody is the body of a refund as the adapter writes it.
func refundBody(t *testing.T) string {
	t.Helper()
	f := newFake(t, map[string]reply{idLine: ok(paid), refundLine: ok(gaveBack)})
	if _, err := connect(t, channel(f.URL)).Refund(t.Context(), refundOf(30000)); err != nil {
		t.Fatalf("refund: %v", err)
	}
	return f.Requests()[1].Body
}

// free is an address on this machine that nobody listens at.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a port: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Fatalf("free the port: %v", err)
	}
	return l.Addr().String()
}

// await waits until a server answers.
func await(t *testing.T, address string) {
	t.Helper()
	for range 200 {
		if res, err := http.Get(address); err == nil { //nolint:noctx // a probe
			_ = res.Body.Close()
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatal("stripe-mock does not answer")
}

// recorder is a transport that notes how each request was answered.
type recorder struct {
	next     payments.Transport
	statuses []int
}

// Do sends a request.
func (r *recorder) Do(req *http.Request) (*http.Response, error) {
	res, err := r.next.Do(req)
	if err == nil {
		r.statuses = append(r.statuses, res.StatusCode)
	}
	return res, err
}

// post sends a form as the adapter would.
func (r *recorder) post(t *testing.T, address, body string) error {
	t.Helper()
	return r.send(t, http.MethodPost, address, body)
}

// get reads something as the adapter would.
func (r *recorder) get(t *testing.T, address string) error {
	t.Helper()
	return r.send(t, http.MethodGet, address, "")
}

func (r *recorder) send(t *testing.T, method, address, body string) error {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer sk_test_demo")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := r.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}
