package storetest

import (
	"errors"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// Run runs the suite; open makes an empty store for each case.
func Run(t *testing.T, open Opener) {
	cases := map[string]func(*testing.T, Opener){
		"places are never oversold by parallel orders":           neverOversold,
		"the same draft twice at once is one order":              oneOrderPerDraft,
		"a free order is paid at once and reaches no gateway":    freeOrder,
		"an ended hold gives its places back exactly once":       holdEndsOnce,
		"an expired order takes places again at today's price":   renewed,
		"an order of two banquets takes two banquet places":      extrasTakePlaces,
		"the same settlement twenty times has the effect of one": settledOnce,
	}
	for _, more := range []map[string]func(*testing.T, Opener){money, rules, daily, deposits, declared, checks, late, mails, waiting, waitingLine, kept, papers, groups, amendments, changesOfMany, approvals, handedIn, phones, lists, leaving, agreeing, refusals, leftBehind, races, ofEvents, corrections} {
		maps.Copy(cases, more)
	}
	for name, fn := range cases {
		t.Run(name, func(t *testing.T) { fn(t, open) })
	}
}

func isCode(err error, want registration.Code) bool {
	e, ok := errors.AsType[*registration.Error](err)
	return ok && e.Code == want
}

func neverOversold(t *testing.T, open Opener) {
	d := newDesk(t, open, 50)
	var mu sync.Mutex
	sold, full := 0, 0
	var wg sync.WaitGroup
	for range 8 {
		orders := make([]store.NewOrder, 15)
		for i := range orders {
			orders[i] = d.newOrder("student", 0)
		}
		wg.Go(func() {
			for _, n := range orders {
				_, err := d.store.Place(d.ctx, n)
				mu.Lock()
				switch {
				case err == nil:
					sold++
				case isCode(err, registration.CodeFull):
					full++
				default:
					t.Errorf("place: %v", err)
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if sold != 50 || full != 70 {
		t.Errorf("sold %d and refused %d, want 50 and 70", sold, full)
	}
	d.wantLeft("hall", 0)
}

func oneOrderPerDraft(t *testing.T, open Opener) {
	d := newDesk(t, open, 50)
	n := d.newOrder("student", 0)
	codes := make([]string, 12)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() {
			p, err := d.store.Place(d.ctx, n)
			if err != nil {
				t.Errorf("place: %v", err)
			}
			codes[i] = p.Code
		})
	}
	wg.Wait()
	if slices.Sort(codes); codes[0] != codes[11] {
		t.Errorf("one draft became orders %s and %s", codes[0], codes[11])
	}
	d.wantLeft("hall", 49)
}

func freeOrder(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, err := d.store.Place(d.ctx, d.newOrder("guest", 0))
	if err != nil {
		t.Fatal(err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if _, err := d.cashier.Start(d.ctx, o.OrderID, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 1}, "attendee"); !isCode(err, registration.CodeConflict) {
		t.Errorf("a payment of a free order: %v, want a conflict", err)
	}
	if len(d.bank.Accounts()) != 0 {
		t.Error("a free order reached the bank")
	}
}

func holdEndsOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	d.clock.Pass(hold - time.Second)
	if n, err := d.store.ExpireHolds(d.ctx); n != 0 || err != nil {
		t.Fatalf("expired %d before the hold's end (%v)", n, err)
	}
	d.clock.Pass(2 * time.Second)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := d.store.ExpireHolds(d.ctx); err != nil {
				t.Errorf("expire: %v", err)
			}
		})
	}
	wg.Wait()
	d.wantOrder(o.OrderID, registration.OrderExpired, registration.Cancelled)
	d.wantLeft("hall", 5)
}

func renewed(t *testing.T, open Opener) {
	d := newDesk(t, open, 1)
	o := d.place()
	d.clock.Pass(hold)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	q := d.newOrder("student", 1).Quote
	if err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{q}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held)
	d.wantLeft("hall", 0)
	if p := d.start(o.OrderID, 1); p.Amount != won(200000) {
		t.Errorf("asked for %v, want the price agreed to when renewing", p.Amount)
	}
	err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{q}, hold, hold, "attendee")
	if !isCode(err, registration.CodeConflict) && !isCode(err, registration.CodeFull) {
		t.Errorf("renewed twice: %v", err)
	}
	d.wantLeft("hall", 0)
}

func extrasTakePlaces(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, err := d.store.Place(d.ctx, d.newOrder("student", 2))
	if err != nil {
		t.Fatal(err)
	}
	d.wantLeft("banquet", 998)
	d.comeBack(d.start(o.OrderID, 1))
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	d.wantLeft("banquet", 998)
}
