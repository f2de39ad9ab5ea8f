package payments

import (
	"context"
	"fmt"
	"strings"

	"foyer/registration"
)

// StartPaid begins a payment of each order and writes staff's word down that its money has come: what Start and Declare do after each
// other, with the same rows, for many orders in two transactions. orders are different ones; want is a way that only people carry out.
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

// startPaid is StartPaid for all orders or none.
func (c *Cashier) startPaid(ctx context.Context, orders []string, want Choice, reason, actor string) error {
	l, begun, err := c.startAll(ctx, orders, want, reason, actor)
	if err != nil {
		return err
	}
	told, ids, err := c.promisedAll(ctx, l, begun)
	if err != nil {
		return err
	}
	err = c.ledger.ChangeAll(ctx, ids, func(b Book) error {
		p := b.Payment()
		if p.State.HasMoney() {
			return nil // somebody was faster
		}
		if err := c.await(b, l, told[p.ID], actor); err != nil {
			return err
		}
		if err := c.declare(b, l, Declaration{Captured: true, Amount: p.Amount, Reason: reason, Actor: actor}); err != nil {
			return err
		}
		return b.Save()
	})
	if err != nil {
		return fmt.Errorf("declare payments: %w", err)
	}
	c.startedPaid(ctx, begun)
	return nil
}

// startAll begins the payments of orders that staff will call paid.
func (c *Cashier) startAll(ctx context.Context, orders []string, want Choice, reason, actor string) (*line, []Payment, error) {
	if strings.TrimSpace(reason) == "" {
		return nil, nil, registration.Fail(registration.CodeInvalid, "declare.reason")
	}
	l, q, err := c.opening(ctx, "", want, actor)
	if err != nil {
		return nil, nil, err
	}
	if !l.gateway.Capabilities().Manual {
		return nil, nil, registration.Fail(registration.CodeInvalid, "channel.method")
	}
	all := make([]Opening, len(orders))
	for i, id := range orders {
		all[i] = q
		all[i].OrderID = id
	}
	begun, err := c.ledger.OpenAll(ctx, all)
	if err != nil {
		return nil, nil, fmt.Errorf("open payments: %w", err)
	}
	return l, begun, nil
}

// promisedAll is promised for each payment that has no money yet; ids are those.
func (c *Cashier) promisedAll(ctx context.Context, l *line, begun []Payment) (told map[string]Outcome, ids []string, err error) {
	var orders []string
	for _, p := range begun {
		orders = append(orders, p.OrderID)
	}
	bills, err := c.ledger.Bills(ctx, orders)
	if err != nil {
		return nil, nil, fmt.Errorf("read what payers are told: %w", err)
	}
	told = map[string]Outcome{}
	for i := range begun {
		p := &begun[i]
		if p.State.HasMoney() {
			continue
		}
		if told[p.ID], err = promised(ctx, l, p, c.attemptOf(p, bills[p.OrderID])); err != nil {
			return nil, nil, err
		}
		ids = append(ids, p.ID)
	}
	return told, ids, nil
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
