package portonev1_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"foyer/payments"
	"foyer/payments/sandbox"
	"foyer/registration"
)

// refund is a refund of a payment of 150,000 won; balance is what is left before it.
func refund(a payments.Attempt, id string, amount, balance int64) payments.RefundAttempt {
	return payments.RefundAttempt{
		RefundID: id, GatewayID: a.GatewayID, OrderNo: a.OrderNo, Amount: won(amount), Captured: won(150000), Balance: won(balance),
		Whole: amount == balance, Reason: "만찬 취소", Key: "K" + id,
	}
}

func TestSandboxRefundInPartsAndTheRest(t *testing.T) {
	for n, pg := range []string{"html5_inicis", "html5_inicis.keeps"} { // called cancelled, or paid, after a part
		b := openBank(t, sandbox.Config{})
		g := connect(t, b.contract(pg, "domestic", registration.KRW, "card"))
		a, _ := b.through(t, g, fresh(fmt.Sprintf("order0001%d", n), won(150000)), "kr")
		first, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
		if err != nil || first.Refunded != won(50000) || first.GatewayID == "" || first.Pending {
			t.Fatalf("a part: %+v, %v", first, err)
		}
		if again, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil || again != first {
			t.Errorf("the same refund again: %+v, %v", again, err)
		}
		_, err = g.Refund(t.Context(), refund(a, "r2", 50000, 150000))
		if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Passing || r.Settled || r.Code != "BALANCE_DIFFERS" {
			t.Errorf("with a balance of before: %v", err)
		}
		rest, err := g.Refund(t.Context(), refund(a, "r3", 100000, 100000))
		if err != nil || rest.Refunded != won(150000) || rest.GatewayID == first.GatewayID {
			t.Fatalf("the rest: %+v, %v", rest, err)
		}
		_, err = g.Refund(t.Context(), refund(a, "r4", 1, 1))
		if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Passing {
			t.Errorf("more than the rest: %v", err)
		}
		out, err := g.Lookup(t.Context(), a)
		if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Refunded != won(150000) {
			t.Errorf("look up: %+v, %v", out, err)
		}
		if p := b.Books().Payments[0]; p.Refunded != 150000 || len(p.Refunds) != 2 {
			t.Errorf("books %+v", p.Refunds)
		}
	}
}

func TestSandboxLostRefundHappensOnce(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	for n, f := range []sandbox.Fault{
		{Kind: sandbox.FaultTruncated}, {Kind: sandbox.FaultLost, After: true}, {Kind: sandbox.FaultHTML, After: true},
		{Kind: sandbox.FaultLost}, {Kind: sandbox.FaultHTML}, {Kind: sandbox.FaultError500},
	} {
		f.Operation = sandbox.OpCancel
		a, _ := b.through(t, g, fresh(fmt.Sprintf("order0030%d", n), won(150000)), "kr")
		b.Arm(f)
		if _, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); !errors.Is(err, payments.ErrNoAnswer) {
			t.Fatalf("%+v: %v, want no answer", f, err)
		}
		out, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
		if err != nil || out.Refunded != won(50000) {
			t.Errorf("%+v: again: %+v, %v", f, out, err)
		}
		if p := b.Books().Payments[n]; p.Refunded != 50000 || len(p.Refunds) != 1 {
			t.Errorf("%+v: books %+v", f, p.Refunds)
		}
	}
	a, _ := b.through(t, g, fresh("order00310", won(150000)), "kr")
	b.Arm(sandbox.Fault{Kind: sandbox.FaultError500, Operation: sandbox.OpCancel, After: true})
	if out, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil || out.Refunded != won(50000) {
		t.Errorf("a fault that comes after the effect: %+v, %v", out, err)
	}
}

func TestSandboxTheChecksumStopsARepeatThatOvertakesItself(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "card"))
	a, _ := b.through(t, g, fresh("order00320", won(150000)), "kr")
	b.Arm(sandbox.Fault{Kind: sandbox.FaultSlow, Operation: sandbox.OpCancel, Delay: 200 * time.Millisecond})
	done := make(chan error, 1)
	go func() { // reads the payment, and is slow to cancel
		_, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
		done <- err
	}()
	time.Sleep(50 * time.Millisecond)
	if _, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil {
		t.Errorf("the quick one: %v", err)
	}
	if err := <-done; err != nil { // refused by the checksum, and found to be done
		t.Errorf("the slow one: %v", err)
	}
	if p := b.Books().Payments[0]; p.Refunded != 50000 || len(p.Refunds) != 1 {
		t.Errorf("books %+v", p.Refunds)
	}
}

func TestSandboxRefundThatTheCompanyRefuses(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis.broken", "domestic", registration.KRW, "card"))
	a, _ := b.through(t, g, fresh("order00013", won(150000)), "kr")
	_, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000))
	if r, ok := errors.AsType[*payments.Refusal](err); !ok || r.Code != "CODE_1" || r.Passing {
		t.Errorf("refund: %v", err)
	}
	if out, err := g.Lookup(t.Context(), a); err != nil || out.Refunded.Minor != 0 {
		t.Errorf("look up: %+v, %v", out, err)
	}
}

func TestSandboxRefundOfPayPalTakesItsTime(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("paypal_v2", "overseas", registration.USD, "paypal"))
	a, _ := b.through(t, g, fresh("order00012", dollars(15000)), "wallet")
	r := refund(a, "r1", 5000, 15000)
	r.Amount, r.Captured, r.Balance = dollars(5000), dollars(15000), dollars(15000)
	out, err := g.Refund(t.Context(), r)
	if err != nil || !out.Pending || out.Refunded != dollars(0) {
		t.Fatalf("taken down: %+v, %v", out, err)
	}
	r.Resumed = true
	until := time.Now().Add(10 * time.Second)
	for out.Pending && time.Now().Before(until) {
		time.Sleep(100 * time.Millisecond)
		if out, err = g.Refund(t.Context(), r); err != nil {
			t.Fatalf("ask again: %v", err)
		}
	}
	if out.Pending || out.Refunded != dollars(5000) {
		t.Errorf("carried out: %+v", out)
	}
	if p := b.Books().Payments[0]; p.Refunded != 5000 || len(p.Refunds) != 1 {
		t.Errorf("books %+v", p.Refunds)
	}
}

func TestSandboxVirtualAccount(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("kcp", "domestic", registration.KRW, "card", "virtual_account"))
	a := fresh("order00501", won(150000))
	a.Method, a.Due = payments.MethodVirtualAccount, time.Now().Add(72*time.Hour).UTC().Truncate(time.Second)
	a, r := b.through(t, g, a, "vbank")
	if r.Failed || r.GatewayID == "" {
		t.Fatalf("came back with %+v", r)
	}
	out, err := g.Settle(t.Context(), a)
	if err != nil || out.Status != payments.StatusDeposit || out.Account.Number == "" || out.Account.Bank != "국민은행" || !out.Deadline.Equal(a.Due) || out.Captured.Minor != 0 {
		t.Fatalf("issued: %+v, %v; want until %v", out, err, a.Due)
	}
	b.control(t, "deposit", `{"payment":"order00501"}`)
	out, err = g.Lookup(t.Context(), a)
	if err != nil || out.Status != payments.StatusCaptured || out.Captured != won(150000) || out.Method != string(payments.MethodVirtualAccount) {
		t.Fatalf("paid in: %+v, %v", out, err)
	}
	back := refund(a, "r1", 50000, 150000)
	_, err = g.Refund(t.Context(), back)
	if refused, ok := errors.AsType[*payments.Refusal](err); !ok || refused.Code != "ACCOUNT_MISSING" {
		t.Errorf("without the payer's account: %v", err)
	}
	back.Account = payments.Account{Bank: "신한은행", Number: "110-123-456789", Holder: "김데모"}
	if got, err := g.Refund(t.Context(), back); err != nil || got.Refunded != won(50000) {
		t.Errorf("refund: %+v, %v", got, err)
	}
	b.control(t, "expire", `{"payment":"`+unpaidAccount(t, b, g)+`"}`)
	if out, err := g.Lookup(t.Context(), fresh("order00502", won(150000))); err != nil || out.Status != payments.StatusDeposit {
		t.Errorf("after the deadline, of which PortOne says nothing: %+v, %v", out, err)
	}
}

// unpaidAccount has an account issued that nobody pays into, and gives its order number.
func unpaidAccount(t *testing.T, b *bank, g payments.Gateway) string {
	t.Helper()
	a := fresh("order00502", won(150000))
	a.Method = payments.MethodVirtualAccount
	b.through(t, g, a, "vbank")
	return a.OrderNo
}

func TestSandboxTransferAndPhone(t *testing.T) {
	b := openBank(t, sandbox.Config{})
	g := connect(t, b.contract("html5_inicis", "domestic", registration.KRW, "transfer", "phone"))
	for choice, m := range map[string]payments.Method{"trans": payments.MethodTransfer, "phone": payments.MethodPhone} {
		a := fresh("order-"+choice, won(150000))
		a.OrderNo, a.Method = "order006"+choice, m
		a, _ = b.through(t, g, a, choice)
		if out, err := g.Settle(t.Context(), a); err != nil || out.Captured != won(150000) || out.Method != string(m) {
			t.Errorf("%s: %+v, %v", choice, out, err)
		}
	}
}

func TestSandboxTransactionsOfADay(t *testing.T) {
	for _, pg := range []string{"html5_inicis", "html5_inicis.keeps"} {
		b := openBank(t, sandbox.Config{})
		g := connect(t, b.contract(pg, "domestic", registration.KRW, "card", "virtual_account"))
		a, _ := b.through(t, g, fresh("order00701", won(150000)), "kr")
		b.through(t, g, fresh("order00702", won(150000)), "declined")
		unpaidAccount(t, b, g)
		if _, err := g.Refund(t.Context(), refund(a, "r1", 50000, 150000)); err != nil {
			t.Fatalf("refund: %v", err)
		}
		whole, _ := b.through(t, g, fresh("order00703", won(150000)), "kr")
		b.control(t, "refund", `{"payment":"order00703","amount":0,"reason":"by hand"}`)
		now := time.Now().UTC()
		got, err := g.Transactions(t.Context(), payments.Day{From: now.Add(-time.Hour), To: now.Add(time.Hour)})
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		sums := map[string]int64{}
		for _, m := range got {
			what := "in "
			if m.Refund {
				what = "out "
			}
			if m.Refund != (m.RefundID != "") || m.Mode != registration.Test || m.Method != "card" || m.At.IsZero() {
				t.Errorf("movement %+v", m)
			}
			sums[what+m.OrderNo+" "+m.GatewayID] += m.Amount.Minor
		}
		want := map[string]int64{
			"in order00701 " + a.GatewayID: 150000, "out order00701 " + a.GatewayID: 50000,
			"in order00703 " + whole.GatewayID: 150000, "out order00703 " + whole.GatewayID: 150000,
		}
		if fmt.Sprint(sums) != fmt.Sprint(want) {
			t.Errorf("%s: movements %v\nwant %v", pg, sums, want)
		}
		if none, err := g.Transactions(t.Context(), payments.Day{From: now.Add(-48 * time.Hour), To: now.Add(-24 * time.Hour)}); err != nil || len(none) != 0 {
			t.Errorf("the day before: %+v, %v", none, err)
		}
		if _, err := g.Transactions(t.Context(), payments.Day{From: now, To: now.Add(91 * 24 * time.Hour)}); err == nil {
			t.Error("a list of 91 days")
		}
	}
}

func TestTransactionsReadEveryPage(t *testing.T) {
	at := "GET /payments/status/paid"
	pages := 0
	f := newFake(t, with(map[string]reply{
		at: {Status: 200, Body: `{"code":0,"response":{"total":2,"previous":0,"next":2,"list":[` + paid() + `]}}`}, "GET /payments/status/cancelled": ok(list()),
	}))
	_, err := connect(t, channel(f.URL)).Transactions(t.Context(), payments.DayOf(registration.Date{Year: 2026, Month: 11, Day: 1}, time.UTC))
	for _, r := range f.calls() {
		if r.Whole[:len(at)] == at {
			pages++
		}
	}
	if err == nil || pages != 200 {
		t.Errorf("a list without end: %v after %d pages", err, pages)
	}
	f = newFake(t, with(map[string]reply{at: ok(list(paid(), paid(impUID, "imp_2"), paid(impUID, "imp_3", `"sandbox": true`, `"x": 1`)))}))
	if _, err := connect(t, channel(f.URL)).Transactions(t.Context(), payments.Day{From: time.Unix(1793520000, 0), To: time.Unix(1793530000, 0)}); !errors.Is(err, payments.ErrNoAnswer) {
		t.Errorf("a row of no kind: %v", err)
	}
}
