package storetest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/transfer"
	"foyer/registration"
	"foyer/store"

	"github.com/google/uuid"
)

// Clock is a clock that a test sets.
type Clock struct{ now chan time.Time }

// NewClock makes one that stands at t.
func NewClock(t time.Time) *Clock {
	c := &Clock{now: make(chan time.Time, 1)}
	c.now <- t
	return c
}

// Now reads the clock.
func (c *Clock) Now() time.Time {
	t := <-c.now
	c.now <- t
	return t
}

// Pass moves the clock on.
func (c *Clock) Pass(d time.Duration) { c.now <- (<-c.now).Add(d) }

// Opener makes an empty store that uses the clock, and closes it when the test ends.
type Opener func(t *testing.T, now func() time.Time) *store.Store

// tester is what a desk complains to: *testing.T, or the one of a property test, which shrinks.
type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
	Error(...any)
	Errorf(string, ...any)
}

// desk is one event on one store with one bank.
type desk struct {
	t       tester
	ctx     context.Context
	clock   *Clock
	store   *store.Store
	bank    *Bank
	cashier *payments.Cashier
	event   *registration.Event
}

type noLinks struct{}

func (noLinks) Return(token string) string  { return "http://127.0.0.1/pay/" + token + "/return" }
func (noLinks) Fail(token string) string    { return "http://127.0.0.1/pay/" + token + "/fail" }
func (noLinks) Receive(token string) string { return "http://127.0.0.1/pay/" + token + "/receive" }

// newDesk opens an event with that many places.
func newDesk(t *testing.T, open Opener, places int64) *desk {
	t.Helper()
	d := &desk{t: t, ctx: t.Context(), clock: NewClock(time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)), bank: NewBank()}
	d.store = open(t, d.clock.Now)
	keys, err := store.ParseKeys("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
	if err != nil {
		t.Fatal(err)
	}
	d.store.UseKeys(keys)
	d.cashier = d.newCashier("desk")
	d.apply(sampleEvent(places))
	return d
}

// apply stores the event as it is now.
func (d *desk) apply(e registration.Event) {
	d.t.Helper()
	merchants, channels := map[string]string{"korea": "bank", "desk": "transfer"}, []payments.Channel{{
		Key: "korea", Gateway: "bank", Mode: registration.Test, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card", "virtual_account"},
		Credentials: map[string]string{"secret": "x"},
	}, {
		Key: "desk", Gateway: "transfer", Mode: registration.Test, Currency: registration.KRW, Cards: "any",
		Methods: []string{"bank_transfer", "on_site", "pay_later"}, Account: payments.Account{Bank: "예시은행", Number: "000-000-000000", Holder: "예시학회"},
	}}
	for _, offer := range e.Channels[2:] {
		merchants[offer.ID] = offer.Gateway
		channels = append(channels, payments.Channel{
			Key: offer.ID, Gateway: offer.Gateway, Mode: registration.Test, Currency: offer.Currency, Cards: "any", Methods: offer.Methods, Credentials: map[string]string{"secret": "x"},
		})
	}
	err := d.store.Apply(d.ctx, store.Applied{Event: e, Actor: "system", Merchants: merchants, Channels: channels})
	if err != nil {
		d.t.Fatal(err)
	}
	if d.event, err = d.store.Event(d.ctx, e.Slug); err != nil {
		d.t.Fatal(err)
	}
}

// newCashier makes one more process at the same store and bank.
func (d *desk) newCashier(owner string) *payments.Cashier {
	return payments.NewCashier(d.store, payments.Config{
		Adapters: map[string]payments.Adapter{"bank": d.bank.Adapter, "transfer": transfer.New}, Timeout: 5 * time.Second, First: time.Minute, Every: 5 * time.Minute,
		Owner: owner, Links: noLinks{}, Now: d.clock.Now, Log: slog.New(slog.DiscardHandler),
		Noted: func(payments.CallNote) {}, // as in the program
	})
}

