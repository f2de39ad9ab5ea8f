package storetest

import (
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

var money = map[string]func(*testing.T, Opener){
	"a confirmed payment has a receipt and a paid order":                  confirmed,
	"an answer lost after the capture is unknown and then confirmed":      lostAfter,
	"an answer lost before the capture is sent again under the same key":  lostBefore,
	"a passing refusal is followed by a send under a new key":             refusedThenSent,
	"a declined payment fails and a second one succeeds":                  declined,
	"a garbage id never fails or settles a payment":                       garbage,
	"a second payment of a settled charge is never confirmed":             secondNotConfirmed,
	"a late return regains places while there are some":                   lateRegains,
	"a late return whose places are gone takes no money":                  lateFull,
	"a payment begun before the price changed never pays the order":       oldPrice,
	"money of the wrong amount goes back by itself":                       surplusGoesBack,
	"partial refunds, then the rest, then no more":                        partialRefunds,
	"a refund whose answer is lost is done once":                          refundLost,
	"a refund made at the bank is noticed and put before a person":        refundedOutside,
	"cancelling gives places back once and refunds the rest":              cancelled,
	"an abandoned payment is found abandoned, and money after all counts": abandoned,
	"the same form gives the same payment":                                sameAttempt,
	"no more than three payments extend a hold":                           extensions,
}

func confirmed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, p := d.paid()
	if p.Captured != won(150000) || p.GatewayID == "" || p.ConfirmedAt.IsZero() {
		t.Errorf("payment lacks what the bank said: %+v", p)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if got := d.receipts(o.OrderID); len(got) != 1 || got[0] != "TEST-sample-2027-R-000001" {
		t.Errorf("receipts %v, want the series' first", got)
	}
	d.clock.Pass(3 * hold)
	if n, err := d.store.ExpireHolds(d.ctx); n != 0 || err != nil {
		t.Errorf("a paid order expired (%d, %v)", n, err)
	}
}

func lostAfter(t *testing.T, open Opener)  { lost(t, open, LostAfter) }
func lostBefore(t *testing.T, open Opener) { lost(t, open, LostBefore) }

func lost(t *testing.T, open Opener, f Fault) {
	d := newDesk(t, open, 5)
	o := d.place()
	p := d.start(o.OrderID, 1)
	d.bank.Fault = func(op string) Fault {
		if op == "confirm" {
			return f
		}
		return NoFault
	}
	if got := d.comeBack(p); got.State != payments.Unknown {
		t.Fatalf("payment is %s after a lost answer, want unknown", got.State)
	}
	d.clock.Pass(hold + time.Second)
	if n, err := d.store.ExpireHolds(d.ctx); n != 0 || err != nil {
		t.Errorf("an order with an unknown payment expired (%d, %v)", n, err)
	}
	d.clock.Pass(-hold)
	d.bank.Fault = nil
	d.reconcile()
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	if keys := d.bank.Account(p.OrderNo).Keys; len(keys) != 1 {
		t.Errorf("the bank saw keys %v, want one", keys)
	}
}

func refusedThenSent(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	p := d.start(d.place().OrderID, 1)
	d.bank.Fault = func(op string) Fault {
		if op == "confirm" {
			return Refused
		}
		return NoFault
	}
	if got := d.comeBack(p); got.State != payments.Unknown {
		t.Fatalf("payment is %s, want unknown", got.State)
	}
	d.bank.Fault = nil
	d.reconcile()
	d.wantPayment(p.ID, payments.Confirmed)
}

func declined(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	d.bank.Decline = true
	first := d.start(o.OrderID, 1)
	if got := d.comeBack(first); got.State != payments.Failed || got.Reason != "payment.declined.limit" {
		t.Fatalf("payment is %s (%s), want failed with its reason", got.State, got.Reason)
	}
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held)
	d.bank.Decline = false
	d.comeBack(d.start(o.OrderID, 2))
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	d.wantPayment(first.ID, payments.Failed)
}

func garbage(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	p := d.start(o.OrderID, 1)
	_, other := d.paid()
	for _, id := range []string{"nonsense", other.GatewayID} {
		if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: id}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := d.store.Payment(d.ctx, p.ID)
	if err != nil || got.State.Settled() || got.GatewayID != "" {
		t.Fatalf("payment is %s with id %q after garbage (%v)", got.State, got.GatewayID, err)
	}
	if got := d.comeBack(p); got.State != payments.Confirmed {
		t.Errorf("the true return after garbage: %s, want confirmed", got.State)
	}
}

