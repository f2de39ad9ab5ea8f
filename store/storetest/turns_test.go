package storetest

import (
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

func TestReconcileLooksAtWhatWasGivenUp(t *testing.T) {
	d := newDesk(t, lite, 5)
	p := d.start(d.place().OrderID, 1)
	d.bank.Fault = func(op string) Fault {
		if op == "confirm" {
			return LostAfter
		}
		return LostBefore
	}
	d.comeBack(p)
	for range 60 {
		d.clock.Pass(25 * time.Hour)
		if _, err := d.cashier.Reconcile(d.ctx, false); err != nil {
			t.Fatal(err)
		}
	}
	d.bank.Fault = nil
	d.reconcile()
	u, err := d.store.Unsettled(d.ctx)
	got, _ := d.store.Payment(d.ctx, p.ID)
	if u.All() != 0 || err != nil || got.State != payments.Confirmed {
		t.Errorf("after a full reconcile with the gateway well again: %+v unsettled, payment is %s, bank has %v", u, got.State, d.bank.Account(p.OrderNo).Captured)
	}
}

func TestAnAccountWithoutADepositComesToAnEnd(t *testing.T) {
	d := newDesk(t, lite, 1)
	ord := d.place()
	p := d.start(ord.OrderID, 1)
	o := d.odd()
	wait := func(a payments.Attempt) (payments.Outcome, error, bool) {
		return payments.Outcome{Status: payments.StatusDeposit, GatewayID: "va", OrderNo: a.OrderNo, Mode: registration.Test}, nil, true
	}
	o.lookup, o.settle = wait, wait
	d.comeBack(p)
	d.wantPayment(p.ID, payments.AwaitingDeposit)
	for range 40 {
		d.clock.Pass(24 * time.Hour)
		d.reconcile()
		_, _ = d.store.ExpireHolds(d.ctx)
	}
	got, _ := d.store.Payment(d.ctx, p.ID)
	var listed int
	_ = d.store.Row(d.ctx, `SELECT COUNT(*) FROM attention`).Scan(&listed)
	if got.NextLook.IsZero() && !got.State.Settled() && listed == 0 {
		t.Errorf("after 40 days: %s, next look never, order %s, attention %d", got.State, d.order(ord.OrderID).State, listed)
	}
	d.wantLeft("hall", 1)
}

func TestTwoChannelsChosenAtOnceAreTwoPayments(t *testing.T) {
	d := newDesk(t, lite, 5)
	a, b := &odd{Bank: d.bank}, &odd{Bank: d.bank}
	e := sampleEvent(5)
	e.Channels = append(e.Channels, registration.ChannelOffer{ID: "other", Gateway: "bank2", Currency: registration.KRW})
	ch := func(key, gw string) payments.Channel {
		return payments.Channel{Key: key, Gateway: gw, Mode: registration.Test, Currency: registration.KRW, Cards: "any", Methods: []string{"card"}, Credentials: map[string]string{"secret": "x"}}
	}
	if err := d.store.Apply(d.ctx, store.Applied{Event: e, Actor: "system", Merchants: map[string]string{"korea": "bank", "other": "bank2"},
		Channels: []payments.Channel{ch("korea", "bank"), ch("other", "bank2")}}); err != nil {
		t.Fatal(err)
	}
	cfg := d.cashier.Config
	cfg.Adapters = map[string]payments.Adapter{"bank": a.Adapter, "bank2": b.Adapter}
	d.cashier = payments.NewCashier(d.store, cfg)
	ord := d.place()
	in, out := make(chan bool), make(chan bool)
	a.begin = func(payments.Attempt) (payments.Launch, error, bool) {
		close(in)
		<-out
		return payments.Launch{}, nil, false
	}
	var asked string
	b.begin = func(x payments.Attempt) (payments.Launch, error, bool) {
		asked = x.OrderNo
		return payments.Launch{Gateway: "bank2", OrderNo: x.OrderNo, Href: "https://bank2"}, nil, true
	}
	go func() {
		_, _ = d.cashier.Start(d.ctx, ord.OrderID, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 1}, "attendee")
		close(out)
	}()
	<-in
	p, err := d.cashier.Start(d.ctx, ord.OrderID, payments.Choice{ChannelID: d.event.ID + "/other", Attempt: 1}, "attendee")
	out <- true
	<-out
	if err == nil && p.ChannelID != d.event.ID+"/other" {
		t.Errorf("the payer is sent to bank2 (%s) with payment of channel %s, order number %s; settling asks the other bank", p.Launch, p.ChannelID, asked)
	}
}

