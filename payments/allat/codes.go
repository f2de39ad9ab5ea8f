package allat

import (
	"fmt"

	"foyer/payments"
)

// Reply codes that mean success.
const (
	codeDone = "0000" // real money
	codeTest = "0001" // done, in test mode: nothing reached the card company
)

// Codes that the window gives the browser.
const (
	codeClosed    = "9998" // the pop-up was closed
	codeCancelled = "9999" // the payer cancelled
)

// unclear are the reply codes after which it is not known whether the call did something. The first six leave an order as it was in a
// widespread shop program, probably because they say that it was done before; the others are those that AllatPay's own client
// libraries make when they were not answered, so that a server between us may give them, too.
var unclear = map[string]bool{
	"0431": true, "0606": true, "0865": true, "1256": true, "1310": true, "1355": true,
	"0212": true, "0221": true, "0251": true, "0299": true,
}

// Message keys that a code may lead to.
const (
	keyCard      = "payment.declined.card"
	keyAmount    = "payment.declined.amount"
	keyCancelled = "payment.cancelled"
	keyChannel   = "payment.channel"
	keyFailed    = "payment.failed"
)

// operation is one kind of call, and what a code that says no means for it.
type operation struct {
	name     string
	declined bool   // the payer's card or account was refused: starting again is the right thing
	key      string // message key of that
}

var (
	opApprove = operation{name: "approve", declined: true, key: keyCard}
	opCancel  = operation{name: "cancel", key: keyFailed}
)

// refuse turns a code that says no into one of the contract's errors. KG Allat's table of codes is not public: every code that is not
// known to be unclear says no.
func (o operation) refuse(code string) error {
	if unclear[code] {
		return noAnswer(o, &payments.Refusal{Code: code, Key: keyFailed, Settled: true})
	}
	return fmt.Errorf("allat: %s: %w", o.name, &payments.Refusal{Code: code, Key: o.key, Declined: o.declined})
}

// noAnswer wraps a cause that leaves open whether the call had an effect.
func noAnswer(o operation, cause error) error {
	return fmt.Errorf("allat: %s: %w: %w", o.name, payments.ErrNoAnswer, cause)
}
