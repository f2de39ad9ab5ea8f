package storetest

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// named changes the first person of a paid order to that many banquets and adds papers to what they cover.
func (d *desk) named(orderID string, banquets int64, numbers ...string) (store.Amended, error) {
	d.t.Helper()
	o := d.order(orderID)
	lines, err := d.event.Amend(&o.Registrations[0], registration.Cart{Category: "student", Extras: map[string]int64{"banquet": banquets}}, nil, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return d.store.Amend(d.ctx, orderID, store.NewAmendment{
		Parts: []registration.Part{{ID: o.Registrations[0].ID, Lines: lines, Papers: numbers}}, Seen: o.Parts(),
		Actor: payments.ActorAttendee, Reason: "test", Hold: hold, Max: 2 * time.Hour,
	})
}

// namedWaits is a paid order whose change names a paper and waits for its money.
func (d *desk) namedWaits(number string) string {
	d.t.Helper()
	o, _ := d.paid()
	if a, err := d.named(o.OrderID, 1, number); err != nil || a.State != registration.AmendmentPending {
		d.t.Fatalf("change: %+v, %v", a, err)
	}
	return o.OrderID
}

func paperOfChange(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.accept("12", "45")
	id := d.namedWaits("12")
	d.wantStanding(store.PapersHeld, "12")
	if mine, err := d.store.PapersOf(d.ctx, id); err != nil || len(mine) != 0 {
		t.Errorf("the order covers %+v before it has paid (%v)", mine, err)
	}
	found, err := d.store.PapersNamed(d.ctx, d.event.ID, []string{"12", "45"})
	if err != nil || found["12"].Cover == nil || found["12"].Cover.OrderID != id || found["12"].Cover.State != registration.OrderPending || found["45"].Cover != nil {
		t.Errorf("found %+v: %v", found, err)
	}
	if _, err := d.store.Place(d.ctx, d.covering("12")); !isCode(err, registration.CodeConflict) {
		t.Errorf("the paper of a change is given away: %v", err)
	}
	d.examined()
	d.comeBack(d.start(id, 2))
	d.wantChange(id, registration.AmendmentApplied, 200000)
	d.wantStanding(store.PapersCovered, "12")
	d.examined()
	if a, err := d.named(id, 1, "45"); err != nil || a.State != registration.AmendmentApplied {
		t.Errorf("a paper alone: %+v, %v", a, err)
	}
	d.wantStanding(store.PapersCovered, "12", "45")
	d.examined()
	if err := d.cancel(id, payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	d.wantStanding(store.PapersUncovered, "12", "45")
	d.examined()
}

func paperOfChangeEnds(t *testing.T, open Opener) {
	for name, end := range map[string]func(*desk, string){
		"lapses": func(d *desk, _ string) {
			d.clock.Pass(hold + time.Second)
			d.expireHolds(1)
			d.expireHolds(0)
		},
		"is withdrawn": func(d *desk, id string) {
			for range 2 {
				if err := d.store.Withdraw(d.ctx, id, payments.ActorAttendee, ""); err != nil {
					t.Fatal(err)
				}
			}
		},
		"ends with its order": func(d *desk, id string) {
			if err := d.cancel(id, payments.Back{All: true}); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, open, 10)
			d.accept("12")
			id := d.namedWaits("12")
			end(d, id)
			d.wantStanding(store.PapersUncovered, "12")
			if mine, err := d.store.PapersOf(d.ctx, id); err != nil || len(mine) != 0 {
				t.Errorf("the order covers %+v (%v)", mine, err)
			}
			d.examined()
		})
	}
}

// paperOfChangeLate is money that comes after the change has lapsed: the paper is taken again, or the money goes back.
func paperOfChangeLate(t *testing.T, open Opener) {
	for name, taken := range map[string]bool{"still free": false, "covered by another": true} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, open, 10)
			d.accept("12")
			id := d.namedWaits("12")
			p := d.start(id, 2)
			d.clock.Pass(3 * time.Hour)
			d.expireHolds(1)
			if taken {
				if _, err := d.store.Place(d.ctx, d.covering("12")); err != nil {
					t.Fatal(err)
				}
			}
			d.bank.Capture(p, p.Amount)
			d.reconcile()
			d.reconcile()
			want, covered, given := registration.AmendmentApplied, 1, 0
			if taken {
				want, covered, given = registration.AmendmentLapsed, 0, 1
			}
			if list, err := d.store.Amendments(d.ctx, id); err != nil || list[0].State != want {
				t.Errorf("the change is %+v (%v), want %s", list, err, want)
			}
			if mine, err := d.store.PapersOf(d.ctx, id); err != nil || len(mine) != covered {
				t.Errorf("the order covers %+v (%v)", mine, err)
			}
			if back := d.refunds(id); len(back) != given || given == 1 && back[0].Amount != p.Amount {
				t.Errorf("%+v went back, want %d times %v", back, given, p.Amount)
			}
			d.examined()
		})
	}
}

// paperOfChangesRace is one paper that changes that are free, changes that are paid for and new orders want at once.
func paperOfChangesRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 1000)
	d.accept("12")
	var took atomic.Int64
	var fns []func() error
	for i := range 12 {
		if i%4 == 3 {
			n := d.covering("12")
			fns = append(fns, func() error {
				_, err := d.store.Place(d.ctx, n)
				return counted(&took, err)
			})
			continue
		}
		o, _ := d.paid()
		fns = append(fns, func() error {
			_, err := d.named(o.OrderID, int64(i%2), "12")
			if err == nil && i%2 == 1 {
				_, err = d.cashier.Start(d.ctx, o.OrderID, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 2}, payments.ActorAttendee)
			}
			return counted(&took, err)
		})
	}
	d.together(fns...)
	if n := took.Load(); n != 1 {
		t.Errorf("%d have the paper, want 1", n)
	}
	var many int
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM coverings`).Scan(&many); err != nil || many > 1 {
		t.Errorf("%d coverings (%v)", many, err)
	}
	d.examined()
}

// counted counts a call that did not fail.
func counted(n *atomic.Int64, err error) error {
	if err == nil {
		n.Add(1)
	}
	if e, is := errors.AsType[*registration.Error](err); is && e.Key != "papers.covered" {
		return fmt.Errorf("refused for another reason: %s", e.Key)
	}
	return err
}
