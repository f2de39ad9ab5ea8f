package transfer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/transfer"
	"foyer/registration"
)

var society = payments.Account{Bank: "예시은행", Number: "000-000-000000", Holder: "예시학회"}

// A payer is told at once where the money goes; staff declares what came.
func Example() {
	gateway, err := transfer.New(payments.Channel{
		Mode: registration.Test, Currency: registration.KRW, Methods: []string{"bank_transfer"}, Account: society,
	}, nil)
	if err != nil {
		fmt.Println("check the settings:", err)
		return
	}
	out, err := gateway.Settle(context.Background(), payments.Attempt{
		OrderNo: "order20270001", Method: payments.MethodBankTransfer, Due: time.Date(2027, 3, 8, 14, 59, 59, 0, time.UTC),
	})
	if err != nil {
		fmt.Println("refused:", err)
		return
	}
	fmt.Println(out.Status, out.Account.Bank, out.Account.Number, out.Deadline.Format(time.RFC3339))
	// Output: deposit 예시은행 000-000-000000 2027-03-08T14:59:59Z
}

func TestEachMethodSaysUntilWhenItWaits(t *testing.T) {
	g, err := transfer.New(payments.Channel{Methods: []string{"bank_transfer", "on_site", "pay_later"}, Account: society}, nil)
	if err != nil {
		t.Fatal(err)
	}
	due, over := time.Unix(1000, 0), time.Unix(2000, 0)
	for m, want := range map[payments.Method]time.Time{payments.MethodBankTransfer: due, payments.MethodOnSite: over, payments.MethodPayLater: {}} {
		out, err := g.Settle(t.Context(), payments.Attempt{Method: m, OrderNo: "n", Due: due, EventOver: over})
		if err != nil || out.Status != payments.StatusDeposit || !out.Deadline.Equal(want) || out.OrderNo != "n" || out.GatewayID == "" {
			t.Errorf("%s: %+v (%v), want a deposit until %v", m, out, err, want)
		}
		if shown := out.Account == society; shown != (m == payments.MethodBankTransfer) {
			t.Errorf("%s: account %+v", m, out.Account)
		}
	}
	if _, err := g.Settle(t.Context(), payments.Attempt{Method: payments.MethodCard}); err == nil {
		t.Error("a card was taken")
	}
	if _, err := g.Lookup(t.Context(), payments.Attempt{}); !errors.Is(err, payments.ErrNoInquiry) {
		t.Errorf("look-up: %v", err)
	}
	if _, err := g.ParseWebhook(payments.Request{}); !errors.Is(err, payments.ErrSignature) {
		t.Errorf("notification: %v", err)
	}
}

func TestSettingsThatDoNotFitAreNamed(t *testing.T) {
	for want, c := range map[string]payments.Channel{
		"methods is missing": {},
		`no method "card"`:   {Methods: []string{"card"}},
		"account is missing": {Methods: []string{"bank_transfer"}, Account: payments.Account{Bank: "예시은행"}},
	} {
		if _, err := transfer.New(c, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
