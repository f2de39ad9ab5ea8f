package storetest

import (
	"slices"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// papers are the cases about accepted papers and who covers them.
var papers = map[string]func(*testing.T, Opener){
	"a paper is covered by one of many parallel orders":            paperRace,
	"a paper is free again once when its order expires":            paperGivenBack,
	"a late payment regains its paper, or its money goes back":     paperLate,
	"a list of papers is stored twice with the effect of once":     papersStored,
	"staff give an order other papers":                             papersByStaff,
	"contact authors of uncovered papers are mailed once in a day": papersMailed,
	"a paper named in a change is covered when the change is paid": paperOfChange,
	"a paper of a change is free again when the change falls away": paperOfChangeEnds,
	"money for a change whose paper is another's by now goes back": paperOfChangeLate,
	"one paper goes to one of many changes and orders at once":     paperOfChangesRace,
}

// accept puts papers on the event's list.
func (d *desk) accept(numbers ...string) {
	d.t.Helper()
	var c store.PaperChanges
	for _, n := range numbers {
		c.Set = append(c.Set, registration.Paper{
			Number: n, Title: "논문 " + n, Authors: "홍길동", Contacts: []registration.PaperContact{{Name: "홍길동", Email: "author" + n + "@example.org"}, {Email: "Both@example.org"}},
		})
	}
	if err := d.store.ChangePapers(d.ctx, d.event, c, "staff:a@example.org"); err != nil {
		d.t.Fatal(err)
	}
	e := *d.event
	e.Papers = registration.Papers{Categories: []string{"student"}, PerRegistration: 2}
	d.apply(e)
}

// covering is an order of a student that covers papers.
func (d *desk) covering(numbers ...string) store.NewOrder {
	d.t.Helper()
	n := d.newOrder("student", 0)
	n.Papers = numbers
	return n
}

// standing lists the papers of one standing.
func (d *desk) standing(which string) []string {
	d.t.Helper()
	rows, err := d.store.Papers(d.ctx, d.event.ID, store.PaperFilter{Standing: which, Limit: 100})
	if err != nil {
		d.t.Fatal(err)
	}
	numbers := []string{}
	for _, r := range rows {
		if (r.Cover != nil) != (which == store.PapersCovered || which == store.PapersHeld) && which != "" {
			d.t.Errorf("paper %s is %q with cover %+v", r.Number, which, r.Cover)
		}
		numbers = append(numbers, r.Number)
	}
	return numbers
}

func (d *desk) wantStanding(which string, want ...string) {
	d.t.Helper()
	if got := d.standing(which); !slices.Equal(got, append([]string{}, want...)) {
		d.t.Errorf("papers %q: %q, want %q", which, got, want)
	}
}

// examined has the doctor look.
func (d *desk) examined() {
	d.t.Helper()
	findings, err := d.store.Doctor(d.ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range findings {
		d.t.Error(f)
	}
}

func paperRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 1000)
	d.accept("9", "10", "11")
	var mu sync.Mutex
	took, refused := 0, 0
	var wg sync.WaitGroup
	for i := range 24 {
		n := d.covering("10", "9")
		if i%2 == 0 {
			n = d.covering("9", "11")
		}
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
	if took != 1 || refused != 23 {
		t.Errorf("%d orders cover the paper and %d were refused, want 1 and 23", took, refused)
	}
	if held, free := d.standing(store.PapersHeld), d.standing(store.PapersUncovered); len(held) != 2 || len(free) != 1 || held[0] != "9" {
		t.Errorf("held %q and free %q", held, free)
	}
	d.wantLeft("hall", 999)
	d.examined()
}

func paperGivenBack(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.accept("12", "45")
	n := d.covering("12", "45")
	o, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	d.wantStanding(store.PapersHeld, "12", "45")
	d.clock.Pass(hold + time.Second)
	for range 2 {
		if _, err := d.store.ExpireHolds(d.ctx); err != nil {
			t.Fatal(err)
		}
	}
	d.wantStanding(store.PapersUncovered, "12", "45")
	if free, err := d.store.PapersFree(d.ctx, d.event.ID, o.OrderID); err != nil || !free {
		t.Errorf("its papers are free: %t, %v", free, err)
	}
	if err := d.store.Renew(d.ctx, d.event, o.OrderID, registration.Quotes{n.Quote}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	d.wantStanding(store.PapersHeld, "12", "45")
	d.comeBack(d.start(o.OrderID, 1))
	d.wantStanding(store.PapersCovered, "12", "45")
	d.examined()
	if _, err := d.cashier.Cancel(d.ctx, o.OrderID, "staff:a@example.org", "요청", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	d.wantStanding(store.PapersUncovered, "12", "45")
	if left, err := d.store.Left(d.ctx, d.event.ID); err != nil || len(left) != 2 {
		t.Errorf("papers are offered like places: %v, %v", left, err)
	}
	d.examined()
}

func paperLate(t *testing.T, open Opener) {
	for name, taken := range map[string]bool{"still free": false, "covered by another": true} {
		d := newDesk(t, open, 10)
		d.accept("12")
		o, err := d.store.Place(d.ctx, d.covering("12"))
		if err != nil {
			t.Fatal(err)
		}
		p := d.start(o.OrderID, 1)
		d.clock.Pass(3 * time.Hour)
		if _, err := d.store.ExpireHolds(d.ctx); err != nil {
			t.Fatal(err)
		}
		if taken {
			if _, err := d.store.Place(d.ctx, d.covering("12")); err != nil {
				t.Fatal(err)
			}
		}
		id := d.bank.Authenticate(p)
		_, _ = d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: id}) // what became of it is looked at below
		d.reconcile()
		want := registration.OrderPaid
		if taken {
			want = registration.OrderExpired
		}
		if got := d.order(o.OrderID).State; got != want {
			t.Errorf("%s: the order is %s, want %s", name, got, want)
		}
		d.examined()
	}
}

func papersStored(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.accept("9", "10", "A-2")
	d.accept("10", "A-2")
	d.wantStanding("", "9", "10", "A-2")
	if err := d.store.ChangePapers(d.ctx, d.event, store.PaperChanges{Remove: []string{"9"}}, "staff:a@example.org"); err != nil {
		t.Fatal(err)
	}
	d.wantStanding("", "10", "A-2")
	d.wantStanding(store.PapersRemoved, "9")
	found, err := d.store.PapersNamed(d.ctx, d.event.ID, []string{"9", "10", "77"})
	if err != nil || len(found) != 1 || found["10"].Title != "논문 10" {
		t.Errorf("found %+v: %v", found, err)
	}
	if c, err := d.store.CountPapers(d.ctx, d.event.ID); err != nil || c != (store.PaperCounts{All: 2, Removed: 1}) {
		t.Errorf("counted %+v: %v", c, err)
	}
	d.accept("9")
	d.wantStanding("", "9", "10", "A-2")
	d.examined()
}

func papersByStaff(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.accept("1", "2", "3")
	first, err := d.store.Place(d.ctx, d.covering("1"))
	if err != nil {
		t.Fatal(err)
	}
	second, _ := d.paid()
	set := func(id string, numbers ...string) error {
		return d.store.CoverPapers(d.ctx, d.event, id, 0, numbers, "staff:a@example.org", "전화 요청")
	}
	if err := set(second.OrderID, "1"); !isCode(err, registration.CodeConflict) {
		t.Errorf("a covered paper is given away: %v", err)
	}
	if err := set(second.OrderID, "77"); !isCode(err, registration.CodeNotFound) {
		t.Errorf("an unknown paper is covered: %v", err)
	}
	for range 2 {
		if err := set(second.OrderID, "2", "3"); err != nil {
			t.Fatal(err)
		}
	}
	d.wantStanding(store.PapersCovered, "2", "3")
	d.wantStanding(store.PapersHeld, "1")
	if err := set(first.OrderID); err != nil {
		t.Fatal(err)
	}
	if err := set(second.OrderID, "3", "1"); err != nil {
		t.Fatal(err)
	}
	d.wantStanding(store.PapersCovered, "1", "3")
	d.wantStanding(store.PapersUncovered, "2")
	if n := d.acts(d.order(second.OrderID))["papers"]; n != 2 {
		t.Errorf("%d audit rows, want 2", n)
	}
	d.examined()
}

func papersMailed(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.accept("1", "2")
	if _, err := d.store.Place(d.ctx, d.covering("2")); err != nil {
		t.Fatal(err)
	}
	mail := func(want int) {
		t.Helper()
		if n, err := d.store.MailPapers(d.ctx, d.event, registration.English, "staff:a@example.org"); err != nil || n != want {
			t.Errorf("%d mails, want %d: %v", n, want, err)
		}
	}
	mail(2)
	mail(0)
	d.accept("3")
	mail(1)
	d.clock.Pass(25 * time.Hour)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	mail(4)
}
