package payments

import (
	"context"

	"foyer/registration"
)

// Ender is a Gateway that can end what it began and nobody has paid yet.
type Ender interface {
	// Expire ends an attempt at the gateway and tells what became of it: a payer may be quicker. Calling it again is harmless.
	Expire(ctx context.Context, a Attempt) (Outcome, error)
}

// AccountCloser is a Gateway that can close an account that still waits for its deposit.
type AccountCloser interface {
	// CloseAccount closes the account of an attempt and tells what became of it: a payer may be quicker. It never gives money back.
	// Calling it again is harmless.
	CloseAccount(ctx context.Context, a Attempt) (Outcome, error)
}

// Back says what of an order's money goes back when the order is cancelled.
type Back struct {
	All  bool                // whatever is left of each payment
	Some registration.Money  // else this much, the newest payment first; the zero value: nothing
	Kept *registration.Money // what the order keeps, as whoever decided saw it: when it is something else by now, nothing ends. nil: whatever it keeps
}

// Share takes what goes back of a payment of which that much is left, and says how much that is.
func (b *Back) Share(left registration.Money) registration.Money {
	if b.All {
		return left
	}
	if b.Some.Cur != left.Cur || b.Some.Minor <= 0 {
		return registration.Money{Cur: left.Cur}
	}
	share := registration.Money{Minor: min(b.Some.Minor, left.Minor), Cur: left.Cur}
	b.Some.Minor -= share.Minor
	return share
}

// Cancel ends an order, gives its places back once and asks for the refunds that back says; it returns them. Ways to pay that are still
// open are closed where the gateway can do that. A second call is harmless and returns none.
//
// It fails with CodeConflict when the order cannot be cancelled, or keeps other money than back was decided on.
func (c *Cashier) Cancel(ctx context.Context, orderID, actor, reason string, back Back) ([]Refund, error) {
	asked, err := c.ledger.Cancel(ctx, orderID, actor, reason, back)
	if err == nil {
		c.endOthers(ctx, orderID, "")
	}
	return asked, err
}

// endOthers closes, apart from the caller's request, the ways to pay an order that are still open, but for the one to keep. A session
// that cannot be closed runs out by itself, and money that comes through it is surplus.
func (c *Cashier) endOthers(ctx context.Context, orderID, keep string) {
	own := context.WithoutCancel(ctx)
	c.work.Add(1)
	go func() {
		defer c.work.Done()
		list, err := c.ledger.Payments(own, orderID)
		if err != nil {
			c.Log.ErrorContext(own, "read what to end", "order", orderID, "error", err)
			return
		}
		for _, p := range list {
			if p.ID == keep || p.State.Settled() {
				continue
			}
			if _, err := c.settle(own, p.ID, Return{}, toEnd); err != nil {
				c.Log.ErrorContext(own, "end payment", "payment", p.ID, "error", err)
			}
		}
	}()
}

// expire asks the gateway to end an attempt.
func (c *Cashier) expire(ctx context.Context, l *line, a Attempt) answer {
	callCtx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	end := func() (Outcome, error) { return l.own.(AccountCloser).CloseAccount(callCtx, a) }
	if e, can := l.own.(Ender); can {
		end = func() (Outcome, error) { return e.Expire(callCtx, a) }
	}
	out, err := end()
	if err != nil {
		c.Log.WarnContext(ctx, "end payment", "payment", a.PaymentID, "error", err)
		return answer{}
	}
	return answer{outcome: out}
}

// endable reports whether the gateway can end the payment, and nothing is to come of it any more: nobody has begun to pay, or an account
// waits for the deposit of an order that was cancelled or is paid in another way.
func (l *line) endable(b Book) bool {
	p := b.Payment()
	switch p.State {
	case Started:
		_, can := l.own.(Ender)
		return can
	case AwaitingDeposit:
		_, can := l.own.(AccountCloser)
		return can && p.GatewayID != "" && (b.Order().State == registration.OrderCancelled || replaced(b))
	case Confirming, Unknown, Confirmed, Failed, Abandoned, Expired, Surplus:
	}
	return false
}

// replaced reports whether the payer has chosen another way to pay the same charge since, and it has not come to nothing.
func replaced(b Book) bool {
	p := b.Payment()
	for _, s := range b.Siblings() {
		if s.ChargeID == p.ChargeID && s.Attempt > p.Attempt && s.State != Failed && s.State != Abandoned && s.State != Expired {
			return true
		}
	}
	return false
}
