package storetest

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

var deposits = map[string]func(*testing.T, Opener){
	"an account waits for its deposit and is paid by it":                      deposited,
	"an account without a deposit gives its places back a day later":          neverDeposited,
	"a deposit after the places are gone is surplus until staff has seen":     depositedTooLate,
	"a refund that waits for an account may be paid back by hand":             paidBackByHand,
	"a refund that has its account is the gateway's, not staff's":             handsOffOnceItIsSent,
	"an account that the bank closes ends, and another method pays":           accountClosed,
	"a long deadline is waited for to its end":                                longDeadline,
	"a refund of a deposit goes to the account that was told":                 depositRefunded,
	"a notification must bring the secret that came with the account":         hookSecret,
	"a candidate from a notification confirms what no browser came back from": hintedCandidate,
}

// awaiting gives an order whose virtual account waits.
func (d *desk) awaiting() (orderID string, p payments.Payment) {
	d.t.Helper()
	orderID = d.place().OrderID
	p = d.comeBack(d.choose(orderID, "korea", payments.MethodVirtualAccount, 1))
	return orderID, d.wantPayment(p.ID, payments.AwaitingDeposit)
}

func (d *desk) expireHolds(want int) {
	d.t.Helper()
	if n, err := d.store.ExpireHolds(d.ctx); n != want || err != nil {
		d.t.Errorf("%d orders expired (%v), want %d", n, err, want)
	}
}

