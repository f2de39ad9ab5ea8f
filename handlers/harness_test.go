package handlers

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/allat"
	"foyer/payments/portonev1"
	"foyer/payments/sandbox"
	"foyer/payments/toss"
	"foyer/payments/transfer"
	"foyer/registration"
	"foyer/store"
	"foyer/store/storetest"

	"github.com/PuerkitoBio/goquery"
)

// site is the whole server on a real store, with the real adapter and the sandbox behind it.
type site struct {
	t       *testing.T
	clock   *storetest.Clock
	store   *store.Store
	cashier *payments.Cashier
	server  *Server
	gateway *sandbox.Sandbox
	url     string // of our server
	bank    string // of the sandbox
	log     *strings.Builder
}

const slug = "sample-2027"

var adapters = map[string]payments.Adapter{"toss": toss.New, "allat": allat.New, "transfer": transfer.New, "portonev1": portonev1.New}

var silent = slog.New(slog.DiscardHandler)

func newSite(t *testing.T, change ...func(*Config)) *site {
	t.Helper()
	s := &site{t: t, clock: storetest.NewClock(time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)), log: &strings.Builder{}}
	s.openStore()
	s.openGateway()
	ours := httptest.NewUnstartedServer(nil)
	s.url = "http://" + ours.Listener.Addr().String()
	s.cashier = payments.NewCashier(s.store, payments.Config{
		Adapters: adapters, Transport: payments.NewTransport(5 * time.Second), Timeout: 5 * time.Second,
		First: time.Minute, Every: 5 * time.Minute, Owner: "test", Links: Links{Base: s.url}, Now: s.clock.Now, Log: silent, Noted: s.store.NoteCall,
	})
	cfg := Config{BaseURL: s.url, Store: s.store, Cashier: s.cashier, Now: s.clock.Now, Log: slog.New(slog.NewTextHandler(s.log, nil))}
	for _, f := range change {
		f(&cfg)
	}
	var err error
	if s.server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	ours.Config.Handler = s.server.Handler()
	ours.Start()
	t.Cleanup(ours.Close)
	s.apply(sampleEvent())
	return s
}

func (s *site) openStore() {
	var err error
	s.store, err = store.Open(s.t.Context(), store.Config{URL: storetest.MigratedURL(s.t), Now: s.clock.Now})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := s.cashier.Wait(context.Background()); err != nil {
			s.t.Error(err)
		}
		if err := s.store.Close(); err != nil {
			s.t.Error(err)
		}
	})
	keys, err := store.ParseKeys("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
	if err != nil {
		s.t.Fatal(err)
	}
	s.store.UseKeys(keys)
}

func (s *site) openGateway() {
	var err error
	if s.gateway, err = sandbox.New(sandbox.Config{Now: s.clock.Now, WebhookRetries: []time.Duration{}, CancelGap: -1}); err != nil {
		s.t.Fatal(err)
	}
	bank := httptest.NewServer(s.gateway.Handler())
	s.bank = bank.URL
	s.t.Cleanup(func() {
		bank.Close()
		if err := s.gateway.Close(); err != nil {
			s.t.Error(err)
		}
	})
}

// apply stores the event with two channels at the sandbox.
func (s *site) apply(e registration.Event) {
	s.t.Helper()
	channel := func(key, name string, cur registration.Currency, cards string) payments.Channel {
		return payments.Channel{
			Key: key, Gateway: "toss", Mode: registration.Test, Currency: cur, Cards: cards, Methods: []string{"card"},
			Credentials: map[string]string{"client_key": "test_ck_" + name, "secret_key": "test_sk_" + name},
			APIURL:      s.bank, ScriptURL: s.bank + "/v2/standard",
		}
	}
	s.applyWith(e, channel("korea", "demo", registration.KRW, "domestic"), channel("abroad", "demousd", registration.USD, "overseas"))
}

// applyWith stores the event with these channels.
func (s *site) applyWith(e registration.Event, channels ...payments.Channel) {
	s.t.Helper()
	a := store.Applied{Event: e, Actor: "system", Merchants: map[string]string{}, Channels: channels}
	for _, ch := range a.Channels {
		gw, err := adapters[ch.Gateway](ch, http.DefaultClient)
		if err != nil {
			s.t.Fatal(err)
		}
		a.Merchants[ch.Key] = gw.Capabilities().Merchant
	}
	if err := s.store.Apply(s.t.Context(), a); err != nil {
		s.t.Fatal(err)
	}
}

