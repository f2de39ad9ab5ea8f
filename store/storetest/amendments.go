package storetest

import (
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// amendments are the cases about changes of paid orders and their later charges.
var amendments = map[string]func(*testing.T, Opener){
	"a dearer change is a second charge and is applied when it is paid":  changePaid,
	"a change whose answer is lost is confirmed once by the reconciler":  changeLost,
	"an unpaid change lapses and gives its places back once":             changeLapses,
	"money for a lapsed change regains its places while there are some":  changeLate,
	"money for a lapsed change goes back when its places are gone":       changeLateFull,
	"money for a change that no longer fits its order goes back":         changeUnfit,
	"a cheaper change is applied at once and gives back what was agreed": changeCheaper,
	"cancelling an order withdraws its change and all of its money":      changeCancelled,
	"a withdrawn change holds nothing, and money for it goes back":       changeWithdrawn,
	"a change waits for its deposit until a day after the deadline":      changeDeposit,
	"a difference that falls away is told when a mail had asked for it":  differenceOver,
	"a difference that is paid, or ends with its order, is not told so":  differencePaid,
}

// change makes a change to that many banquets at today's prices.
func (d *desk) change(orderID string, banquets int64) (store.Amended, error) {
	d.t.Helper()
	return d.changeTo(orderID, registration.Cart{Category: "student", Extras: map[string]int64{"banquet": banquets}}, payments.ActorAttendee, payments.Back{All: true})
}

func (d *desk) changeTo(orderID string, want registration.Cart, actor string, back payments.Back) (store.Amended, error) {
	d.t.Helper()
	o := d.order(orderID)
	lines, err := d.event.Amend(&o.Registrations[0], want, nil, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	before := registration.Total(o.Registrations[0].Lines)[registration.KRW]
	if back.All {
		back = payments.Back{Some: won(max(before-registration.Total(lines)[registration.KRW], 0))}
	}
	return d.store.Amend(d.ctx, orderID, store.NewAmendment{
		Parts: []registration.Part{{ID: o.Registrations[0].ID, Lines: lines}}, Seen: o.Parts(), Actor: actor, Reason: "test", Hold: hold, Max: 2 * time.Hour, Back: back,
	})
}

// changed makes a paid order and a change of it to two banquets, which waits for its money.
func (d *desk) changed() string {
	d.t.Helper()
	o, _ := d.paid()
	a, err := d.change(o.OrderID, 2)
	if err != nil || a.State != registration.AmendmentPending || a.Due[registration.KRW] != 100000 {
		d.t.Fatalf("change: %+v, %v", a, err)
	}
	return o.OrderID
}

// wantChange checks the order's newest change, and what the order comes to.
func (d *desk) wantChange(orderID string, want registration.AmendmentState, price int64) {
	d.t.Helper()
	list, err := d.store.Amendments(d.ctx, orderID)
	if err != nil || len(list) == 0 || list[len(list)-1].State != want {
		d.t.Fatalf("changes %+v (%v), want the last one %s", list, err, want)
	}
	if got := d.order(orderID).Prices[registration.KRW]; got != price {
		d.t.Errorf("the order comes to %d, want %d", got, price)
	}
}

func changePaid(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.changed()
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.wantChange(id, registration.AmendmentPending, 150000)
	d.wantLeft("banquet", 998)
	d.healthy()
	p := d.start(id, 2)
	if p.Amount != won(100000) || p.ChargeNo != 2 {
		t.Fatalf("the payment asks for %v of charge %d", p.Amount, p.ChargeNo)
	}
	d.comeBack(p)
	d.comeBack(p)
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantChange(id, registration.AmendmentApplied, 250000)
	d.wantLeft("banquet", 998)
	d.wantLeft("hall", 4)
	if got := d.receipts(id); len(got) != 2 || got[1] != "TEST-sample-2027-R-000002" {
		t.Errorf("receipts %v", got)
	}
	r, err := d.store.Receipt(d.ctx, "TEST-sample-2027-R-000002")
	if err != nil || r.Amount != won(100000) || len(r.Body.Lines) != 1 || r.Body.Lines[0].Quantity != 2 {
		t.Errorf("the second receipt shows %+v (%v)", r.Body.Lines, err)
	}
	if n := d.mails(payments.MailAmended); n != 1 {
		t.Errorf("%d mails about the change", n)
	}
	d.healthy()
	ledger, err := d.store.Ledger(d.ctx, "sample-2027")
	if err != nil {
		t.Fatal(err)
	}
	if o := ledger.Orders[0]; o.Total != 250000 || len(o.Payments) != 2 || o.Payments[1].Charge != 2 {
		t.Errorf("the ledger says %+v", o)
	}
	if _, err := d.cashier.Start(d.ctx, id, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 3}, "attendee"); !isCode(err, registration.CodeConflict) {
		t.Errorf("a settled change can be paid again: %v", err)
	}
}

func changeLost(t *testing.T, open Opener) {
	for _, fault := range []Fault{LostBefore, LostAfter} {
		d := newDesk(t, open, 5)
		id := d.changed()
		p := d.start(id, 2)
		d.bank.Fault = func(op string) Fault {
			if op == "confirm" {
				return fault
			}
			return NoFault
		}
		d.comeBack(p)
		d.clock.Pass(3 * time.Hour)
		d.expireHolds(0) // not while it may be paid
		d.bank.Fault = nil
		d.reconcile()
		d.reconcile()
		d.wantPayment(p.ID, payments.Confirmed)
		d.wantChange(id, registration.AmendmentApplied, 250000)
		d.healthy()
	}
}

func changeLapses(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.changed()
	d.clock.Pass(hold + time.Second)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := d.store.ExpireHolds(d.ctx); err != nil {
				t.Errorf("expire: %v", err)
			}
		})
	}
	wg.Wait()
	d.wantChange(id, registration.AmendmentLapsed, 150000)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.wantLeft("banquet", 1000)
	d.wantLeft("hall", 4)
	d.healthy()
	if _, err := d.cashier.Start(d.ctx, id, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 2}, "attendee"); !isCode(err, registration.CodeConflict) {
		t.Errorf("a lapsed change can be paid: %v", err)
	}
}

