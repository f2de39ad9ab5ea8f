package payments

import (
	"cmp"
	"context"
	"strings"
	"time"

	"foyer/registration"
)

// Declaration is staff's word for what no gateway can tell: money came, or none did.
type Declaration struct {
	Captured  bool
	Amount    registration.Money // that came
	At        time.Time          // when it came, UTC; zero: now
	Approve   string             // approval number, or what the bank's statement says; may be empty
	GatewayID string             // the gateway's own id, where it shows one; may be empty
	Reason    string
	Actor     string // staff, as in the audit
}

// Declarable reports whether staff may say what became of a payment in state s: deposits that nobody else notices, and confirmations
// whose gateway has no inquiry. Money may come after its time; that none came is final already then.
func (c Capabilities) Declarable(s State, captured bool) bool {
	switch s {
	case AwaitingDeposit, Unknown:
		return !c.Inquiry
	case Expired:
		return !c.Inquiry && captured
	case Started, Confirming, Confirmed, Failed, Abandoned, Surplus:
		return false
	}
	return false
}

// Declare writes staff's word down. Money that came is confirmed or surplus by the same rules as a gateway's.
//
// It fails with CodeInvalid when reason or amount is missing, and with CodeConflict when there is nothing to declare (any more): the
// gateway can be asked, somebody was quicker, or another payment has that id.
func (c *Cashier) Declare(ctx context.Context, paymentID string, d Declaration) (Payment, error) {
	known, err := c.ledger.Payment(ctx, paymentID)
	if err != nil {
		return Payment{}, err
	}
	l, err := c.line(ctx, known.ChannelID)
	if err != nil {
		return Payment{}, err
	}
	if strings.TrimSpace(d.Reason) == "" {
		return Payment{}, registration.Fail(registration.CodeInvalid, "declare.reason")
	}
	if d.Captured && (d.Amount.Minor <= 0 || d.Amount.Cur != known.Amount.Cur) {
		return Payment{}, registration.Fail(registration.CodeInvalid, "declare.amount")
	}
	var after Payment
	err = c.ledger.Change(ctx, paymentID, func(b Book) error {
		if err := c.declare(b, l, d); err != nil {
			return err
		}
		after = *b.Payment()
		return b.Save()
	})
	if err == nil {
		c.Wake() // surplus is on its way back
	}
	return after, err
}

// declare is Declare under the payment's lock.
func (c *Cashier) declare(b Book, l *line, d Declaration) error {
	p := b.Payment()
	if p.Leased(b.Now()) || !l.gateway.Capabilities().Declarable(p.State, d.Captured) {
		return conflict("declare.moved")
	}
	p.NextLook, p.SendOpen = zeroTime, false
	if !d.Captured {
		to := Failed
		if p.State == AwaitingDeposit {
			to = Expired
		}
		if err := b.Drop(AttentionUnknown, ""); err != nil {
			return err
		}
		if err := b.Move(to, d.Actor, d.Reason); err != nil {
			return err
		}
		p.Reason = "payment.failed"
		return releaseExpired(b)
	}
	return c.came(b, d)
}

// came writes down money that staff say has come.
func (c *Cashier) came(b Book, d Declaration) error {
	p := b.Payment()
	id := cmp.Or(p.GatewayID, d.GatewayID, p.OrderNo)
	if mine, err := b.Claim(id); err != nil || !mine {
		return cmp.Or(err, conflict("declare.taken"))
	}
	out := Outcome{
		Status: StatusCaptured, GatewayID: id, OrderNo: p.OrderNo, Mode: p.Mode, Captured: d.Amount, Refunded: registration.Money{Cur: d.Amount.Cur},
		Method: cmp.Or(p.Method, string(p.Asked)), Approve: d.Approve, At: d.At,
	}
	return c.captured(b, plan{blind: true}, out, by{d.Actor, d.Reason})
}

