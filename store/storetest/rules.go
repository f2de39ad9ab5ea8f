package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"foyer/registration"
)

// rules are the cases about what an organizer may lay down.
var rules = map[string]func(*testing.T, Opener){
	"cancelling an order closes its window at a gateway that can":      windowClosed,
	"a voucher is used exactly as often as allowed by parallel orders": voucherLimit,
	"one address uses a voucher as often as one person may":            voucherPerPerson,
	"an expired order gives its voucher back once":                     voucherGivenBack,
	"a voucher for everything makes the order free":                    voucherFree,
	"a voucher that was taken away is not found, its orders keep it":   voucherRemoved,
	"an option is chosen exactly as often as it has places":            optionPlaces,
	"answers are kept as they were given":                              answersKept,
	"places of quotas that overlap agree with a second model":          placesAgree,
}

// voucher makes a code at the desk.
func (d *desk) voucher(v registration.Voucher) *registration.Voucher {
	d.t.Helper()
	if err := d.store.MakeVouchers(d.ctx, d.event, v, []string{"CODE"}, "test", "staff:a@example.org"); err != nil {
		d.t.Fatal(err)
	}
	made, err := d.store.Voucher(d.ctx, d.event.ID, "CODE")
	if err != nil {
		d.t.Fatal(err)
	}
	return made
}

// uses reads how often the code waits and was used.
func (d *desk) uses() (held, used int64) {
	d.t.Helper()
	list, err := d.store.Vouchers(d.ctx, d.event.ID, "", "", 10)
	if err != nil || len(list) != 1 {
		d.t.Fatalf("vouchers %+v: %v", list, err)
	}
	return list[0].Held, list[0].Used
}

func voucherLimit(t *testing.T, open Opener) {
	d := newDesk(t, open, 1000)
	v := d.voucher(registration.Voucher{Percent: 50, Uses: 7})
	var mu sync.Mutex
	took, refused := 0, 0
	var wg sync.WaitGroup
	for range 50 {
		n := d.newOrderWith(v, "student", 0)
		wg.Go(func() {
			_, err := d.store.Place(d.ctx, n)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				took++
			case isCode(err, registration.CodeConflict):
				refused++
			default:
				t.Errorf("place: %v", err)
			}
		})
	}
	wg.Wait()
	if took != 7 || refused != 43 {
		t.Errorf("%d orders used the code and %d were refused, want 7 and 43", took, refused)
	}
	if held, used := d.uses(); held != 7 || used != 0 {
		t.Errorf("the code counts %d and %d uses, want 7 and 0", held, used)
	}
	d.wantLeft("hall", 993)
}

func voucherPerPerson(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	v := d.voucher(registration.Voucher{Percent: 50, PerPerson: 1})
	for i, want := range []bool{true, false, true} {
		n := d.newOrderWith(v, "student", 0)
		n.Person.Email = fmt.Sprintf("Person%d@example.org", i/2)
		if _, err := d.store.Place(d.ctx, n); (err == nil) != want {
			t.Errorf("order %d: %v, want it taken: %t", i+1, err, want)
		}
	}
	d.wantLeft("hall", 8)
}

func voucherGivenBack(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	v := d.voucher(registration.Voucher{Percent: 50, Uses: 1})
	n := d.newOrderWith(v, "student", 0)
	o, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	d.clock.Pass(hold + time.Second)
	for range 2 {
		if _, err := d.store.ExpireHolds(d.ctx); err != nil {
			t.Fatal(err)
		}
	}
	if held, used := d.uses(); held != 0 || used != 0 {
		t.Fatalf("the code counts %d and %d uses after its order has expired", held, used)
	}
	if err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{n.Quote}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	if held, _ := d.uses(); held != 1 {
		t.Errorf("the renewed order holds %d uses, want 1", held)
	}
	d.comeBack(d.start(o.OrderID, 1))
	if held, used := d.uses(); held != 0 || used != 1 {
		t.Errorf("the paid order counts as %d held and %d used", held, used)
	}
}

func voucherFree(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	v := d.voucher(registration.Voucher{Percent: 100, Uses: 5})
	o, err := d.store.Place(d.ctx, d.newOrderWith(v, "student", 0))
	if err != nil {
		t.Fatal(err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if held, used := d.uses(); held != 0 || used != 1 {
		t.Errorf("the code counts %d held and %d used, want it used", held, used)
	}
}

func voucherRemoved(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	v := d.voucher(registration.Voucher{Off: registration.Prices{registration.KRW: 10000}, Uses: 5})
	o, err := d.store.Place(d.ctx, d.newOrderWith(v, "student", 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.store.RemoveVoucher(d.ctx, d.event, "CODE", "staff:a@example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Voucher(d.ctx, d.event.ID, "CODE"); !isCode(err, registration.CodeNotFound) {
		t.Errorf("the code is still there: %v", err)
	}
	order, err := d.store.Order(d.ctx, o.OrderID)
	if err != nil || order.Voucher != "CODE" || order.Prices[registration.KRW] != 140000 {
		t.Errorf("the order is now %+v: %v", order, err)
	}
}

// asking gives the desk's event a question whose answer yes has that many places.
func (d *desk) asking(places int64) {
	d.t.Helper()
	e := *d.event
	e.Questions = []registration.Question{{
		ID: "bus", Kind: registration.AskChoice, Per: registration.PerPerson,
		Options: []registration.Option{{ID: "yes", Places: places}, {ID: "no"}},
	}}
	e.Quotas = append(e.Quotas, registration.Quota{ID: registration.OptionQuota("bus", "yes"), Places: places, Of: []string{"bus.yes"}})
	d.apply(e)
}

func optionPlaces(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.asking(2)
	for i, want := range []bool{true, true, false} {
		n := d.newOrder("student", 0)
		n.Answers = registration.Answers{"bus": {"yes"}}
		if _, err := d.store.Place(d.ctx, n); (err == nil) != want || (err != nil && !isCode(err, registration.CodeFull)) {
			t.Errorf("order %d: %v, want it taken: %t", i+1, err, want)
		}
	}
	d.wantLeft("bus.yes", 0)
	d.wantLeft("hall", 8)
}

func answersKept(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	n := d.newOrder("student", 0)
	n.Answers, n.ForOrder = registration.Answers{"diet": {"채식", "생선 없음"}}, registration.Answers{"invoice": {"학회 사무국"}}
	o, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	order, err := d.store.Order(d.ctx, o.OrderID)
	if err != nil {
		t.Fatal(err)
	}
	if got := order.Registrations[0].Answers["diet"]; len(got) != 2 || got[1] != "생선 없음" {
		t.Errorf("the person's answers are %v", got)
	}
	if got := order.Answers["invoice"]; len(got) != 1 || got[0] != "학회 사무국" {
		t.Errorf("the order's answers are %v", got)
	}
}
