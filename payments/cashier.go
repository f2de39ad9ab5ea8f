package payments

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"foyer/registration"

	"github.com/sony/gobreaker/v2"
)

// Config is what a Cashier needs to know of its surroundings.
type Config struct {
	Adapters  map[string]Adapter
	Transport Transport
	Timeout   time.Duration // total deadline of one gateway call
	First     time.Duration // first look-up after the start of a payment
	Every     time.Duration // then so often, before backing off to hours and days
	Owner     string        // this process, written into leases
	Workers   int           // how many payments the reconciler works on at once; 0 means 8
	Links     Links
	Now       func() time.Time
	Noted     func(CallNote) // told how each call to a gateway ended; nil: nobody is. It must not block
	Log       *slog.Logger
}

// Links makes the absolute addresses that a gateway is told.
type Links interface {
	Return(token string) string
	Fail(token string) string
	Receive(token string) string
}

// Cashier moves money. Its methods may be called from many goroutines and processes at once: leases and guarded
// updates in the Ledger make N callers have the effect of one.
type Cashier struct {
	Config
	ledger Ledger
	wake   chan struct{}
	work   sync.WaitGroup

	mu    sync.Mutex
	lines map[string]*line
}

// line is one channel's connection to its gateway.
type line struct {
	gateway Gateway // whose calls are noted
	own     Gateway // the adapter's, with everything that it can do beside the contract
	channel Channel
	slots   chan struct{} // bounds calls, so that a slow gateway holds up only itself
	breaker *gobreaker.CircuitBreaker[Launch]
}

// slotsPerChannel bounds the calls that one gateway may have open at once.
const slotsPerChannel = 32

// leaseMargin is how much longer than a gateway's timeout a lease lasts.
const leaseMargin = 10 * time.Second

// NewCashier makes a Cashier over a ledger.
func NewCashier(l Ledger, cfg Config) *Cashier {
	return &Cashier{Config: cfg, ledger: l, wake: make(chan struct{}, 1), lines: map[string]*line{}}
}

// line gives the connection to a channel's gateway, made anew when the channel has changed.
func (c *Cashier) line(ctx context.Context, channelID string) (*line, error) {
	ch, err := c.ledger.Channel(ctx, channelID)
	if err != nil {
		return nil, fmt.Errorf("read channel: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.lines[channelID]; l != nil && l.channel.Version == ch.Version {
		return l, nil
	}
	own, err := c.Connect(ch)
	if err != nil {
		return nil, err
	}
	gw := own
	if c.Noted != nil {
		gw = watched{own, func(op Operation, err error) { c.Note(channelID, op, err) }}
	}
	l := &line{
		gateway: gw, own: own, channel: ch, slots: make(chan struct{}, slotsPerChannel),
		breaker: gobreaker.NewCircuitBreaker[Launch](gobreaker.Settings{Name: ch.Key, Timeout: 30 * time.Second}),
	}
	c.lines[channelID] = l
	return l, nil
}

// Connect makes the gateway of a channel, or says what is wrong with the channel's settings.
func (c *Cashier) Connect(ch Channel) (Gateway, error) {
	adapter := c.Adapters[ch.Gateway]
	if adapter == nil {
		return nil, fmt.Errorf("gateway %q is not one that this version speaks", ch.Gateway)
	}
	return adapter(ch, c.Transport)
}

// take waits for a free slot; the returned function gives it back.
func (l *line) take(ctx context.Context) (func(), error) {
	select {
	case l.slots <- struct{}{}:
		return func() { <-l.slots }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for the gateway: %w", ctx.Err())
	}
}

// Gateway gives the gateway of a payment's channel, for reading what it sent and for its capabilities.
func (c *Cashier) Gateway(ctx context.Context, channelID string) (Gateway, Channel, error) {
	l, err := c.line(ctx, channelID)
	if err != nil {
		return nil, Channel{}, err
	}
	return l.own, l.channel, nil
}

// GatewayAt is Gateway for a caller who knows which version of the channel is the current one: while that is the one in use, nothing is
// read, and no credential opened. Forged notifications come in thousands.
func (c *Cashier) GatewayAt(ctx context.Context, channelID string, version int64) (Gateway, Channel, error) {
	c.mu.Lock()
	l := c.lines[channelID]
	c.mu.Unlock()
	if l != nil && l.channel.Version == version {
		return l.own, l.channel, nil
	}
	return c.Gateway(ctx, channelID)
}

// attempt describes a payment to its gateway.
func (c *Cashier) attempt(ctx context.Context, p *Payment) (Attempt, error) {
	bill, err := c.ledger.Bill(ctx, p.OrderID)
	if err != nil {
		return Attempt{}, fmt.Errorf("read what the gateway is told: %w", err)
	}
	return c.attemptOf(p, bill), nil
}

// attemptOf is attempt with what was read before.
func (c *Cashier) attemptOf(p *Payment, bill Bill) Attempt {
	return Attempt{
		PaymentID: p.ID, OrderNo: p.OrderNo, Amount: p.Amount, OrderName: bill.Title, Payer: bill.Payer, Lang: bill.Lang,
		StartedAt: p.StartedAt, Key: p.Key, GatewayID: p.GatewayID, Method: p.Asked, Bill: p.Bill, EventOver: bill.Over, Ends: bill.Ends,
		Return: c.Links.Return(p.Token), Fail: c.Links.Fail(p.Token), Receive: c.Links.Receive(p.Token),
	}
}

// Wait blocks until the gateway calls under way have ended, or ctx is over.
func (c *Cashier) Wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() { c.work.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for gateway calls: %w", ctx.Err())
	}
}

// Wake makes the reconciler look for due work now.
func (c *Cashier) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// newKey makes an idempotency key: 128 random bits, letters and digits only.
func newKey() string { return rand.Text() }

// conflict is the failure for "this has moved on meanwhile".
func conflict(key string) error { return registration.Fail(registration.CodeConflict, key) }
