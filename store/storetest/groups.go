package storetest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// groups are the cases about orders of several people.
var groups = map[string]func(*testing.T, Opener){
	"an order of ten people of two categories takes ten places":      groupPlaces,
	"an order of several people takes all its places or none":        groupAllOrNone,
	"two hundred people are one order, one charge and one receipt":   groupOfMany,
	"a group is found by any of its people, and by its payer":        groupFound,
	"a voucher counts once for each person of a group who uses it":   groupVoucher,
	"groups and single people never take more places than there are": groupsRace,
	"an expired group takes its places again at today's prices":      groupRenewed,
	"the same draft of a group twice at once is one order":           groupOnce,
	"a place of a group goes to another person once":                 groupReplaced,
	"the people of a free group are mailed their links at once":      groupFree,
}

// group makes an order of people of these categories, each a person of its own, paid for by an institution.
func (d *desk) group(categories ...string) store.NewOrder {
	d.t.Helper()
	n := d.newOrder(categories[0], 0)
	n.Person = member(0)
	n.Payer = &registration.Person{Name: "예시대학교 연구실", Email: "office@example.org", Affiliation: "예시대학교"}
	for i, c := range categories[1:] {
		n.More = append(n.More, store.NewPerson{Person: member(i + 1), Quote: d.newOrder(c, int64(i%2)).Quote})
	}
	return n
}

func member(i int) registration.Person {
	return registration.Person{Name: fmt.Sprintf("참가자%03d", i), Email: fmt.Sprintf("member%03d@example.org", i), Affiliation: "예시연구소"}
}

func repeated(category string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = category
	}
	return all
}

// placeGroup makes a group's order.
func (d *desk) placeGroup(n store.NewOrder) store.Placed {
	d.t.Helper()
	p, err := d.store.Place(d.ctx, n)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func groupPlaces(t *testing.T, open Opener) {
	d := newDesk(t, open, 12)
	n := d.group(append(repeated("student", 6), repeated("guest", 4)...)...)
	o := d.order(d.placeGroup(n).OrderID)
	d.wantLeft("hall", 2)
	d.wantLeft("banquet", 996)
	if len(o.Registrations) != 10 || o.Payer.Name != n.Payer.Name || o.Registrations[0].Person.Name != "참가자000" || o.Registrations[9].Category() != "guest" {
		t.Errorf("%d people paid for by %q: %+v", len(o.Registrations), o.Payer.Name, o.Registrations)
	}
	if want := (registration.Prices{registration.KRW: 6*150000 + 4*50000}); !o.Prices.Equal(want) {
		t.Errorf("comes to %v, want %v: guests have no price in dollars", o.Prices, want)
	}
	d.clock.Pass(hold + time.Second)
	d.expireHolds(1)
	d.wantLeft("hall", 12)
	d.wantLeft("banquet", 1000)
}

func groupAllOrNone(t *testing.T, open Opener) {
	d := newDesk(t, open, 9)
	if _, err := d.store.Place(d.ctx, d.group(repeated("student", 10)...)); !isCode(err, registration.CodeFull) {
		t.Fatalf("ten people for nine places: %v", err)
	}
	d.wantLeft("hall", 9)
	d.wantLeft("banquet", 1000)
	var left int64
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM registrations`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d registrations were made (%v)", left, err)
	}
}

func groupOfMany(t *testing.T, open Opener) {
	d := newDesk(t, open, 500)
	began := time.Now()
	id := d.placeGroup(d.group(repeated("student", 200)...)).OrderID
	t.Logf("200 people in %v", time.Since(began))
	d.wantLeft("hall", 300)
	p := d.comeBack(d.start(id, 1))
	d.wantPayment(p.ID, payments.Confirmed)
	if want := won(200*150000 + 99*50000); p.Captured != want {
		t.Errorf("captured %v, want %v", p.Captured, want)
	}
	all, err := d.store.Receipts(d.ctx, id)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d receipts: %v", len(all), err)
	}
	body := all[0].Body
	if len(body.Lines) != 2 || body.Lines[0].Quantity != 200 || body.Lines[1].Quantity != 99 || body.People != 200 || body.Payer.Name != "예시대학교 연구실" {
		t.Errorf("the receipt is for %d people: %+v", body.People, body.Lines)
	}
	o := d.order(id)
	for i, r := range o.Registrations {
		if r.Person.Name != member(i).Name || r.State != registration.Confirmed {
			t.Fatalf("person %d is %s, %s", i, r.Person.Name, r.State)
		}
	}
	if found, err := d.store.Doctor(d.ctx); err != nil || len(found) != 0 {
		t.Errorf("the doctor finds %v (%v)", found, err)
	}
}

func groupFound(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	code := d.placeGroup(d.group("student", "student", "guest")).Code
	for _, text := range []string{"참가자002", "MEMBER001@example.org", "예시대학교 연구실", strings.ToLower(code)} {
		page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, Query: text, TestToo: true}, store.Cursor{}, 10)
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Code != code {
			t.Errorf("%q finds %d orders (%v)", text, len(page.Rows), err)
		}
	}
	for category, want := range map[string]int{"student": 1, "guest": 1, "other": 0} {
		page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, Category: category, TestToo: true}, store.Cursor{}, 10)
		if err != nil || len(page.Rows) != want {
			t.Errorf("%d orders with a %s (%v), want %d", len(page.Rows), category, err, want)
		}
	}
}

func groupVoucher(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	v := d.voucher(registration.Voucher{Percent: 50, Uses: 5, PerPerson: 3})
	with := func(people int) store.NewOrder {
		n := d.group(repeated("student", people)...)
		n.Quote = d.newOrderWith(v, "student", 0).Quote
		for i := range n.More {
			n.More[i].Quote = n.Quote
		}
		return n
	}
	d.placeGroup(with(2))
	if held, _ := d.uses(); held != 2 {
		t.Errorf("two people count as %d uses", held)
	}
	if _, err := d.store.Place(d.ctx, with(2)); !isCode(err, registration.CodeConflict) {
		t.Errorf("four uses by one payer who may have three: %v", err)
	}
	other := with(4)
	other.Payer.Email = "other@example.org"
	if _, err := d.store.Place(d.ctx, other); !isCode(err, registration.CodeConflict) {
		t.Errorf("six uses of five: %v", err)
	}
	d.wantLeft("hall", 18)
}

func groupsRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 31)
	var mu sync.Mutex
	took := 0
	var wg sync.WaitGroup
	for i := range 24 {
		n := d.newOrder("student", 0)
		if i%2 == 0 {
			n = d.group(repeated("student", 2+i%5)...)
		}
		wg.Go(func() {
			_, err := d.store.Place(d.ctx, n)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				took += 1 + len(n.More)
			case !isCode(err, registration.CodeFull):
				t.Errorf("place: %v", err)
			}
		})
	}
	wg.Wait()
	if took > 31 || took < 26 {
		t.Errorf("%d places were taken of 31", took)
	}
	d.wantLeft("hall", int64(31-took))
	if found, err := d.store.Doctor(d.ctx); err != nil || len(found) != 0 {
		t.Errorf("the doctor finds %v (%v)", found, err)
	}
}

func groupRenewed(t *testing.T, open Opener) {
	d := newDesk(t, open, 3)
	n := d.group("student", "student", "guest")
	id := d.placeGroup(n).OrderID
	d.clock.Pass(hold + time.Second)
	d.expireHolds(1)
	quotes := registration.Quotes{d.newOrder("student", 2).Quote, n.More[0].Quote, n.More[1].Quote}
	if err := d.store.Renew(d.ctx, d.event, id, quotes[:2], hold, hold, "attendee"); err == nil {
		t.Error("three people were renewed with two quotes")
	}
	if err := d.store.Renew(d.ctx, d.event, id, quotes, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 0)
	o := d.order(id)
	if len(o.Registrations[0].Lines) != 2 || len(o.Registrations[1].Lines) != 1 || !o.Prices.Equal(quotes.Prices()) {
		t.Errorf("comes to %v with %+v", o.Prices, o.Registrations)
	}
	d.comeBack(d.start(id, 1))
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
}

func groupOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 30)
	n := d.group(repeated("student", 5)...)
	d.atOnce(func() error {
		_, err := d.store.Place(d.ctx, n)
		return err
	})
	d.wantLeft("hall", 25)
	var people int64
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM registrations`).Scan(&people); err != nil || people != 5 {
		t.Errorf("%d registrations (%v), want 5", people, err)
	}
}

