package gatewaytest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
	"foyer/store"
	"foyer/store/storetest"

	"github.com/google/uuid"
)

const (
	// callTime is how long a call of the gateway may take.
	callTime = 10 * time.Second
	// brief is the same where a case waits for its end.
	brief = 400 * time.Millisecond
	// late is when a slow answer comes then: surely after the caller has gone, and not long after, for the cases wait for its effect.
	late = brief * 3 / 2
)

// till is one event with one channel of the gateway, on a store and at a sandbox of their own.
type till struct {
	*testing.T
	ctx     context.Context
	kit     Kit
	adapter payments.Adapter
	clock   *storetest.Clock
	store   *store.Store
	box     *sandbox.Sandbox
	payer   *Payer
	cashier *payments.Cashier
	gateway payments.Gateway
	channel payments.Channel
	caps    payments.Capabilities
	event   *registration.Event

	mu    sync.Mutex
	posts []payments.Request // notifications that came and were not read yet
}

// open makes a till for the kit's own contract.
func open(t *testing.T, adapter payments.Adapter, kit Kit) *till {
	t.Helper()
	h := &till{T: t, ctx: t.Context(), kit: kit, adapter: adapter, clock: storetest.NewClock(time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC))}
	h.openSandbox()
	h.openStore()
	h.use(kit.Contract(h.payer.Base))
	return h
}

func (h *till) openSandbox() {
	h.Helper()
	box, err := sandbox.New(sandbox.Config{Now: h.clock.Now, CancelGap: -1, WebhookRetries: []time.Duration{}})
	if err != nil {
		h.Fatalf("open the sandbox: %v", err)
	}
	gateway, shop := httptest.NewServer(box.Handler()), httptest.NewServer(http.HandlerFunc(h.listen))
	h.Cleanup(func() {
		gateway.CloseClientConnections()
		gateway.Close()
		if err := box.Close(); err != nil {
			h.Errorf("close the sandbox: %v", err)
		}
		shop.Close()
	})
	h.box, h.payer = box, &Payer{T: h.T, Base: gateway.URL}
	box.SetWebhook("", shop.URL)
}

