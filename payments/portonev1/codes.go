package portonev1

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"foyer/payments"
)

// operation is one kind of call.
type operation struct {
	name string
}

var (
	opToken   = operation{name: "get a token"}
	opPrepare = operation{name: "register the amount"}
	opLookup  = operation{name: "look up"}
	opCancel  = operation{name: "cancel"}
	opList    = operation{name: "list payments"}
)

// Message keys that an answer may lead to.
const (
	keyLimit     = "payment.declined.limit"
	keyCard      = "payment.declined.card"
	keyExpired   = "payment.declined.expired"
	keyAuth      = "payment.declined.auth"
	keyTime      = "payment.declined.time"
	keyAmount    = "payment.declined.amount"
	keyCancelled = "payment.cancelled"
	keyChannel   = "payment.channel"
	keyFailed    = "payment.failed"
)

// Codes of refusals: PortOne's own codes are 1 and -1 for everything, so that the HTTP status tells more.
const (
	codeUnauthorized = "HTTP_401"
	codeMissing      = "HTTP_404"
	codeSaysNo       = "CODE_" // with PortOne's number after it, under the HTTP status 200
)

// refuse turns an answer that is no success into one of the contract's errors. PortOne has no list of codes, and its messages are the
// companies' own words, which nobody may rely on: only the HTTP status and whether the code is 0 say something.
//
//   - a code other than 0 under 200: PortOne or the company said no, and did nothing
//   - 401: the token; 404: no such payment; other 4xx that come here: what we sent does not fit
//   - 5xx, or an answer that is not PortOne's: not known
func (o operation) refuse(status int, body []byte, readable bool) error {
	var e envelope
	if err := json.Unmarshal(body, &e); !readable || err != nil || e.Code == "" || e.Code == "0" {
		if status != http.StatusUnauthorized {
			return noAnswer(o, fmt.Errorf("status %d without a code", status))
		}
	}
	refusal := &payments.Refusal{Code: fmt.Sprintf("HTTP_%d", status), Key: keyChannel}
	switch {
	case status == http.StatusOK:
		refusal.Code, refusal.Key = codeSaysNo+payments.OnlyPlain(string(e.Code), 10), keyFailed
	case status == http.StatusNotFound:
		refusal.Key = keyFailed
	case status >= http.StatusInternalServerError:
		refusal.Key, refusal.Passing = keyFailed, true
		return noAnswer(o, refusal)
	}
	return fmt.Errorf("portonev1: %s: %w", o.name, refusal)
}

// coded reports whether an error is a refusal with one of the codes.
func coded(err error, code string) bool {
	r, ok := errors.AsType[*payments.Refusal](err)
	return ok && r.Code == code && !errors.Is(err, payments.ErrNoAnswer)
}

func tokenRefused(err error) bool { return coded(err, codeUnauthorized) }

// missing reports whether a look-up's error says that there is no such payment.
func missing(err error) bool { return coded(err, codeMissing) }

// enveloped reports whether a refusal came as an answer of PortOne's own with a code, and is not about keys.
func enveloped(r *payments.Refusal) bool {
	return r.Code != codeUnauthorized && !r.Passing
}

// companyCodes are codes that the window brings back, as message keys. They are the companies' own, of which PortOne keeps no list; these
// are the ones whose meaning an attendee can do something about. F1002 is PortOne's: the number was paid already.
var companyCodes = map[string]string{
	"USER_CANCEL":                         keyCancelled,
	"PAY_PROCESS_CANCELED":                keyCancelled,
	"USER_CANCELED":                       keyCancelled,
	"REJECT_CARD_PAYMENT":                 keyLimit,
	"EXCEED_MAX_DAILY_PAYMENT_COUNT":      keyLimit,
	"EXCEED_MAX_PAYMENT_AMOUNT":           keyLimit,
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
	"FDS_ERROR":                           keyAuth,
	"NOT_AVAILABLE_PAYMENT":               keyTime,
	"NOT_AVAILABLE_BANK":                  keyTime,
	"BELOW_MINIMUM_AMOUNT":                keyAmount,
}

// reason is the message key for a code that the window brought back.
func reason(code string) string {
	if key, ok := companyCodes[code]; ok {
		return key
	}
	return keyFailed
}