func secondNotConfirmed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	first, second := d.start(o.OrderID, 1), d.start(o.OrderID, 2)
	d.comeBack(first)
	d.comeBack(second)
	if got := d.bank.Account(second.OrderNo); got.Captured.Minor != 0 {
		t.Errorf("the bank took %v for a charge that was settled", got.Captured)
	}
	d.bank.Lapse(second.OrderNo)
	d.reconcile()
	d.wantPayment(second.ID, payments.Abandoned)
}

// expired gives an order whose hold has run out, with a payment begun before.
func (d *desk) expired() (orderID string, p payments.Payment) {
	d.t.Helper()
	orderID = d.place().OrderID
	p = d.start(orderID, 1)
	d.clock.Pass(hold + time.Second)
	if n, err := d.store.ExpireHolds(d.ctx); n != 1 || err != nil {
		d.t.Fatalf("expired %d (%v), want 1", n, err)
	}
	return orderID, p
}

func lateRegains(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.expired()
	d.comeBack(p)
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.wantLeft("hall", 4)
}

func lateFull(t *testing.T, open Opener) {
	d := newDesk(t, open, 1)
	id, p := d.expired()
	d.paid()
	d.comeBack(p)
	if got := d.bank.Account(p.OrderNo); got.Captured.Minor != 0 {
		t.Errorf("the bank took %v though no place was left", got.Captured)
	}
	d.wantOrder(id, registration.OrderExpired, registration.Cancelled)
	d.wantLeft("hall", 0)
}

func oldPrice(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.expired()
	if err := d.store.Renew(d.ctx, d.event, id, registration.Quotes{d.newOrder("student", 1).Quote}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	d.comeBack(p)
	if got := d.bank.Account(p.OrderNo); got.Captured.Minor != 0 {
		t.Errorf("the bank was asked to take %v, the old price", got.Captured)
	}
	d.bank.Capture(p, p.Amount)
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	d.wantOrder(id, registration.OrderPending, registration.Held)
}

func surplusGoesBack(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	p := d.start(o.OrderID, 1)
	d.bank.Capture(p, won(140000))
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	d.reconcile()
	if got := d.bank.Account(p.OrderNo); got.Refunded != 140000 {
		t.Errorf("the bank gave %d back, want all 140000", got.Refunded)
	}
	if r := d.refunds(o.OrderID); len(r) != 1 || r[0].State != payments.RefundDone || r[0].Source != payments.ByAutomatic {
		t.Errorf("refunds %+v, want one automatic that is done", r)
	}
	if got := d.receipts(o.OrderID); got != nil {
		t.Errorf("surplus money has documents %v", got)
	}
	d.wantOrder(o.OrderID, registration.OrderPending, registration.Held)
}

func (d *desk) refund(p payments.Payment, minor int64, nonce string) (payments.Refund, error) {
	r, err := d.cashier.AskRefund(d.ctx, payments.RefundRequest{PaymentID: p.ID, Amount: won(minor), Reason: "test", Source: payments.ByStaff, Actor: "staff:a@example.org", Nonce: nonce})
	if err != nil {
		return r, err
	}
	return d.cashier.SendRefund(d.ctx, r.ID)
}

func partialRefunds(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, p := d.paid()
	for i, minor := range []int64{50000, 50000, 100000} {
		if _, err := d.refund(p, minor, string(rune('a'+min(i, 0)))); err != nil {
			t.Fatal(err)
		}
	}
	if got := d.bank.Account(p.OrderNo).Refunded; got != 50000 {
		t.Fatalf("one form sent three times refunded %d, want 50000", got)
	}
	if _, err := d.refund(p, 100001, "b"); !isCode(err, registration.CodeInvalid) {
		t.Errorf("refund of more than is left: %v, want invalid", err)
	}
	if r, err := d.refund(p, 100000, "c"); err != nil || r.State != payments.RefundDone {
		t.Errorf("refund of the rest: %s, %v", r.State, err)
	}
	if _, err := d.refund(p, 1, "d"); !isCode(err, registration.CodeInvalid) {
		t.Errorf("refund of nothing left: %v, want invalid", err)
	}
	want := []string{"TEST-sample-2027-R-000001", "TEST-sample-2027-C-000001", "TEST-sample-2027-C-000002"}
	if got := d.receipts(o.OrderID); len(got) != 3 || got[1] != want[1] && got[0] != want[1] {
		t.Errorf("documents %v, want %v", got, want)
	}
	for no, before := range map[string]int64{want[1]: 0, want[2]: 50000} {
		if r, err := d.store.Receipt(d.ctx, no); err != nil || r.Body.Before != before {
			t.Errorf("%s says that %d had gone back before it (%v), want %d", no, r.Body.Before, err, before)
		}
	}
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
}

func refundLost(t *testing.T, open Opener) {
	for name, f := range map[string]Fault{"before": LostBefore, "after": LostAfter, "refused": Refused} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, open, 5)
			o, p := d.paid()
			d.bank.Fault = func(op string) Fault {
				if op == "refund" {
					return f
				}
				return NoFault
			}
			if r, err := d.refund(p, 60000, "n"); err != nil || r.State != payments.RefundUnknown {
				t.Fatalf("refund is %s (%v), want unknown", r.State, err)
			}
			d.bank.Fault = nil
			d.reconcile()
			if r := d.refunds(o.OrderID); len(r) != 1 || r[0].State != payments.RefundDone || r[0].ReceiptNo == "" {
				t.Errorf("refunds %+v, want one that is done with its correction", r)
			}
			if got := d.bank.Account(p.OrderNo).Refunded; got != 60000 {
				t.Errorf("the bank gave %d back, want 60000", got)
			}
		})
	}
}