func groupReplaced(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.placeGroup(d.group("student", "student", "guest")).OrderID
	d.comeBack(d.start(id, 1))
	if got := d.mails(payments.MailPerson); got != 3 {
		t.Errorf("%d people were mailed their links, want 3", got)
	}
	o := d.order(id)
	r := o.Registrations[1]
	change := store.PersonChange{Registration: r.ID, Version: r.Version, Person: member(77), Another: true, Actor: "attendee"}
	var mu sync.Mutex
	took := 0
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			err := d.store.ChangePerson(d.ctx, o, change)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				took++
			case !isCode(err, registration.CodeConflict):
				t.Errorf("replace: %v", err)
			}
		})
	}
	wg.Wait()
	after := d.order(id).Registrations[1]
	if took != 1 || after.Version != 2 || after.Person != member(77) || after.CheckInToken == r.CheckInToken {
		t.Errorf("%d of six took the place, which is of %+v", took, after)
	}
	if d.mails(payments.MailReplaced) != 1 || d.mails(payments.MailPerson) != 4 {
		t.Errorf("%d and %d mails", d.mails(payments.MailReplaced), d.mails(payments.MailPerson))
	}
	for query, want := range map[string]int{member(77).Email: 1, member(1).Email: 0} {
		page, err := d.store.Orders(d.ctx, store.OrderFilter{EventID: d.event.ID, Query: query, TestToo: true}, store.Cursor{}, 10)
		if err != nil || len(page.Rows) != want {
			t.Errorf("%s finds %d orders (%v)", query, len(page.Rows), err)
		}
	}
	late := store.PersonChange{Registration: r.ID, Version: r.Version, Person: member(78), Actor: "attendee"}
	if err := d.store.ChangePerson(d.ctx, o, late); !isCode(err, registration.CodeConflict) {
		t.Errorf("the one who has left writes: %v", err)
	}
}

func groupFree(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.placeGroup(d.group("guest", "guest", "guest"))
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held) // the third has a banquet
	o = d.placeGroup(d.group("guest", "guest"))
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if got := d.mails(payments.MailPerson); got != 2 {
		t.Errorf("%d people of a free group were mailed their links, want 2", got)
	}
}
