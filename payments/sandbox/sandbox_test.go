package sandbox_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments/sandbox"
)

// clock is a clock that a test moves.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// rig is a sandbox on a real listener, with a merchant's server that keeps the webhooks it gets.
type rig struct {
	*sandbox.Sandbox
	t     *testing.T
	url   string
	clock *clock
	web   *http.Client // a browser that follows no redirect
	hooks chan hook
}

type hook struct {
	header http.Header
	body   string
	at     time.Time
}

func start(t *testing.T, change ...func(*sandbox.Config)) *rig {
	t.Helper()
	g := &rig{t: t, clock: &clock{t: time.Date(2026, 11, 1, 0, 0, 0, 653_270_000, time.UTC)}, hooks: make(chan hook, 100)}
	cfg := sandbox.Config{Now: g.clock.now, CancelGap: -1, SlowConfirm: 50 * time.Millisecond, WebhookRetries: []time.Duration{}}
	for _, c := range change {
		c(&cfg)
	}
	s, err := sandbox.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	g.Sandbox = s
	server := httptest.NewServer(s.Handler())
	g.url = server.URL
	g.web = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.Cleanup(func() {
		server.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return g
}

// listen starts the merchant's webhook server; answer gives the status for the n-th message, from 0.
func (g *rig) listen(answer func(n int) int) {
	g.t.Helper()
	var mu sync.Mutex
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			g.t.Error(err)
		}
		mu.Lock()
		status := answer(n)
		n++
		mu.Unlock()
		g.hooks <- hook{r.Header, string(body), time.Now()}
		w.WriteHeader(status)
	}))
	g.t.Cleanup(server.Close)
	g.SetWebhook("", server.URL)
}

func always200(int) int { return http.StatusOK }

func (g *rig) hook() hook {
	g.t.Helper()
	select {
	case h := <-g.hooks:
		return h
	case <-time.After(5 * time.Second):
		g.t.Fatal("no webhook came")
		return hook{}
	}
}

// reply is an API answer; status 0 means that none came.
type reply struct {
	status int
	header http.Header
	raw    string
	json   map[string]any // numbers as json.Number
}

func (r reply) code() string { c, _ := r.json["code"].(string); return c }

func (r reply) text(name string) string {
	switch v := r.json[name].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// call makes one API request with the secret key test_sk_ + merchant. Headers come in pairs.
func (g *rig) call(method, path, merchant, body string, headers ...string) reply {
	g.t.Helper()
	req, err := http.NewRequest(method, g.url+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	req.SetBasicAuth("test_sk_"+merchant, "")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return g.do(req)
}

func (g *rig) do(req *http.Request) reply {
	g.t.Helper()
	res, err := g.web.Do(req)
	if err != nil {
		return reply{}
	}
	body, err := io.ReadAll(res.Body)
	if cerr := res.Body.Close(); err != nil || cerr != nil {
		return reply{}
	}
	r := reply{status: res.StatusCode, header: res.Header, raw: string(body)}
	dec := json.NewDecoder(strings.NewReader(r.raw))
	dec.UseNumber()
	_ = dec.Decode(&r.json) // pages are not JSON
	return r
}

// pay is one payment under way.
type pay struct {
	g                            *rig
	merchant, key, order, amount string
	window                       string
}

const (
	successURL = "http://merchant.example/pay/t0ken/return?ours=1"
	failURL    = "http://merchant.example/pay/t0ken/fail"
)

// open goes where the script would send the browser. more are further query pairs.
func (g *rig) open(merchant, order, amount string, more ...string) *pay {
	g.t.Helper()
	currency := "KRW"
	if strings.Contains(merchant, "usd") {
		currency = "USD"
	}
	q := url.Values{
		"clientKey": {"test_ck_" + merchant}, "method": {"CARD"}, "currency": {currency}, "value": {amount},
		"orderId": {order}, "orderName": {"2027 Conference"}, "successUrl": {successURL}, "failUrl": {failURL},
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	at := g.get("/toss/window?" + q.Encode())
	key, ok := strings.CutPrefix(at.header.Get("Location"), "/toss/window/")
	if at.status != http.StatusSeeOther || !ok {
		g.t.Fatalf("window not opened: %d %s", at.status, at.header.Get("Location"))
	}
	return &pay{g: g, merchant: merchant, key: key, order: order, amount: amount, window: "/toss/window/" + key}
}

func (g *rig) get(path string, headers ...string) reply {
	g.t.Helper()
	req, err := http.NewRequest(http.MethodGet, g.url+path, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return g.do(req)
}

func (g *rig) post(path string, form url.Values, headers ...string) reply {
	g.t.Helper()
	req, err := http.NewRequest(http.MethodPost, g.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		g.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return g.do(req)
}

func (g *rig) control(path, body string) reply {
	g.t.Helper()
	req, err := http.NewRequest(http.MethodPost, g.url+"/_sandbox/api/"+path, strings.NewReader(body))
	if err != nil {
		g.t.Fatal(err)
	}
	return g.do(req)
}

// choose clicks one button and gives the address that the browser is sent to.
func (p *pay) choose(card string) *url.URL {
	p.g.t.Helper()
	at := p.g.post(p.window, url.Values{"card": {card}})
	to, err := url.Parse(at.header.Get("Location"))
	if err != nil || at.status != http.StatusSeeOther {
		p.g.t.Fatalf("choosing %s answered %d", card, at.status)
	}
	return to
}

func (p *pay) confirm(headers ...string) reply {
	p.g.t.Helper()
	return p.g.call("POST", "/v1/payments/confirm", p.merchant, p.confirmBody(), headers...)
}

func (p *pay) confirmBody() string {
	return `{"paymentKey":"` + p.key + `","orderId":"` + p.order + `","amount":` + p.amount + `}`
}

func (p *pay) cancel(body string, headers ...string) reply {
	p.g.t.Helper()
	return p.g.call("POST", "/v1/payments/"+p.key+"/cancel", p.merchant, body, headers...)
}

func (p *pay) lookup() reply {
	p.g.t.Helper()
	return p.g.call("GET", "/v1/payments/"+p.key, p.merchant, "")
}

func (p *pay) status() string {
	p.g.t.Helper()
	return p.lookup().text("status")
}

// paid is a payment that went through.
func (g *rig) paid(merchant, order, amount, card string) *pay {
	g.t.Helper()
	p := g.open(merchant, order, amount)
	p.choose(card)
	if r := p.confirm("Idempotency-Key", "confirm-"+order); r.text("status") != "DONE" {
		g.t.Fatalf("confirm: %d %s", r.status, r.raw)
	}
	return p
}

// book is the books' own page about p.
func (p *pay) book() sandbox.Payment {
	p.g.t.Helper()
	for _, b := range p.g.Books().Payments {
		if b.ID == p.key {
			return b
		}
	}
	p.g.t.Fatal("payment is not in the books")
	return sandbox.Payment{}
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}
