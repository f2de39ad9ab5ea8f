package storetest

import (
	"context"
	"sync/atomic"
	"testing"

	"foyer/payments"
)

// endingBank is the bank with a window that can be closed from outside.
type endingBank struct {
	*Bank
	ended atomic.Int64
}

// Expire closes the window of a payment that nobody has paid.
func (b *endingBank) Expire(context.Context, payments.Attempt) (payments.Outcome, error) {
	b.ended.Add(1)
	return payments.Outcome{Status: payments.StatusLapsed}, nil
}

// windowClosed: a gateway that can end what it began is asked to, when the order is cancelled, even though its calls are noted.
func windowClosed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	bank := &endingBank{Bank: d.bank}
	d.cashier = d.newCashier("ending")
	d.cashier.Adapters = map[string]payments.Adapter{"bank": func(payments.Channel, payments.Transport) (payments.Gateway, error) { return bank, nil }}
	o := d.place()
	p := d.start(o.OrderID, 1)
	if _, err := d.cashier.Cancel(d.ctx, o.OrderID, staff, "test", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	if err := d.cashier.Wait(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(p.ID, payments.Abandoned)
	if n := bank.ended.Load(); n != 1 {
		t.Errorf("the window was closed %d times, want once", n)
	}
}