// listed counts the entries of a kind on the attention list.
func (d *desk) listed(kind string) int {
	d.t.Helper()
	var n int
	if err := d.store.Row(d.ctx, `SELECT COUNT(*) FROM attention WHERE kind = $1`, kind).Scan(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// mails counts the mails of a kind that were queued.
func (d *desk) mails(kind string) int {
	d.t.Helper()
	rows, err := d.store.Rows(d.ctx, `SELECT payload FROM jobs WHERE kind = 'mail'`)
	if err != nil {
		d.t.Fatal(err)
	}
	n := 0
	for rows.Next() {
		var payload []byte
		if err := rows.Scan(&payload); err != nil {
			d.t.Fatal(err)
		}
		if bytes.Contains(payload, []byte(`"kind":"`+kind+`"`)) {
			n++
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		d.t.Fatal(err)
	}
	return n
}

func deposited(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.awaiting()
	if !p.Account.Complete() || !p.Deadline.Equal(p.StartedAt.Add(depositTerm)) || p.Asked != payments.MethodVirtualAccount {
		t.Errorf("the payer lacks what to do: %+v until %v", p.Account, p.Deadline)
	}
	d.clock.Pass(2 * 24 * time.Hour)
	d.reconcile()
	d.expireHolds(0)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	d.bank.Deposit(p.OrderNo)
	if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.wantLeft("hall", 4)
}

func neverDeposited(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.awaiting()
	d.clock.Pass(depositTerm + 24*time.Hour - time.Minute)
	d.expireHolds(0)
	d.clock.Pass(2 * time.Minute)
	d.expireHolds(1)
	d.wantLeft("hall", 5)
	d.reconcile()
	d.wantPayment(p.ID, payments.AwaitingDeposit)
	d.clock.Pass(48*time.Hour + time.Minute)
	d.reconcile()
	d.wantPayment(p.ID, payments.Expired)
	d.bank.Deposit(p.OrderNo)
	if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
}

func depositedTooLate(t *testing.T, open Opener) {
	d := newDesk(t, open, 1)
	d.bank.Shape = func(c *payments.Capabilities) { c.RefundAccount = true }
	id, p := d.awaiting()
	d.clock.Pass(depositTerm + 25*time.Hour)
	d.expireHolds(1)
	d.paid()
	d.bank.Deposit(p.OrderNo)
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	d.reconcile()
	if d.listed(payments.AttentionRefundAccount) != 1 || d.bank.Account(p.OrderNo).Refunded != 0 {
		t.Error("a refund without an account did not wait for staff")
	}
	r := d.refunds(id)
	to := payments.Account{Bank: "예시은행", Number: "111-222", Holder: "홍길동"}
	if err := d.cashier.RefundTo(d.ctx, r[0].ID, payments.Account{Bank: "예시은행"}); !isCode(err, registration.CodeInvalid) {
		t.Errorf("half an account: %v, want invalid", err)
	}
	if err := d.cashier.RefundTo(d.ctx, r[0].ID, to); err != nil {
		t.Fatal(err)
	}
	d.reconcile()
	acc := d.bank.Account(p.OrderNo)
	if acc.Refunded != 150000 || len(acc.BackTo) != 1 || acc.BackTo[0] != to || d.listed(payments.AttentionRefundAccount) != 0 {
		t.Errorf("the bank gave %d back to %+v, want all to %+v", acc.Refunded, acc.BackTo, to)
	}
	if err := d.cashier.RefundTo(d.ctx, r[0].ID, to); !isCode(err, registration.CodeConflict) {
		t.Errorf("an account after the refund was sent: %v, want a conflict", err)
	}
	var kept string
	if err := d.store.Row(d.ctx, `SELECT account FROM refunds WHERE id = $1`, r[0].ID).Scan(&kept); err != nil || len(kept) < 40 || kept[:3] != "v1." {
		t.Errorf("the payer's account is kept as %q (%v), want it sealed", kept, err)
	}
}

// refundWaitsForAccount is an order whose deposit came too late, and the surplus that waits for the payer's account.
func (d *desk) refundWaitsForAccount() (string, payments.Payment, payments.Refund) {
	d.t.Helper()
	d.bank.Shape = func(c *payments.Capabilities) { c.RefundAccount = true }
	id, p := d.awaiting()
	if err := d.cancel(id, payments.Back{All: true}); err != nil {
		d.t.Fatal(err)
	}
	d.bank.Deposit(p.OrderNo)
	d.reconcile()
	d.reconcile()
	d.wantListed(payments.AttentionRefundAccount, 1)
	return id, p, d.refunds(id)[0]
}

func paidBackByHand(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p, r := d.refundWaitsForAccount()
	if _, err := d.cashier.DeclareRefund(d.ctx, r.ID, true, " ", staff); !isCode(err, registration.CodeInvalid) {
		t.Errorf("without a reason: %v, want invalid", err)
	}
	for range 2 {
		_, err := d.cashier.DeclareRefund(d.ctx, r.ID, true, "transferred on Monday", staff)
		if err != nil && !isCode(err, registration.CodeConflict) {
			t.Fatal(err)
		}
	}
	if got := d.refunds(id)[0]; got.State != payments.RefundDone || got.Key != "" {
		t.Errorf("the refund is %s, key %q", got.State, got.Key)
	}
	if err := d.cashier.RefundTo(d.ctx, r.ID, payments.Account{Bank: "예시은행", Number: "111-222", Holder: "홍길동"}); !isCode(err, registration.CodeConflict) {
		t.Errorf("an account after it went back by hand: %v, want a conflict", err)
	}
	d.clock.Pass(time.Hour)
	d.reconcile()
	if got := d.bank.Account(p.OrderNo).Refunded; got != 0 {
		t.Errorf("the bank gave %d back, too", got)
	}
	d.wantListed(payments.AttentionRefundAccount, 0)
	d.healthy()
}

func handsOffOnceItIsSent(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p, r := d.refundWaitsForAccount()
	if err := d.cashier.RefundTo(d.ctx, r.ID, payments.Account{Bank: "예시은행", Number: "111-222", Holder: "홍길동"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.cashier.DeclareRefund(d.ctx, r.ID, true, "by hand", staff); !isCode(err, registration.CodeConflict) {
		t.Errorf("staff's word on a refund that the gateway carries out: %v, want a conflict", err)
	}
	d.reconcile()
	if got := d.refunds(id)[0]; got.State != payments.RefundDone || d.bank.Account(p.OrderNo).Refunded != 150000 {
		t.Errorf("the refund is %s, the bank gave %d back", got.State, d.bank.Account(p.OrderNo).Refunded)
	}
}

func accountClosed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id, p := d.awaiting()
	d.bank.Close(p.OrderNo)
	d.reconcile()
	d.wantPayment(p.ID, payments.Expired)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	d.comeBack(d.start(id, 2))
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
}

func longDeadline(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodOnSite, 1)
	d.wantPayment(p.ID, payments.AwaitingDeposit)
	_, waiting := d.awaiting()
	if err := d.store.Change(d.ctx, waiting.ID, func(b payments.Book) error {
		q := b.Payment()
		q.Deadline = q.Deadline.Add(30 * 24 * time.Hour)
		q.LastCapture = q.Deadline.Add(48 * time.Hour)
		return b.Save()
	}); err != nil {
		t.Fatal(err)
	}
	for range 28 {
		d.clock.Pass(24 * time.Hour)
		d.reconcile()
	}
	d.wantPayment(waiting.ID, payments.AwaitingDeposit)
	d.wantPayment(p.ID, payments.AwaitingDeposit)
}

func depositRefunded(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.bank.Shape = func(c *payments.Capabilities) { c.RefundAccount = true }
	_, p := d.awaiting()
	d.bank.Deposit(p.OrderNo)
	d.reconcile()
	q := payments.RefundRequest{PaymentID: p.ID, Amount: won(50000), Reason: "test", Source: payments.ByStaff, Actor: "staff:a@example.org", Nonce: "a"}
	if _, err := d.cashier.AskRefund(d.ctx, q); !isCode(err, registration.CodeInvalid) {
		t.Errorf("a refund without an account: %v, want invalid", err)
	}
	q.Account = payments.Account{Bank: "예시은행", Number: "111-222", Holder: "홍길동"}
	r, err := d.cashier.AskRefund(d.ctx, q)
	if err != nil {
		t.Fatal(err)
	}
	if r, err = d.cashier.SendRefund(d.ctx, r.ID); err != nil || r.State != payments.RefundDone {
		t.Fatalf("refund is %s (%v)", r.State, err)
	}
	if got := d.bank.Account(p.OrderNo).BackTo; len(got) != 1 || got[0] != q.Account {
		t.Errorf("the bank was told %+v, want %+v", got, q.Account)
	}
}

func hookSecret(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	_, p := d.awaiting()
	for brought, want := range map[string]bool{"secret-" + p.GatewayID: true, "secret-other": false, "": false} {
		if ok, err := d.store.HookSecret(d.ctx, p.ID, brought); ok != want || err != nil {
			t.Errorf("%q: %v (%v), want %v", brought, ok, err, want)
		}
	}
	if got := d.wantPayment(p.ID, payments.AwaitingDeposit); got.Secret != "" {
		t.Error("the secret was read with the payment")
	}
	d.reconcile()
	if ok, err := d.store.HookSecret(d.ctx, p.ID, "secret-"+p.GatewayID); !ok || err != nil {
		t.Errorf("after a look-up the secret is gone (%v)", err)
	}
}

func hintedCandidate(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.start(id, 1)
	gatewayID := d.bank.Authenticate(p)
	for range 2 {
		if _, err := d.store.KeepWebhook(d.ctx, p.ChannelID, "", nil, []byte(`{}`), p.ID, gatewayID, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{}); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
}
