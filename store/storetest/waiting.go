package storetest

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"github.com/google/uuid"
)

// waiting are the cases about the waiting list.
var waiting = map[string]func(*testing.T, Opener){
	"a place that comes free goes to the first in line and to no walk-in":    firstInLine,
	"fifty at once get one freed place once":                                 fiftyForOne,
	"an offer that ends while it is taken has one outcome":                   lapsesWhileTaken,
	"an offer that nobody takes goes to the next":                            nextInLine,
	"who took an offer and pays late regains the place only if nobody waits": offeredPaysLate,
	"an offer makes one order, also of a free category and at a double post": offerTwice,
	"what an offer holds and the order does not need is free again":          offerPartly,
	"while offers are paused staff give out the places":                      pausedOffers,
	"more places go down the line, and what is waited for stays":             morePlaces,
	"an address is in line once for a category and always gets its link":     inLineOnce,
}

const offerLasts = 48 * time.Hour

// newLine opens an event with that many places, all of them sold out to walk-ins, and a waiting list.
func newLine(t *testing.T, open Opener, places int64) (*desk, []store.Placed) {
	t.Helper()
	d := newDesk(t, open, places)
	e := *d.event
	e.Waiting = registration.WaitingList{Offer: offerLasts}
	d.apply(e)
	var walkIns []store.Placed
	for range places {
		walkIns = append(walkIns, d.place())
	}
	return d, walkIns
}

// join puts somebody in line for a category and gives their entry.
func (d *desk) join(category string, extras ...string) *store.WaitingEntry {
	d.t.Helper()
	return d.joinAs(uuid.NewString()+"@example.org", category, extras...)
}

func (d *desk) joinAs(email, category string, extras ...string) *store.WaitingEntry {
	d.t.Helper()
	c := registration.Cart{Category: category, Extras: map[string]int64{}}
	for _, x := range extras {
		c.Extras[x] = 1
	}
	if err := d.store.JoinWaiting(d.ctx, d.event, c, registration.Person{Name: "홍길동", Email: email}, registration.Korean); err != nil {
		d.t.Fatal(err)
	}
	all, err := d.store.WaitingList(d.ctx, d.event.ID, "", true, 1000)
	mine := slices.IndexFunc(all, func(w *store.WaitingEntry) bool {
		return w.Cart.Category == category && strings.EqualFold(w.Email, email)
	})
	if err != nil || mine < 0 {
		d.t.Fatalf("list: %v", err)
	}
	return all[mine]
}

func (d *desk) entry(id string) *store.WaitingEntry {
	d.t.Helper()
	w, err := d.store.WaitingEntryByID(d.ctx, id)
	if err != nil {
		d.t.Fatal(err)
	}
	return w
}

func (d *desk) wantEntry(w *store.WaitingEntry, want registration.WaitingState) {
	d.t.Helper()
	if got := d.entry(w.ID).State; got != want {
		d.t.Errorf("entry %s is %s, want %s", w.Email, got, want)
	}
}

// offers lets the store give out what is free.
func (d *desk) offers(want int) {
	d.t.Helper()
	if n, err := d.store.OfferPlaces(d.ctx, false); err != nil || n != want {
		d.t.Errorf("%d offers (%v), want %d", n, err, want)
	}
}

// fromOffer is the order that the owner of an offer makes.
func (d *desk) fromOffer(id string) store.NewOrder {
	d.t.Helper()
	w := d.entry(id)
	n := d.newOrder(w.Cart.Category, w.Cart.Extras["banquet"])
	n.Offer, n.Person = w, registration.Person{Name: w.Name, Email: w.Email}
	return n
}

func (d *desk) cancelOrder(id string) {
	d.t.Helper()
	if _, err := d.store.Cancel(d.ctx, id, staff, "test", payments.Back{All: true}); err != nil {
		d.t.Fatal(err)
	}
}

// wantFull tries to register as a walk-in.
func (d *desk) wantFull() {
	d.t.Helper()
	if _, err := d.store.Place(d.ctx, d.newOrder("student", 0)); !isCode(err, registration.CodeFull) {
		d.t.Errorf("a walk-in: %v, want it to be full", err)
	}
	d.wantLeft("hall", 0)
}

