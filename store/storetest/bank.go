package storetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// Fault makes one call of the Bank go wrong.
type Fault int

// The faults.
const (
	NoFault    Fault = iota
	LostBefore       // nothing happened, and no answer
	LostAfter        // it happened, and no answer
	Refused          // a stored answer that says no for a passing reason
)

// Account is what the Bank's books hold of one payment.
type Account struct {
	ID       string
	OrderNo  string
	Asked    registration.Money
	Status   payments.Status
	Captured registration.Money
	Refunded int64
	Method   payments.Method    // only where it is no card
	Until    time.Time          // a deposit is taken
	BackTo   []payments.Account // where refunds went, when it was told
	Keys     []string           // idempotency keys of confirmations, in the order of their first use
}

// Bank is a two-step gateway in memory. Its books are the other side of every comparison.
type Bank struct {
	mu       sync.Mutex
	accounts map[string]*Account // by our order number
	answers  map[string]error    // stored by idempotency key
	sent     map[string]string   // what came first with each key
	keys     map[string]string   // the key that came last for the same thing
	misuse   string
	Fault    func(operation string) Fault
	Decline  bool                         // confirmations are declined
	Shape    func(*payments.Capabilities) // changes what the contract can do; nil: nothing
	Live     bool                         // its money is real
}

// NewBank makes an empty one that answers everything.
func NewBank() *Bank {
	return &Bank{accounts: map[string]*Account{}, answers: map[string]error{}, sent: map[string]string{}, keys: map[string]string{}}
}

// Adapter makes the bank a payments.Adapter.
func (b *Bank) Adapter(payments.Channel, payments.Transport) (payments.Gateway, error) { return b, nil }

// Capabilities of the bank: two steps, partial refunds, a minute to confirm.
func (b *Bank) Capabilities() payments.Capabilities {
	caps := payments.Capabilities{Merchant: "bank", TwoStep: true, PartialRefund: true, Inquiry: true, LastConfirm: time.Minute}
	if b.Shape != nil {
		b.Shape(&caps)
	}
	return caps
}

// Begin opens nothing yet: the payer has to authenticate first.
func (b *Bank) Begin(_ context.Context, a payments.Attempt) (payments.Launch, error) {
	return payments.Launch{Gateway: "bank", OrderNo: a.OrderNo, Href: a.Return}, nil
}

// Transactions answers ErrNoInquiry: the bank keeps no list.
func (b *Bank) Transactions(context.Context, payments.Day) ([]payments.Transaction, error) {
	return nil, payments.ErrNoInquiry
}

// Authenticate is the payer in the bank's window: afterwards the payment can be confirmed. It gives the bank's id.
func (b *Bank) Authenticate(p payments.Payment) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	id := "bank-" + p.OrderNo
	if b.accounts[p.OrderNo] == nil {
		b.accounts[p.OrderNo] = &Account{ID: id, OrderNo: p.OrderNo, Asked: p.Amount, Status: payments.StatusPending}
	}
	return id
}

// Account reads the books.
func (b *Bank) Account(orderNo string) Account {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.accounts[orderNo]; a != nil {
		return *a
	}
	return Account{}
}

// Accounts reads all of the books.
func (b *Bank) Accounts() []Account {
	b.mu.Lock()
	defer b.mu.Unlock()
	var all []Account
	for _, a := range b.accounts {
		all = append(all, *a)
	}
	return all
}

// Capture takes money without being asked, as a gateway may: any amount.
func (b *Bank) Capture(p payments.Payment, m registration.Money) {
	b.Authenticate(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.accounts[p.OrderNo]
	a.Status, a.Captured = payments.StatusCaptured, m
}

// GiveBack refunds in the bank's own console.
func (b *Bank) GiveBack(orderNo string, minor int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.accounts[orderNo].Refunded += minor
}

// Misuse tells of a key that was used wrongly, "" when none was.
func (b *Bank) Misuse() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.misuse
}

// Lapse ends the session of a payment that was not confirmed.
func (b *Bank) Lapse(orderNo string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.accounts[orderNo]; a != nil && a.Status == payments.StatusPending {
		a.Status = payments.StatusLapsed
	}
}

// Settle confirms.
func (b *Bank) Settle(_ context.Context, a payments.Attempt) (payments.Outcome, error) {
	var acc *Account
	err := b.once("confirm "+a.PaymentID, a.Key, fmt.Sprint(a.GatewayID, a.OrderNo, a.Amount), func() error {
		for _, x := range b.accounts {
			if x.ID == a.GatewayID || b.Capabilities().Ticket && "ticket-"+x.ID == a.GatewayID {
				acc = x
			}
		}
		switch {
		case acc == nil || acc.OrderNo != a.OrderNo || acc.Status == payments.StatusLapsed:
			return &payments.Refusal{Code: "NOT_FOUND", Key: "payment.failed"}
		case acc.Status == payments.StatusCaptured:
			return &payments.Refusal{Code: "ALREADY", Settled: true}
		case acc.Asked != a.Amount:
			return &payments.Refusal{Code: "AMOUNT", Key: "payment.failed"}
		}
		acc.Keys = append(acc.Keys, a.Key)
		if b.Decline {
			acc.Status = payments.StatusFailed
			return &payments.Refusal{Code: "DECLINED", Key: "payment.declined.limit", Declined: true}
		}
		if acc.Status == payments.StatusDeposit {
			return nil
		}
		if a.Method == payments.MethodVirtualAccount {
			acc.Status, acc.Method, acc.Until = payments.StatusDeposit, a.Method, a.StartedAt.Add(depositTerm)
			return nil
		}
		acc.Status, acc.Captured = payments.StatusCaptured, a.Amount
		return nil
	})
	if err != nil {
		return payments.Outcome{}, err
	}
	return b.look(a), nil
}

