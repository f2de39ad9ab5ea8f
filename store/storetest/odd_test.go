package storetest

import (
	"context"
	"testing"
	"time"

	"foyer/payments"
	"foyer/store"
)

func lite(t *testing.T, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{URL: MigratedURL(t), Now: now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// odd is the Bank with some calls replaced.
type odd struct {
	*Bank
	refund  func(payments.RefundAttempt) (payments.RefundOutcome, error, bool)
	lookup  func(payments.Attempt) (payments.Outcome, error, bool)
	settle  func(payments.Attempt) (payments.Outcome, error, bool)
	begin   func(payments.Attempt) (payments.Launch, error, bool)
	lookups int
}

func (o *odd) Adapter(payments.Channel, payments.Transport) (payments.Gateway, error) { return o, nil }
func (o *odd) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	if o.refund != nil {
		if out, err, mine := o.refund(r); mine {
			return out, err
		}
	}
	return o.Bank.Refund(ctx, r)
}
func (o *odd) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	o.lookups++
	if o.lookup != nil {
		if out, err, mine := o.lookup(a); mine {
			return out, err
		}
	}
	return o.Bank.Lookup(ctx, a)
}
func (o *odd) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	if o.settle != nil {
		if out, err, mine := o.settle(a); mine {
			return out, err
		}
	}
	return o.Bank.Settle(ctx, a)
}
func (o *odd) Begin(ctx context.Context, a payments.Attempt) (payments.Launch, error) {
	if o.begin != nil {
		if out, err, mine := o.begin(a); mine {
			return out, err
		}
	}
	return o.Bank.Begin(ctx, a)
}

func (d *desk) odd() *odd {
	o := &odd{Bank: d.bank}
	cfg := d.cashier.Config
	cfg.Adapters = map[string]payments.Adapter{"bank": o.Adapter}
	d.cashier = payments.NewCashier(d.store, cfg)
	return o
}

func TestARefundGetsNoNewKeyBeforeALookUp(t *testing.T) {
	d := newDesk(t, lite, 5)
	o := d.odd()
	ord, p := d.paid()
	first := true
	o.refund = func(r payments.RefundAttempt) (payments.RefundOutcome, error, bool) {
		if !first {
			return payments.RefundOutcome{}, nil, false
		}
		first = false
		d.bank.GiveBack(p.OrderNo, r.Amount.Minor) // it happened, and the gateway says that its card company did not answer
		return payments.RefundOutcome{}, &payments.Refusal{Code: "PROVIDER_ERROR", Passing: true}, true
	}
	o.lookup = func(payments.Attempt) (payments.Outcome, error, bool) {
		return payments.Outcome{}, payments.ErrNoAnswer, true
	}
	if _, err := d.refund(p, 60000, "n"); err != nil {
		t.Fatal(err)
	}
	d.clock.Pass(2 * time.Minute)
	d.reconcile()
	if got := d.bank.Account(p.OrderNo).Refunded; got != 60000 {
		t.Errorf("asked for 60000 once, the bank gave back %d; our refunds %+v", got, d.refunds(ord.OrderID))
	}
}

func TestAnAcceptedRefundIsNotSentAgain(t *testing.T) {
	d := newDesk(t, lite, 5)
	o := d.odd()
	_, p := d.paid()
	keys := map[string]bool{}
	o.refund = func(r payments.RefundAttempt) (payments.RefundOutcome, error, bool) {
		keys[r.Key] = true
		return payments.RefundOutcome{Pending: true}, nil, true // accepted; the balance changes when it is carried out
	}
	if _, err := d.refund(p, 60000, "n"); err != nil {
		t.Fatal(err)
	}
	d.clock.Pass(2 * time.Minute)
	d.reconcile()
	if len(keys) != 1 {
		t.Errorf("the bank accepted the same refund %d times, under different keys", len(keys))
	}
}

func TestAConfirmationGetsNoNewKeyBeforeALookUp(t *testing.T) {
	d := newDesk(t, lite, 5)
	o := d.odd()
	p := d.start(d.place().OrderID, 1)
	var keys []string
	o.settle = func(a payments.Attempt) (payments.Outcome, error, bool) {
		keys = append(keys, a.Key)
		return payments.Outcome{}, &payments.Refusal{Code: "PROVIDER_ERROR", Passing: true}, true
	}
	o.lookup = func(payments.Attempt) (payments.Outcome, error, bool) {
		return payments.Outcome{}, payments.ErrNoAnswer, true
	}
	d.comeBack(p)
	d.reconcile()
	if len(keys) > 1 && keys[0] != keys[1] {
		t.Errorf("sent under %d keys while no look-up has said that nothing happened", len(keys))
	}
}

func TestARefundOutsideDuringOneOfOursIsNoticed(t *testing.T) {
	d := newDesk(t, lite, 5)
	ord, p := d.paid()
	d.bank.Fault = func(op string) Fault {
		if op == "refund" {
			return LostAfter
		}
		return NoFault
	}
	if _, err := d.refund(p, 60000, "n"); err != nil {
		t.Fatal(err)
	}
	d.bank.GiveBack(p.OrderNo, 40000)
	if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil { // its webhook's look-up
		t.Fatal(err)
	}
	d.bank.Fault = nil
	for range 5 {
		d.clock.Pass(2 * time.Hour)
		d.reconcile()
	}
	d.books(ord.OrderID, p)
}

func TestAWebhookDuringACallIsNotForgotten(t *testing.T) {
	d := newDesk(t, lite, 5)
	ord, p := d.paid()
	if err := d.store.Write(d.ctx, store.Locks{}, func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE payments SET lease_until = $1, lease_owner = 'a node that died'`, store.Millis(d.clock.Now().Add(15*time.Second)))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.bank.GiveBack(p.OrderNo, 150000)
	if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil { // its webhook's look-up: no error, so the job is done
		t.Fatal(err)
	}
	for range 5 {
		d.clock.Pass(2 * time.Hour)
		d.reconcile()
	}
	d.books(ord.OrderID, p)
}

func (d *desk) books(orderID string, p payments.Payment) {
	var sum int64
	for _, r := range d.refunds(orderID) {
		if r.State == payments.RefundDone {
			sum += r.Amount.Minor
		}
	}
	var listed int
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM attention`).Scan(&listed); err != nil {
		d.t.Fatal(err)
	}
	if got := d.bank.Account(p.OrderNo).Refunded; got != sum {
		d.t.Errorf("the bank gave %d back, our books say %d; %d entries on the attention list", got, sum, listed)
	}
}
