package storetest

import (
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// checks are the cases of go-live checks.
var checks = map[string]func(*testing.T, Opener){
	"a go-live check gives its money back and ticks the box": checkPasses,
	"test money never passes a go-live check":                checkInTest,
}

// live makes the desk's event one that takes real money.
func (d *desk) live() {
	d.t.Helper()
	d.bank.Live = true
	e := sampleEvent(5)
	e.Slug, e.Mode = "live-2027", registration.Live
	err := d.store.Apply(d.ctx, store.Applied{Event: e, Actor: "system", Merchants: map[string]string{"korea": "bank"}, Channels: []payments.Channel{{
		Key: "korea", Gateway: "bank", Mode: registration.Live, Currency: registration.KRW, Cards: "domestic", Methods: []string{"card"},
		Credentials: map[string]string{"secret": "x"},
	}}})
	if err == nil {
		d.event, err = d.store.Event(d.ctx, e.Slug)
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

// check makes a go-live check and pays it.
func (d *desk) check(nonce string) payments.Payment {
	d.t.Helper()
	n := store.NewCheck{
		Event: d.event, Nonce: nonce, Amount: won(1000), Name: registration.Text{Ko: "점검", En: "Check"}, Lang: registration.Korean,
		Person: registration.Person{Name: "owner", Email: "owner@example.org"}, Actor: "staff:owner@example.org", HoldFor: time.Hour,
	}
	placed, err := d.store.PlaceCheck(d.ctx, n)
	if err != nil {
		d.t.Fatal(err)
	}
	if again, err := d.store.PlaceCheck(d.ctx, n); err != nil || again.OrderID != placed.OrderID {
		d.t.Errorf("the same form again: %+v, %v", again, err)
	}
	return d.comeBack(d.start(placed.OrderID, 1))
}

func (d *desk) unchecked() int {
	d.t.Helper()
	missing, err := d.store.Unchecked(d.ctx, d.event)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(missing)
}

func checkPasses(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.live()
	if d.unchecked() != 1 {
		t.Fatal("a new live channel needs no check")
	}
	p := d.check("one")
	if p.State != payments.Surplus || d.unchecked() != 1 {
		t.Fatalf("payment is %s, %d unchecked", p.State, d.unchecked())
	}
	d.reconcile()
	if a := d.bank.Account(p.OrderNo); a.Captured != won(1000) || a.Refunded != 1000 || d.unchecked() != 0 {
		t.Errorf("bank: %+v, %d unchecked", a, d.unchecked())
	}
	if got := d.receipts(p.OrderID); len(got) != 0 {
		t.Errorf("a check has receipts %v", got)
	}
	d.wantLeft("hall", 5)
	filter := store.OrderFilter{EventID: d.event.ID}
	n, err := d.store.CountOrders(d.ctx, filter)
	sums, errSums := d.store.Totals(d.ctx, filter)
	if n != 0 || len(sums) != 0 || err != nil || errSums != nil {
		t.Errorf("the check is in lists: %d, %v, %v, %v", n, sums, err, errSums)
	}
	if mine, err := d.store.OrdersOf(d.ctx, "owner@example.org"); len(mine) != 0 || err != nil {
		t.Errorf("the check is among a person's orders: %v, %v", mine, err)
	}
	d.clock.Pass(3 * time.Hour)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	if findings, err := d.store.Doctor(d.ctx); err != nil || len(findings) > 0 {
		t.Errorf("doctor: %v, %v", findings, err)
	}
	d.newContract()
}

// newContract replaces the channel's keys by those of another contract, which needs a check of its own.
func (d *desk) newContract() {
	d.t.Helper()
	ch, err := d.store.ChannelByKey(d.ctx, d.event.ID, "korea")
	if err != nil {
		d.t.Fatal(err)
	}
	if err := d.store.ReplaceKeys(d.ctx, ch, map[string]string{"secret": "y"}, "bank two", "staff:owner@example.org"); err != nil {
		d.t.Fatal(err)
	}
	if err := d.store.ReplaceKeys(d.ctx, ch, map[string]string{"secret": "z"}, "bank", "staff:owner@example.org"); !isCode(err, registration.CodeConflict) {
		d.t.Errorf("keys replaced over somebody else's: %v", err)
	}
	written, err := d.store.Written(d.ctx, ch.ID)
	now, errNow := d.store.ChannelByKey(d.ctx, d.event.ID, "korea")
	if err != nil || errNow != nil || now.Credentials["secret"] != "y" || !written["secret"].Equal(d.clock.Now()) || d.unchecked() != 1 {
		d.t.Errorf("after replacing: %v, written %v, %v, %v", now.Credentials, written, err, errNow)
	}
}

func checkInTest(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.live()
	d.bank.Live = false
	if p := d.check("one"); p.State == payments.Surplus || p.State == payments.Confirmed {
		t.Errorf("payment is %s", p.State)
	}
	d.reconcile()
	if d.unchecked() != 1 {
		t.Error("test money has passed a check")
	}
}
