package stripe

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"foyer/payments"
)

// retry says what an error means for the call that got it.
type retry int

const (
	never        retry = iota + 1 // final for this call
	newPayment                    // the payer's card was refused: start again
	fixRequest                    // what we sent does not fit
	fixConfig                     // key or account do not fit
	sameKeyLater                  // the same call is still running
	comeBack                      // nothing was done: the same call later
	lookFirst                     // not known whether it happened: look up, then send under a new key
	alreadyDone                   // an earlier call has done it
	otherBalance                  // the balance is not what we believe
)

// rule is what one error means: for the call, and as a message key for the attendee.
type rule struct {
	retry retry
	key   string
}

// Message keys that an error may lead to.
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

// operation is one kind of call; request is Stripe's id of the one that was answered, which its support asks for.
type operation struct {
	name    string
	request string
}

var (
	opCreate = operation{name: "create session"}
	opLookup = operation{name: "look up"}
	opExpire = operation{name: "expire session"}
	opRefund = operation{name: "refund"}
)

// String names the operation and the request in errors.
func (o operation) String() string {
	if o.request == "" {
		return o.name
	}
	return o.name + " (" + o.request + ")"
}

// problem is the error object of an answer. The message is Stripe's own and is never passed on.
type problem struct {
	Type        text `json:"type"`
	Code        text `json:"code"`
	DeclineCode text `json:"decline_code"`
	Param       text `json:"param"`
}

// refuse turns an answer of 400 and up into one of the contract's errors. An answer without Stripe's error object is none.
// shouldRetry is Stripe's own word on whether the same call may be sent again under the same key.
func (o operation) refuse(status int, shouldRetry string, body []byte) error {
	var said struct {
		Error problem `json:"error"`
	}
	if err := json.Unmarshal(body, &said); err != nil || !payments.Plain(string(said.Error.Type), maxCode) {
		return noAnswer(o, fmt.Errorf("status %d without an error of Stripe's", status))
	}
	r := said.Error.rule(status)
	code := payments.OnlyPlain(string(cmp.Or(said.Error.DeclineCode, said.Error.Code, said.Error.Type)), maxCode)
	switch {
	case status >= http.StatusInternalServerError: // Stripe stores it under the key
		return noAnswer(o, &payments.Refusal{Code: code, Key: keyFailed, Passing: true})
	case r.retry == sameKeyLater:
		return fmt.Errorf("stripe: %s: %w", o, payments.ErrRunning)
	case r.retry == comeBack || shouldRetry == "true":
		return fmt.Errorf("stripe: %s: %w", o, payments.ErrBusy)
	}
	return fmt.Errorf("stripe: %s: %w", o, r.refusal(code))
}

// rule finds what an error means: by its code, else by its type. An error that is neither listed nor a plain refusal of the request
// tells nothing about the outcome.
func (p *problem) rule(status int) rule {
	if r, ok := codes[string(p.Code)]; ok {
		return r
	}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return rule{fixConfig, keyChannel}
	case status == http.StatusConflict:
		return rule{sameKeyLater, keyFailed}
	case p.Type == "card_error":
		return rule{newPayment, reason(p)}
	case p.Param == "amount":
		return rule{otherBalance, keyAmount}
	case p.Param == "expires_at": // the attempt is too old for a session of 30 minutes
		return rule{fixRequest, keyLapsed}
	case p.Type == "invalid_request_error", p.Type == "idempotency_error":
		return rule{fixRequest, keyChannel}
	}
	return rule{lookFirst, keyFailed}
}

// refusal is the contract's word for a rule.
func (r rule) refusal(code string) *payments.Refusal {
	out := &payments.Refusal{Code: code, Key: r.key}
	switch r.retry {
	case newPayment:
		out.Declined = true
	case alreadyDone:
		out.Settled = true
	case lookFirst:
		out.Passing = true
	case never, fixRequest, fixConfig, otherBalance, sameKeyLater, comeBack:
	}
	return out
}

// missing reports whether a look-up's error says that there is no such session, or none that this key may see.
func missing(err error) bool {
	r, ok := errors.AsType[*payments.Refusal](err)
	return ok && r.Code == "resource_missing"
}

// reason is the message key for a card that was refused: by the issuer's word, else by Stripe's code.
func reason(p *problem) string {
	for _, code := range []text{p.DeclineCode, p.Code} {
		if key, ok := declines[string(code)]; ok {
			return key
		}
	}
	if p.Type == "card_error" || p.Code != "" {
		return keyCard
	}
	return keyFailed
}
