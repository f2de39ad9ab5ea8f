package storetest

import (
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// changesOfMany are the cases about changes that meet, that staff asks for, and of orders of several people.
var changesOfMany = map[string]func(*testing.T, Opener){
	"of parallel changes of one order one wins":                            changesParallel,
	"parallel changes never take more places than there are":               changesRace,
	"a change that staff asks for is mailed and waits as long as it may":   changeByStaff,
	"a free order that becomes dearer is paid in a currency of its choice": changeOfFree,
	"one person of an order is cancelled, the others stay":                 onePersonCancelled,
	"an event that reprices holds nothing past its phase":                  repriced,
}

func changesParallel(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, _ := d.paid()
	var mu sync.Mutex
	won := 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, err := d.change(o.OrderID, 2)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won++
			case !isCode(err, registration.CodeConflict):
				t.Errorf("change: %v", err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d changes of one order were taken", won)
	}
	d.wantLeft("banquet", 998)
	d.healthy()
}

func changesRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	e := *d.event
	e.Quotas[0].Places = 7
	d.apply(e)
	var ids []string
	for range 8 {
		o, _ := d.paid()
		ids = append(ids, o.OrderID)
	}
	var wg sync.WaitGroup
	for _, id := range ids {
		wg.Go(func() {
			if _, err := d.change(id, 2); err != nil && !isCode(err, registration.CodeFull) {
				t.Errorf("change: %v", err)
			}
		})
		wg.Go(func() {
			if _, err := d.store.Place(d.ctx, d.newOrder("student", 1)); err != nil && !isCode(err, registration.CodeFull) {
				t.Errorf("place: %v", err)
			}
		})
	}
	wg.Wait()
	d.wantLeft("banquet", 0)
	d.healthy()
}

func changeByStaff(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, _ := d.paid()
	order := d.order(o.OrderID)
	lines := []registration.Line{{Kind: registration.LineCategory, ID: "guest", Name: registration.Text{Ko: "일반", En: "Regular"}, Quantity: 1, Unit: registration.Prices{registration.KRW: 250000}}}
	a, err := d.store.Amend(d.ctx, o.OrderID, store.NewAmendment{
		Parts: []registration.Part{{ID: order.Registrations[0].ID, Lines: lines}}, Actor: staff, Reason: "no proof", Hold: 14 * 24 * time.Hour,
	})
	if err != nil || a.Due[registration.KRW] != 100000 {
		t.Fatalf("change: %+v, %v", a, err)
	}
	if n := d.mails(payments.MailAmendDue); n != 1 {
		t.Errorf("%d mails ask for the difference", n)
	}
	d.clock.Pass(13 * 24 * time.Hour)
	d.expireHolds(0)
	d.comeBack(d.start(o.OrderID, 2))
	d.wantChange(o.OrderID, registration.AmendmentApplied, 250000)
	if got := d.order(o.OrderID).Registrations[0].Category(); got != "guest" {
		t.Errorf("the category is %s", got)
	}
	page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, TestToo: true, Category: "guest"}, store.Cursor{}, 5)
	if err != nil || len(page.Rows) != 1 || page.Rows[0].Standing() != payments.StandingPaid || page.Rows[0].Paid != 250000 {
		t.Errorf("the list shows %+v (%v)", page.Rows, err)
	}
	d.healthy()
}

func changeOfFree(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, err := d.store.Place(d.ctx, d.newOrder("guest", 0))
	if err != nil {
		t.Fatal(err)
	}
	a, err := d.changeTo(o.OrderID, registration.Cart{Category: "student", Extras: map[string]int64{"banquet": 1}}, payments.ActorAttendee, payments.Back{})
	if err != nil || a.Due[registration.KRW] != 200000 || a.Due[registration.USD] != 16000 {
		t.Fatalf("change: %+v, %v", a, err)
	}
	d.comeBack(d.start(o.OrderID, 1))
	d.wantChange(o.OrderID, registration.AmendmentApplied, 200000)
	if got := d.order(o.OrderID).Currency; got != registration.KRW {
		t.Errorf("the order's currency is %q", got)
	}
	d.healthy()
}

// pair makes a paid order of two students.
func (d *desk) pair() (id string, people []registration.Registration) {
	d.t.Helper()
	id = d.placeGroup(d.group("student", "student")).OrderID
	d.comeBack(d.start(id, 1))
	return id, d.order(id).Registrations
}

func onePersonCancelled(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, people := d.pair()
	drop := func(i int, back int64) (store.Amended, error) {
		return d.store.Amend(d.ctx, id, store.NewAmendment{
			Parts: []registration.Part{{ID: people[i].ID, Cancelled: true}}, Actor: payments.ActorAttendee, Back: payments.Back{Some: won(back)},
		})
	}
	a, err := drop(0, 75000)
	if err != nil || len(a.Refunds) != 1 || a.Refunds[0].Amount != won(75000) {
		t.Fatalf("cancel one: %+v, %v", a, err)
	}
	d.reconcile()
	o := d.order(id)
	if o.State != registration.OrderPaid || o.Registrations[0].State != registration.Cancelled || o.Registrations[1].State != registration.Confirmed {
		t.Errorf("the order is %s with %s and %s", o.State, o.Registrations[0].State, o.Registrations[1].State)
	}
	d.wantChange(id, registration.AmendmentApplied, 150000)
	d.wantLeft("hall", 4)
	if _, err := drop(0, 75000); !isCode(err, registration.CodeConflict) {
		t.Errorf("cancelled twice: %v", err)
	}
	if _, err := drop(1, 75000); !isCode(err, registration.CodeInvalid) {
		t.Errorf("the last one was cancelled without the order: %v", err)
	}
	page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, TestToo: true}, store.Cursor{}, 5)
	if err != nil || len(page.Rows) != 1 || len(page.Rows[0].Lines) != 1 || page.Rows[0].Lines[0].Quantity != 1 || page.Rows[0].Standing() != payments.StandingPaid {
		t.Errorf("the list shows %+v (%v)", page.Rows, err)
	}
	d.healthy()
}

func repriced(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	e := *d.event
	until := d.clock.Now().Add(15 * time.Minute)
	prices := e.Categories[0].Prices["regular"]
	e.Phases, e.Unpaid = []registration.Phase{{ID: "early", Until: until}, {ID: "regular"}}, registration.UnpaidReprice
	e.Categories[0].Prices = map[string]registration.Prices{"early": {registration.KRW: 100000}, "regular": prices}
	d.apply(e)
	id := d.place().OrderID
	d.clock.Pass(time.Minute)
	p := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	if o := d.order(id); o.HoldUntil.After(until.Add(time.Second)) || p.Deadline.After(until.Add(time.Second)) || p.Amount != won(100000) {
		t.Errorf("held until %v, to be transferred by %v, want nothing past %v", o.HoldUntil, p.Deadline, until)
	}
	d.clock.Pass(15 * time.Minute)
	d.expireHolds(1)
	if err := d.store.Renew(d.ctx, d.event, id, registration.Quotes{d.newOrder("student", 0).Quote}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	if o := d.order(id); o.Prices[registration.KRW] != 150000 || !o.HoldUntil.Equal(d.clock.Now().Add(hold)) {
		t.Errorf("renewed at %v until %v", o.Prices, o.HoldUntil)
	}
	d.healthy()
}
