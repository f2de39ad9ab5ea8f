package payments

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"foyer/registration"
)

// RefundRequest asks for money to go back.
type RefundRequest struct {
	PaymentID string
	Amount    registration.Money
	Reason    string
	Source    Source
	Actor     string
	Nonce     string  // of the form: the same nonce again gives the same refund
	Account   Account // where the money goes, when Capabilities.WantsAccount; else empty
}

// AskRefund writes a refund down; SendRefund or the reconciler carries it out. The same nonce again gives the refund made before.
//
// It fails with CodeInvalid when the amount is not positive, in another currency, or more than is left, or the account is missing, and with
// CodeConflict while another refund of the payment is under way or when no money was taken.
func (c *Cashier) AskRefund(ctx context.Context, q RefundRequest) (Refund, error) {
	caps, err := c.capabilities(ctx, q.PaymentID)
	if err != nil {
		return Refund{}, err
	}
	var made Refund
	err = c.ledger.Change(ctx, q.PaymentID, func(b Book) error {
		p := b.Payment()
		for _, r := range b.Refunds() {
			if r.Nonce == q.Nonce && q.Nonce != "" {
				made = r
				return nil
			}
		}
		if err := refundable(p, b.Refunds(), q.Amount); err != nil {
			return err
		}
		if caps.WantsAccount(p) && !q.Account.Complete() {
			return registration.Fail(registration.CodeInvalid, "refund.account")
		}
		r := Refund{
			PaymentID: p.ID, OrderID: p.OrderID, Amount: q.Amount, Source: q.Source, Reason: q.Reason, Actor: q.Actor, Nonce: q.Nonce, Account: q.Account,
		}
		if err := b.AddRefund(&r); err != nil {
			return err
		}
		made = r
		return nil
	})
	return made, err
}

// WantsAccount reports whether giving money of a payment back needs the payer's bank account.
func (c Capabilities) WantsAccount(p *Payment) bool {
	return c.RefundAccount && cmp.Or(Method(p.Method), p.Asked) == MethodVirtualAccount
}

// refundable checks an amount against what is left of a payment.
func refundable(p *Payment, refunds []Refund, amount registration.Money) error {
	if !p.State.HasMoney() {
		return conflict("refund.no_money")
	}
	for _, r := range refunds {
		if r.State.Open() {
			return conflict("refund.under_way")
		}
	}
	left := Refundable(p, refunds)
	if amount.Minor <= 0 || amount.Cur != left.Cur || amount.Minor > left.Minor {
		return registration.Fail(registration.CodeInvalid, "refund.amount")
	}
	return nil
}

// refundPlan is what phase 1 of a refund hands on.
type refundPlan struct {
	call    bool
	payment Payment
	refund  Refund
	done    registration.Money // what had surely gone back before
	resumed bool
	blind   bool // the gateway cannot be asked what became of it
}

// refundAnswer is what phase 2 of a refund brought home.
type refundAnswer struct {
	done      bool
	refused   *Refusal // nothing happened, for good
	closed    bool     // the send has a stored answer
	gatewayID string
}

// SendRefund carries a refund out, or finds out what became of it: phases as in Settle. Any number of calls has the effect
// of one; a refund that has ended is left alone.
func (c *Cashier) SendRefund(ctx context.Context, refundID string) (Refund, error) {
	known, err := c.ledger.Refund(ctx, refundID)
	if err != nil || !known.State.Open() {
		return known, err
	}
	p, err := c.ledger.Payment(ctx, known.PaymentID)
	if err != nil {
		return known, fmt.Errorf("read payment: %w", err)
	}
	l, err := c.line(ctx, p.ChannelID)
	if err != nil {
		return known, err
	}
	c.work.Add(1)
	defer c.work.Done()
	pl, err := c.intendRefund(ctx, known, l.gateway.Capabilities())
	if err != nil || !pl.call {
		return pl.refund, err
	}
	return c.concludeRefund(ctx, pl, c.askRefund(ctx, l, pl))
}