func sampleEvent(places int64) registration.Event {
	return registration.Event{
		Slug: "sample-2027", Name: registration.Text{Ko: "표본 학술대회", En: "Sample 2027"}, Timezone: "Asia/Seoul", Mode: registration.Test, Tax: registration.TaxIncluded,
		Starts: registration.Date{Year: 2027, Month: 7, Day: 22}, Ends: registration.Date{Year: 2027, Month: 7, Day: 23},
		Phases: []registration.Phase{{ID: "regular"}},
		Categories: []registration.Category{
			{ID: "student", Name: registration.Text{Ko: "학생", En: "Student"}, Prices: map[string]registration.Prices{"regular": {registration.KRW: 150000, registration.USD: 12000}}},
			{ID: "guest", Name: registration.Text{Ko: "초청", En: "Guest"}, Prices: map[string]registration.Prices{"regular": {registration.KRW: 0}}},
		},
		Extras: []registration.Extra{{ID: "banquet", Name: registration.Text{Ko: "만찬", En: "Banquet"}, Price: registration.Prices{registration.KRW: 50000, registration.USD: 4000}, Max: 10}},
		Quotas: []registration.Quota{{ID: "banquet", Places: 1000, Of: []string{"banquet"}}, {ID: "hall", Places: places, Of: []string{"student", "guest"}}},
		Channels: []registration.ChannelOffer{
			{ID: "korea", Gateway: "bank", Currency: registration.KRW, Methods: []string{"card", "virtual_account"}},
			{ID: "desk", Gateway: "transfer", Currency: registration.KRW, Methods: []string{"bank_transfer", "on_site", "pay_later"}},
		},
	}
}

const hold = 20 * time.Minute

// newOrder prices a cart as the check page would.
func (d *desk) newOrder(category string, banquets int64) store.NewOrder {
	d.t.Helper()
	return d.newOrderWith(nil, category, banquets)
}

// newOrderWith is newOrder with a voucher.
func (d *desk) newOrderWith(v *registration.Voucher, category string, banquets int64) store.NewOrder {
	d.t.Helper()
	q, err := d.event.PriceWith(registration.Cart{Category: category, Extras: map[string]int64{"banquet": banquets}}, v, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return store.NewOrder{
		Event: d.event, DraftID: uuid.NewString(), Lang: registration.Korean, Quote: q, Hold: hold, HoldMax: 2 * time.Hour,
		Person: registration.Person{Name: "홍길동", Email: "gildong@example.org"},
	}
}

// place makes an order of a student.
func (d *desk) place() store.Placed {
	d.t.Helper()
	p, err := d.store.Place(d.ctx, d.newOrder("student", 0))
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// start begins the order's n-th payment.
func (d *desk) start(orderID string, attempt int) payments.Payment {
	d.t.Helper()
	return d.choose(orderID, "korea", payments.MethodCard, attempt)
}

// choose begins the order's n-th payment through one of the channels.
func (d *desk) choose(orderID, channel string, m payments.Method, attempt int) payments.Payment {
	d.t.Helper()
	want := payments.Choice{ChannelID: d.event.ID + "/" + channel, Method: m, Attempt: attempt}
	p, err := d.cashier.Start(d.ctx, orderID, want, payments.ActorAttendee)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// comeBack is the payer returning from the bank's window.
func (d *desk) comeBack(p payments.Payment) payments.Payment {
	d.t.Helper()
	after, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: d.bank.Authenticate(p)})
	if err != nil {
		d.t.Fatal(err)
	}
	return after
}

// paid makes an order and pays it.
func (d *desk) paid() (store.Placed, payments.Payment) {
	d.t.Helper()
	o := d.place()
	p := d.comeBack(d.start(o.OrderID, 1))
	d.wantPayment(p.ID, payments.Confirmed)
	return o, p
}

func (d *desk) reconcile() {
	d.t.Helper()
	if _, err := d.cashier.Reconcile(d.ctx, true); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) order(id string) *registration.Order {
	d.t.Helper()
	o, err := d.store.Order(d.ctx, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return o
}

func (d *desk) wantOrder(id string, want registration.OrderState, places registration.State) {
	d.t.Helper()
	o := d.order(id)
	if o.State != want || o.Registrations[0].State != places {
		d.t.Errorf("order is %s with places %s, want %s with %s", o.State, o.Registrations[0].State, want, places)
	}
}

func (d *desk) wantPayment(id string, want payments.State) payments.Payment {
	d.t.Helper()
	p, err := d.store.Payment(d.ctx, id)
	if err != nil {
		d.t.Fatal(err)
	}
	if p.State != want {
		d.t.Fatalf("payment is %s, want %s", p.State, want)
	}
	return p
}

func (d *desk) wantLeft(quota string, want int64) {
	d.t.Helper()
	left, err := d.store.Left(d.ctx, d.event.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	if left[quota] != want {
		d.t.Errorf("%d places are left in %s, want %d", left[quota], quota, want)
	}
}

func (d *desk) receipts(orderID string) []string {
	d.t.Helper()
	all, err := d.store.Receipts(d.ctx, orderID)
	if err != nil {
		d.t.Fatal(err)
	}
	var nos []string
	for _, r := range all {
		nos = append(nos, r.No)
	}
	return nos
}

func (d *desk) refunds(orderID string) []payments.Refund {
	d.t.Helper()
	all, err := d.store.RefundsOf(d.ctx, orderID)
	if err != nil {
		d.t.Fatal(err)
	}
	return all
}

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }
