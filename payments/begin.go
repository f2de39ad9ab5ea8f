package payments

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"foyer/registration"

	"github.com/sony/gobreaker/v2"
)

// Choice is what a payer has chosen: a channel, one of its methods, and what the tax office is to be told.
type Choice struct {
	ChannelID string
	Method    Method // "" stands for the channel's first
	Bill      CashReceipt
	Came      time.Time // of StartPaid: when the money came, UTC, not later than now; zero: now
	Attempt   int       // number of the attempt that the form stands for
	NoScript  bool      // a way that works without script is asked for
}

// Start makes the Payment of an attempt and prepares the browser's way to the gateway. The same attempt again gives the same
// payment. A payment that only people carry out waits for its money at once and has no hand-over.
//
// It fails with CodeConflict when the order is settled, cannot be paid now, or another payment of it is being confirmed;
// with CodeInvalid when the channel has no such method or its currency lacks a price; with CodeUnavailable when the gateway cannot be reached.
func (c *Cashier) Start(ctx context.Context, orderID string, want Choice, actor string) (Payment, error) {
	l, q, err := c.opening(ctx, orderID, want, actor)
	if err != nil {
		return Payment{}, err
	}
	p, err := c.ledger.Open(ctx, q)
	if err != nil {
		return Payment{}, fmt.Errorf("open payment: %w", err)
	}
	switch {
	case len(p.Launch) > 0 || p.State != Started:
		return p, nil
	case l.gateway.Capabilities().Manual:
		p, err = c.promise(ctx, l, p, actor)
	default:
		p, err = c.begin(ctx, l, p, want.NoScript)
	}
	if err == nil && p.Attempt > 1 {
		c.endOthers(ctx, orderID, p.ID)
	}
	return p, err
}

// opening is what the ledger is asked for on behalf of a payer's choice, with the line to its channel.
func (c *Cashier) opening(ctx context.Context, orderID string, want Choice, actor string) (*line, Opening, error) {
	l, err := c.line(ctx, want.ChannelID)
	if err != nil {
		return nil, Opening{}, err
	}
	method := l.channel.method(want.Method)
	if !slices.Contains(l.channel.Methods, string(method)) {
		return nil, Opening{}, registration.Fail(registration.CodeInvalid, "channel.method")
	}
	return l, Opening{
		OrderID: orderID, Channel: l.channel, Caps: l.gateway.Capabilities(), Method: method, Bill: want.Bill,
		Attempt: want.Attempt, First: c.First, Actor: actor,
	}, nil
}

// begin asks the gateway for the way there and keeps it with the payment. A circuit breaker guards it: a gateway that does not
// answer is not asked by every attendee in turn.
func (c *Cashier) begin(ctx context.Context, l *line, p Payment, noScript bool) (Payment, error) {
	a, err := c.attempt(ctx, &p)
	if err != nil {
		return Payment{}, err
	}
	a.NoScript, a.Key, a.Due = noScript, p.ID, registration.Sooner(due(l, &p), a.Ends)
	launch, err := l.breaker.Execute(func() (Launch, error) {
		give, err := l.take(ctx)
		if err != nil {
			return Launch{}, err
		}
		defer give()
		callCtx, cancel := context.WithTimeout(ctx, c.Timeout)
		defer cancel()
		return l.gateway.Begin(callCtx, a)
	})
	if err != nil {
		return Payment{}, c.notBegun(ctx, p.ID, err)
	}
	raw, err := json.Marshal(launch)
	if err != nil {
		return Payment{}, fmt.Errorf("write launch: %w", err)
	}
	err = c.ledger.Change(ctx, p.ID, func(b Book) error {
		b.Payment().Launch = raw
		if launch.GatewayID != "" {
			b.Payment().Sent = launch.GatewayID
		}
		p = *b.Payment()
		return b.Save()
	})
	return p, err
}

// notBegun ends a payment that never got to the gateway: nothing can have been taken.
func (c *Cashier) notBegun(ctx context.Context, id string, cause error) error {
	key := "payment.unavailable"
	if r, ok := errors.AsType[*Refusal](cause); ok {
		key = r.Key
	}
	if !errors.Is(cause, gobreaker.ErrOpenState) {
		c.Log.WarnContext(ctx, "payment could not begin", "payment", id, "error", cause)
	}
	err := c.ledger.Change(ctx, id, func(b Book) error {
		if b.Payment().State != Started {
			return nil
		}
		b.Payment().Reason = key
		if err := b.Save(); err != nil {
			return err
		}
		return b.Move(Failed, ActorSystem, key)
	})
	if err != nil {
		return err
	}
	return &registration.Error{Code: registration.CodeUnavailable, Key: key, Err: cause}
}

// Actors of the audit that are no person.
const (
	ActorSystem   = "system"
	ActorAttendee = "attendee"
)

// ActorGateway names a channel's gateway in the audit.
func ActorGateway(channelKey string) string { return "gateway:" + channelKey }