func sampleEvent() registration.Event {
	text := func(ko, en string) registration.Text { return registration.Text{Ko: ko, En: en} }
	june := time.Date(2027, 6, 30, 14, 59, 59, 0, time.UTC)
	return registration.Event{
		Slug: slug, Name: text("표본 학술대회", "Sample 2027"), Place: text("서울", "Seoul"), RefundRule: text("환불 규정", "Refund rule"),
		Timezone: "Asia/Seoul", Mode: registration.Test, Tax: registration.TaxIncluded,
		Starts: registration.Date{Year: 2027, Month: 7, Day: 22}, Ends: registration.Date{Year: 2027, Month: 7, Day: 23},
		Organizer: registration.Organizer{Name: text("표본학회", "Sample Society"), Email: "office@example.org"},
		Phases:    []registration.Phase{{ID: "early", Until: june}, {ID: "regular"}},
		Categories: []registration.Category{
			{ID: "student", Name: text("학생", "Student"), Prices: map[string]registration.Prices{
				"early": {registration.KRW: 150000, registration.USD: 12000}, "regular": {registration.KRW: 200000, registration.USD: 16000}}},
			{ID: "guest", Name: text("초청", "Guest"), Prices: map[string]registration.Prices{
				"early": {registration.KRW: 0, registration.USD: 0}, "regular": {registration.KRW: 0, registration.USD: 0}}},
			{ID: "few", Name: text("소수", "Few"), Prices: map[string]registration.Prices{"early": {registration.KRW: 1000, registration.USD: 100}}},
		},
		Extras: []registration.Extra{{ID: "banquet", Name: text("만찬", "Banquet"), Price: registration.Prices{registration.KRW: 50000, registration.USD: 4000}, Max: 10}},
		Quotas: []registration.Quota{{ID: "hall", Places: 300, Of: []string{"student", "guest"}}, {ID: "corner", Places: 1, Of: []string{"few"}}},
		Channels: []registration.ChannelOffer{
			{ID: "korea", Gateway: "toss", Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"}},
			{ID: "abroad", Gateway: "toss", Currency: registration.USD, Cards: "overseas", Methods: []string{"card"}},
		},
	}
}

// looks does the look-ups that are queued and due, and writes down what notifications said.
func (s *site) looks() int {
	s.t.Helper()
	do := map[string]store.JobFunc{store.JobLook: LookJob(s.cashier), store.JobTold: ToldJob(s.cashier)}
	n, err := s.store.RunDueJobs(s.t.Context(), do, store.RunOptions{})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// count counts rows of a table.
func (s *site) count(table string) int {
	s.t.Helper()
	var n int
	if err := s.store.Row(s.t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// newest is the newest payment of the newest order.
func (s *site) newest() payments.Payment {
	s.t.Helper()
	var id string
	if err := s.store.Row(s.t.Context(), "SELECT id FROM payments ORDER BY id DESC LIMIT 1").Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	p, err := s.store.Payment(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// browser keeps cookies and follows no redirect.
type browser struct {
	s      *site
	client *http.Client
	header http.Header
}

func (s *site) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s: s, header: http.Header{"Accept-Language": {"en"}}, client: &http.Client{
		Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, path, contentType, body string, header http.Header) answer {
	b.s.t.Helper()
	address := path
	if strings.HasPrefix(path, "/") {
		address = b.s.url + path
	}
	r, err := http.NewRequestWithContext(b.s.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		b.s.t.Fatal(err)
	}
	for _, h := range []http.Header{b.header, header} {
		for k, v := range h {
			r.Header[k] = v
		}
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.s.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.s.t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		b.s.t.Fatal(err)
	}
	return answer{b.s.t, res.StatusCode, res.Header, string(text)}
}

func (b *browser) get(path string) answer { b.s.t.Helper(); return b.do("GET", path, "", "", nil) }

func (b *browser) post(path string, fields url.Values) answer {
	b.s.t.Helper()
	return b.do("POST", path, "application/x-www-form-urlencoded", fields.Encode(), nil)
}

// submit posts a form of a page: its fields as they stand, with changes.
func (b *browser) submit(page answer, id string, changes url.Values) answer {
	b.s.t.Helper()
	action, fields := page.form(id)
	for k, v := range changes {
		fields[k] = v
	}
	return b.post(action, fields)
}

func (a answer) doc() *goquery.Document {
	a.t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return d
}

// form reads a form's action and the fields that a browser would send untouched.
func (a answer) form(id string) (action string, fields url.Values) {
	a.t.Helper()
	f := a.doc().Find("form#" + id)
	if f.Length() != 1 {
		a.t.Fatalf("page has %d forms %q:\n%s", f.Length(), id, a.body)
	}
	action, _ = f.Attr("action")
	fields = url.Values{}
	f.Find("input[name], select[name]").Each(func(_ int, in *goquery.Selection) {
		name, kind := in.AttrOr("name", ""), in.AttrOr("type", "")
		_, checked := in.Attr("checked")
		switch {
		case in.Is("select"):
			fields.Add(name, in.Find("option[selected]").AttrOr("value", in.Find("option").First().AttrOr("value", "")))
		case (kind == "radio" || kind == "checkbox") && !checked:
		default:
			fields.Add(name, in.AttrOr("value", ""))
		}
	})
	return action, fields
}

// want checks a status and gives the answer back.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d; location %q; body:\n%.2000s", a.status, status, a.header.Get("Location"), a.body)
	}
	return a
}

// to is where a 303 leads, as a path.
func (a answer) to() string {
	a.t.Helper()
	a.want(http.StatusSeeOther)
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		a.t.Fatal(err)
	}
	return u.RequestURI()
}

// fill goes through the form up to the check page.
func (b *browser) fill(category string, extras url.Values) answer {
	b.s.t.Helper()
	choice := url.Values{"category": {category}}
	for k, v := range extras {
		choice[k] = v
	}
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", choice).to()).want(200)
	page = b.get(b.submit(page, "main", url.Values{"name": {"홍길동"}, "email": {"gildong@example.org"}}).to()).want(200)
	return page
}

var consents = url.Values{"consent.order": {"1"}, "consent.terms": {"1"}}

// register makes an order and gives its path.
func (b *browser) register(category string) string {
	b.s.t.Helper()
	return b.submit(b.fill(category, nil), "main", consents).to()
}

// start chooses a channel and gives the path of the hand-over.
func (b *browser) start(order, channel string) string {
	b.s.t.Helper()
	return b.submit(b.get(order).want(200), "pay", url.Values{"channel": {channel}}).to()
}

// window opens the gateway's window as its script would, chooses a card, and gives where the browser is sent.
func (b *browser) window(handOver, card string) string {
	b.s.t.Helper()
	page := b.get(handOver).want(200)
	var launch struct {
		Call struct {
			ClientKey, Method, OrderID, OrderName, SuccessURL, FailURL string
			Amount                                                     struct {
				Currency string
				Value    json.Number
			}
			Card struct{ UseInternationalCardOnly bool }
		}
	}
	if err := json.Unmarshal([]byte(page.doc().Find("script#launch").Text()), &launch); err != nil {
		b.s.t.Fatalf("launch: %v in %s", err, page.body)
	}
	c := launch.Call
	q := url.Values{"clientKey": {c.ClientKey}, "method": {c.Method}, "currency": {c.Amount.Currency}, "value": {c.Amount.Value.String()},
		"orderId": {c.OrderID}, "orderName": {c.OrderName}, "successUrl": {c.SuccessURL}, "failUrl": {c.FailURL}}
	if c.Card.UseInternationalCardOnly {
		q.Set("useInternationalCardOnly", "true")
	}
	opened := b.get(b.s.bank + "/toss/window?" + q.Encode())
	at := opened.header.Get("Location")
	if strings.HasPrefix(at, "/") {
		at = b.s.bank + at
	}
	return b.post(at, url.Values{"card": {card}}).want(http.StatusSeeOther).header.Get("Location")
}

// pay pays an order by card and gives the path to which the return leads.
func (b *browser) pay(order, channel, card string) string {
	b.s.t.Helper()
	return b.get(b.window(b.start(order, channel), card)).to()
}

// status reads the order's state as the status page polls it.
func (b *browser) status(order string) map[string]any {
	b.s.t.Helper()
	var s map[string]any
	if err := json.Unmarshal([]byte(b.get(order+"/status").want(200).body), &s); err != nil {
		b.s.t.Fatal(err)
	}
	return s
}