func TestAMismatchIsLookedUpWithBackOff(t *testing.T) {
	d := newDesk(t, lite, 5)
	o := d.odd()
	_, other := d.paid()
	p := d.start(d.place().OrderID, 1)
	o.lookup = func(a payments.Attempt) (payments.Outcome, error, bool) {
		return payments.Outcome{Status: payments.StatusCaptured, GatewayID: other.GatewayID, OrderNo: p.OrderNo, Mode: registration.Test, Captured: p.Amount}, nil, true
	}
	d.clock.Pass(2 * time.Minute)
	o.lookups = 0
	for range 60 { // a minute of ticks
		d.clock.Pass(time.Second)
		if _, err := d.cashier.Reconcile(d.ctx, false); err != nil {
			t.Fatal(err)
		}
	}
	if o.lookups > 2 {
		t.Errorf("%d look-ups in one minute, R3 allows one each 5 minutes", o.lookups)
	}
}

func TestAnOrderThatBecameFreeIsPaidWhenRenewed(t *testing.T) {
	d := newDesk(t, lite, 5)
	ord := d.place()
	d.clock.Pass(hold + time.Second)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.store.Renew(d.ctx, d.event, ord.OrderID, registration.Quotes{d.newOrder("guest", 0).Quote}, hold, hold, "attendee"); err != nil {
		t.Fatal(err)
	}
	o := d.order(ord.OrderID)
	_, err := d.cashier.Start(d.ctx, ord.OrderID, payments.Choice{ChannelID: d.event.ID + "/korea", Attempt: 1}, "attendee")
	if o.State != registration.OrderPaid {
		t.Errorf("a renewed order that costs nothing is %s, and paying it: %v", o.State, err)
	}
}

func TestARefundThatWasSentGoesBeforeLaterOnes(t *testing.T) {
	d := newDesk(t, lite, 5)
	o := d.odd()
	ord, p := d.paid()
	bodies := map[string]string{}
	o.refund = func(r payments.RefundAttempt) (payments.RefundOutcome, error, bool) {
		body := r.Amount.Decimal() + "/" + r.Balance.Decimal()
		if was, ok := bodies[r.Key]; ok && was != body {
			t.Errorf("key %s was sent with %s and now with %s", r.Key, was, body)
		}
		bodies[r.Key] = body
		return payments.RefundOutcome{}, nil, false
	}
	d.bank.Fault = func(op string) Fault {
		if op == "refund" || op == "lookup" {
			return LostBefore
		}
		return NoFault
	}
	if _, err := d.refund(p, 50000, "n"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Cancel(d.ctx, ord.OrderID, "staff:a@example.org", "test", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	// The node that cancelled has a clock that is behind: its uuidv7 sorts first.
	if err := d.store.Write(d.ctx, store.Locks{}, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE refunds SET id = '00000000-0000-7000-8000-000000000000' WHERE nonce LIKE 'cancel-%'`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.bank.Fault = nil
	for range 4 {
		d.clock.Pass(10 * time.Minute)
		d.reconcile()
	}
	d.books(ord.OrderID, p)
}

func TestOneBadOrderDoesNotKeepTheHoldsOfOthers(t *testing.T) {
	d := newDesk(t, lite, 5)
	bad, good := d.place(), d.place()
	if err := d.store.Write(d.ctx, store.Locks{}, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE orders SET taken = '{"gone": 1}', hold_until = hold_until - 1 WHERE id = $1`, bad.OrderID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.clock.Pass(hold + time.Second)
	_, err := d.store.ExpireHolds(d.ctx)
	if got := d.order(good.OrderID).State; got != registration.OrderExpired {
		t.Errorf("the good order is %s because of another one: %v", got, err)
	}
}

func TestATrueReturnIsKeptWhileAnotherIdIsAskedAbout(t *testing.T) {
	d := newDesk(t, lite, 5)
	_, other := d.paid()
	p := d.start(d.place().OrderID, 1)
	o := d.odd()
	in, out := make(chan bool), make(chan bool)
	blocked := true
	stranger := func(a payments.Attempt) (payments.Outcome, error, bool) {
		if !blocked {
			return payments.Outcome{}, nil, false
		}
		blocked = false
		close(in)
		<-out
		return payments.Outcome{Status: payments.StatusCaptured, GatewayID: other.GatewayID, OrderNo: other.OrderNo, Mode: registration.Test, Captured: other.Amount}, nil, true
	}
	o.settle = stranger
	done := make(chan bool)
	go func() {
		defer close(done)
		_, _ = d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: other.GatewayID})
	}()
	<-in
	if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: d.bank.Authenticate(p)}); err != nil {
		t.Fatal(err)
	}
	close(out)
	<-done
	d.reconcile()
	got, _ := d.store.Payment(d.ctx, p.ID)
	if got.State != payments.Confirmed {
		t.Errorf("the payer came back with the true id, yet the payment is %s with candidate %q", got.State, got.Candidate)
	}
}
