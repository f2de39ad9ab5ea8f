package portonev2

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"foyer/payments"
)

// retry says what an error type means for the call that got it.
type retry int

const (
	never        retry = iota + 1 // final for this call
	fixRequest                    // what we sent does not fit
	fixConfig                     // secret, store or contract do not fit
	lookFirst                     // not known whether it happened
	alreadyDone                   // an earlier call has done it
	otherBalance                  // PortOne's balance is not what we believe; nothing was done
)

// rule is what one error type means: for the call, and as a message key for the attendee.
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

// operation is one kind of call, with the error types that it may be answered with.
type operation struct {
	name  string
	rules map[string]rule
}

var (
	opRegister = operation{name: "register the amount", rules: registerTypes}
	opLookup   = operation{name: "look up", rules: lookupTypes}
	opList     = operation{name: "list payments", rules: lookupTypes}
	opCancel   = operation{name: "cancel", rules: cancelTypes}
)

// registerTypes are the error types of a registration before the window.
var registerTypes = map[string]rule{
	"ALREADY_PAID":    {alreadyDone, keyFailed},
	"INVALID_REQUEST": {fixRequest, keyChannel},
	"UNAUTHORIZED":    {fixConfig, keyChannel},
	"FORBIDDEN":       {fixConfig, keyChannel},
}

// lookupTypes are the error types of a look-up.
var lookupTypes = map[string]rule{
	"PAYMENT_NOT_FOUND": {never, keyFailed},
	"INVALID_REQUEST":   {fixRequest, keyChannel},
	"UNAUTHORIZED":      {fixConfig, keyChannel},
	"FORBIDDEN":         {fixConfig, keyChannel},
}

// cancelTypes are the error types of a refund. PG_PROVIDER is what the company behind PortOne said: for good, or for the moment.
var cancelTypes = map[string]rule{
	"INVALID_REQUEST":                                  {fixRequest, keyChannel},
	"UNAUTHORIZED":                                     {fixConfig, keyChannel},
	"FORBIDDEN":                                        {fixConfig, keyChannel},
	"PAYMENT_NOT_FOUND":                                {never, keyFailed},
	"PAYMENT_NOT_PAID":                                 {never, keyFailed},
	"PAYMENT_ALREADY_CANCELLED":                        {alreadyDone, keyFailed},
	"CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN":            {otherBalance, keyAmount},
	"CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT":         {otherBalance, keyAmount},
	"CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT": {fixRequest, keyAmount},
	"CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT": {fixRequest, keyAmount},
	"SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT":                         {fixRequest, keyAmount},
	"NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT":                  {fixRequest, keyAmount},
	"PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED":     {fixRequest, keyAmount},
	"MAX_CANCEL_COUNT_REACHED":                                   {never, keyFailed},
	"PG_PROVIDER":                                                {lookFirst, keyFailed},
}

// refuse turns an answer of 400 and up into one of the contract's errors. An answer without a type of PortOne's is none, and one of
// 500 and up leaves open whether the call had an effect.
func (o operation) refuse(status int, body []byte) error {
	var said struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(body, &said); err != nil || !payments.Plain(said.Type, maxCode) {
		return noAnswer(o, fmt.Errorf("status %d without a type", status))
	}
	refusal := o.rules[said.Type].refusal(said.Type)
	if status >= http.StatusInternalServerError {
		refusal.Passing, refusal.Settled = true, false
		return noAnswer(o, refusal)
	}
	return fmt.Errorf("portonev2: %s: %w", o.name, refusal)
}

// refusal is the contract's word for a rule. An unlisted type tells nothing about the outcome.
func (r rule) refusal(kind string) *payments.Refusal {
	out := &payments.Refusal{Code: kind, Key: r.key}
	switch r.retry {
	case never, fixRequest, fixConfig, otherBalance:
	case lookFirst:
		out.Passing = true
	case alreadyDone:
		out.Settled = true
	default:
		out.Key, out.Passing = keyFailed, true
	}
	return out
}

// missing reports whether a look-up's error says that there is no such payment.
func missing(err error) bool {
	r, ok := errors.AsType[*payments.Refusal](err)
	return ok && r.Code == "PAYMENT_NOT_FOUND"
}

// browserCodes are the codes that the window gives the browser, as message keys. Those of PGProviderError come with a code of the
// company behind PortOne, which tells more.
var browserCodes = map[string]string{
	"Cancelled":                  keyCancelled,
	"DeadlineExceeded":           keyLapsed,
	"AmountNotEqualToPredefined": keyAmount,
	"BadRequest":                 keyChannel,
	"InvalidArgument":            keyChannel,
	"RequestParseFailed":         keyChannel,
	"StoreNotFound":              keyChannel,
	"ChannelNotFound":            keyChannel,
	"AllChannelsNotSatisfied":    keyChannel,
	"ConfirmUrlRequired":         keyChannel,
	"PermissionDenied":           keyChannel,
	"Unauthenticated":            keyChannel,
}

// companyCodes are codes of the companies behind PortOne, as message keys. There are thousands; these are the ones whose meaning an
// attendee can do something about.
var companyCodes = map[string]string{
	"USER_CANCEL":                         keyCancelled,
	"PAY_PROCESS_CANCELED":                keyCancelled,
	"USER_CANCELED":                       keyCancelled,
	"REJECT_CARD_PAYMENT":                 keyLimit,
	"EXCEED_MAX_DAILY_PAYMENT_COUNT":      keyLimit,
	"EXCEED_MAX_PAYMENT_AMOUNT":           keyLimit,
	"EXCEED_MAX_ONE_DAY_AMOUNT":           keyLimit,
	"EXCEED_MAX_AMOUNT":                   keyLimit,
	"EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT":  keyLimit,
	"EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT": keyLimit,
	"REJECT_ACCOUNT_PAYMENT":              keyLimit,
	"REJECT_CARD_COMPANY":                 keyCard,
	"INVALID_REJECT_CARD":                 keyCard,
	"INVALID_STOPPED_CARD":                keyCard,
	"INVALID_CARD_LOST_OR_STOLEN":         keyCard,
	"INVALID_CARD_NUMBER":                 keyCard,
	"INVALID_CARD_EXPIRATION":             keyExpired,
	"INVALID_PASSWORD":                    keyAuth,
	"INVALID_AUTHORIZE_AUTH":              keyAuth,
	"EXCEED_MAX_AUTH_COUNT":               keyAuth,
	"FDS_ERROR":                           keyAuth,
	"NOT_AVAILABLE_PAYMENT":               keyTime,
	"NOT_AVAILABLE_BANK":                  keyTime,
	"BELOW_MINIMUM_AMOUNT":                keyAmount,
}

// reason is the message key for a code of the window and one of the company behind PortOne; either may be empty.
func reason(code, company string) string {
	if key, ok := companyCodes[company]; ok {
		return key
	}
	if key, ok := browserCodes[code]; ok {
		return key
	}
	return keyFailed
}
