package payments_test

import (
	"testing"

	"foyer/payments"
	"foyer/registration"
)

func won(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

func TestStandingSaysWhatTheMoneySays(t *testing.T) {
	const paid, pending = registration.OrderPaid, registration.OrderPending
	tests := map[string]struct {
		state              registration.OrderState
		payment            payments.State
		received, refunded int64
		want               string
	}{
		"paid":                         {paid, "confirmed", 100, 0, "paid"},
		"free":                         {paid, "", 0, 0, "paid"},
		"partly refunded":              {paid, "confirmed", 100, 40, "partly_refunded"},
		"refunded":                     {paid, "confirmed", 100, 100, "refunded"},
		"paid twice, one went back":    {paid, "confirmed", 200, 100, "paid"},
		"waiting":                      {pending, "", 0, 0, "pending"},
		"tried and failed":             {pending, "failed", 0, 0, "pending"},
		"being confirmed":              {pending, "confirming", 0, 0, "confirming"},
		"not known":                    {pending, "unknown", 0, 0, "unknown"},
		"deposit":                      {pending, "awaiting_deposit", 0, 0, "awaiting_deposit"},
		"expired":                      {registration.OrderExpired, "abandoned", 0, 0, "expired"},
		"expired, then paid uselessly": {registration.OrderExpired, "surplus", 100, 0, "surplus"},
		"cancelled, money kept":        {registration.OrderCancelled, "confirmed", 100, 40, "cancelled"},
		"cancelled and refunded":       {registration.OrderCancelled, "confirmed", 100, 100, "cancelled_refunded"},
		"cancelled before paying":      {registration.OrderCancelled, "", 0, 0, "cancelled"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := payments.StandingOf(tc.state, tc.payment, []registration.Money{won(100)}, won(tc.received), won(tc.refunded))
			if string(got) != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}
