package payments

import (
	"context"
	"errors"
	"time"

	"foyer/registration"
)

// Operation is a kind of call to a gateway, or of one from it.
type Operation string

// The operations whose last outcome is remembered per channel.
const (
	OpBegin   Operation = "begin"
	OpConfirm Operation = "confirm"
	OpLookup  Operation = "lookup"
	OpRefund  Operation = "refund"
	OpList    Operation = "list"
	OpTest    Operation = "test"
	OpWebhook Operation = "webhook" // a notification of the gateway's
)

// CallResult says how a call ended, without anything of what was said.
type CallResult string

// The results of calls.
const (
	CallDone      CallResult = "done"
	CallRefused   CallResult = "refused"   // an answer that says no; the code tells why
	CallNoAnswer  CallResult = "no_answer" // time-out, broken connection, 5xx or unreadable
	CallBusy      CallResult = "busy"      // come back later, or the same call is still running
	CallSignature CallResult = "signature" // a notification that the gateway did not sign
	CallMalformed CallResult = "malformed" // a notification that cannot be read
	CallFailed    CallResult = "failed"    // anything else: it was not sent
)

// CallNote is what is remembered of a call.
type CallNote struct {
	ChannelID string
	Operation Operation
	At        time.Time // UTC
	Result    CallResult
	Code      string // the gateway's code of a refusal
}

// ResultOf sorts the error of a call to a gateway into a result and the gateway's code.
func ResultOf(err error) (CallResult, string) {
	refusal, refused := errors.AsType[*Refusal](err)
	switch {
	case err == nil:
		return CallDone, ""
	case refused:
		return CallRefused, refusal.Code
	case errors.Is(err, ErrSignature):
		return CallSignature, ""
	case errors.Is(err, ErrMalformed):
		return CallMalformed, ""
	case errors.Is(err, ErrBusy), errors.Is(err, ErrRunning):
		return CallBusy, ""
	case errors.Is(err, ErrNoAnswer):
		return CallNoAnswer, ""
	}
	return CallFailed, ""
}

// Note remembers how a call of or to a channel ended.
func (c *Cashier) Note(channelID string, op Operation, err error) {
	if c.Noted == nil || errors.Is(err, ErrNoInquiry) {
		return
	}
	result, code := ResultOf(err)
	c.Noted(CallNote{ChannelID: channelID, Operation: op, At: c.Now().UTC(), Result: result, Code: code})
}

// watched is a gateway whose calls are noted.
type watched struct {
	Gateway
	note func(Operation, error)
}

func (w watched) Begin(ctx context.Context, a Attempt) (Launch, error) {
	out, err := w.Gateway.Begin(ctx, a)
	w.note(OpBegin, err)
	return out, err
}

func (w watched) Settle(ctx context.Context, a Attempt) (Outcome, error) {
	out, err := w.Gateway.Settle(ctx, a)
	w.note(OpConfirm, err)
	return out, err
}

func (w watched) Lookup(ctx context.Context, a Attempt) (Outcome, error) {
	out, err := w.Gateway.Lookup(ctx, a)
	w.note(OpLookup, err)
	return out, err
}

func (w watched) Refund(ctx context.Context, r RefundAttempt) (RefundOutcome, error) {
	out, err := w.Gateway.Refund(ctx, r)
	w.note(OpRefund, err)
	return out, err
}

func (w watched) Transactions(ctx context.Context, day Day) ([]Transaction, error) {
	out, err := w.Gateway.Transactions(ctx, day)
	w.note(OpList, err)
	return out, err
}

// TestCall asks a channel's gateway about a payment that was never made: harmless, and it shows whether the credentials are valid.
// ErrNoInquiry where the gateway cannot be asked anything.
func (c *Cashier) TestCall(ctx context.Context, channelID string) error {
	l, err := c.line(ctx, channelID)
	if err != nil {
		return err
	}
	if !l.gateway.Capabilities().Inquiry {
		return ErrNoInquiry
	}
	give, err := l.take(ctx)
	if err != nil {
		return err
	}
	defer give()
	callCtx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	_, err = l.gateway.Lookup(callCtx, Attempt{
		OrderNo: "T" + newKey()[:25], GatewayID: newKey(), Amount: registration.Money{Minor: 1, Cur: l.channel.Currency}, StartedAt: c.Now().UTC(),
	})
	c.Note(channelID, OpTest, err)
	return err
}

// CheckAmount is what a go-live check charges through a gateway: the least that it takes.
func CheckAmount(caps Capabilities, cur registration.Currency) registration.Money {
	if caps.Minimum.Cur == cur && caps.Minimum.Minor > 0 {
		return caps.Minimum
	}
	least := map[registration.Currency]int64{registration.KRW: 1000, registration.JPY: 100}
	if n, ok := least[cur]; ok {
		return registration.Money{Minor: n, Cur: cur}
	}
	return registration.Money{Minor: 100, Cur: cur}
}
