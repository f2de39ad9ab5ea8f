package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// races are the cases in which several features want the same at once. Each ends with a recount.
var races = map[string]func(*testing.T, Opener){
	"the last uses of a code go to groups and single people exactly once":      voucherOfGroupsRace,
	"an offer that lapses, a taker and another's cancelling share one place":   offerRace,
	"staff's list and the public share the last places":                        importRace,
	"approval, refusal, cancelling and another person at once have one end":    decisionRace,
	"a change that is paid while a person is cancelled is whole, or goes back": changeWhileLeaving,
}

// together runs each of fns at once and fails on what a visitor may not be told.
func (d *desk) together(fns ...func() error) {
	var wg sync.WaitGroup
	for _, fn := range fns {
		wg.Go(func() {
			err := fn()
			if err != nil && !isCode(err, registration.CodeConflict) && !isCode(err, registration.CodeFull) && !isCode(err, registration.CodeInvalid) {
				d.t.Errorf("at once: %v", err)
			}
		})
	}
	wg.Wait()
}

// usesOfCode counts the living people who have the code's price.
func (d *desk) usesOfCode() (n int64) {
	d.t.Helper()
	err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM registrations r JOIN orders o ON o.id = r.order_id
		WHERE o.places <> 'none' AND r.cancelled_at = 0 AND r.lines LIKE '%"kind":"voucher"%'`).Scan(&n)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func voucherOfGroupsRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 1000)
	v := d.voucher(registration.Voucher{Percent: 50, Uses: 9})
	pair := func() store.NewOrder {
		n := d.group("student", "student")
		n.Quote = d.newOrderWith(v, "student", 0).Quote
		n.More[0].Quote = n.Quote
		return n
	}
	first := d.placeGroup(pair()).OrderID // has two of nine, and gives one back meanwhile
	d.comeBack(d.start(first, 1))
	people := d.order(first).Registrations
	fns := []func() error{func() error { return d.drop(first, people[0]) }}
	change := func() error { _, err := d.change(first, 1); return err }
	fns = append(fns, change, change)
	for i := range 50 {
		n := pair()
		if i%5 == 0 {
			n = d.newOrderWith(v, "student", 0)
		}
		fns = append(fns, func() error { _, err := d.store.Place(d.ctx, n); return err })
	}
	d.together(fns...)
	held, used := d.uses()
	if now := d.usesOfCode(); now != held+used || now > 9 || now < 8 {
		t.Errorf("the code counts %d and %d uses of nine, %d people have it", held, used, now)
	}
	d.healthy()
}

func offerRace(t *testing.T, open Opener) {
	for range 6 {
		d, walkIns := newLine(t, open, 2)
		first, second, third := d.join("student"), d.join("student"), d.join("student")
		d.cancelOrder(walkIns[0].OrderID)
		d.offers(1)
		n := d.fromOffer(first.ID)
		d.clock.Pass(offerLasts - time.Millisecond)
		d.together(
			func() error { _, err := d.store.Place(d.ctx, n); return err },
			func() error { d.clock.Pass(time.Millisecond); _, err := d.store.OfferPlaces(d.ctx, true); return err },
			func() error {
				_, err := d.store.Cancel(d.ctx, walkIns[1].OrderID, staff, "test", payments.Back{})
				return err
			},
			func() error { _, err := d.store.Place(d.ctx, d.newOrder("student", 0)); return err },
			func() error { _, err := d.store.ExpireHolds(d.ctx); return err },
		)
		for range 2 {
			if _, err := d.store.OfferPlaces(d.ctx, true); err != nil {
				t.Fatal(err)
			}
		}
		if took := d.entry(first.ID).State; took == registration.WaitingTaken {
			d.wantEntry(second, registration.WaitingOffered)
			d.wantEntry(third, registration.InLine)
		} else {
			d.wantEntry(first, registration.WaitingLapsed)
			d.wantEntry(second, registration.WaitingOffered)
			d.wantEntry(third, registration.WaitingOffered)
		}
		d.wantFull()
		d.healthy()
	}
}

func importRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 20)
	row := func(i int) func() error {
		q, err := d.event.PriceByStaff(registration.Cart{Category: "student"}, nil, d.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		n := store.NewOrder{
			Event: d.event, DraftID: fmt.Sprintf("import-x-%d", i), Lang: registration.Korean, Quote: q, Hold: time.Hour, HoldMax: time.Hour, Actor: staff, Reason: "list",
			Person: member(i),
		}
		return func() error {
			p, err := d.store.Place(d.ctx, n)
			if err != nil {
				return err
			}
			pay, err := d.cashier.Start(d.ctx, p.OrderID, payments.Choice{ChannelID: d.event.ID + "/desk", Method: payments.MethodBankTransfer, Attempt: 1}, staff)
			if err == nil && !pay.State.HasMoney() {
				_, err = d.cashier.Declare(d.ctx, pay.ID, came(150000))
			}
			return err
		}
	}
	var fns []func() error
	for i := range 16 {
		n := d.newOrder("student", 0)
		fns = append(fns, row(i), row(i), func() error { _, err := d.store.Place(d.ctx, n); return err }) // each row comes twice
	}
	d.together(fns...)
	d.wantLeft("hall", 0)
	var orders, drafts, paid, captured int64
	err := d.store.Row(d.ctx, `SELECT COUNT(*), COUNT(DISTINCT draft_id), COALESCE(SUM(CASE WHEN state = 'paid' THEN 1 ELSE 0 END), 0) FROM orders`).Scan(&orders, &drafts, &paid)
	if err == nil {
		err = d.store.Row(d.ctx, `SELECT COUNT(*) FROM payments WHERE state = 'confirmed'`).Scan(&captured)
	}
	if err != nil || orders != 20 || drafts != 20 || captured != paid {
		t.Errorf("%d orders of %d drafts for 20 places; %d paid by %d payments (%v)", orders, drafts, paid, captured, err)
	}
	d.healthy()
}

func decisionRace(t *testing.T, open Opener) {
	d := newDesk(t, open, 10)
	d.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
	for i := range 6 {
		id := d.placeOf(d.newOrder("fellow", 0)).OrderID
		o, x := d.order(id), d.evidence(id)
		d.together(
			func() error { return d.store.AcceptEvidence(d.ctx, id, x.RegistrationID, x.Version(), approver) },
			func() error { return d.store.RefuseApproval(d.ctx, id, x.RegistrationID, x.Version(), "no", approver) },
			func() error { return d.cancel(id, payments.Back{}) },
			func() error {
				return d.store.ChangePerson(d.ctx, o, store.PersonChange{
					Registration: o.Registrations[0].ID, Version: o.Registrations[0].Version, Person: member(i), Another: true, Payer: true, Actor: payments.ActorAttendee,
				})
			},
			func() error {
				_, err := d.store.Amend(d.ctx, id, store.NewAmendment{Parts: []registration.Part{{ID: o.Registrations[0].ID, Cancelled: true}}, Actor: staff})
				return err
			},
		)
		after := d.order(id)
		if after.State != registration.OrderPending && after.State != registration.OrderCancelled {
			t.Errorf("the order is %s", after.State)
		}
		if after.Registrations[0].Version > 2 {
			t.Errorf("the place was handed on %d times", after.Registrations[0].Version-1)
		}
		d.cancelOrder(id)
		d.wantLeft("hall", 10)
	}
	d.healthy()
}

func changeWhileLeaving(t *testing.T, open Opener) {
	d := newDesk(t, open, 100)
	for range 8 {
		id, people := d.pair()
		if _, err := d.change(id, 2); err != nil { // of the first person: 100000 more
			t.Fatal(err)
		}
		p := d.start(id, 2)
		gateway := d.bank.Authenticate(p)
		d.together(
			func() error { _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: gateway}); return err },
			func() error { return d.drop(id, people[1]) },
			func() error { return d.store.Withdraw(d.ctx, id, payments.ActorAttendee, "") },
			func() error { return d.drop(id, people[0]) },
		)
		d.reconcile()
		d.reconcile()
		a, o := d.bank.Account(p.OrderNo), d.order(id)
		list, err := d.store.Amendments(d.ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if applied := list[0].State == registration.AmendmentApplied; applied != (a.Captured.Minor-a.Refunded == 100000) {
			t.Errorf("the change is %s, the bank took %d and gave %d back", list[0].State, a.Captured.Minor, a.Refunded)
		}
		if want := registration.Total(registration.LinesOf(o.Parts())); !o.Prices.Equal(want) {
			t.Errorf("the order comes to %v, its people to %v", o.Prices, want)
		}
	}
	d.healthy()
}