func (h *till) openStore() {
	h.Helper()
	s, err := store.Open(h.ctx, store.Config{URL: storetest.MigratedURL(h), Now: h.clock.Now})
	if err != nil {
		h.Fatalf("open the store: %v", err)
	}
	h.Cleanup(func() {
		if err := s.Close(); err != nil {
			h.Errorf("close the store: %v", err)
		}
	})
	keys, err := store.ParseKeys("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
	if err != nil {
		h.Fatal(err)
	}
	s.UseKeys(keys)
	h.store = s
}

// use makes c the event's channel from now on.
func (h *till) use(c payments.Channel) {
	h.Helper()
	c = h.kit.Channel(c)
	g, err := h.adapter(c, payments.NewTransport(callTime))
	if err != nil {
		h.Fatalf("connect: %v", err)
	}
	h.gateway, h.caps = g, g.Capabilities()
	e := event(c)
	applied := store.Applied{Event: e, Channels: []payments.Channel{c}, Merchants: map[string]string{c.Key: h.caps.Merchant}, Actor: "system"}
	if err := h.store.Apply(h.ctx, applied); err != nil {
		h.Fatalf("apply: %v", err)
	}
	if h.event, err = h.store.Event(h.ctx, e.Slug); err != nil {
		h.Fatal(err)
	}
	h.cashier = h.process("till", callTime)
	if h.channel, err = h.store.ChannelByKey(h.ctx, h.event.ID, c.Key); err != nil {
		h.Fatal(err)
	}
}

// process makes a Cashier as one more process would have it.
func (h *till) process(owner string, timeout time.Duration) *payments.Cashier {
	return payments.NewCashier(h.store, payments.Config{
		Adapters: map[string]payments.Adapter{h.kit.Gateway: h.adapter}, Transport: payments.NewTransport(timeout), Timeout: timeout,
		First: 20 * time.Second, Every: time.Minute, Owner: owner, Links: links{}, Now: h.clock.Now, Log: slog.New(slog.DiscardHandler),
	})
}

type links struct{}

func (links) Return(token string) string  { return "http://127.0.0.1:9/pay/" + token + "/return" }
func (links) Fail(token string) string    { return "http://127.0.0.1:9/pay/" + token + "/fail" }
func (links) Receive(token string) string { return "http://127.0.0.1:9/pay/" + token + "/receive" }

// event has one category and three hundred places.
func event(c payments.Channel) registration.Event {
	return registration.Event{
		Slug: "sample-2027", Name: registration.Text{Ko: "표본 학술대회", En: "Sample 2027"}, Timezone: "Asia/Seoul", Mode: registration.Test, Tax: registration.TaxIncluded,
		Starts: registration.Date{Year: 2027, Month: 7, Day: 22}, Ends: registration.Date{Year: 2027, Month: 7, Day: 23},
		Phases: []registration.Phase{{ID: "regular"}},
		Categories: []registration.Category{{
			ID: "student", Name: registration.Text{Ko: "학생", En: "Student"},
			Prices: map[string]registration.Prices{"regular": {registration.KRW: 150000, registration.USD: 12050}},
		}},
		Quotas:   []registration.Quota{{ID: "hall", Places: 300, Of: []string{"student"}}},
		Channels: []registration.ChannelOffer{{ID: c.Key, Gateway: c.Gateway, Currency: c.Currency}},
	}
}

// listen keeps what the gateway sends.
func (h *till) listen(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.posts = append(h.posts, payments.Request{Method: r.Method, Query: r.URL.Query(), Header: r.Header, Body: body, Now: h.clock.Now()})
	w.WriteHeader(http.StatusOK)
}

// order makes one more order.
func (h *till) order() string {
	h.Helper()
	q, err := h.event.Price(registration.Cart{Category: "student"}, h.clock.Now())
	if err != nil {
		h.Fatal(err)
	}
	placed, err := h.store.Place(h.ctx, store.NewOrder{
		Event: h.event, DraftID: uuid.NewString(), Lang: registration.Korean, Quote: q, Hold: 20 * time.Minute, HoldMax: 2 * time.Hour,
		Person: registration.Person{Name: "홍길동", Email: "gildong@example.org", Phone: "+821012345678"},
	})
	if err != nil {
		h.Fatalf("place: %v", err)
	}
	return placed.OrderID
}

// begin starts an order's n-th payment.
func (h *till) begin(orderID string, attempt int, noScript bool) payments.Payment {
	h.Helper()
	p, err := h.cashier.Start(h.ctx, orderID, payments.Choice{ChannelID: h.channel.ID, Attempt: attempt, NoScript: noScript}, payments.ActorAttendee)
	if err != nil {
		h.Fatalf("start: %v", err)
	}
	return p
}

// started is a payment of a new order.
func (h *till) started() payments.Payment {
	h.Helper()
	return h.begin(h.order(), 1, false)
}

// launch is how the browser gets to the gateway.
func (h *till) launch(p payments.Payment) payments.Launch {
	h.Helper()
	l, err := ReadLaunch(p.Launch)
	if err != nil {
		h.Fatalf("read launch: %v", err)
	}
	return l
}

// click goes through the window with one choice.
func (h *till) click(p payments.Payment, card string) Back {
	h.Helper()
	return h.kit.Pay(h.payer, h.launch(p), card)
}

// hint is what the return page makes of what a browser brought to a payment's address.
func (h *till) hint(p payments.Payment, b Back) payments.Return {
	h.Helper()
	u, err := url.Parse(b.To)
	if err != nil {
		h.Fatalf("way back: %v", err)
	}
	r := payments.Request{Method: http.MethodGet, Query: u.Query(), Form: url.Values{}, Now: h.clock.Now()}
	if b.Form != nil {
		r.Method, r.Form, r.Body = http.MethodPost, b.Form, []byte(b.Form.Encode())
	}
	got, err := h.gateway.ParseReturn(r)
	if err != nil || (got.OrderNo != "" && got.OrderNo != p.OrderNo) {
		return payments.Return{}
	}
	if strings.HasSuffix(u.Path, "/fail") {
		got.Failed, got.GatewayID = true, ""
	}
	return got
}

// comeBack brings a browser to a payment's return address; one that stays at the gateway changes nothing.
func (h *till) comeBack(p payments.Payment, b Back) payments.Payment {
	h.Helper()
	return h.comeBackTo(h.cashier, p, b)
}

func (h *till) comeBackTo(c *payments.Cashier, p payments.Payment, b Back) payments.Payment {
	h.Helper()
	if b.To == "" {
		return h.payment(p)
	}
	after, err := c.Settle(h.ctx, p.ID, h.hint(p, b))
	if err != nil {
		h.Fatalf("settle: %v", err)
	}
	return after
}

// paid is an order that was paid.
func (h *till) paid() payments.Payment {
	h.Helper()
	p := h.started()
	h.comeBack(p, h.click(p, h.kit.Card))
	return h.want(p, payments.Confirmed)
}

// payment reads a payment as it stands.
func (h *till) payment(p payments.Payment) payments.Payment {
	h.Helper()
	now, err := h.store.Payment(h.ctx, p.ID)
	if err != nil {
		h.Fatal(err)
	}
	return now
}

// want expects a payment in one of some states.
func (h *till) want(p payments.Payment, states ...payments.State) payments.Payment {
	h.Helper()
	now := h.payment(p)
	if !slices.Contains(states, now.State) {
		h.Fatalf("payment is %s (%s), want %v", now.State, now.Reason, states)
	}
	return now
}

// wantOrder expects an order in a state.
func (h *till) wantOrder(id string, want registration.OrderState) {
	h.Helper()
	o, err := h.store.Order(h.ctx, id)
	if err != nil {
		h.Fatal(err)
	}
	if o.State != want {
		h.Fatalf("order is %s, want %s", o.State, want)
	}
}

// quiet lets everything come to its end: time passes, and the reconciler does what a day of it would do.
func (h *till) quiet() {
	h.Helper()
	for range 5 {
		h.clock.Pass(30 * time.Second)
		h.look()
		if _, err := h.cashier.Reconcile(h.ctx, true); err != nil {
			h.Fatalf("reconcile: %v", err)
		}
	}
}

// pass lets time go by.
func (h *till) pass(d time.Duration) {
	h.clock.Pass(d)
	if _, err := h.store.ExpireHolds(h.ctx); err != nil {
		h.Fatalf("end holds: %v", err)
	}
}

// look does the look-ups that notifications have asked for.
func (h *till) look() {
	h.Helper()
	do := map[string]store.JobFunc{store.JobLook: func(ctx context.Context, j store.Job) error {
		_, err := h.cashier.Settle(ctx, string(j.Payload), payments.Return{})
		return err
	}}
	if _, err := h.store.RunDueJobs(h.ctx, do, store.RunOptions{Workers: 1}); err != nil {
		h.Fatalf("do jobs: %v", err)
	}
}