// intendRefund is phase 1: key and lease are written before the gateway is called. The lease is the payment's: look-ups and refunds
// of one payment never overlap, so that what the gateway has given back can be compared with what we know.
func (c *Cashier) intendRefund(ctx context.Context, known Refund, caps Capabilities) (refundPlan, error) {
	pl := refundPlan{refund: known}
	err := c.ledger.Change(ctx, known.PaymentID, func(b Book) error {
		pl = refundPlan{refund: known}
		p, r := b.Payment(), find(b.Refunds(), known.ID)
		if r == nil || !r.State.Open() || p.Leased(b.Now()) || firstOpen(b.Refunds()) != r.ID {
			return nil
		}
		if turn, err := c.personsTurn(b, r, known.Account, caps); err != nil || turn {
			pl.refund = *r
			return err
		}
		pl.resumed, pl.blind = r.State != RefundRequested, !caps.Inquiry
		p.LeaseOwner, p.LeaseUntil = c.Owner, b.Now().Add(2*c.Timeout+leaseMargin)
		if !r.SendOpen {
			r.Key, r.SendOpen = newKey(), true
		}
		r.Sends++
		if r.State == RefundRequested {
			if err := b.MoveRefund(r, RefundSending, r.Actor, r.Reason); err != nil {
				return err
			}
		}
		if err := b.SaveRefund(r); err != nil {
			return err
		}
		pl.call, pl.payment, pl.refund, pl.done = true, *p, *r, Refunded(p, b.Refunds())
		pl.refund.Account = known.Account
		return b.Save()
	})
	return pl, err
}

// personsTurn puts a refund before a person that no call can bring on: one that staff transfers, one whose account nobody has told, and
// one that was sent to a gateway which cannot be asked and must not be told twice.
func (c *Cashier) personsTurn(b Book, r *Refund, known Account, caps Capabilities) (bool, error) {
	kind := ""
	switch {
	case r.State != RefundRequested && !caps.Inquiry:
		return true, c.refundOpen(b, r, true)
	case r.State != RefundRequested:
		return false, nil
	case caps.Manual:
		kind = AttentionRefundByHand
	case caps.WantsAccount(b.Payment()) && !known.Complete():
		kind = AttentionRefundAccount
	default:
		return false, nil
	}
	r.NextTry = zeroTime
	if err := b.SaveRefund(r); err != nil {
		return true, err
	}
	return true, b.Raise(kind, r.ID, "")
}

// firstOpen is the refund whose turn it is: one after the other, so that what the gateway has given back in all tells what became
// of each, and a repeat under the same key is byte for byte the same.
func firstOpen(refunds []Refund) string {
	first := ""
	for _, r := range refunds {
		switch {
		case r.State == RefundSending || r.State == RefundUnknown:
			return r.ID
		case r.State == RefundRequested && first == "":
			first = r.ID
		}
	}
	return first
}

// find gives the refund of that id.
func find(refunds []Refund, id string) *Refund {
	for i := range refunds {
		if refunds[i].ID == id {
			return &refunds[i]
		}
	}
	return nil
}

// askRefund is phase 2: after an interrupted send it looks first whether the money has gone back already.
func (c *Cashier) askRefund(ctx context.Context, l *line, pl refundPlan) refundAnswer {
	give, err := l.take(ctx)
	if err != nil {
		return refundAnswer{}
	}
	defer give()
	if pl.resumed {
		switch gone, known := c.hasGone(ctx, l, pl); {
		case !known:
			return refundAnswer{}
		case gone:
			return refundAnswer{done: true, closed: true}
		}
	}
	callCtx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	out, err := l.gateway.Refund(callCtx, c.refundAttempt(pl))
	if err == nil {
		return refundAnswer{done: !out.Pending, closed: !out.Pending, gatewayID: out.GatewayID}
	}
	c.Log.WarnContext(ctx, "send refund", "refund", pl.refund.ID, "error", err)
	refusal, refused := errors.AsType[*Refusal](err)
	if pl.blind {
		return onlyRefundAnswer(refusal, err)
	}
	if !refused {
		return refundAnswer{}
	}
	gone, known := c.hasGone(ctx, l, pl)
	switch {
	case !known || (!gone && refusal.Passing):
		return refundAnswer{closed: pl.resumed || !errors.Is(err, ErrNoAnswer)}
	case gone && (pl.resumed || refusal.Settled || refusal.Passing):
		return refundAnswer{done: true, closed: true}
	}
	return refundAnswer{refused: refusal, closed: true}
}

// onlyRefundAnswer reads the answer to a refund that no look-up can check: only a clear no means that nothing happened.
func onlyRefundAnswer(refusal *Refusal, err error) refundAnswer {
	switch {
	case errors.Is(err, ErrBusy):
		return refundAnswer{refused: &Refusal{Code: "BUSY", Key: "refund.refused"}, closed: true}
	case refusal == nil || refusal.Settled || errors.Is(err, ErrNoAnswer):
		return refundAnswer{}
	}
	return refundAnswer{refused: refusal, closed: true}
}

