package stripe

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"foyer/payments"
)

// keysForAttendees are all message keys that may leave the package.
var keysForAttendees = map[string]bool{
	keyLimit: true, keyCard: true, keyExpired: true, keyAuth: true, keyTime: true, keyAmount: true,
	keyCancelled: true, keyLapsed: true, keyChannel: true, keyFailed: true,
}

func TestEveryCodeLeadsToOneKindOfError(t *testing.T) {
	sizes := map[retry]int{}
	for code, r := range codes {
		sizes[r.retry]++
		err := opRefund.refuse(400, "", []byte(`{"error":{"type":"invalid_request_error","code":"`+code+`","message":"text of Stripe"}}`))
		if strings.Contains(err.Error(), "text of Stripe") || !keysForAttendees[r.key] || errors.Is(err, payments.ErrNoAnswer) {
			t.Errorf("%s: %v, key %q", code, err, r.key)
		}
		refusal, refused := errors.AsType[*payments.Refusal](err)
		switch r.retry {
		case sameKeyLater:
			if refused || !errors.Is(err, payments.ErrRunning) {
				t.Errorf("%s: %v, want running", code, err)
			}
		case comeBack:
			if refused || !errors.Is(err, payments.ErrBusy) {
				t.Errorf("%s: %v, want busy", code, err)
			}
		case never, newPayment, fixRequest, fixConfig, lookFirst, alreadyDone, otherBalance:
			want := payments.Refusal{Code: code, Key: r.key, Settled: r.retry == alreadyDone, Passing: r.retry == lookFirst}
			if !refused || *refusal != want {
				t.Errorf("%s: %+v, want %+v", code, refusal, want)
			}
		}
	}
	want := map[retry]int{never: 4, fixRequest: 11, fixConfig: 10, sameKeyLater: 1, comeBack: 2, lookFirst: 6, alreadyDone: 1, otherBalance: 1}
	if !maps.Equal(sizes, want) {
		t.Errorf("sizes of the classes: %v, want %v", sizes, want)
	}
}

func TestServerFaultsNeverSettleACall(t *testing.T) {
	for code := range codes {
		err := opRefund.refuse(500, "", []byte(`{"error":{"type":"api_error","code":"`+code+`"}}`))
		r, refused := errors.AsType[*payments.Refusal](err)
		if !errors.Is(err, payments.ErrNoAnswer) || !refused || !r.Passing || r.Declined || r.Settled {
			t.Errorf("%s with 500: %v", code, err)
		}
	}
}

func TestRefusedCards(t *testing.T) {
	for body, want := range map[string]string{
		`"code":"card_declined","decline_code":"insufficient_funds"`:   keyLimit,
		`"code":"card_declined","decline_code":"do_not_honor"`:         keyCard,
		`"code":"card_declined","decline_code":"a_word_that_is_new"`:   keyCard,
		`"code":"card_declined"`:                                       keyCard,
		`"code":"expired_card"`:                                        keyExpired,
		`"code":"incorrect_cvc"`:                                       keyAuth,
		`"code":"card_declined","decline_code":"issuer_not_available"`: keyTime,
	} {
		err := opCreate.refuse(402, "", []byte(`{"error":{"type":"card_error",`+body+`}}`))
		if r, ok := errors.AsType[*payments.Refusal](err); !ok || !r.Declined || r.Key != want || !keysForAttendees[r.Key] {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
	}
	for word, key := range declines {
		if !keysForAttendees[key] || reason(&problem{Type: "card_error", DeclineCode: text(word)}) != key {
			t.Errorf("%s leads to %q", word, key)
		}
	}
}

func TestStripesOwnWordOnRetries(t *testing.T) {
	body := []byte(`{"error":{"type":"invalid_request_error","code":"parameter_missing"}}`)
	if err := opRefund.refuse(400, "true", body); !errors.Is(err, payments.ErrBusy) {
		t.Errorf("told to send again: %v", err)
	}
	if err := opRefund.refuse(400, "false", body); errors.Is(err, payments.ErrBusy) {
		t.Errorf("told not to: %v", err)
	}
}

func TestAnAttemptTooOldForASession(t *testing.T) {
	err := opCreate.refuse(400, "", []byte(`{"error":{"type":"invalid_request_error","param":"expires_at"}}`))
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Key != keyLapsed || r.Declined || r.Passing {
		t.Errorf("%v, want a refusal that the attempt has lapsed", err)
	}
}
