package portonev2_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

func TestSandboxVirtualAccountFromIssueToRefund(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	c := b.contract("", "domestic", registration.KRW)
	c.Methods = []string{"virtual_account"}
	g := connect(t, c)
	a := fresh("account00001", won(150000))
	a.Method, a.Due = payments.MethodVirtualAccount, time.Now().Add(72*time.Hour).Truncate(time.Second).UTC()
	a.Bill.Kind = payments.CashReceiptIncome
	a, _ = b.through(t, g, a, "account")

	issued, err := g.Settle(t.Context(), a)
	if err != nil || issued.Status != payments.StatusDeposit || !issued.Deadline.Equal(a.Due) || issued.Captured.Minor != 0 {
		t.Fatalf("issue: %+v, %v", issued, err)
	}
	if issued.Account.Bank != "우리은행" || issued.Account.Number == "" || issued.Account.Holder == "" || issued.Method != "virtual_account" || issued.Mode != registration.Test {
		t.Errorf("the account is not whole: %+v", issued)
	}
	control := func(what string) {
		t.Helper()
		if status := exchangeJSON(t, b.url+"/_sandbox/api/"+what, `{"payment":"account00001"}`); status != 200 {
			t.Fatalf("%s: %d", what, status)
		}
	}
	control("deposit")
	control("deposit-cancel")
	if out, err := g.Lookup(t.Context(), a); err != nil || out != issued {
		t.Errorf("taken back: %+v, %v, want the account to wait again", out, err)
	}
	control("deposit")
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(0) {
		t.Fatalf("after the deposit: %+v, %v", out, err)
	}
	r := payments.RefundAttempt{
		RefundID: "rf1", OrderNo: a.OrderNo, Amount: won(50000), Captured: won(150000), Balance: won(150000), Key: "R1", Method: payments.MethodVirtualAccount,
	}
	if _, err := g.Refund(t.Context(), r); err == nil {
		t.Error("refunded to no account")
	}
	r.Account = payments.Account{Bank: "Bank of Mars", Number: "110123456789", Holder: "Kim"}
	_, err = g.Refund(t.Context(), r)
	if refusal, refused := errors.AsType[*payments.Refusal](err); !refused || refusal.Passing {
		t.Errorf("to an unknown bank: %v", err)
	}
	r.Account.Bank, r.Account.Number = "신한은행", "110-123-456789"
	if out, err := g.Refund(t.Context(), r); err != nil || out.Refunded != won(50000) {
		t.Errorf("refund: %+v, %v", out, err)
	}
	refunds := b.Books().Payments[0].Refunds
	if to := refunds[len(refunds)-1].Account; to == nil || to.Bank != "SHINHAN" || to.Number != "110123456789" {
		t.Errorf("sent to %+v", to)
	}
	if !g.Capabilities().RefundAccount {
		t.Error("the capabilities do not tell that a refund needs an account")
	}
}

func TestSandboxTransferAndTelephone(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for method, choice := range map[string]string{"transfer": "transfer", "phone": "phone"} {
		c := b.contract("", "domestic", registration.KRW)
		c.Methods = []string{method}
		g := connect(t, c)
		a, _ := b.through(t, g, fresh("method"+method, won(1000)), choice)
		if out, err := g.Settle(t.Context(), a); err != nil || out.Status != payments.StatusCaptured || out.Method != method {
			t.Errorf("%s: %+v, %v", method, out, err)
		}
		poor, back := b.through(t, g, fresh("poor"+method, won(1000)), "declined")
		if out, err := g.Lookup(t.Context(), poor); err != nil || out.Status != payments.StatusFailed || back.Reason != "payment.declined.limit" {
			t.Errorf("%s, without money: %+v, %v, %+v", method, out, err, back)
		}
	}
}

func TestLaunchOfAnAccountSaysUntilWhen(t *testing.T) {
	c := channel("")
	c.Methods, c.APIURL = []string{"virtual_account"}, newFake(t, map[string]reply{"POST /payments/reg2026000123a1/pre-register": ok(`{}`)}).URL
	a := attempt()
	a.Due, a.Bill.Kind = time.Date(2026, 11, 8, 14, 59, 59, 0, time.UTC), payments.CashReceiptExpense
	l, err := connect(t, c).Begin(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(l.Call["virtualAccount"])
	if want := `{"accountExpiry":{"dueDate":"2026-11-08 23:59:59"},"cashReceiptType":"CORPORATE"}`; err != nil || string(raw) != want || l.Call["payMethod"] != "VIRTUAL_ACCOUNT" {
		t.Errorf("call %v", l.Call)
	}
	c.Currency = registration.USD
	if _, err := portoneNew(c); err == nil {
		t.Error("an account in dollars")
	}
}
