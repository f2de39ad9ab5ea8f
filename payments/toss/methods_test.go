package toss_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// offering is a channel of the sandbox that offers methods.
func (b *bank) offering(cur registration.Currency, methods ...string) payments.Channel {
	name := "bank"
	if cur == registration.USD {
		name = "usd"
	}
	c := b.contract(name, "domestic", cur)
	c.Methods = methods
	return c
}

// paidBy is a payment of won by a method.
func paidBy(orderNo string, m payments.Method) payments.Attempt {
	a := fresh(orderNo, won(150000))
	a.Method = m
	return a
}

func TestSandboxVirtualAccountFromIssueToRefund(t *testing.T) {
	b := openBank(t, sandbox.Config{CancelGap: -1})
	g := connect(t, b.offering(registration.KRW, "card", "virtual_account"))
	a := paidBy("account00001", payments.MethodVirtualAccount)
	a.Due = time.Now().Add(72 * time.Hour).Truncate(time.Second).UTC()
	a.Bill = payments.CashReceipt{Kind: payments.CashReceiptExpense, Number: "1208800767"}
	a = b.authenticated(t, g, a, "account")

	issued, err := g.Settle(t.Context(), a)
	if err != nil || issued.Status != payments.StatusDeposit || issued.Captured.Minor != 0 || !issued.Deadline.Equal(a.Due) {
		t.Fatalf("issue: %+v, %v", issued, err)
	}
	if issued.Account.Bank != "우리은행" || !strings.HasPrefix(issued.Account.Number, "X") || issued.Account.Holder != "Kim" || issued.Secret == "" || issued.Method != "virtual_account" {
		t.Errorf("the account is not whole: %+v", issued)
	}
	if again, err := settleAgain(t, g, a); err != nil || again != issued {
		t.Errorf("the same key again: %+v, %v", again, err)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out != issued {
		t.Errorf("look up: %+v, %v, want %+v", out, err, issued)
	}
	b.control(t, "deposit", a.OrderNo)
	out, err := g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount || out.Refunded != won(0) || out.Method != "virtual_account" || out.At.IsZero() {
		t.Fatalf("after the deposit: %+v, %v", out, err)
	}
	if kept := b.Books().Payments[0].Session; kept.Receipt != "지출증빙" {
		t.Errorf("cash receipt asked for: %q", kept.Receipt)
	}
	refundAccount(t, b, g, a)
}

// refundAccount gives the money of a deposit back, in parts and to the payer's own account.
func refundAccount(t *testing.T, b *bank, g payments.Gateway, a payments.Attempt) {
	t.Helper()
	r := payments.RefundAttempt{
		GatewayID: a.GatewayID, OrderNo: a.OrderNo, Amount: won(50000), Captured: won(150000), Balance: won(150000), Reason: "x", Key: "R1",
		Method: payments.MethodVirtualAccount,
	}
	for name, tc := range map[string]struct {
		account payments.Account
		code    string
	}{
		"none":             {payments.Account{}, ""},
		"an unknown bank":  {payments.Account{Bank: "Bank of Mars", Number: "110123456789", Holder: "Kim"}, "INVALID_BANK"},
		"letters":          {payments.Account{Bank: "신한은행", Number: "110-12-x", Holder: "Kim"}, "INVALID_REFUND_ACCOUNT_NUMBER"},
		"too many digits":  {payments.Account{Bank: "신한은행", Number: strings.Repeat("1", 21), Holder: "Kim"}, "INVALID_REFUND_ACCOUNT_NUMBER"},
		"without a holder": {payments.Account{Bank: "신한은행", Number: "110123456789", Holder: " "}, "INVALID_REFUND_ACCOUNT_INFO"},
	} {
		r.Account = tc.account
		_, err := g.Refund(t.Context(), r)
		refusal, refused := errors.AsType[*payments.Refusal](err)
		if err == nil || refused != (tc.code != "") || (refused && (refusal.Code != tc.code || refusal.Passing)) {
			t.Errorf("%s: %v, want %q", name, err, tc.code)
		}
		if tc.account.Number != "" && strings.Contains(err.Error(), tc.account.Number) {
			t.Errorf("%s: the error quotes the account: %v", name, err)
		}
	}
	for i, bank := range []string{"신한은행", "Shinhan Bank", "88"} {
		r.Account = payments.Account{Bank: bank, Number: "110-123-456789", Holder: "김 회원"}
		r.Key, r.Balance = fmt.Sprintf("OK%d", i), won(int64(150000-50000*i))
		out, err := g.Refund(t.Context(), r)
		if err != nil || out.Refunded != won(int64(50000*(i+1))) || out.GatewayID == "" {
			t.Fatalf("to %s: %+v, %v", bank, out, err)
		}
		if again, err := refundAgain(t, g, r); err != nil || again != out {
			t.Errorf("the same key again: %+v, %v", again, err)
		}
	}
	to := b.Books().Payments[0].Refunds[0].Account
	if to == nil || to.Bank != "88" || to.Number != "110123456789" || to.Holder != "김 회원" {
		t.Errorf("sent to %+v", to)
	}
}

func TestSandboxDepositThatTheBankTakesBack(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.offering(registration.KRW, "virtual_account"))
	a := b.authenticated(t, g, paidBy("account00002", ""), "account")
	issued, err := g.Settle(t.Context(), a)
	if err != nil || issued.Status != payments.StatusDeposit {
		t.Fatalf("issue: %+v, %v", issued, err)
	}
	b.control(t, "deposit", a.OrderNo)
	b.control(t, "deposit-cancel", a.OrderNo)
	if out, err := g.Lookup(t.Context(), a); err != nil || out != issued {
		t.Errorf("taken back: %+v, %v, want the account to wait again", out, err)
	}
	b.control(t, "deposit", a.OrderNo)
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount || out.Refunded != won(0) {
		t.Errorf("paid again: %+v, %v", out, err)
	}
	if p := b.Books().Payments[0]; p.Captured != 300000 || p.Refunded != 150000 {
		t.Errorf("books: %d came, %d went", p.Captured, p.Refunded)
	}
}

