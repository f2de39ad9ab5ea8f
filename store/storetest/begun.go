package storetest

import (
	"testing"
	"time"

	"foyer/payments"
	"foyer/store"
)

// wantUnsettled checks what still has to reach its end.
func (d *desk) wantUnsettled(want store.Unsettled) {
	d.t.Helper()
	if got, err := d.store.Unsettled(d.ctx); got != want || err != nil {
		d.t.Errorf("%+v unsettled (%v), want %+v", got, err, want)
	}
}

func begunBesidePaid(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	begun := d.start(id, 1)
	d.comeBack(d.start(id, 2))
	d.reconcile()
	d.wantPayment(begun.ID, payments.Started)
	d.wantUnsettled(store.Unsettled{Begun: 1, Closing: begun.LastCapture})
	d.clock.Pass(begun.LastCapture.Sub(d.clock.Now()) + time.Second)
	d.wantUnsettled(store.Unsettled{Begun: 1, Closing: begun.LastCapture.Add(payments.Ending)})
	d.reconcile()
	d.wantPayment(begun.ID, payments.Abandoned)
	d.wantUnsettled(store.Unsettled{})
	d.bank.Capture(begun, begun.Amount)
	d.reconcile()
	d.wantPayment(begun.ID, payments.Surplus)
	d.reconcile()
	if back := d.bank.Account(begun.OrderNo).Refunded; back != begun.Amount.Minor {
		t.Errorf("the bank gave %d back of what came late, want all", back)
	}
	d.healthy()
}

func begunUntilClosed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	begun := d.start(d.place().OrderID, 1)
	d.bank.Authenticate(begun) // a gateway that says "in progress" long after its window
	d.clock.Pass(begun.LastCapture.Sub(d.clock.Now()) + time.Second)
	d.reconcile()
	d.wantUnsettled(store.Unsettled{Begun: 1, Closing: begun.LastCapture.Add(payments.Ending)})
	d.clock.Pass(payments.Ending + time.Hour)
	d.reconcile()
	d.wantPayment(begun.ID, payments.Abandoned)
	d.wantUnsettled(store.Unsettled{})
	d.expireHolds(1)
}
