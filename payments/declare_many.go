package payments

import (
	"context"
	"fmt"
	"slices"
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
	if len(orders) == 0 {
		return nil
	}
	l, all, err := c.openingsPaid(ctx, orders, want, reason, actor)
	if err != nil {
		return slices.Repeat([]error{err}, len(orders))
	}
	d := Declaration{Captured: true, At: want.Came, Reason: reason, Actor: actor}
	paid := func(b Book) error { return c.calledPaid(b, l, d) }
	begun, errs := c.book(ctx, all, paid)
	c.startedPaid(ctx, begun, errs)
	return errs
}

// book opens payments and has paid write down that their money has come, in one transaction; where one of them stands in the way of the
// others, or the store does, each by itself.
func (c *Cashier) book(ctx context.Context, all []Opening, paid func(Book) error) (begun []Payment, errs []error) {
	begun, err := c.ledger.OpenAll(ctx, all, paid)
	if err != nil && len(all) > 1 {
		begun = nil
		for i := range all {
			one, failed := c.book(ctx, all[i:i+1], paid)
			begun, errs = append(begun, one...), append(errs, failed...)
		}
		return begun, errs
	}
	if err != nil {
		return make([]Payment, 1), []error{fmt.Errorf("open payments: %w", err)}
	}
	errs = make([]error, len(begun))
	for i, p := range begun {
		if !p.State.HasMoney() { // it had been begun before
			errs[i] = c.ledger.Change(ctx, p.ID, paid)
		}
	}
	return begun, errs
}

// openingsPaid are the payments of orders that staff call paid. The money has come already, so nobody is told where it goes.
func (c *Cashier) openingsPaid(ctx context.Context, orders []string, want Choice, reason, actor string) (*line, []Opening, error) {
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
	return l, all, nil
}

// calledPaid writes staff's word down under the payment's lock, for a payment that was begun just now or one that waits.
func (c *Cashier) calledPaid(b Book, l *line, d Declaration) error {
	p := b.Payment()
	if p.State.HasMoney() {
		return nil // somebody was faster
	}
	d.Amount = p.Amount
	var err error
	if p.State == Started {
		err = c.came(b, d)
	} else {
		err = c.declare(b, l, d)
	}
	if err != nil {
		return err
	}
	return b.Save()
}

// startedPaid does what follows where money was booked: other payments of the orders end, and what is surplus is on its way back.
func (c *Cashier) startedPaid(ctx context.Context, begun []Payment, errs []error) {
	for i, p := range begun {
		if errs[i] == nil && p.Attempt > 1 {
			c.endOthers(ctx, p.OrderID, p.ID)
		}
	}
	c.Wake()
}