func TestSandboxDeadlinePassesWithoutAWord(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.offering(registration.KRW, "virtual_account"))
	a := b.authenticated(t, g, paidBy("account00003", payments.MethodVirtualAccount), "account")
	issued, err := g.Settle(t.Context(), a)
	if err != nil {
		t.Fatalf("issue: %v", err)
	}
	b.control(t, "expire", a.OrderNo)
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Status != payments.StatusDeposit || !out.Deadline.Equal(issued.Deadline) {
		t.Errorf("after the deadline: %+v, %v", out, err)
	}
}

func TestSandboxOtherMethods(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	for m, choice := range map[payments.Method]string{payments.MethodTransfer: "transfer", payments.MethodPhone: "phone", payments.MethodPayPal: "paypal"} {
		cur := registration.KRW
		if m == payments.MethodPayPal {
			cur = registration.USD
		}
		g := connect(t, b.offering(cur, string(m)))
		a := fresh("method"+choice, registration.Money{Minor: 12345, Cur: cur})
		a.Method = m
		a = b.authenticated(t, g, a, choice)
		out, err := g.Settle(t.Context(), a)
		if err != nil || out.Status != payments.StatusCaptured || out.Captured != a.Amount || out.Method != string(m) {
			t.Errorf("%s: %+v, %v", m, out, err)
		}
		r := payments.RefundAttempt{GatewayID: a.GatewayID, Amount: a.Amount, Balance: a.Amount, Whole: true, Method: m, Key: "R" + choice}
		if back, err := g.Refund(t.Context(), r); err != nil || back.Refunded != a.Amount {
			t.Errorf("%s, refund: %+v, %v", m, back, err)
		}
		poor := fresh("poor"+choice, registration.Money{Minor: 12345, Cur: cur})
		poor.Method = m
		poor = b.authenticated(t, g, poor, "declined")
		_, err = g.Settle(t.Context(), poor)
		if refusal, refused := errors.AsType[*payments.Refusal](err); !refused || !refusal.Declined || refusal.Key != "payment.declined.limit" {
			t.Errorf("%s, without money: %v", m, err)
		}
	}
}

