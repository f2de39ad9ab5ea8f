package payments

import (
	"cmp"
	"context"
	"math"
	"sync"
	"time"
)

var zeroTime time.Time

// quickLooks is after how many look-ups without an answer a person is told.
const quickLooks = 6

// longUnknown is after how long a person is told at the first look-up without an answer: the program may have stood still meanwhile.
const longUnknown = 12 * time.Hour

// wait is the reconciler's back-off: first, then every five times, then hourly for a day, then daily for a week. more is false after that.
func (c *Cashier) wait(looks int) (d time.Duration, more bool) {
	switch {
	case looks <= 0:
		return c.First, true
	case looks <= 5:
		return c.Every, true
	case looks <= 5+24:
		return max(time.Hour, c.Every), true
	case looks <= 5+24+7:
		return 24 * time.Hour, true
	}
	return 24 * time.Hour, false
}

// schedule sets when the reconciler looks at the payment again, and tells a person when it has looked in vain for long.
// A look-up that came before its time (an attendee opened the page) changes nothing.
func (c *Cashier) schedule(b Book) error {
	p, now := b.Payment(), b.Now()
	if now.Before(p.NextLook) {
		return nil
	}
	p.Looks++
	d, more := c.wait(p.Looks)
	p.NextLook = now.Add(d)
	open, over := p.State == Unknown || p.State == Confirming, now.After(p.LastCapture.Add(Ending))
	if p.State == AwaitingDeposit {
		more = !over // however long the account waits
	} else if !open && over {
		more = false
	}
	if !more {
		p.NextLook = zeroTime
	}
	switch {
	case open && (p.Looks >= quickLooks || now.After(p.StartedAt.Add(longUnknown))):
		return b.Raise(AttentionUnknown, "", "")
	case !more && p.State == Started:
		return b.Move(Abandoned, ActorSystem, "payment.lapsed")
	case !more && p.State == AwaitingDeposit:
		return lapsed(b)
	}
	return nil
}

// lookAgain sets the next look-up of a payment with money, whose refunds are to be compared, after one that was not answered.
func (c *Cashier) lookAgain(b Book) error {
	p := b.Payment()
	if p.NextLook.IsZero() || b.Now().Before(p.NextLook) {
		return nil
	}
	p.Looks++
	d, more := c.wait(p.Looks)
	p.NextLook = b.Now().Add(d)
	if !more {
		p.NextLook = zeroTime
		return b.Raise(AttentionMismatch, "", "refunds_not_compared")
	}
	return nil
}

// postpone moves a payment back whose gateway cannot even be asked, because its channel does not work.
func (c *Cashier) postpone(b Book) error {
	again := c.schedule
	if b.Payment().State.HasMoney() {
		again = c.lookAgain
	}
	if err := again(b); err != nil {
		return err
	}
	return b.Save()
}

// Reconcile looks at everything that is due once, and carries due refunds out. With all set it ignores back-off. It
// returns how many payments and refunds it worked on.
func (c *Cashier) Reconcile(ctx context.Context, all bool) (int, error) {
	now := c.Now().UTC()
	most := dueAtOnce
	if all {
		most = math.MaxInt32
	}
	payments, err := c.ledger.DuePayments(ctx, now, all, most)
	if err != nil {
		return 0, err
	}
	c.each(ctx, payments, func(ctx context.Context, id string) error {
		_, err := c.settle(ctx, id, Return{}, onTime)
		return err
	})
	refunds, err := c.ledger.DueRefunds(ctx, now, all, most)
	if err != nil {
		return len(payments), err
	}
	c.each(ctx, refunds, func(ctx context.Context, id string) error {
		_, err := c.SendRefund(ctx, id)
		return err
	})
	return len(payments) + len(refunds), nil
}

// dueAtOnce bounds one ordinary pass of the reconciler; the rest comes with the next.
const dueAtOnce = 500

// each runs work on every id, some at a time; a failure is logged and harms no other.
func (c *Cashier) each(ctx context.Context, ids []string, work func(context.Context, string) error) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, cmp.Or(c.Workers, 8))
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			if err := work(context.WithoutCancel(ctx), id); err != nil {
				c.Log.ErrorContext(ctx, "reconcile", "id", id, "error", err)
			}
		})
	}
	wg.Wait()
}

// Run reconciles at once and then whenever something is due, until ctx ends. Work that has begun is finished first.
func (c *Cashier) Run(ctx context.Context) {
	tick := time.NewTicker(min(max(min(c.First, c.Every)/4, 50*time.Millisecond), time.Second))
	defer tick.Stop()
	for {
		if _, err := c.Reconcile(ctx, false); err != nil && ctx.Err() == nil {
			c.Log.ErrorContext(ctx, "reconcile", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		case <-tick.C:
		}
	}
}
