package store

import (
	"fmt"

	"foyer/payments"
	"foyer/registration"
)

// chain is what the audit tells of one order, payment or refund.
type chain struct {
	what, id, state string
	rows            []AuditRow
	legal           func(from, to string) bool
}

// chains sorts an order's audit rows by what they are about. Rows about nothing that exists come back as strays.
func (p patient) chains() (all []*chain, strays []AuditRow) {
	byID := map[string]*chain{}
	add := func(c *chain) {
		all = append(all, c)
		byID[c.what+" "+c.id] = c
	}
	add(&chain{what: "order", id: p.Order.ID, state: string(p.Order.State), legal: func(from, to string) bool {
		return registration.OrderState(from).CanBecome(registration.OrderState(to))
	}})
	for _, x := range p.Payments {
		add(&chain{what: "payment", id: x.ID, state: string(x.State), legal: func(from, to string) bool {
			return payments.State(from).CanBecome(payments.State(to))
		}})
		for _, r := range x.Refunds {
			add(&chain{what: "refund", id: r.ID, state: string(r.State), legal: func(from, to string) bool {
				return payments.RefundState(from).CanBecome(payments.RefundState(to))
			}})
		}
	}
	for _, a := range p.Audit {
		id := map[string]string{"order": a.OrderID, "payment": a.PaymentID, "refund": a.RefundID}[a.What]
		if c := byID[a.What+" "+id]; c != nil {
			c.rows = append(c.rows, a)
		} else if id != "" {
			strays = append(strays, a)
		}
	}
	return all, strays
}

// legalMoves is I12.
func legalMoves(p patient, find func(string, ...string)) {
	chains, _ := p.chains()
	for _, c := range chains {
		for _, a := range c.rows {
			if !c.legal(a.From, a.To) {
				find(fmt.Sprintf("The %s went from %q to %q.", c.what, a.From, a.To), c.id)
			}
		}
	}
}

// auditFits is I23.
func auditFits(p patient, find func(string, ...string)) {
	chains, strays := p.chains()
	for _, c := range chains {
		if wrong := c.broken(); wrong != "" {
			find(wrong, c.id)
		}
	}
	for _, a := range strays {
		find(fmt.Sprintf("The audit tells of a %s that does not exist.", a.What), a.ID)
	}
	p.changesAudited(find)
	issued := map[string]int{}
	for _, a := range p.Audit {
		if a.What == "receipt" {
			issued[a.Reason]++
		}
	}
	for _, r := range p.Receipts {
		if n := issued[r.No]; n != 1 {
			find(fmt.Sprintf("The receipt has %d audit rows.", n), r.No)
		}
		delete(issued, r.No)
	}
	for no := range issued {
		find("The audit tells of a receipt that does not exist.", no)
	}
}

// broken says what is wrong with the chain as a chain: it must begin once with nothing, every state that was left must have been
// reached, and the one state that was not left is the present one. The order of rows does not matter, since two nodes' clocks differ.
func (c *chain) broken() string {
	left := map[string]int{}
	begun := 0
	for _, a := range c.rows {
		if a.From == "" {
			begun++
		} else {
			left[a.From]--
		}
		left[a.To]++
	}
	if begun != 1 {
		return fmt.Sprintf("The %s has %d audit rows of its making.", c.what, begun)
	}
	left[c.state]--
	for state, n := range left {
		if n != 0 {
			return fmt.Sprintf("The %s is %s; its audit rows do not lead there one after the other, see %q.", c.what, c.state, state)
		}
	}
	return ""
}