func refundedOutside(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, p := d.paid()
	d.bank.GiveBack(p.OrderNo, 150000)
	for range 2 {
		if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil {
			t.Fatal(err)
		}
	}
	if r := d.refunds(o.OrderID); len(r) != 1 || r[0].Source != payments.ByGateway || r[0].State != payments.RefundDone {
		t.Errorf("refunds %+v, want one by the gateway", r)
	}
	var listed int
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM attention WHERE kind = $1`, payments.AttentionRefundedOutside).Scan(&listed); err != nil || listed != 1 {
		t.Errorf("%d entries on the attention list (%v), want 1", listed, err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
}

func cancelled(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o, p := d.paid()
	if _, err := d.refund(p, 30000, "first"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if _, err := d.store.Cancel(d.ctx, o.OrderID, "staff:a@example.org", "test", payments.Back{All: true}); err != nil {
				t.Errorf("cancel: %v", err)
			}
		})
	}
	wg.Wait()
	d.wantOrder(o.OrderID, registration.OrderCancelled, registration.Cancelled)
	d.wantLeft("hall", 5)
	d.reconcile()
	if got := d.bank.Account(p.OrderNo).Refunded; got != 150000 {
		t.Errorf("the bank gave %d back, want all", got)
	}
}

func abandoned(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	p := d.start(o.OrderID, 1)
	d.reconcile()
	d.wantPayment(p.ID, payments.Started)
	d.clock.Pass(2 * time.Minute)
	d.reconcile()
	d.wantPayment(p.ID, payments.Abandoned)
	d.bank.Capture(p, p.Amount)
	d.reconcile()
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
}

func sameAttempt(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	ids := make([]string, 8)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			p, err := d.cashier.Start(d.ctx, o.OrderID, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 1}, "attendee")
			if err != nil {
				t.Errorf("start: %v", err)
			}
			ids[i] = p.ID
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("one form gave payments %s and %s", ids[0], id)
		}
	}
}

func extensions(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	for i, wait := range []time.Duration{15, 4, 4, 4, 1} {
		d.clock.Pass(wait * time.Minute)
		d.start(o.OrderID, i+1)
	}
	if got := d.order(o.OrderID).Extensions; got != 3 {
		t.Errorf("%d extensions, want 3", got)
	}
}

func settledOnce(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	p := d.start(o.OrderID, 1)
	id := d.bank.Authenticate(p)
	cashiers := []*payments.Cashier{d.cashier, d.newCashier("other")}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, err := cashiers[i%2].Settle(d.ctx, p.ID, payments.Return{GatewayID: id}); err != nil {
				t.Errorf("settle: %v", err)
			}
		})
	}
	wg.Wait()
	d.reconcile()
	d.wantPayment(p.ID, payments.Confirmed)
	if got := d.receipts(o.OrderID); len(got) != 1 {
		t.Errorf("receipts %v, want one", got)
	}
	if keys := d.bank.Account(p.OrderNo).Keys; len(keys) != 1 {
		t.Errorf("the bank saw keys %v, want one", keys)
	}
}
