package portonev2_test

import (
	"testing"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestAnAccountIsClosedUnlessThePayerWasQuicker(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	c := b.contract("any", "any", registration.KRW)
	c.Methods = []string{"virtual_account"}
	g := connect(t, c)
	issued := func(no string) payments.Attempt {
		a := fresh(no, won(150000))
		a.Method = payments.MethodVirtualAccount
		a, _ = b.through(t, g, a, "account")
		return a
	}
	closer := g.(payments.AccountCloser)
	a := issued("close00001")
	for range 2 {
		if out, err := closer.CloseAccount(t.Context(), a); err != nil || out.Status != payments.StatusFailed {
			t.Errorf("%+v, %v, want failed", out, err)
		}
	}
	a = issued("close00002")
	if status := exchangeJSON(t, b.url+"/_sandbox/api/deposit", `{"payment":"close00002"}`); status != 200 {
		t.Fatal(status)
	}
	if out, err := closer.CloseAccount(t.Context(), a); err != nil || out.Status != payments.StatusCaptured || out.Refunded.Minor != 0 {
		t.Errorf("%+v, %v, want the deposit untouched", out, err)
	}
}