// DeclareRefund writes staff's word on a refund that no gateway carries out, or of which none can tell: the money went back, or it
// did not and will not.
//
// It fails with CodeInvalid without a reason, and with CodeConflict when there is nothing to declare (any more).
func (c *Cashier) DeclareRefund(ctx context.Context, refundID string, done bool, reason, actor string) (Refund, error) {
	known, err := c.ledger.Refund(ctx, refundID)
	if err != nil {
		return Refund{}, err
	}
	caps, err := c.capabilities(ctx, known.PaymentID)
	if err != nil {
		return known, err
	}
	if strings.TrimSpace(reason) == "" {
		return known, registration.Fail(registration.CodeInvalid, "declare.reason")
	}
	var after Refund
	err = c.ledger.Change(ctx, known.PaymentID, func(b Book) error {
		r := find(b.Refunds(), refundID)
		if r == nil || b.Payment().Leased(b.Now()) || !caps.RefundDeclarable(b.Payment(), r) {
			return conflict("declare.moved")
		}
		if err := declareRefund(b, r, done, reason, actor); err != nil {
			return err
		}
		after = *r
		return b.SaveRefund(r)
	})
	return after, err
}

// RefundDeclarable reports whether staff may say what became of a refund of p. One that waits for the payer's bank account may have been
// transferred by hand; once it has the account it is the gateway's.
func (c Capabilities) RefundDeclarable(p *Payment, r *Refund) bool {
	switch r.State {
	case RefundRequested:
		return c.Manual || c.WantsAccount(p) && r.NextTry.IsZero()
	case RefundUnknown:
		return !c.Inquiry
	case RefundSending, RefundDone, RefundRefused:
		return false
	}
	return false
}

func declareRefund(b Book, r *Refund, done bool, reason, actor string) error {
	for _, kind := range []string{AttentionRefundUnknown, AttentionRefundByHand, AttentionRefundAccount} {
		if err := b.Drop(kind, r.ID); err != nil {
			return err
		}
	}
	if r.State == RefundRequested {
		if err := b.MoveRefund(r, RefundSending, actor, reason); err != nil {
			return err
		}
	}
	r.SendOpen, r.NextTry = false, zeroTime
	if !done {
		r.Note = "refund.refused"
		if err := b.MoveRefund(r, RefundRefused, actor, reason); err != nil || b.Payment().State != Surplus {
			return err
		}
		return b.Raise(AttentionSurplus, "", "declared") // the order cannot use that money, so somebody has to
	}
	r.DoneAt = b.Now()
	if err := b.MoveRefund(r, RefundDone, actor, reason); err != nil {
		return err
	}
	return goneBack(b, r)
}

// RefundTo keeps the bank account to which a refund goes, and lets it go on. Setting it again replaces it; CodeConflict once the
// refund was sent, CodeInvalid when a part of the account is missing.
func (c *Cashier) RefundTo(ctx context.Context, refundID string, to Account) error {
	known, err := c.ledger.Refund(ctx, refundID)
	if err != nil {
		return err
	}
	if !to.Complete() {
		return registration.Fail(registration.CodeInvalid, "refund.account")
	}
	err = c.ledger.Change(ctx, known.PaymentID, func(b Book) error {
		r := find(b.Refunds(), refundID)
		if r == nil || r.State != RefundRequested {
			return conflict("declare.moved")
		}
		r.Account, r.NextTry = to, b.Now()
		if err := b.Drop(AttentionRefundAccount, r.ID); err != nil {
			return err
		}
		return b.SaveRefund(r)
	})
	if err == nil {
		c.Wake()
	}
	return err
}

// capabilities gives what the gateway of a payment can do.
func (c *Cashier) capabilities(ctx context.Context, paymentID string) (Capabilities, error) {
	p, err := c.ledger.Payment(ctx, paymentID)
	if err != nil {
		return Capabilities{}, err
	}
	l, err := c.line(ctx, p.ChannelID)
	if err != nil {
		return Capabilities{}, err
	}
	return l.gateway.Capabilities(), nil
}
