package payments

import (
	"context"
	"fmt"
	"strings"

	"foyer/registration"
)

// StartPaid begins a payment of each order and writes staff's word down that its money has come: what Start and Declare do after each
// other, for many orders in one transaction, but that nobody is asked for money. orders are different ones; want is a way that only people
// carry out.
//
// It gives an error for each order, nil where money is booked. An order that cannot be paid harms no other. A second call is harmless:
// money that is booked stays, and what was begun is finished. The errors are those of Start and Declare.
func (c *Cashier) StartPaid(ctx context.Context, orders []string, want Choice, reason, actor string) []error {
	errs := make([]error, len(orders))
	if len(orders) == 0 {
		return errs
	}
	if err := c.startPaid(ctx, orders, want, reason, actor); err == nil || len(orders) == 1 {
		errs[0] = err
		return errs
	}
	for i := range orders { // one of them stands in the way, or the store does: each by itself
		errs[i] = c.startPaid(ctx, orders[i:i+1], want, reason, actor)
	}
	return errs
}

// startPaid is StartPaid for all orders or none. The money has come already, so nobody is told where it goes.
func (c *Cashier) startPaid(ctx context.Context, orders []string, want Choice, reason, actor string) error {
	if strings.TrimSpace(reason) == "" {
		return registration.Fail(registration.CodeInvalid, "declare.reason")
	}
	l, q, err := c.opening(ctx, "", want, actor)
	if err != nil {
		return err
	}
	if !l.gateway.Capabilities().Manual {
		return registration.Fail(registration.CodeInvalid, "channel.method")
	}
	all := make([]Opening, len(orders))
	for i, id := range orders {
		all[i] = q
		all[i].OrderID = id
	}
	paid := func(b Book) error { return c.calledPaid(b, l, reason, actor) }
	begun, err := c.ledger.OpenAll(ctx, all, paid)
	if err != nil {
		return fmt.Errorf("open payments: %w", err)
	}
	if before := unpaid(begun); len(before) > 0 {
		if err := c.ledger.ChangeAll(ctx, before, paid); err != nil {
			return fmt.Errorf("declare payments: %w", err)
		}
	}
	c.startedPaid(ctx, begun)
	return nil
}

// unpaid are the ids of payments that had been begun before and have no money yet.
func unpaid(begun []Payment) (ids []string) {
	for i := range begun {
		if !begun[i].State.HasMoney() {
			ids = append(ids, begun[i].ID)
		}
	}
	return ids
}

// calledPaid writes staff's word down under the payment's lock, for a payment that was begun just now or one that waits.
func (c *Cashier) calledPaid(b Book, l *line, reason, actor string) error {
	p := b.Payment()
	if p.State.HasMoney() {
		return nil // somebody was faster
	}
	d := Declaration{Captured: true, Amount: p.Amount, Reason: reason, Actor: actor}
	put := func() error { return c.declare(b, l, d) }
	if p.State == Started {
		put = func() error { return c.came(b, d) }
	}
	if err := put(); err != nil {
		return err
	}
	return b.Save()
}

// startedPaid does what follows: other payments of the orders end, and what is surplus is on its way back.
func (c *Cashier) startedPaid(ctx context.Context, begun []Payment) {
	for _, p := range begun {
		if p.Attempt > 1 {
			c.endOthers(ctx, p.OrderID, p.ID)
		}
	}
	c.Wake()
}
