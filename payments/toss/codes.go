package toss

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"foyer/payments"
)

// retry says what an error code means for the call that got it.
type retry int

const (
	never        retry = iota + 1 // final for this call
	newPayment                    // the payer's card or account was refused: start again
	fixRequest                    // what we sent does not fit
	fixConfig                     // keys or contract do not fit
	sameKeyLater                  // the same call is still running
	lookFirst                     // not known whether it happened
	lookThenNew                   // a stored fault that may pass: look up, then send under a new key
	alreadyDone                   // an earlier call has done it
	otherBalance                  // the gateway's balance is not what we believe
	tooSoon                       // nothing was done because another call came just before
)

// rule is what one error code means: for the call, and as a message key for the attendee.
type rule struct {
	retry retry
	key   string
}

// Message keys that a code may lead to.
const (
	keyLimit     = "payment.declined.limit"
	keyCard      = "payment.declined.card"
	keyExpired   = "payment.declined.expired"
	keyAuth      = "payment.declined.auth"
	keyTime      = "payment.declined.time"
	keyAmount    = "payment.declined.amount"
	keyCancelled = "payment.cancelled"
	keyLapsed    = "payment.lapsed"
	keyChannel   = "payment.channel"
	keyFailed    = "payment.failed"
)

// operation is one kind of call, with the codes that it may be answered with.
type operation struct {
	name  string
	rules map[string]rule
	// storedFaults: a listed code counts although it comes with a 5xx status, because the gateway would give the same answer for
	// ever under the same key. A confirmation that is answered so is sent under the same key once more first.
	storedFaults bool
}

var (
	opConfirm  = operation{name: "confirm", rules: confirmCodes}
	opCheckout = operation{name: "create checkout", rules: confirmCodes}
	opCancel   = operation{name: "cancel", rules: cancelCodes, storedFaults: true}
	opLookup   = operation{name: "look up", rules: lookupCodes}
	opList     = operation{name: "list transactions", rules: lookupCodes}
)

// refuse turns an answer of 400 and up into one of the contract's errors. An answer without a code of the gateway's is none.
func (o operation) refuse(status int, body []byte) error {
	var said struct {
		Code string `json:"code"`
	}
	if err := json.Unmarshal(body, &said); err != nil || !plain(said.Code, maxCode) {
		return noAnswer(o, fmt.Errorf("status %d without a code", status))
	}
	r, listed := o.rules[said.Code]
	if r.retry == sameKeyLater {
		return fmt.Errorf("toss: %s: %w", o.name, payments.ErrRunning)
	}
	if status >= http.StatusInternalServerError && (!listed || !o.storedFaults) {
		return noAnswer(o, &payments.Refusal{Code: said.Code, Key: keyFailed, Passing: true})
	}
	refusal := r.refusal(said.Code, status)
	if r.retry == tooSoon {
		return fmt.Errorf("toss: %s: %w: %w", o.name, payments.ErrBusy, refusal)
	}
	return fmt.Errorf("toss: %s: %w", o.name, refusal)
}

// refusal is the contract's word for a rule. An unlisted code tells nothing about the outcome. A 404 speaks of the id that was
// asked for, which may be a stranger's: it never declines our payment.
func (r rule) refusal(code string, status int) *payments.Refusal {
	out := &payments.Refusal{Code: code, Key: r.key}
	switch r.retry {
	case never, fixRequest, fixConfig, otherBalance, sameKeyLater:
	case newPayment:
		out.Declined = status != http.StatusNotFound
	case lookFirst, lookThenNew, tooSoon:
		out.Passing = true
	case alreadyDone:
		out.Settled = true
	default:
		out.Key, out.Passing = keyFailed, true
	}
	return out
}

// missing reports whether a look-up's error says that there is no such payment, or none that these keys may see.
func missing(err error) (none, hidden bool) {
	r, ok := errors.AsType[*payments.Refusal](err)
	if !ok {
		return false, false
	}
	return r.Code == "NOT_FOUND_PAYMENT" || r.Code == "NOT_FOUND", r.Code == "FORBIDDEN_REQUEST"
}

// reason is the message key for a code that came with a failed payment or with a browser.
func reason(code string) string {
	if r, ok := browserCodes[code]; ok {
		return r
	}
	if r, ok := confirmCodes[code]; ok {
		return r.key
	}
	return keyFailed
}
