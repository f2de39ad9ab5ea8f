package storetest

import (
	"sync"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// leftBehind are the cases about what one person of an order leaves behind.
var leftBehind = map[string]func(*testing.T, Opener){
	"a place that a code had kept is kept again when one person leaves":      keptPersonLeaves,
	"papers of a group stay with their people when staff give it others":     papersOfAGroup,
	"a paper given to somebody who is being cancelled is theirs or nobody's": paperWhileLeaving,
}

// drop cancels one person of an order with nothing back.
func (d *desk) drop(orderID string, r registration.Registration) error {
	_, err := d.store.Amend(d.ctx, orderID, store.NewAmendment{Parts: []registration.Part{{ID: r.ID, Cancelled: true}}, Actor: payments.ActorAttendee})
	return err
}

func keptPersonLeaves(t *testing.T, open Opener) {
	d := newDesk(t, open, 3)
	v := d.keeping(registration.Voucher{Percent: 10, Reserves: 2})
	n := d.group("student", "student")
	n.Quote = d.newOrderWith(v, "student", 0).Quote
	n.More[0].Quote = n.Quote
	id := d.placeGroup(n).OrderID
	d.comeBack(d.start(id, 1))
	people := d.order(id).Registrations
	if err := d.drop(id, people[0]); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 1) // the public's, as before
	d.healthy()
	if _, err := d.withCode(v); err != nil {
		t.Errorf("the code does not have its place back: %v", err)
	}
	d.cancelOrder(id)
	d.wantLeft("hall", 1)
	d.healthy()
}

func papersOfAGroup(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.accept("1", "2", "3")
	n := d.group("student", "student")
	n.Papers, n.More[0].Papers = []string{"1"}, []string{"2"}
	id := d.placeGroup(n).OrderID
	d.comeBack(d.start(id, 1))
	give := func(position int, numbers ...string) error {
		return d.store.CoverPapers(d.ctx, d.event, id, position, numbers, staff, "전화 요청")
	}
	if err := give(0, "1", "2", "3"); err != nil {
		t.Fatal(err)
	}
	has := map[string]int64{}
	list, err := d.store.PapersOf(d.ctx, id)
	for _, c := range list {
		has[c.Number] = c.Position
	}
	if err != nil || len(has) != 3 || has["1"] != 0 || has["2"] != 1 || has["3"] != 0 {
		t.Errorf("papers by position: %v (%v)", has, err)
	}
	if err := d.drop(id, d.order(id).Registrations[1]); err != nil {
		t.Fatal(err)
	}
	d.wantStanding(store.PapersUncovered, "2")
	if err := give(1, "1", "2", "3"); !isCode(err, registration.CodeConflict) {
		t.Errorf("somebody who is cancelled covers a paper: %v", err)
	}
	if err := give(0, "2"); err != nil {
		t.Error(err)
	}
	d.wantStanding(store.PapersUncovered, "1", "3")
	d.examined()
}

func paperWhileLeaving(t *testing.T, open Opener) {
	d := newDesk(t, open, 100)
	d.accept("1")
	for range 12 {
		id, people := d.pair()
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := d.drop(id, people[1]); err != nil && !isCode(err, registration.CodeConflict) {
				t.Errorf("cancel one: %v", err)
			}
		})
		wg.Go(func() {
			if err := d.store.CoverPapers(d.ctx, d.event, id, 1, []string{"1"}, staff, "전화 요청"); err != nil && !isCode(err, registration.CodeConflict) {
				t.Errorf("cover: %v", err)
			}
		})
		wg.Wait()
		d.examined()
		d.cancelOrder(id)
	}
	d.wantStanding(store.PapersUncovered, "1")
}
