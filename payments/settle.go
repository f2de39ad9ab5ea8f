package payments

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/registration"
)

// call is what phase 1 decided to do with the gateway.
type call int

const (
	callNone    call = iota // somebody else is at it, or there is nothing to ask
	callLookup              // ask what became of it
	callConfirm             // confirm (two-step) or look up (the others) under the payment's key
	callEnd                 // end what nobody has paid yet
)

// motive is why a payment is settled.
type motive int

const (
	asHinted motive = iota // a browser, a webhook or a person came with news
	onTime                 // it is the reconciler's time, also to send a refused confirmation again
	toEnd                  // the order was cancelled, or another way to pay was chosen
)

// plan is what phase 1 hands to phases 2 to 4.
type plan struct {
	call     call
	payment  Payment
	resumed  bool          // an earlier send may have had an effect: look up before sending again
	fresh    bool          // a browser has just come back with an id: the payer may have paid
	reopens  bool          // a failed payment may still be paid
	merchant string        // of the channel's keys as they are now
	blind    bool          // the gateway cannot be asked what became of it
	ticket   bool          // what was sent only authorised the confirmation
	term     time.Duration // of the channel's deposits; 0 = not set
}

// answer is what phase 2 brought home.
type answer struct {
	outcome Outcome // Status "" when nothing was learned
	refusal *Refusal
	closed  bool // the open send has a stored answer: its key must not be used again
	direct  bool // the outcome is the answer to a confirmation itself
}

// Settle finds out what became of a payment and writes it down: the only door to "paid". Return page, webhook, reconciler and
// staff all call it; any number of calls has the effect of one. hint is what a browser brought, never believed.
//
// It returns the payment as it stands afterwards. An error means that our own store failed; a gateway that fails to
// answer is no error here, the payment is then unknown and the reconciler goes on.
func (c *Cashier) Settle(ctx context.Context, paymentID string, hint Return) (Payment, error) {
	return c.settle(ctx, paymentID, hint, asHinted)
}

// settle is Settle, for one of the reasons that there are.
func (c *Cashier) settle(ctx context.Context, paymentID string, hint Return, why motive) (Payment, error) {
	known, err := c.ledger.Payment(ctx, paymentID)
	if err != nil {
		return Payment{}, fmt.Errorf("read payment: %w", err)
	}
	l, err := c.line(ctx, known.ChannelID)
	if err != nil {
		return known, errors.Join(err, c.ledger.Change(ctx, paymentID, c.postpone))
	}
	c.work.Add(1)
	defer c.work.Done()
	pl, err := c.intend(ctx, l, paymentID, hint, why)
	if err != nil || pl.call == callNone {
		return pl.payment, err
	}
	ans := c.ask(ctx, l, pl)
	return c.conclude(ctx, pl, ans)
}

// Detach runs Settle apart from the caller's request, so that a browser that goes away stops nothing, and waits at most for wait.
// The returned payment is the newest known; ended tells whether Settle had come to its end by then.
func (c *Cashier) Detach(ctx context.Context, paymentID string, hint Return, wait time.Duration) (p Payment, ended bool, err error) {
	type result struct {
		p   Payment
		err error
	}
	done := make(chan result, 1)
	own := context.WithoutCancel(ctx)
	c.work.Add(1)
	go func() {
		defer c.work.Done()
		p, err := c.Settle(own, paymentID, hint)
		if err != nil {
			c.Log.ErrorContext(own, "settle payment", "payment", paymentID, "error", err)
		}
		done <- result{p, err}
	}()
	select {
	case r := <-done:
		return r.p, true, r.err
	case <-time.After(wait):
		p, err := c.ledger.Payment(ctx, paymentID)
		return p, false, err
	}
}

// intend is phase 1: under the payment's lock it keeps the hint, decides what to ask, and writes the intent.
func (c *Cashier) intend(ctx context.Context, l *line, id string, hint Return, why motive) (plan, error) {
	var pl plan
	err := c.ledger.Change(ctx, id, func(b Book) error {
		p, now := b.Payment(), b.Now()
		pl = plan{call: callNone}
		caps := l.gateway.Capabilities()
		fresh := keepHint(p, hint, caps.Ticket)
		if p.Leased(now) && p.State.HasMoney() {
			p.NextLook = p.LeaseUntil // something may have happened there: look when the other call is over
		}
		if !p.Leased(now) {
			var err error
			if pl, err = c.decide(b, l, fresh, why); err != nil {
				return err
			}
		}
		pl.payment, pl.merchant, pl.reopens, pl.term = *p, caps.Merchant, caps.Reopens, l.channel.DepositTerm
		pl.blind, pl.ticket = !caps.Inquiry, caps.Ticket
		return b.Save()
	})
	return pl, err
}

// keepHint notes what a browser brought: the candidate id and why it says it failed. It reports whether the candidate is new.
// A ticket is good for one confirmation.
func keepHint(p *Payment, hint Return, ticket bool) bool {
	if hint.Reason != "" && p.State == Started {
		p.Reason = hint.Reason
	}
	if hint.GatewayID == "" || p.GatewayID != "" || (ticket && p.State != Started) {
		return false
	}
	fresh := hint.GatewayID != p.Candidate
	p.Candidate, p.Reason = hint.GatewayID, hint.Reason
	return fresh
}