// depositTerm is how long an account of the Bank waits.
const depositTerm = 3 * 24 * time.Hour

// Deposit is a payer's transfer into the account of a payment; false when that takes none (any more).
func (b *Bank) Deposit(orderNo string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.accounts[orderNo]
	if a == nil || a.Status != payments.StatusDeposit {
		return false
	}
	a.Status, a.Captured = payments.StatusCaptured, a.Asked
	return true
}

// Close ends an account that waits for its deposit.
func (b *Bank) Close(orderNo string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a := b.accounts[orderNo]; a != nil && a.Status == payments.StatusDeposit {
		a.Status = payments.StatusLapsed
	}
}

// Lookup reads the books.
func (b *Bank) Lookup(_ context.Context, a payments.Attempt) (payments.Outcome, error) {
	if !b.Capabilities().Inquiry {
		return payments.Outcome{}, payments.ErrNoInquiry
	}
	if b.fault("lookup") != NoFault {
		return payments.Outcome{}, payments.ErrNoAnswer
	}
	return b.look(a), nil
}

func (b *Bank) look(a payments.Attempt) payments.Outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	acc := b.accounts[a.OrderNo]
	if acc == nil {
		return payments.Outcome{Status: payments.StatusMissing}
	}
	out := payments.Outcome{Status: acc.Status, GatewayID: acc.ID, OrderNo: acc.OrderNo, Mode: b.mode(), Captured: acc.Captured, Method: "card"}
	out.Refunded = registration.Money{Minor: acc.Refunded, Cur: acc.Captured.Cur}
	if acc.Method != "" {
		out.Method, out.Deadline, out.Secret = string(acc.Method), acc.Until, "secret-"+acc.ID
		out.Account = payments.Account{Bank: "예시은행", Number: "000-" + acc.ID, Holder: "예시학회"}
	}
	return out
}

// mode is whether the bank's money is real.
func (b *Bank) mode() registration.Mode {
	if b.Live {
		return registration.Live
	}
	return registration.Test
}

// Refund gives money back.
func (b *Bank) Refund(_ context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	err := b.once("refund "+r.RefundID, r.Key, fmt.Sprint(r.GatewayID, r.OrderNo, r.Amount, r.Balance, r.Reason), func() error {
		acc := b.accounts[r.OrderNo]
		if acc == nil || acc.Status != payments.StatusCaptured || acc.Refunded+r.Amount.Minor > acc.Captured.Minor {
			return &payments.Refusal{Code: "TOO_MUCH", Key: "refund.refused"}
		}
		acc.Refunded += r.Amount.Minor
		if r.Account != (payments.Account{}) {
			acc.BackTo = append(acc.BackTo, r.Account)
		}
		return nil
	})
	return payments.RefundOutcome{GatewayID: "r-" + r.Key}, err
}

// ParseReturn reads the bank's id from the query.
func (b *Bank) ParseReturn(r payments.Request) (payments.Return, error) {
	return payments.Return{GatewayID: r.Query.Get("id")}, nil
}

// ParseWebhook knows none.
func (b *Bank) ParseWebhook(payments.Request) ([]payments.Hint, error) { return nil, nil }

// once runs an effect at most once per key, as gateways with idempotency keys do, and loses answers as told.
// What is sent must be the same each time, and the same thing has a new key only after an answer that says no.
func (b *Bank) once(what, key, sent string, effect func() error) error {
	operation, _, _ := strings.Cut(what, " ")
	f := b.fault(operation)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.watch(what+" "+sent, key)
	if f == LostBefore {
		return fmt.Errorf("%s: %w", operation, payments.ErrNoAnswer)
	}
	err, done := b.answers[key]
	if !done {
		if f == Refused {
			err = &payments.Refusal{Code: "BUSY", Passing: true}
		} else {
			err = effect()
		}
		b.answers[key] = err
	}
	if f == LostAfter {
		return fmt.Errorf("%s: %w", operation, payments.ErrNoAnswer)
	}
	return err
}

// watch notes how keys are used.
func (b *Bank) watch(sent, key string) {
	if was, again := b.sent[key]; again && was != sent {
		b.misuse = fmt.Sprintf("key %s came with %q and with %q", key, was, sent)
	}
	if last, again := b.keys[sent]; again && last != key && b.answers[last] == nil {
		b.misuse = fmt.Sprintf("key %s came for %q although %s was not refused", key, sent, last)
	}
	b.sent[key], b.keys[sent] = sent, key
}

func (b *Bank) fault(operation string) Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Fault == nil {
		return NoFault
	}
	return b.Fault(operation)
}