// refundAttempt describes a refund to the gateway; a repeat under the same key is byte for byte the same.
func (c *Cashier) refundAttempt(pl refundPlan) RefundAttempt {
	p, r := pl.payment, pl.refund
	balance := p.Captured
	balance.Minor -= pl.done.Minor
	return RefundAttempt{
		RefundID: r.ID, GatewayID: p.GatewayID, OrderNo: p.OrderNo, Amount: r.Amount, Captured: p.Captured,
		Balance: balance, Whole: r.Amount == balance, Reason: r.Reason, Key: r.Key,
		Method: cmp.Or(Method(p.Method), p.Asked), PaidAt: p.PaidAt, Account: r.Account, Resumed: pl.resumed,
	}
}

// hasGone looks whether the gateway has already given this refund's money back: its total is then what we know of, and this.
func (c *Cashier) hasGone(ctx context.Context, l *line, pl refundPlan) (gone, known bool) {
	a, err := c.attempt(ctx, &pl.payment)
	if err != nil {
		return false, false
	}
	ans := c.lookup(ctx, l, a)
	if ans.outcome.Status != StatusCaptured || ans.outcome.Refunded.Cur != pl.payment.Captured.Cur {
		return false, false
	}
	return ans.outcome.Refunded.Minor >= pl.done.Minor+pl.refund.Amount.Minor, true
}

// concludeRefund is phase 4.
func (c *Cashier) concludeRefund(ctx context.Context, pl refundPlan, ans refundAnswer) (Refund, error) {
	var after Refund
	err := c.ledger.Change(ctx, pl.payment.ID, func(b Book) error {
		p, r := b.Payment(), find(b.Refunds(), pl.refund.ID)
		p.LeaseUntil = b.Now()
		if r == nil || !r.State.Open() {
			return b.Save()
		}
		if ans.closed && r.Key == pl.refund.Key {
			r.SendOpen = false
		}
		if err := c.writeRefund(b, r, ans, pl.blind); err != nil {
			return err
		}
		if err := b.SaveRefund(r); err != nil {
			return err
		}
		after = *r
		if !r.State.Open() {
			p.Looks, p.NextLook = 0, b.Now() // once no refund of ours is open, what went back in all is compared
		}
		return b.Save()
	})
	return after, err
}

// writeRefund turns the answer into the refund's next state.
func (c *Cashier) writeRefund(b Book, r *Refund, ans refundAnswer, blind bool) error {
	actor := ActorGateway(b.Channel())
	switch {
	case ans.done:
		r.GatewayID, r.DoneAt, r.NextTry = ans.gatewayID, b.Now(), zeroTime
		if err := b.MoveRefund(r, RefundDone, actor, r.Reason); err != nil {
			return err
		}
		if err := b.Drop(AttentionRefundUnknown, r.ID); err != nil {
			return err
		}
		return goneBack(b, r)
	case ans.refused != nil:
		r.Note, r.NextTry = ans.refused.Key, zeroTime
		if err := b.MoveRefund(r, RefundRefused, actor, ans.refused.Code); err != nil {
			return err
		}
		if err := b.Drop(AttentionRefundUnknown, r.ID); err != nil {
			return err
		}
		return b.Raise(AttentionRefundRefused, r.ID, ans.refused.Code)
	}
	return c.refundOpen(b, r, blind)
}

// refundOpen writes that it is not known what became of a refund; the reconciler goes on, unless nobody can be asked.
func (c *Cashier) refundOpen(b Book, r *Refund, blind bool) error {
	if r.State == RefundSending {
		if err := b.MoveRefund(r, RefundUnknown, ActorGateway(b.Channel()), r.Reason); err != nil {
			return err
		}
	}
	if blind {
		r.NextTry = zeroTime
		if err := b.SaveRefund(r); err != nil {
			return err
		}
		return b.Raise(AttentionRefundUnknown, r.ID, "no_inquiry")
	}
	wait, more := c.wait(r.Sends - 1)
	r.NextTry = b.Now().Add(wait)
	if !more || r.Sends >= quickLooks {
		return b.Raise(AttentionRefundUnknown, r.ID, "")
	}
	return nil
}
