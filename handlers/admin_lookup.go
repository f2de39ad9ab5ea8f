package handlers

import (
	"fmt"

	"foyer/payments"
	"foyer/store"
)

// lookUpPayment handles POST /admin/{event}/orders/{code}/lookup/{payment}: the gateway is asked again what became of the payment, and of
// its refunds that have not ended. Any number of posts has the effect of one.
func (o *office) lookUpPayment(v *visit) error {
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	p, err := file.payment(v)
	if err != nil {
		return err
	}
	if err := o.note(v, store.StaffAct{Act: "looked_up", OrderID: p.OrderID, PaymentID: p.ID}); err != nil {
		return err
	}
	ctx := v.Request().Context()
	if _, _, err := o.cfg.Cashier.Detach(ctx, p.ID, payments.Return{}, settleWait); err != nil {
		return fmt.Errorf("look payment up: %w", err)
	}
	var open []payments.Refund
	for _, r := range p.Refunds {
		if r.State.Open() {
			open = append(open, r)
		}
	}
	o.carryOut(ctx, open...)
	return saved(v, file.path(v), "look")
}
