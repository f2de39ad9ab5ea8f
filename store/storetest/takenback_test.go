package storetest

import (
	"testing"

	"foyer/payments"
	"foyer/registration"
)

// TestADepositThatTheBankTakesBackIsARefundOfTheGateways lets a confirmed deposit disappear, as a bank does that found an error, and come
// once more: neither is lost, and the order stays as it was.
func TestADepositThatTheBankTakesBackIsARefundOfTheGateways(t *testing.T) {
	d := newDesk(t, lite, 5)
	ord, p := d.paid()
	if _, err := d.refund(p, 50000, "first"); err != nil {
		t.Fatal(err)
	}
	o := d.odd()
	say := func(out payments.Outcome) {
		t.Helper()
		o.lookup = func(a payments.Attempt) (payments.Outcome, error, bool) {
			out.GatewayID, out.OrderNo, out.Mode = p.GatewayID, a.OrderNo, registration.Test
			return out, nil, true
		}
		for range 2 { // its webhook comes twice
			if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	say(payments.Outcome{Status: payments.StatusDeposit})
	refunds := d.refunds(ord.OrderID)
	if len(refunds) != 2 || refunds[1].Source != payments.ByGateway || refunds[1].State != payments.RefundDone || refunds[1].Amount != won(100000) {
		t.Fatalf("refunds %+v, want the rest as one by the gateway", refunds)
	}
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(ord.OrderID, registration.OrderPaid, registration.Confirmed)
	d.wantListed(payments.AttentionRefundedOutside, 1)

	say(payments.Outcome{Status: payments.StatusCaptured, Captured: won(150000), Refunded: won(0)})
	if after := d.refunds(ord.OrderID); len(after) != 2 {
		t.Errorf("refunds %+v, want those of before", after)
	}
	d.wantListed(payments.AttentionMismatch, 1)
}