// decide chooses the call and, for one that may capture, writes intent, key and lease.
func (c *Cashier) decide(b Book, l *line, fresh bool, why motive) (plan, error) {
	p, now, caps := b.Payment(), b.Now(), l.gateway.Capabilities()
	if !caps.Inquiry {
		if confirm, err := c.blind(b, why); err != nil || !confirm {
			return plan{}, err
		}
	}
	if why == toEnd {
		if !l.endable(b) {
			return plan{}, nil
		}
		p.LeaseOwner, p.LeaseUntil = c.Owner, now.Add(c.Timeout+leaseMargin)
		return plan{call: callEnd}, nil
	}
	p.LeaseOwner, p.LeaseUntil = c.Owner, now.Add(c.Timeout+leaseMargin)
	pl := plan{call: callLookup, resumed: p.State != Started, fresh: fresh}
	if p.State.Settled() || p.State == AwaitingDeposit || !caps.TwoStep || p.Candidate == "" || !mayConfirm(p, fresh, why == onTime && !now.After(p.LastCapture)) {
		return pl, nil
	}
	ok, err := usable(b)
	if err != nil || !ok {
		if !caps.Inquiry {
			p.LeaseUntil, pl.call = now, callNone // nothing was sent, and nothing can be asked
		}
		return pl, err
	}
	pl.call = callConfirm
	if !p.SendOpen {
		p.Key, p.Sent, p.SendOpen = newKey(), p.Candidate, true
	}
	if p.State == Started {
		if err := b.Move(Confirming, ActorGateway(b.Channel()), ""); err != nil {
			return plan{}, err
		}
	}
	return pl, nil
}

// mayConfirm reports whether a confirmation may go out now: for a candidate that was never sent, to repeat a send that was not
// answered, or, after one that was refused, when the reconciler's time has come. Nobody can make us confirm the same thing over and over.
func mayConfirm(p *Payment, fresh, due bool) bool {
	return fresh || p.SendOpen || p.Candidate != p.Sent || due
}

// usable reports whether money for this payment could be used by its order now, and holds the order's places for it again
// if they had been given back.
func usable(b Book) (bool, error) {
	p := b.Payment()
	if !asksWhatIsOwed(b) {
		return false, nil
	}
	for _, s := range b.Siblings() {
		if s.ChargeID == p.ChargeID && (s.State == Confirmed || s.State == Confirming || s.State == Unknown) {
			return false, nil
		}
	}
	return placesFor(b)
}

// asksWhatIsOwed reports whether the payment is still for the sum that its charge owes: an order that was renewed after the payment
// began may have another price.
func asksWhatIsOwed(b Book) bool {
	amount := b.Payment().Amount
	owed, ok := b.Charge().Prices[amount.Cur]
	return ok && owed == amount.Minor
}

// placesFor reports whether the order may still become paid, or be changed, and makes sure that it has its places.
func placesFor(b Book) (bool, error) {
	if a := b.Charge().Amendment; a != nil {
		return mayAmend(b, a)
	}
	switch b.Order().State {
	case registration.OrderPending, registration.OrderExpired:
		return b.Hold()
	case registration.OrderPaid, registration.OrderCancelled, registration.OrderAwaiting:
		return false, nil
	}
	return false, nil
}

// ask is phase 2: no transaction is open. It never guesses: whatever does not settle the matter is "nothing learned".
func (c *Cashier) ask(ctx context.Context, l *line, pl plan) answer {
	unasked := answer{}
	if pl.blind {
		unasked = unsent()
	}
	give, err := l.take(ctx)
	if err != nil {
		return unasked
	}
	defer give()
	a, err := c.attempt(ctx, &pl.payment)
	if err != nil {
		c.Log.ErrorContext(ctx, "describe payment", "payment", pl.payment.ID, "error", err)
		return unasked
	}
	a.GatewayID = idToAsk(&pl)
	if pl.call == callEnd {
		return c.expire(ctx, l, a)
	}
	if pl.call == callLookup || pl.resumed {
		ans := c.lookup(ctx, l, a)
		if unanswered := ans.outcome.Status == ""; pl.call == callLookup || unanswered || conclusive(ans.outcome.Status) {
			return ans
		}
	}
	a.GatewayID = pl.payment.Sent
	return c.confirm(ctx, l, a, pl)
}

// idToAsk is the gateway's id that a look-up names: the known one, else what was sent, else the candidate. The answer's order number
// tells whether it is ours; without any id the look-up goes by our own number. A ticket is no id.
func idToAsk(pl *plan) string {
	p := &pl.payment
	if pl.ticket {
		return p.GatewayID
	}
	return cmp.Or(p.GatewayID, p.Sent, p.Candidate)
}

// conclusive reports whether a status settles a payment.
func conclusive(s Status) bool {
	switch s {
	case StatusCaptured, StatusDeposit, StatusFailed, StatusLapsed:
		return true
	case StatusPending, StatusMissing:
		return false
	}
	return false
}

// confirm sends the confirmation and, after an answer that says no, looks up what is true. A fault of the gateway's own closes the
// send only when the same key has met it before: a gateway that stores its faults would give it for ever.
func (c *Cashier) confirm(ctx context.Context, l *line, a Attempt, pl plan) answer {
	callCtx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	out, err := l.gateway.Settle(callCtx, a)
	if err == nil {
		return answer{outcome: out, closed: true, direct: true}
	}
	c.Log.WarnContext(ctx, "confirm payment", "payment", a.PaymentID, "error", err)
	if pl.blind {
		return onlyAnswer(err)
	}
	refusal, refused := errors.AsType[*Refusal](err)
	if !refused {
		return answer{}
	}
	ans := c.lookup(ctx, l, a)
	ans.refusal, ans.closed = refusal, pl.resumed || !errors.Is(err, ErrNoAnswer)
	return ans
}

// lookup asks what became of a payment.
func (c *Cashier) lookup(ctx context.Context, l *line, a Attempt) answer {
	callCtx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	out, err := l.gateway.Lookup(callCtx, a)
	if err != nil {
		c.Log.WarnContext(ctx, "look up payment", "payment", a.PaymentID, "error", err)
		return answer{}
	}
	return answer{outcome: out}
}
