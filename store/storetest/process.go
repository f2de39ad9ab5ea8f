package storetest

import (
	"context"
	"errors"
	"sync"

	"foyer/payments"
)

// errDead is what a process that has died would have answered, if anybody had been there to answer.
var errDead = errors.New("this process has died")

// process is one life of the program. When its fuse has burnt down it is dead: nothing that it does has any effect any more, in the
// books or at the bank, until another life begins.
type process struct {
	payments.Ledger
	bank *Bank

	mu   sync.Mutex // some of what it does goes on beside its requests
	fuse int        // events until it dies; 0 burns not
	dead bool
}

// alive burns the fuse by one event: right before a write, right after it, before a call of the bank and after it.
func (p *process) alive() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fuse > 0 {
		p.fuse--
		p.dead = p.dead || p.fuse == 0
	}
	return !p.dead
}

// write does a write of the ledger, if the process lives to begin it, and tells of it, if it lives to hear of it.
func (p *process) write(do func() error) error {
	if !p.alive() {
		return errDead
	}
	err := do()
	if !p.alive() {
		return errDead
	}
	return err
}

// Change is the ledger's.
func (p *process) Change(ctx context.Context, id string, fn func(payments.Book) error) error {
	return p.write(func() error { return p.Ledger.Change(ctx, id, fn) })
}

// OpenAll is the ledger's.
func (p *process) OpenAll(ctx context.Context, all []payments.Opening, fn func(payments.Book) error) (made []payments.Payment, err error) {
	err = p.write(func() (err error) {
		made, err = p.Ledger.OpenAll(ctx, all, fn)
		return err
	})
	return made, err
}

// Open is the ledger's.
func (p *process) Open(ctx context.Context, q payments.Opening) (made payments.Payment, err error) {
	err = p.write(func() (err error) {
		made, err = p.Ledger.Open(ctx, q)
		return err
	})
	return made, err
}

// adapter gives the bank as this process reaches it.
func (p *process) adapter(payments.Channel, payments.Transport) (payments.Gateway, error) {
	return &wire{Gateway: p.bank, process: p}, nil
}

// blind gives a bank that cannot be asked, in the same way.
func (m *machine) blind(payments.Channel, payments.Transport) (payments.Gateway, error) {
	return &wire{Gateway: blindBank{m.bank, m.gone, m.sent}, process: m.process}, nil
}

// wire is the way to the bank, which ends with the process.
type wire struct {
	payments.Gateway
	process *process
}

// Settle is the bank's.
func (w *wire) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	return over(w.process, func() (payments.Outcome, error) { return w.Gateway.Settle(ctx, a) })
}

// Lookup is the bank's.
func (w *wire) Lookup(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	return over(w.process, func() (payments.Outcome, error) { return w.Gateway.Lookup(ctx, a) })
}

// Refund is the bank's.
func (w *wire) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	return over(w.process, func() (payments.RefundOutcome, error) { return w.Gateway.Refund(ctx, r) })
}

// over does a call, if the process lives to make it, and gives its answer, if it lives to hear it.
func over[T any](p *process, call func() (T, error)) (T, error) {
	var none T
	if !p.alive() {
		return none, payments.ErrNoAnswer
	}
	answer, err := call()
	if !p.alive() {
		return none, payments.ErrNoAnswer
	}
	return answer, err
}