func firstInLine(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 2)
	first, second := d.join("student"), d.join("student")
	d.offers(0)
	d.cancelOrder(walkIns[0].OrderID)
	d.wantFull() // the place is put by
	d.offers(1)
	d.offers(0)
	d.wantEntry(first, registration.WaitingOffered)
	d.wantEntry(second, registration.InLine)
	if until := d.entry(first.ID).OfferUntil; !until.Equal(d.clock.Now().Add(offerLasts)) {
		t.Errorf("the offer is until %v", until)
	}
	d.wantFull()
	if before, err := d.store.WaitingBefore(d.ctx, second); err != nil || before != 0 {
		t.Errorf("%d before the second (%v), want 0", before, err)
	}
	o, err := d.store.Place(d.ctx, d.fromOffer(first.ID))
	if err != nil {
		t.Fatal(err)
	}
	d.wantEntry(first, registration.WaitingTaken)
	if order := d.order(o.OrderID); !order.HoldUntil.Equal(d.entry(first.ID).OfferUntil) {
		t.Errorf("the order is held until %v, want the offer's end", order.HoldUntil)
	}
	d.comeBack(d.start(o.OrderID, 1))
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if err := d.store.LeaveWaiting(d.ctx, d.event, second.ID, "attendee"); err != nil {
		t.Fatal(err)
	}
	d.cancelOrder(walkIns[1].OrderID)
	d.wantLeft("hall", 1) // nobody waits any more
	d.place()
	d.healthy()
}

func fiftyForOne(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	var line []*store.WaitingEntry
	for range 10 {
		line = append(line, d.join("student"))
	}
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	var mu sync.Mutex
	made := 0
	count := func(_ store.Placed, err error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			made++
		case !isCode(err, registration.CodeFull) && !isCode(err, registration.CodeConflict):
			t.Errorf("place: %v", err)
		}
	}
	var wg sync.WaitGroup
	for i := range 50 {
		n := d.newOrder("student", 0)
		if i%2 == 0 {
			n = d.fromOffer(line[0].ID)
		}
		wg.Go(func() { count(d.store.Place(d.ctx, n)) })
		if i%10 == 0 {
			wg.Go(func() {
				if n, err := d.store.OfferPlaces(d.ctx, true); err != nil || n != 0 {
					t.Errorf("%d more offers: %v", n, err)
				}
			})
		}
	}
	wg.Wait()
	if made != 1 {
		t.Errorf("%d orders got the one place", made)
	}
	d.healthy()
}

func lapsesWhileTaken(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	first, second := d.join("student"), d.join("student")
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	n := d.fromOffer(first.ID)
	d.clock.Pass(offerLasts - time.Millisecond)
	var wg sync.WaitGroup
	var placed error
	wg.Go(func() { _, placed = d.store.Place(d.ctx, n) })
	wg.Go(func() {
		d.clock.Pass(time.Millisecond)
		if _, err := d.store.OfferPlaces(d.ctx, false); err != nil {
			t.Errorf("offer: %v", err)
		}
	})
	wg.Wait()
	d.clock.Pass(time.Millisecond)
	if _, err := d.store.OfferPlaces(d.ctx, false); err != nil {
		t.Fatal(err)
	}
	switch {
	case placed == nil:
		d.wantEntry(first, registration.WaitingTaken)
	case isCode(placed, registration.CodeConflict):
		d.wantEntry(first, registration.WaitingLapsed)
		d.wantEntry(second, registration.WaitingOffered)
	default:
		t.Errorf("place: %v", placed)
	}
	d.healthy()
}

func nextInLine(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	first, second, third := d.join("student"), d.join("student"), d.join("student")
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	d.clock.Pass(offerLasts)
	if _, err := d.store.Place(d.ctx, d.fromOffer(first.ID)); !isCode(err, registration.CodeConflict) {
		t.Errorf("an offer that is over was taken: %v", err)
	}
	d.offers(1)
	d.wantEntry(first, registration.WaitingLapsed)
	d.wantEntry(second, registration.WaitingOffered)
	for range 2 { // declined, twice
		if err := d.store.LeaveWaiting(d.ctx, d.event, second.ID, "attendee"); err != nil {
			t.Fatal(err)
		}
	}
	d.wantEntry(second, registration.WaitingLeft)
	d.wantEntry(third, registration.WaitingOffered)
	d.healthy()
}

