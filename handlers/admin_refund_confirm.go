package handlers

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// confirmRefund handles POST /admin/{event}/orders/{code}/refund/{payment}/confirm, the second step of a refund: the one that moves
// money. The same form again is the same refund.
func (o *office) confirmRefund(v *visit) error {
	r, err := o.readRefund(v)
	if err != nil {
		return err
	}
	switch {
	case !r.payment.State.HasMoney():
		return o.renderRefund(r, http.StatusConflict, "refund.no_money")
	case len(r.problems) > 0:
		return o.refuseRefund(r, http.StatusUnprocessableEntity, r.problems...)
	case !isNonce(r.nonce):
		return o.renderRefund(r, http.StatusUnprocessableEntity, "")
	}
	refund, err := o.cfg.Cashier.AskRefund(v.Request().Context(), payments.RefundRequest{
		PaymentID: r.payment.ID, Amount: r.amount, Reason: r.form.Reason, Source: payments.ByStaff, Actor: v.staff.Actor(), Nonce: "staff-" + r.nonce, Account: r.account,
	})
	switch {
	case isCode(err, registration.CodeInvalid):
		return o.refuseRefund(r, http.StatusUnprocessableEntity, r.tooMuch())
	case isCode(err, registration.CodeConflict):
		return o.renderRefund(r, http.StatusConflict, "refund.under_way")
	case err != nil:
		return fmt.Errorf("ask for refund: %w", err)
	}
	o.carryOut(v.Request().Context(), refund)
	return saved(v, r.file.path(v), "refund")
}

// isNonce reports whether a text has the shape of what newNonce makes.
func isNonce(s string) bool {
	if len(s) != 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// carryOut sends refunds apart from the request, so that a browser that goes away stops nothing, and waits for them as long as for a
// payment that settles. What is not finished by then the reconciler finishes.
func (o *office) carryOut(ctx context.Context, refunds ...payments.Refund) {
	own := context.WithoutCancel(ctx)
	var sending sync.WaitGroup
	for _, r := range refunds {
		sending.Go(func() {
			if _, err := o.cfg.Cashier.SendRefund(own, r.ID); err != nil {
				o.cfg.Log.ErrorContext(own, "send refund", "refund", r.ID, "error", err)
			}
		})
	}
	sent := make(chan struct{})
	go func() { sending.Wait(); close(sent) }()
	select {
	case <-sent:
	case <-time.After(settleWait):
	}
	o.cfg.Cashier.Wake()
}
