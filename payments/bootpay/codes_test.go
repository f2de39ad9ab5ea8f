package bootpay

import (
	"errors"
	"strings"
	"testing"

	"foyer/payments"
)

func TestEveryCodeLeadsToOneKindOfError(t *testing.T) {
	for _, op := range []operation{opConfirm, opCancel, opLookup, opToken} {
		for code, r := range op.rules {
			for _, status := range []int{400, 500} {
				err := op.refuse(status, []byte(`{"error_code":"`+code+`","message":"text of the gateway"}`))
				refusal, is := errors.AsType[*payments.Refusal](err)
				if !is || refusal.Code != code || strings.Contains(err.Error(), "text of the gateway") {
					t.Fatalf("%s %s with %d: %v", op.name, code, status, err)
				}
				unknown := r.retry == lookFirst || (r.retry == newPayment && status == 500)
				want := payments.Refusal{
					Code: code, Key: refusal.Key, Declined: r.retry == newPayment && !unknown, Settled: r.retry == alreadyDone,
					Passing: r.retry == lookThenNew || unknown,
				}
				if *refusal != want || errors.Is(err, payments.ErrNoAnswer) != unknown {
					t.Errorf("%s %s with %d: %+v, want %+v", op.name, code, status, *refusal, want)
				}
			}
		}
	}
	if len(confirmCodes) != 8 || len(cancelCodes) != 8 || len(commonCodes) != 5 {
		t.Errorf("tables have %d, %d and %d codes", len(confirmCodes), len(cancelCodes), len(commonCodes))
	}
}

func TestEveryStatusHasAMeaning(t *testing.T) {
	want := map[payments.Status][]Status{
		payments.StatusCaptured: {1, 20, -20, -30},
		payments.StatusPending:  {0, 2, 3, 11, 12, -11, 99},
		payments.StatusDeposit:  {5},
		payments.StatusFailed:   {-1, -2},
		payments.StatusLapsed:   {-3},
	}
	n := 0
	for state, all := range want {
		for _, s := range all {
			if n++; s.state() != state || s.Charged() != (state == payments.StatusCaptured) {
				t.Errorf("%d: %s, charged %v", s, s.state(), s.Charged())
			}
			if known := s != 99; known == strings.HasPrefix(s.String(), "status ") {
				t.Errorf("%d is called %q", s, s)
			}
		}
	}
	if n != len(statusWords)+1 {
		t.Errorf("%d statuses are looked at, %d have a name", n, len(statusWords))
	}
}