// lapsedAtBank is a change whose payer comes back when its hold has ended.
func (d *desk) lapsedAtBank() (id string, p payments.Payment) {
	d.t.Helper()
	id = d.changed()
	p = d.start(id, 2)
	d.clock.Pass(3 * time.Hour)
	d.expireHolds(1)
	d.wantLeft("banquet", 1000)
	d.bank.Capture(p, won(100000))
	return id, p
}

func changeLate(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.lapsedAtBank()
	d.reconcile()
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantChange(id, registration.AmendmentApplied, 250000)
	d.wantLeft("banquet", 998)
	d.healthy()
}

func changeLateFull(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	e := *d.event
	e.Quotas[0].Places = 2
	d.apply(e)
	id := d.changed()
	p := d.start(id, 2)
	d.clock.Pass(3 * time.Hour)
	d.expireHolds(1)
	if _, err := d.store.Place(d.ctx, d.newOrder("student", 1)); err != nil {
		t.Fatal(err)
	}
	d.bank.Capture(p, won(100000))
	d.reconcile()
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	if got := d.bank.Account(p.OrderNo).Refunded; got != 100000 {
		t.Errorf("%d went back, want all", got)
	}
	d.wantChange(id, registration.AmendmentLapsed, 150000)
	d.wantLeft("banquet", 1)
	d.healthy()
}

func changeUnfit(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.lapsedAtBank()
	if _, err := d.change(id, 1); err != nil { // waits for its own money
		t.Fatal(err)
	}
	second := d.comeBack(d.start(id, 3))
	d.reconcile()
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	d.wantPayment(second.ID, payments.Confirmed)
	d.wantChange(id, registration.AmendmentApplied, 200000)
	d.wantLeft("banquet", 999)
	d.healthy()
}

func changeCheaper(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	n := d.newOrder("student", 3)
	o, err := d.store.Place(d.ctx, n)
	if err != nil {
		t.Fatal(err)
	}
	first := d.comeBack(d.start(o.OrderID, 1))
	a, err := d.change(o.OrderID, 1)
	if err != nil || a.State != registration.AmendmentApplied || len(a.Refunds) != 1 || a.Refunds[0].Amount != won(100000) {
		t.Fatalf("change: %+v, %v", a, err)
	}
	d.reconcile()
	d.wantChange(o.OrderID, registration.AmendmentApplied, 200000)
	d.wantLeft("banquet", 999)
	if got := d.bank.Account(first.OrderNo).Refunded; got != 100000 {
		t.Errorf("%d went back", got)
	}
	if again, err := d.change(o.OrderID, 1); err != nil || again.ID != "" {
		t.Errorf("a change to what is there: %+v, %v", again, err)
	}
	if a, err = d.change(o.OrderID, 0); err != nil || len(a.Refunds) != 1 {
		t.Fatalf("a second change: %+v, %v", a, err)
	}
	d.reconcile()
	d.wantChange(o.OrderID, registration.AmendmentApplied, 150000)
	d.wantLeft("banquet", 1000)
	d.healthy()
}

func changeCancelled(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.changed()
	p := d.start(id, 2)
	d.bank.Fault = func(op string) Fault {
		if op == "confirm" {
			return LostAfter
		}
		return NoFault
	}
	d.comeBack(p)
	d.bank.Fault = nil
	if err := d.cancel(id, payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	d.wantChange(id, registration.AmendmentWithdrawn, 150000)
	d.wantLeft("banquet", 1000)
	d.wantLeft("hall", 5)
	d.reconcile()
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	if got := d.bank.Account(p.OrderNo); got.Refunded != got.Captured.Minor {
		t.Errorf("of %d only %d went back", got.Captured.Minor, got.Refunded)
	}
	d.healthy()
}

func changeWithdrawn(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.changed()
	p := d.start(id, 2)
	for range 2 {
		if err := d.store.Withdraw(d.ctx, id, payments.ActorAttendee, ""); err != nil {
			t.Fatal(err)
		}
	}
	d.wantChange(id, registration.AmendmentWithdrawn, 150000)
	d.wantLeft("banquet", 1000)
	if after := d.comeBack(p); after.State == payments.Confirmed {
		t.Error("a withdrawn change was paid")
	}
	d.bank.Capture(p, won(100000))
	d.reconcile()
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	if a, err := d.change(id, 1); err != nil || a.State != registration.AmendmentPending {
		t.Errorf("another change: %+v, %v", a, err)
	}
	d.wantLeft("banquet", 999)
	d.healthy()
}

func changeDeposit(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.changed()
	p := d.choose(id, "korea", payments.MethodVirtualAccount, 2)
	d.comeBack(p)
	p = d.wantPayment(p.ID, payments.AwaitingDeposit)
	if err := d.store.Withdraw(d.ctx, id, payments.ActorAttendee, ""); !isCode(err, registration.CodeConflict) {
		t.Errorf("withdrawn while a transfer may be on its way: %v", err)
	}
	d.clock.Pass(depositTerm + 20*time.Hour)
	d.expireHolds(0)
	d.wantLeft("banquet", 998)
	d.bank.Deposit(p.OrderNo)
	d.reconcile()
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantChange(id, registration.AmendmentApplied, 250000)
	d.healthy()
}
