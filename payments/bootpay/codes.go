package bootpay

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
	never       retry = iota + 1 // final for this call
	newPayment                   // the payer's card or account was refused: start again
	fixConfig                    // keys or contract do not fit
	lookFirst                    // not known whether it happened
	lookThenNew                  // refused, perhaps only for now: look up, then send once more
	alreadyDone                  // an earlier call has done it
)

// rule is what one error code means: for the call, and as a message key for the attendee.
type rule struct {
	retry retry
	key   string
}

// Message keys that a code may lead to.
const (
	keyCard      = "payment.declined.card"
	keyAmount    = "payment.declined.amount"
	keyCancelled = "payment.cancelled"
	keyLapsed    = "payment.lapsed"
	keyChannel   = "payment.channel"
	keyFailed    = "payment.failed"
)

// Codes that are told apart by name.
const (
	codeToken    = "TOKEN_KEY_INVALID"
	codeNotFound = "RC_NOT_FOUND"
)

// operation is one kind of call, with the codes that it may be answered with.
type operation struct {
	name  string
	rules map[string]rule
	moves bool // it moves money
}

var (
	opConfirm = operation{name: "confirm", rules: confirmCodes, moves: true}
	opCancel  = operation{name: "cancel", rules: cancelCodes, moves: true}
	opLookup  = operation{name: "look up", rules: commonCodes}
	opToken   = operation{name: "get token", rules: commonCodes}
)

// commonCodes are the codes of every call.
var commonCodes = map[string]rule{
	codeToken:            {fixConfig, keyChannel}, // after one renewal, or with the newer keys
	"APP_KEY_NOT_FOUND":  {fixConfig, keyChannel},
	"APP_KEY_NOT_REST":   {fixConfig, keyChannel}, // the key for web was given as the one for REST
	"APP_SK_NOT_MATCHED": {fixConfig, keyChannel},
	codeNotFound:         {never, keyFailed}, // no such receipt, or another project's
}

// confirmCodes are the codes of a confirmation.
var confirmCodes = with(commonCodes, map[string]rule{
	"RC_NOT_CONFIRM_READY":       {alreadyDone, keyFailed}, // not waiting for it: perhaps confirmed before
	"RC_CONFIRM_FAILED":          {newPayment, keyCard},
	"RC_CONFIRM_CRITICAL_FAILED": {lookFirst, keyFailed}, // the line between Bootpay and the company behind it broke
})

// cancelCodes are the codes of a refund.
var cancelCodes = with(commonCodes, map[string]rule{
	"RC_ALREADY_CANCELLED":     {alreadyDone, keyFailed},
	"RC_CANCEL_SERVER_ERROR":   {lookThenNew, keyFailed}, // refused behind Bootpay: too many at once, no partial refunds, too little balance
	"RC_CANCEL_CRITICAL_ERROR": {lookFirst, keyFailed},
})

// browserCodes are the codes that the script gives the browser, as message keys.
var browserCodes = map[string]string{
	"RC_CLOSE_WINDOW":                 keyCancelled,
	"RC_CONFIRM_FAILED":               keyCard,
	"NEED_CLIENT_KEY":                 keyChannel,
	"NEED_MORE_PARAMS":                keyChannel,
	"INVALID_REQUEST_PARAMS":          keyChannel,
	"NEED_ITEM_TOTAL_PRICE_NOT_MATCH": keyChannel,
	"APP_KEY_NOT_FOUND":               keyChannel,
}

// with is a table with the rows of another one added.
func with(common, own map[string]rule) map[string]rule {
	all := map[string]rule{}
	for _, table := range []map[string]rule{common, own} {
		for code, r := range table {
			all[code] = r
		}
	}
	return all
}

// refuse turns an answer of 400 and up into one of the contract's errors. An answer without a code of Bootpay's is none.
func (o operation) refuse(status int, body []byte) error {
	var said struct {
		Code string `json:"error_code"`
	}
	if err := json.Unmarshal(body, &said); err != nil || !plain(said.Code, maxCode) {
		return noAnswer(o, fmt.Errorf("status %d without a code", status))
	}
	r, listed := o.rules[said.Code]
	refusal := r.refusal(said.Code)
	switch {
	case r.retry == lookFirst, o.moves && !listed:
		return noAnswer(o, refusal)
	case status >= http.StatusInternalServerError && (!listed || r.retry == newPayment):
		return noAnswer(o, &payments.Refusal{Code: said.Code, Key: keyFailed, Passing: true})
	}
	return fmt.Errorf("bootpay: %s: %w", o.name, refusal)
}

// refusal is the contract's word for a rule. An unlisted code tells nothing about the outcome.
func (r rule) refusal(code string) *payments.Refusal {
	out := &payments.Refusal{Code: code, Key: r.key}
	switch r.retry {
	case never, fixConfig:
	case newPayment:
		out.Declined = true
	case lookFirst, lookThenNew:
		out.Passing = true
	case alreadyDone:
		out.Settled = true
	default:
		out.Key, out.Passing = keyFailed, true
	}
	return out
}

// refused gives the code of an error that is a refusal, "" for any other error.
func refused(err error) string {
	if r, ok := errors.AsType[*payments.Refusal](err); ok {
		return r.Code
	}
	return ""
}

// tokenRefused reports whether a call was refused because of its token; it then did nothing.
func tokenRefused(err error) bool { return refused(err) == codeToken }

// missing reports whether a look-up's error says that there is no such receipt.
func missing(err error) bool { return refused(err) == codeNotFound }

// reason is the message key for a code that came with a browser.
func reason(code string) string {
	if key, ok := browserCodes[code]; ok {
		return key
	}
	return keyFailed
}