func offeredPaysLate(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	first, second := d.join("student"), d.join("student")
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	late := func(id string) (store.Placed, payments.Payment) {
		o, err := d.store.Place(d.ctx, d.fromOffer(id))
		if err != nil {
			t.Fatal(err)
		}
		p := d.start(o.OrderID, 1)
		d.clock.Pass(offerLasts)
		if _, err := d.store.ExpireHolds(d.ctx); err != nil {
			t.Fatal(err)
		}
		d.wantOrder(o.OrderID, registration.OrderExpired, registration.Cancelled)
		d.bank.Capture(p, won(150000))
		return o, p
	}
	_, p := late(first.ID)
	if after, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil || after.State != payments.Surplus {
		t.Errorf("money came late while somebody waits: %s (%v), want surplus", after.State, err)
	}
	d.offers(1)
	d.wantEntry(second, registration.WaitingOffered)
	o, p := late(second.ID)
	if after, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil || after.State != payments.Confirmed {
		t.Errorf("money came late and nobody waits: %s (%v), want confirmed", after.State, err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	d.reconcile()
	d.healthy()
}

func offerTwice(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	w := d.join("guest")
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	n := d.fromOffer(w.ID)
	first, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.store.Place(d.ctx, n)
	if err != nil || again.Code != first.Code {
		t.Errorf("the same form again: %v, %v", again, err)
	}
	d.wantOrder(first.OrderID, registration.OrderPaid, registration.Confirmed)
	d.wantEntry(w, registration.WaitingTaken)
	d.healthy()
}

func offerPartly(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	w := d.join("student", "banquet")
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	d.wantLeft("banquet", 999)
	n := d.fromOffer(w.ID)
	n.Quote = d.newOrder("student", 0).Quote
	o, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	d.wantLeft("banquet", 1000)
	d.cancelOrder(o.OrderID)
	d.wantLeft("hall", 1)
	d.healthy()
}

func pausedOffers(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	first, second := d.join("student"), d.join("student")
	pause := func(on bool) {
		if err := d.store.PauseWaiting(d.ctx, d.event, on, staff); err != nil {
			t.Fatal(err)
		}
	}
	pause(true)
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(0)
	d.wantFull()
	if err := d.store.OfferTo(d.ctx, d.event, second.ID, staff); err != nil {
		t.Fatal(err)
	}
	d.wantEntry(second, registration.WaitingOffered)
	if err := d.store.OfferTo(d.ctx, d.event, first.ID, staff); !isCode(err, registration.CodeFull) {
		t.Errorf("a place that is not there was offered: %v", err)
	}
	if err := d.store.LeaveWaiting(d.ctx, d.event, second.ID, staff); err != nil {
		t.Fatal(err)
	}
	d.wantEntry(first, registration.InLine)
	d.wantFull()
	pause(false)
	d.wantEntry(first, registration.WaitingOffered)
	d.healthy()
}

func morePlaces(t *testing.T, open Opener) {
	d, _ := newLine(t, open, 1)
	first, second, third := d.join("student"), d.join("student"), d.join("student")
	e := *d.event
	e.Quotas = []registration.Quota{e.Quotas[0], {ID: "hall", Places: 3, Of: []string{"student", "guest"}}}
	d.apply(e)
	d.wantEntry(first, registration.WaitingOffered)
	d.wantEntry(second, registration.WaitingOffered)
	d.wantEntry(third, registration.InLine)
	e.Categories = e.Categories[1:]
	e.Quotas = []registration.Quota{e.Quotas[0], {ID: "hall", Places: 3, Of: []string{"guest"}}}
	if err := d.store.Apply(d.ctx, store.Applied{Event: e, Actor: "system"}); !isCode(err, registration.CodeConflict) {
		t.Errorf("a category that people wait for was removed: %v", err)
	}
	d.healthy()
}

func inLineOnce(t *testing.T, open Opener) {
	d, walkIns := newLine(t, open, 1)
	before := d.countMails()
	w := d.joinAs("same@example.org", "student")
	if again := d.joinAs("Same@Example.org", "student"); again.ID != w.ID {
		t.Errorf("in line twice: %s and %s", w.ID, again.ID)
	}
	if n := d.countMails() - before; n != 2 {
		t.Errorf("%d mails, want 2", n)
	}
	d.cancelOrder(walkIns[0].OrderID)
	d.offers(1)
	d.clock.Pass(offerLasts)
	d.offers(0)
	if err := d.store.JoinWaiting(d.ctx, d.event, w.Cart, registration.Person{Email: w.Email}, registration.English); !isCode(err, registration.CodeConflict) {
		t.Errorf("joined a line for what is there: %v", err)
	}
	d.healthy()
}

func (d *desk) countMails() (n int) {
	d.t.Helper()
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM jobs WHERE kind = 'mail'`).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}
