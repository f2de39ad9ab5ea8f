package storetest

import (
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// kept are the cases about places that are kept for a code.
var kept = map[string]func(*testing.T, Opener){
	"places kept for a code are its holders' while everybody else is refused": keptForCode,
	"kept places and public ones are never oversold by parallel orders":       keptInARace,
	"a kept place that comes back is kept again":                              keptAgain,
	"what a code keeps is everybody's when its time is over or it is removed": keptReleased,
	"the file cannot keep more places than are free":                          keptTooMany,
	"an order with a kept place regains it when its money comes late":         keptRegained,
}

// keeping gives the desk's event a code of its file that keeps places.
func (d *desk) keeping(v registration.Voucher) *registration.Voucher {
	d.t.Helper()
	v.Code = "KEEP"
	e := *d.event
	e.Vouchers = []registration.Voucher{v}
	d.apply(e)
	return &d.event.Vouchers[0]
}

func (d *desk) withCode(v *registration.Voucher) (store.Placed, error) {
	d.t.Helper()
	return d.store.Place(d.ctx, d.newOrderWith(v, "student", 0))
}

func keptForCode(t *testing.T, open Opener) {
	d := newDesk(t, open, 3)
	v := d.keeping(registration.Voucher{Percent: 10, Reserves: 2})
	d.wantLeft("hall", 1)
	d.place()
	d.wantFull()
	for range 2 {
		o, err := d.withCode(v)
		if err != nil {
			t.Fatal(err)
		}
		d.comeBack(d.start(o.OrderID, 1))
		d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	}
	if _, err := d.withCode(v); !isCode(err, registration.CodeFull) {
		t.Errorf("a third order with the code: %v", err)
	}
	d.healthy()
}

func keptInARace(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	v := d.keeping(registration.Voucher{Percent: 100, Reserves: 4})
	var mu sync.Mutex
	made := map[bool]int{}
	var wg sync.WaitGroup
	for i := range 40 {
		code := i%2 == 0
		n := d.newOrder("student", 0)
		if code {
			n = d.newOrderWith(v, "student", 0)
		}
		wg.Go(func() {
			_, err := d.store.Place(d.ctx, n)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				made[code]++
			} else if !isCode(err, registration.CodeFull) {
				t.Errorf("place: %v", err)
			}
		})
	}
	wg.Wait()
	if made[true]+made[false] != 10 || made[true] < 4 {
		t.Errorf("%d orders with the code and %d without, want 10 together and at least 4 with it", made[true], made[false])
	}
	d.healthy()
}

func keptAgain(t *testing.T, open Opener) {
	d := newDesk(t, open, 2)
	v := d.keeping(registration.Voucher{Percent: 10, Reserves: 1})
	d.place()
	o, err := d.withCode(v)
	if err != nil {
		t.Fatal(err)
	}
	d.cancelOrder(o.OrderID)
	d.wantFull()
	o, err = d.withCode(v)
	if err != nil {
		t.Fatal(err)
	}
	d.clock.Pass(hold)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 1) // the walk-in's place; the code's is kept
	n := d.newOrderWith(v, "student", 0)
	if err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{n.Quote}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 1)
	d.healthy()
}

func keptReleased(t *testing.T, open Opener) {
	d := newDesk(t, open, 3)
	v := d.keeping(registration.Voucher{Percent: 10, Reserves: 2, Until: d.clock.Now().Add(time.Hour)})
	o, err := d.withCode(v)
	if err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 1)
	d.clock.Pass(2 * time.Hour)
	for range 2 {
		if _, err := d.store.ReleaseKept(d.ctx); err != nil {
			t.Fatal(err)
		}
	}
	d.wantLeft("hall", 2)
	d.healthy()
	d.cancelOrder(o.OrderID)
	d.wantLeft("hall", 3)
	d.keeping(registration.Voucher{Percent: 10, Reserves: 3})
	d.wantLeft("hall", 0)
	e := *d.event
	e.Vouchers = nil
	d.apply(e)
	d.wantLeft("hall", 3)
	if err := d.store.MakeVouchers(d.ctx, d.event, registration.Voucher{Percent: 5, Reserves: 2}, []string{"STAFF"}, "", staff); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 1)
	for range 2 {
		if err := d.store.RemoveVoucher(d.ctx, d.event, "STAFF", staff); err != nil {
			t.Fatal(err)
		}
	}
	d.wantLeft("hall", 3)
	d.healthy()
}

func keptTooMany(t *testing.T, open Opener) {
	d := newDesk(t, open, 2)
	d.place()
	e := *d.event
	e.Vouchers = []registration.Voucher{{Code: "KEEP", Percent: 10, Reserves: 2}}
	if err := d.store.Apply(d.ctx, store.Applied{Event: e, Actor: "system"}); !isCode(err, registration.CodeConflict) {
		t.Errorf("two places were kept of one: %v", err)
	}
	d.wantLeft("hall", 1)
	d.healthy()
}

func keptRegained(t *testing.T, open Opener) {
	d := newDesk(t, open, 2)
	v := d.keeping(registration.Voucher{Percent: 10, Reserves: 1})
	d.paid() // the public's one place
	o, err := d.withCode(v)
	if err != nil {
		t.Fatal(err)
	}
	p := d.start(o.OrderID, 1)
	d.clock.Pass(3 * time.Hour)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.wantFull()
	d.bank.Capture(p, p.Amount)
	if after, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil || after.State != payments.Confirmed {
		t.Errorf("late money: %s (%v), want confirmed", after.State, err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	d.healthy()
}
