package payments

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

const (
	depositTerm  = 7 * 24 * time.Hour // the deadline of an account whose gateway names none
	depositHold  = 24 * time.Hour     // places stay held so long after the deadline
	depositAfter = 72 * time.Hour     // a deposit may come so long after the deadline
)

// awaitDeposit writes that an account was issued and waits for its deposit: places stay held until a day after the deadline, and the
// reconciler asks until three days after it. What an institution pays after the event has no deadline.
func (c *Cashier) awaitDeposit(b Book, pl plan, out Outcome, actor string) error {
	p := b.Payment()
	if mine, err := b.Claim(out.GatewayID); err != nil || !mine {
		return c.taken(b, pl, err)
	}
	p.Method, p.Account, p.Secret = cmp.Or(out.Method, string(p.Asked)), out.Account, out.Secret
	wanted, err := reserve(b, actor)
	if err != nil {
		return err
	}
	p.SendOpen, p.Looks, p.NextLook = false, 0, b.Now().Add(c.First)
	p.Deadline = out.Deadline
	if p.Deadline.IsZero() && p.Asked != MethodPayLater {
		p.Deadline = b.Now().Add(cmp.Or(pl.term, depositTerm))
	}
	if pl.blind {
		p.NextLook = zeroTime
	}
	if !p.Deadline.IsZero() {
		if pl.blind {
			p.NextLook = p.Deadline.Add(depositAfter + time.Second) // there is nobody to ask before
		}
		p.LastCapture = p.Deadline.Add(depositAfter - Ending)
	}
	if wanted && !p.Deadline.IsZero() {
		if err := b.KeepHold(p.Deadline.Add(depositHold)); err != nil {
			return err
		}
	}
	if p.State == Started {
		if err := b.Move(Confirming, actor, ""); err != nil {
			return err
		}
	}
	if err := b.Drop(AttentionUnknown, ""); err != nil {
		return err
	}
	if err := b.Move(AwaitingDeposit, actor, ""); err != nil || !wanted {
		return err
	}
	return b.Mail(MailDeposit, "")
}

// reserve reports whether the order wants a deposit for this payment, and has its places for it: those of an order that has expired are
// taken again, and it is pending once more. Whoever pays for an order that wants nothing gets the money back, so nobody is asked to.
func reserve(b Book, actor string) (wanted bool, err error) {
	if !asksWhatIsOwed(b) {
		return false, nil
	}
	if wanted, err = placesFor(b); err != nil || !wanted || !gaveBack(b) {
		return wanted, err
	}
	if b.Charge().Amendment != nil {
		return true, b.MoveAmendment(registration.AmendmentPending, actor, "")
	}
	return true, b.MoveOrder(registration.OrderPending, actor, "")
}

// promise begins a payment that only people carry out: nothing is called, the payer is told at once where the money goes.
func (c *Cashier) promise(ctx context.Context, l *line, p Payment, actor string) (Payment, error) {
	a, err := c.attempt(ctx, &p)
	if err != nil {
		return Payment{}, err
	}
	out, err := promised(ctx, l, &p, a)
	if err != nil {
		return Payment{}, err
	}
	err = c.ledger.Change(ctx, p.ID, func(b Book) error {
		if err := c.await(b, l, out, actor); err != nil {
			return err
		}
		p = *b.Payment()
		return b.Save()
	})
	return p, err
}

// promised is where the money of a payment goes that only people carry out, and until when.
func promised(ctx context.Context, l *line, p *Payment, a Attempt) (Outcome, error) {
	a.Due = registration.Sooner(due(l, p), a.Ends)
	out, err := l.gateway.Settle(ctx, a)
	if err != nil {
		return Outcome{}, fmt.Errorf("promise payment: %w", err)
	}
	return out, nil
}

// await writes down what was promised, unless that was done before.
func (c *Cashier) await(b Book, l *line, out Outcome, actor string) error {
	if b.Payment().State != Started {
		return nil
	}
	return c.awaitDeposit(b, plan{term: l.channel.DepositTerm, blind: true}, out, actor)
}

// due is until when an account of the payment takes its deposit; zero where the gateway decides.
func due(l *line, p *Payment) time.Time {
	if l.channel.DepositTerm == 0 {
		return zeroTime
	}
	return p.StartedAt.Add(l.channel.DepositTerm)
}

// waitOn ends a deposit that nobody but staff would notice: when its time is over, the order was cancelled, or the payer has chosen
// another such method since.
func (c *Cashier) waitOn(b Book, why motive) error {
	p := b.Payment()
	over := !p.Deadline.IsZero() && b.Now().After(p.Deadline.Add(depositAfter))
	if why == toEnd {
		over = over || ended(b)
		for _, s := range b.Siblings() {
			over = over || s.ChargeID == p.ChargeID && s.State == AwaitingDeposit && s.Attempt > p.Attempt
		}
	}
	if !over {
		return nil
	}
	p.NextLook = zeroTime
	return lapsed(b)
}

// lapsed ends a deposit that did not come.
func lapsed(b Book) error {
	if err := b.Move(Expired, ActorSystem, "payment.lapsed"); err != nil {
		return err
	}
	return releaseExpired(b)
}
