package toss

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
	for _, op := range []operation{opConfirm, opCheckout, opCancel, opLookup} {
		for code, r := range op.rules {
			err := op.refuse(400, []byte(`{"code":"`+code+`","message":"text of the gateway"}`))
			refusal, refused := errors.AsType[*payments.Refusal](err)
			if strings.Contains(err.Error(), "text of the gateway") || !keysForAttendees[r.key] {
				t.Errorf("%s %s: %v, key %q", op.name, code, err, r.key)
			}
			if r.retry == sameKeyLater {
				if refused || !errors.Is(err, payments.ErrRunning) {
					t.Errorf("%s %s: %v, want running", op.name, code, err)
				}
				continue
			}
			if !refused || refusal.Code != code || refusal.Key != r.key || errors.Is(err, payments.ErrNoAnswer) {
				t.Errorf("%s %s: %v", op.name, code, err)
				continue
			}
			checkKind(t, op.name+" "+code, r.retry, refusal, errors.Is(err, payments.ErrBusy))
		}
	}
}

// checkKind compares a refusal's marks with its retry class; at most one mark is set.
func checkKind(t *testing.T, name string, r retry, got *payments.Refusal, busy bool) {
	t.Helper()
	want := payments.Refusal{
		Code: got.Code, Key: got.Key, Declined: r == newPayment, Settled: r == alreadyDone,
		Passing: r == lookFirst || r == lookThenNew || r == tooSoon,
	}
	if *got != want || busy != (r == tooSoon) {
		t.Errorf("%s: %+v, busy %v, want %+v", name, *got, busy, want)
	}
}

func TestServerFaultsOfAConfirmationNeverSettleIt(t *testing.T) {
	for code, r := range confirmCodes {
		err := opConfirm.refuse(500, []byte(`{"code":"`+code+`"}`))
		want := payments.ErrNoAnswer
		if r.retry == sameKeyLater {
			want = payments.ErrRunning
		}
		if refusal, refused := errors.AsType[*payments.Refusal](err); !errors.Is(err, want) || (refused && (refusal.Declined || !refusal.Passing)) {
			t.Errorf("%s with 500: %v, want %v", code, err, want)
		}
	}
}

func TestNo404DeclinesAPayment(t *testing.T) {
	for code := range confirmCodes {
		err := opConfirm.refuse(404, []byte(`{"code":"`+code+`"}`))
		if r, refused := errors.AsType[*payments.Refusal](err); refused && r.Declined {
			t.Errorf("%s with 404 declines", code)
		}
	}
}

// The gateway's lists had these sizes when they were read; a code that slips out of a table would be taken for one never heard of.
func TestTablesAreComplete(t *testing.T) {
	tests := map[string]struct {
		rules map[string]rule
		want  map[retry]int
	}{
		"confirm": {confirmCodes, map[retry]int{newPayment: 29, fixRequest: 5, fixConfig: 6, lookFirst: 6, alreadyDone: 1, never: 1, sameKeyLater: 1}},
		"cancel": {cancelCodes, map[retry]int{
			fixRequest: 9, lookThenNew: 8, never: 5, alreadyDone: 2, otherBalance: 2, fixConfig: 2, tooSoon: 1, sameKeyLater: 1, lookFirst: 1,
		}},
		"look up": {lookupCodes, map[retry]int{never: 2, fixConfig: 2, fixRequest: 1}},
	}
	for name, tc := range tests {
		got := map[retry]int{}
		for _, r := range tc.rules {
			got[r.retry]++
		}
		if !maps.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
	if len(browserCodes) != 11 {
		t.Errorf("%d codes of the browser", len(browserCodes))
	}
	for code, key := range browserCodes {
		if !keysForAttendees[key] || reason(code) != key {
			t.Errorf("browser code %s leads to %q", code, key)
		}
	}
	if reason("SOMETHING_NEW") != keyFailed || reason("") != keyFailed {
		t.Error("a code that is new to us must be a plain failure")
	}
}
