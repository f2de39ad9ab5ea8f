package gatewaytest

import (
	"errors"
	"fmt"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// refunding are the cases of money that goes back.
var refunding = append([]check{
	{name: "refund", run: refundWhole},
	{name: "refund partial then rest", run: refundParts, needs: inParts},
	{name: "refund too much", run: refundTooMuch},
	{name: "refund twice at once", run: refundTwice},
	{name: "refunded from outside", run: refundedOutside},
	{name: "refunded from outside in part", run: refundedOutsideInPart, needs: inParts},
	{name: "refunded from outside before ours", run: refundedBeforeOurs, needs: inParts},
	{name: "surplus goes back by itself", run: surplusGoesBack},
}, lostRefunds()...)

func inParts(_ Kit, c payments.Capabilities) string { return offered(c.PartialRefund, "PartialRefund") }

// ask writes a refund down.
func (h *till) ask(p payments.Payment, amount registration.Money, nonce string) (payments.Refund, error) {
	return h.cashier.AskRefund(h.ctx, payments.RefundRequest{
		PaymentID: p.ID, Amount: amount, Reason: "만찬 취소", Source: payments.ByStaff, Actor: "staff:a@example.org", Nonce: nonce,
	})
}

// refund asks for a refund and sends it.
func (h *till) refund(p payments.Payment, amount registration.Money) payments.Refund {
	h.Helper()
	r, err := h.ask(p, amount, "")
	if err != nil {
		h.Fatalf("ask for a refund: %v", err)
	}
	if r, err = h.cashier.SendRefund(h.ctx, r.ID); err != nil {
		h.Fatalf("send refund: %v", err)
	}
	return r
}

// part is a third of a payment, so that rests are odd.
func part(p payments.Payment) registration.Money {
	return registration.Money{Minor: p.Amount.Minor / 3, Cur: p.Amount.Cur}
}

// rest is a payment's money without a part.
func rest(p payments.Payment) registration.Money {
	return registration.Money{Minor: p.Amount.Minor - part(p).Minor, Cur: p.Amount.Cur}
}

// wantBack expects the refunds of a payment that were done, in any order, and a correction for each.
func (h *till) wantBack(p payments.Payment, want registration.Money, n int) {
	h.Helper()
	now := h.payment(p)
	all := h.refunds(now)
	if got := payments.Refunded(&now, all); got != want {
		h.Errorf("%v went back, want %v: %+v", got, want, all)
	}
	if _, corrections := h.documents(p); corrections != n {
		h.Errorf("%d corrections, want %d", corrections, n)
	}
	h.want(p, payments.Confirmed)
	h.wantOrder(p.OrderID, registration.OrderPaid)
}

func refundWhole(h *till) {
	p := h.paid()
	if r := h.refund(p, p.Amount); r.State != payments.RefundDone {
		h.Errorf("refund is %s, want done", r.State)
	}
	h.quiet()
	h.wantBack(p, p.Amount, 1)
	h.agree()
}

func refundParts(h *till) {
	p := h.paid()
	h.refund(p, part(p))
	h.wantBack(p, part(p), 1)
	h.refund(p, rest(p))
	h.quiet()
	h.wantBack(p, p.Amount, 2)
	h.agree()
}

func refundTooMuch(h *till) {
	p := h.paid()
	for _, minor := range []int64{p.Amount.Minor + 1, 0, -1} {
		_, err := h.ask(p, registration.Money{Minor: minor, Cur: p.Amount.Cur}, fmt.Sprint(minor))
		if e, ok := errors.AsType[*registration.Error](err); !ok || e.Code != registration.CodeInvalid {
			h.Errorf("%d of %d: %v, want it refused", minor, p.Amount.Minor, err)
		}
	}
	h.refund(p, p.Amount)
	if _, err := h.ask(p, registration.Money{Minor: 1, Cur: p.Amount.Cur}, "more"); err == nil {
		h.Error("more than all was taken as a refund")
	}
	h.quiet()
	h.wantBack(p, p.Amount, 1)
	h.agree()
}

// refundTwice is one form posted twice, and both sent by many processes at once.
func refundTwice(h *till) {
	p := h.paid()
	first, err := h.ask(p, p.Amount, "form")
	if err != nil {
		h.Fatal(err)
	}
	if again, err := h.ask(p, p.Amount, "form"); err != nil || again.ID != first.ID {
		h.Errorf("the same form again: %+v, %v", again, err)
	}
	done := make(chan error)
	const callers = 6
	for i := range callers {
		c := h.process(fmt.Sprintf("process %d", i), callTime)
		go func() {
			_, err := c.SendRefund(h.ctx, first.ID)
			done <- err
		}()
	}
	for range callers {
		if err := <-done; err != nil {
			h.Errorf("send: %v", err)
		}
	}
	h.quiet()
	h.wantBack(p, p.Amount, 1)
	h.agree()
}

// outside gives money back in the gateway's own console; 0 is all that is left.
func (h *till) outside(p payments.Payment, minor int64) {
	h.Helper()
	h.payer.Tell("refund", map[string]any{"payment": p.OrderNo, "amount": minor, "reason": "by hand"})
}

// noticed lets the notification of a refund arrive, or a person press "look up again" where the gateway sends none.
func (h *till) noticed(p payments.Payment) {
	h.Helper()
	if _, err := h.cashier.Settle(h.ctx, p.ID, payments.Return{}); err != nil {
		h.Fatalf("look up: %v", err)
	}
	h.quiet()
}

func refundedOutside(h *till) {
	p := h.paid()
	h.outside(p, 0)
	if h.noticed(p); !h.caps.Inquiry {
		return // there is no way to learn of it
	}
	h.wantBack(p, p.Amount, 1)
	if r := h.refunds(p); len(r) != 1 || r[0].Source != payments.ByGateway {
		h.Errorf("refunds %+v, want one from the gateway", r)
	}
	if !h.listed(payments.AttentionRefundedOutside) {
		h.Error("everything was refunded outside and nobody is told")
	}
	h.agree()
}

func refundedOutsideInPart(h *till) {
	p := h.paid()
	h.outside(p, part(p).Minor)
	if h.noticed(p); !h.caps.Inquiry {
		return
	}
	h.wantBack(p, part(p), 1)
	h.refund(p, rest(p))
	h.quiet()
	h.wantBack(p, p.Amount, 2)
	h.agree()
}

// refundedBeforeOurs is a refund outside that nobody has noticed when ours of the whole is sent: never more than all goes back.
func refundedBeforeOurs(h *till) {
	p := h.paid()
	h.outside(p, part(p).Minor)
	r := h.refund(p, p.Amount)
	if r.State == payments.RefundDone {
		h.Errorf("a refund of all is done although a part had gone before")
	}
	h.quiet()
	h.noticed(p)
	if h.caps.Inquiry {
		h.agree()
	}
}

// surplusGoesBack is money that came for an order that had been cancelled meanwhile.
func surplusGoesBack(h *till) {
	p := h.started()
	back := h.click(p, h.kit.Card)
	if _, err := h.store.Cancel(h.ctx, p.OrderID, "staff:a@example.org", "test", payments.Back{All: true}); err != nil {
		h.Fatal(err)
	}
	h.comeBack(p, back)
	h.quiet()
	if now := h.payment(p); now.State == payments.Confirmed {
		h.Errorf("a cancelled order's payment is confirmed")
	}
	h.wantOrder(p.OrderID, registration.OrderCancelled)
	if receipts, corrections := h.documents(p); receipts+corrections != 0 {
		h.Errorf("surplus has %d receipts and %d corrections", receipts, corrections)
	}
	h.agree()
}

// lostRefunds are refunds whose call goes wrong once, before the effect and after it.
func lostRefunds() (all []check) {
	for kind, name := range title {
		for _, after := range []bool{false, true} {
			f := sandbox.Fault{Kind: kind, Operation: sandbox.OpCancel, After: after, Delay: late}
			when := "before"
			if after {
				when = "after"
			}
			all = append(all, check{name: fmt.Sprintf("refund lost: %s %s the effect", name, when), run: func(h *till) { h.refundDisturbed(f) }})
		}
	}
	return all
}

// refundDisturbed is a refund that is done once, whatever became of the first answer.
func (h *till) refundDisturbed(f sandbox.Fault) {
	h.Helper()
	p := h.paid()
	amount := p.Amount
	if h.caps.PartialRefund {
		amount = part(p)
	}
	if f.Kind == sandbox.FaultSlow {
		h.cashier = h.process("impatient", brief)
	}
	h.box.Arm(f)
	h.refund(p, amount)
	h.landed(f)
	h.cashier = h.process("patient", callTime)
	h.quiet()
	if r := h.refunds(p); h.caps.Once && len(r) == 1 && r[0].State == payments.RefundUnknown {
		if n := h.sends(sandbox.OpCancel); n > 1 || !h.listed(payments.AttentionRefundUnknown) {
			h.Errorf("sent %d times, on the attention list: %v", n, h.listed(payments.AttentionRefundUnknown))
		}
		return
	}
	h.wantBack(p, amount, 1)
	h.oneKey(sandbox.OpCancel)
	h.agree()
}
