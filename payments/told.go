package payments

import (
	"context"
	"fmt"
)

// Told writes down what a gateway's verified notification says about a payment, for gateways that cannot be asked; any other is asked
// instead. The comparison is that of Settle. A payment that has money already is left alone, so a repeat is harmless.
//
// It returns ErrRunning while the gateway is being called for this payment: come back later.
func (c *Cashier) Told(ctx context.Context, paymentID string, out Outcome) error {
	known, err := c.ledger.Payment(ctx, paymentID)
	if err != nil {
		return fmt.Errorf("read payment: %w", err)
	}
	l, err := c.line(ctx, known.ChannelID)
	if err != nil {
		return err
	}
	caps := l.gateway.Capabilities()
	if caps.Inquiry {
		_, err := c.Settle(ctx, paymentID, Return{})
		return err
	}
	refunds := false
	err = c.ledger.Change(ctx, paymentID, func(b Book) error {
		p, out := b.Payment(), out
		switch {
		case p.State.HasMoney():
			return nil
		case p.Leased(b.Now()):
			return ErrRunning
		case p.GatewayID != "":
			out.GatewayID = p.GatewayID // the order number decides: a notification's hash may not cover more
		}
		if err := c.write(b, plan{payment: *p, merchant: caps.Merchant, blind: true, term: l.channel.DepositTerm}, answer{outcome: out}); err != nil {
			return err
		}
		refunds = len(b.Refunds()) > 0
		return b.Save()
	})
	if refunds {
		c.Wake()
	}
	return err
}