func TestSandboxAccountWithoutScript(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.offering(registration.KRW, "virtual_account"))
	a := paidBy("account00004", payments.MethodVirtualAccount)
	a.NoScript, a.Due = true, time.Now().Add(48*time.Hour).Truncate(time.Second)
	l, err := g.Begin(t.Context(), a)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	a.GatewayID = b.pay(t, g, l, "account").GatewayID
	if out, err := g.Settle(t.Context(), a); err != nil || out.Status != payments.StatusDeposit || !out.Deadline.Equal(a.Due) {
		t.Errorf("issue: %+v, %v", out, err)
	}
}

func TestLaunchNamesTheMethod(t *testing.T) {
	c := channel("")
	c.Methods = []string{"virtual_account", "transfer", "phone"}
	started := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		change func(*payments.Attempt)
		want   string // the parts of the call that belong to the method; "" when it is refused
	}{
		"an account":           {func(*payments.Attempt) {}, `{"method":"VIRTUAL_ACCOUNT"}`},
		"with a deadline":      {func(a *payments.Attempt) { a.Due = started.Add(24 * time.Hour) }, `{"method":"VIRTUAL_ACCOUNT","virtualAccount":{"dueDate":"2026-11-02T09:00:00"}}`},
		"with a receipt":       {func(a *payments.Attempt) { a.Bill.Kind = payments.CashReceiptIncome }, `{"method":"VIRTUAL_ACCOUNT","virtualAccount":{"cashReceipt":{"type":"소득공제"}}}`},
		"a transfer":           {func(a *payments.Attempt) { a.Method = payments.MethodTransfer }, `{"method":"TRANSFER"}`},
		"a telephone":          {func(a *payments.Attempt) { a.Method = payments.MethodPhone }, `{"method":"MOBILE_PHONE"}`},
		"what is not offered":  {func(a *payments.Attempt) { a.Method = payments.MethodCard }, ""},
		"PayPal in won":        {func(a *payments.Attempt) { a.Method = payments.MethodPayPal }, ""},
		"a deadline gone by":   {func(a *payments.Attempt) { a.Due = started }, ""},
		"a deadline too far":   {func(a *payments.Attempt) { a.Due = started.Add(91 * 24 * time.Hour) }, ""},
		"a wallet of no sort":  {func(a *payments.Attempt) { a.Method = "gold" }, ""},
		"a deadline of no use": {func(a *payments.Attempt) { a.Method, a.Due = payments.MethodTransfer, started }, `{"method":"TRANSFER"}`},
	}
	g := connect(t, c)
	for name, tc := range tests {
		a := attempt()
		a.StartedAt = started
		tc.change(&a)
		l, err := g.Begin(t.Context(), a)
		if tc.want == "" {
			if err == nil {
				t.Errorf("%s: %v", name, l.Call)
			}
			continue
		}
		own := map[string]any{}
		for _, key := range []string{"method", "virtualAccount", "transfer", "card", "foreignEasyPay"} {
			if v, ok := l.Call[key]; ok {
				own[key] = v
			}
		}
		raw, jerr := json.Marshal(own)
		if err != nil || jerr != nil || string(raw) != tc.want {
			t.Errorf("%s: %s, %v, want %s", name, raw, err, tc.want)
		}
	}
}

func TestLaunchOfPayPalSaysWhereThePayerIs(t *testing.T) {
	c := channel("")
	c.Methods, c.Currency = []string{"paypal"}, registration.USD
	for country, want := range map[string]string{"": "US", "DE": "DE", "Germany": "US"} {
		a := attempt()
		a.Amount, a.Payer.Country = registration.Money{Minor: 12050, Cur: registration.USD}, country
		l, err := connect(t, c).Begin(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		wallet, _ := l.Call["foreignEasyPay"].(map[string]any)
		if l.Call["method"] != "FOREIGN_EASY_PAY" || wallet["provider"] != "PAYPAL" || wallet["country"] != want {
			t.Errorf("from %q: %v", country, l.Call)
		}
	}
	a := attempt()
	a.Amount, a.NoScript = registration.Money{Minor: 12050, Cur: registration.USD}, true
	if l, err := connect(t, c).Begin(t.Context(), a); err == nil || connect(t, c).Capabilities().Fallback {
		t.Errorf("PayPal without script: %+v", l)
	}
}
