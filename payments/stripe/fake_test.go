package stripe_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/stripe"
	"foyer/registration"
)

// seen is one request as it came over the wire.
type seen struct {
	line   string // method and path
	query  url.Values
	header http.Header
	body   string
	form   url.Values
}

// fake is a real HTTP server that answers with what a test wrote down, by "METHOD path".
type fake struct {
	*httptest.Server
	mu   sync.Mutex
	seen []seen
}

// reply is one prepared answer.
type reply struct {
	status int
	body   string
	kind   string // content type; application/json when empty
	retry  string // Stripe-Should-Retry
	raw    func(w http.ResponseWriter)
}

// newFake serves the replies; a request for anything else is a 404 of Stripe's kind.
func newFake(t *testing.T, replies map[string]reply) *fake {
	t.Helper()
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read request: %v", err)
		}
		form, err := url.ParseQuery(string(body))
		if err != nil {
			t.Errorf("read form: %v", err)
		}
		line := r.Method + " " + r.URL.EscapedPath()
		f.mu.Lock()
		f.seen = append(f.seen, seen{line: line, query: r.URL.Query(), header: r.Header, body: string(body), form: form})
		f.mu.Unlock()
		re, ok := replies[line]
		if !ok {
			re = refusal(http.StatusNotFound, "invalid_request_error", "resource_missing")
		}
		re.send(t, w)
	}))
	t.Cleanup(f.Close)
	return f
}

func (re reply) send(t *testing.T, w http.ResponseWriter) {
	if re.raw != nil {
		re.raw(w)
		return
	}
	if re.kind == "" {
		re.kind = "application/json"
	}
	w.Header().Set("Content-Type", re.kind)
	w.Header().Set("Request-Id", "req_abc123")
	if re.retry != "" {
		w.Header().Set("Stripe-Should-Retry", re.retry)
	}
	w.WriteHeader(re.status)
	if _, err := io.WriteString(w, re.body); err != nil {
		t.Logf("write answer: %v", err)
	}
}

// requests are what came so far.
func (f *fake) requests() []seen {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]seen(nil), f.seen...)
}

// lines are the methods and paths of what came so far.
func (f *fake) lines() []string {
	var all []string
	for _, r := range f.requests() {
		all = append(all, r.line)
	}
	return all
}

// only gives the one request that came.
func (f *fake) only(t *testing.T) seen {
	t.Helper()
	all := f.requests()
	if len(all) != 1 {
		t.Fatalf("%d requests came, want 1: %+v", len(all), all)
	}
	return all[0]
}

func ok(body string) reply { return reply{status: http.StatusOK, body: body} }

func refusal(status int, kind, code string) reply {
	if code != "" {
		code = `"code":"` + code + `",`
	}
	return reply{status: status, body: `{"error":{"type":"` + kind + `",` + code + `"message":"<b>a text that nobody shows</b>"}}`}
}

// broken sends raw bytes and hangs up.
func broken(t *testing.T, raw string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Errorf("take the connection: %v", err)
			return
		}
		if _, err := io.WriteString(conn, raw); err != nil {
			t.Errorf("write: %v", err)
		}
		if err := conn.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

// channel is a test contract with the API at base.
func channel(base string) payments.Channel {
	return payments.Channel{
		Key: "overseas", Gateway: "stripe", Mode: registration.Test, Currency: registration.KRW, Cards: "overseas", Methods: []string{"card"},
		Credentials: map[string]string{"secret_key": "sk_test_demo", "webhook_secret": "whsec_test"},
		APIURL:      base,
	}
}

// connect makes the gateway of a channel.
func connect(t *testing.T, c payments.Channel) payments.Gateway {
	t.Helper()
	return connectOver(t, c, payments.NewTransport(5*time.Second))
}

// connectOver makes the gateway of a channel over a transport.
func connectOver(t *testing.T, c payments.Channel, over payments.Transport) payments.Gateway {
	t.Helper()
	g, err := stripe.New(c, over)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	return g
}

// start is when the payments of these tests began.
var start = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)

// attempt is one payment of 330,000 won whose session is known.
func attempt() payments.Attempt {
	return payments.Attempt{
		PaymentID: "p1", OrderNo: "reg2026000123a1", GatewayID: "cs_test_a1", Key: "BEGINKEY1", StartedAt: start,
		Amount:    registration.Money{Minor: 330000, Cur: registration.KRW},
		OrderName: "2026 가을 학술대회", Lang: registration.English, Payer: registration.Person{Name: "Kim", Email: "kim@example.org"},
		Return: "https://reg.example.org/pay/T/return", Fail: "https://reg.example.org/pay/T/fail",
	}
}

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

const paid = `{
	"id": "cs_test_a1", "object": "checkout.session", "status": "complete", "payment_status": "paid", "livemode": false, "url": null,
	"client_reference_id": "reg2026000123a1", "amount_total": 330000, "currency": "krw", "expires_at": 1793525700, "somethingNew": [1],
	"payment_intent": {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount_received": 330000, "currency": "krw",
		"last_payment_error": null,
		"latest_charge": {"id": "ch_1", "object": "charge", "amount_refunded": 0, "currency": "krw", "created": 1793523641,
			"receipt_url": "https://pay.stripe.com/receipts/x",
			"payment_method_details": {"type": "card", "card": {"brand": "visa", "last4": "4242", "authorization_code": "012345"}}}}
}`
