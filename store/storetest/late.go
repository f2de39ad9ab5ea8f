package storetest

import (
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// late are the cases about money, accounts and decisions that come when the order has gone another way meanwhile.
var late = map[string]func(*testing.T, Opener){
	"a deposit for a cancelled order goes back once its account is told":        depositAfterCancel,
	"an account issued for an expired order takes its places again for a while": accountAfterExpiry,
	"an account issued after a cancellation asks nobody for money":              accountAfterCancel,
	"a transfer chosen again after a renewal is for today's price":              transferRenewed,
	"a surplus that staff will not give back stays before a person":             surplusKept,
	"a notice about an account that waits changes nothing":                      noticeRepeated,
	"a late payment uses no voucher that its owner has used since":              voucherLate,
	"a late payment for an event that does not take place goes back":            calledOffLate,
	"a window that was open when the event was called off takes no money":       calledOffOpen,
	"a payment that began beside a paid one is closed when its window is over":  begunBesidePaid,
	"a payment that has begun is closed by the time that is told":               begunUntilClosed,
	"what is paid later is neither a finding nor unsettled":                     payLaterHealthy,
	"a payment unknown for a day is listed at the first look-up in vain":        unknownForADay,
	"a cancellation that was decided on other money ends nothing":               cancelledMeanwhile,
	"an entry about a refund that staff transfers stays until it has":           handRefundListed,
}

// healthy lets the doctor look at everything.
func (d *desk) healthy() {
	d.t.Helper()
	findings, err := d.store.Doctor(d.ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range findings {
		d.t.Errorf("%s", f)
	}
}

// wantListed checks how many entries of a kind are on the attention list.
func (d *desk) wantListed(kind string, want int) {
	d.t.Helper()
	if n := d.listed(kind); n != want {
		d.t.Errorf("%d entries of %s on the attention list, want %d", n, kind, want)
	}
}

func (d *desk) cancel(orderID string, back payments.Back) error {
	d.t.Helper()
	_, err := d.cashier.Cancel(d.ctx, orderID, staff, "test", back)
	if waited := d.cashier.Wait(d.ctx); waited != nil {
		d.t.Fatal(waited)
	}
	return err
}

func depositAfterCancel(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.bank.Shape = func(c *payments.Capabilities) { c.RefundAccount = true }
	id, p := d.awaiting()
	if err := d.cancel(id, payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	d.wantLeft("hall", 5)
	d.clock.Pass(24 * time.Hour)
	d.bank.Deposit(p.OrderNo)
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	d.wantOrder(id, registration.OrderCancelled, registration.Cancelled)
	d.reconcile()
	d.wantListed(payments.AttentionRefundAccount, 1)
	entries, err := d.store.Attention(d.ctx, d.event.ID)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%+v (%v)", entries, err)
	}
	if err := d.store.CloseAttention(d.ctx, entries[0].ID, staff, "later"); !isCode(err, registration.CodeConflict) {
		t.Errorf("the entry was closed while the money waits: %v", err)
	}
	if err := d.cashier.RefundTo(d.ctx, d.refunds(id)[0].ID, payments.Account{Bank: "예시은행", Number: "111-222", Holder: "홍길동"}); err != nil {
		t.Fatal(err)
	}
	d.reconcile()
	if got := d.bank.Account(p.OrderNo).Refunded; got != 150000 {
		t.Errorf("the bank gave %d back, want all", got)
	}
	d.wantListed(payments.AttentionRefundAccount, 0)
	d.healthy()
}

func accountAfterExpiry(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "korea", payments.MethodVirtualAccount, 1)
	d.clock.Pass(hold + time.Second)
	d.expireHolds(1)
	d.comeBack(p) // the window stayed open
	p = d.wantPayment(p.ID, payments.AwaitingDeposit)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	if n := d.mails(payments.MailDeposit); n != 1 {
		t.Errorf("%d mails tell where the money goes, want 1", n)
	}
	d.expireHolds(0)
	d.clock.Pass(depositTerm + 25*time.Hour)
	d.expireHolds(1)
	d.clock.Pass(3 * 24 * time.Hour)
	d.reconcile()
	d.wantPayment(p.ID, payments.Expired)
	d.wantLeft("hall", 5)
	d.healthy()
}

func accountAfterCancel(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "korea", payments.MethodVirtualAccount, 1)
	if err := d.cancel(id, payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	issue := payments.Attempt{PaymentID: p.ID, OrderNo: p.OrderNo, GatewayID: d.bank.Authenticate(p), Amount: p.Amount, Method: p.Asked, StartedAt: p.StartedAt, Key: "window"}
	if _, err := d.bank.Settle(d.ctx, issue); err != nil { // as where the window itself issues it
		t.Fatal(err)
	}
	d.reconcile()
	d.wantPayment(p.ID, payments.AwaitingDeposit)
	if n := d.mails(payments.MailDeposit); n != 0 {
		t.Errorf("%d mails ask to pay for a cancelled order", n)
	}
	d.wantLeft("hall", 5)
	d.healthy()
}

func transferRenewed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	old := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	d.clock.Pass(8*24*time.Hour + time.Minute)
	d.expireHolds(1)
	renew := func(banquets int64) {
		t.Helper()
		if err := d.store.Renew(d.ctx, d.event, id, registration.Quotes{d.newOrder("student", banquets).Quote}, hold, hold, payments.ActorAttendee); err != nil {
			t.Fatal(err)
		}
	}
	renew(0) // at the same price, but the old account's time is over
	again := d.choose(id, "desk", payments.MethodBankTransfer, 2)
	if again.ID == old.ID || !again.Deadline.After(d.clock.Now()) {
		t.Errorf("the payer is told to transfer until %v", again.Deadline)
	}
	d.clock.Pass(hold + time.Second)
	d.expireHolds(0)
	d.clock.Pass(8*24*time.Hour + time.Minute)
	d.expireHolds(1)
	renew(1)
	dearer := d.choose(id, "desk", payments.MethodBankTransfer, 3)
	if dearer.Amount != won(200000) {
		t.Fatalf("the payer is asked for %v, want 200000", dearer.Amount)
	}
	if err := d.cashier.Wait(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(again.ID, payments.Expired)
	d.declare(dearer.ID, came(200000))
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.healthy()
}

func surplusKept(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	d.declare(p.ID, came(140000))
	d.reconcile()
	if _, err := d.cashier.DeclareRefund(d.ctx, d.refunds(id)[0].ID, false, "the payer transfers the rest", staff); err != nil {
		t.Fatal(err)
	}
	d.wantListed(payments.AttentionRefundByHand, 0)
	d.wantListed(payments.AttentionSurplus, 1)
	d.healthy()
}

func noticeRepeated(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.blindBank()
	id := d.place().OrderID
	p := d.ticket(d.choose(id, "korea", payments.MethodVirtualAccount, 1))
	p = d.wantPayment(p.ID, payments.AwaitingDeposit)
	out := payments.Outcome{Status: payments.StatusDeposit, GatewayID: p.GatewayID, OrderNo: p.OrderNo, Mode: registration.Test}
	if err := d.cashier.Told(d.ctx, p.ID, out); err != nil {
		t.Fatal(err)
	}
	if after := d.wantPayment(p.ID, payments.AwaitingDeposit); !after.NextLook.Equal(p.NextLook) {
		t.Errorf("its end is looked for at %v, want %v as before", after.NextLook, p.NextLook)
	}
	d.wantListed(payments.AttentionUnknown, 0)
	out.Status, out.Captured, out.Refunded = payments.StatusCaptured, won(150000), won(0)
	for range 2 {
		if err := d.cashier.Told(d.ctx, p.ID, out); err != nil {
			t.Fatal(err)
		}
	}
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	if got := d.receipts(id); len(got) != 1 {
		t.Errorf("receipts %v", got)
	}
}

func voucherLate(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	v := d.voucher(registration.Voucher{Percent: 50, PerPerson: 1})
	first, err := d.store.Place(d.ctx, d.newOrderWith(v, "student", 0))
	if err != nil {
		t.Fatal(err)
	}
	p := d.start(first.OrderID, 1)
	d.clock.Pass(hold + time.Second)
	d.expireHolds(1)
	if _, err := d.store.Place(d.ctx, d.newOrderWith(v, "student", 0)); err != nil {
		t.Fatal(err)
	}
	d.bank.Capture(p, p.Amount)
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	if held, used := d.uses(); held != 1 || used != 0 {
		t.Errorf("the code counts %d held and %d used, want the second order's", held, used)
	}
	d.reconcile()
	if got := d.bank.Account(p.OrderNo).Refunded; got != p.Amount.Minor {
		t.Errorf("the bank gave %d back, want all", got)
	}
	d.healthy()
}

func payLaterHealthy(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	for i, m := range []payments.Method{payments.MethodPayLater, payments.MethodOnSite, payments.MethodBankTransfer} {
		d.choose(d.place().OrderID, "desk", m, 1)
		d.reconcile()
		d.healthy()
		if u, err := d.store.Unsettled(d.ctx); u.All() != 0 || err != nil {
			t.Errorf("%s: %+v unsettled after %d orders (%v)", m, u, i+1, err)
		}
	}
	d.clock.Pass(7*24*time.Hour + time.Minute)
	if u, err := d.store.Unsettled(d.ctx); u.All() != 1 || u.Payments != 1 || err != nil {
		t.Errorf("%+v unsettled after the transfer's deadline (%v), want one payment", u, err)
	}
	d.clock.Pass(300 * 24 * time.Hour)
	if _, err := d.store.ExpireHolds(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.reconcile()
	d.wantLeft("hall", 4)
	d.healthy()
}

func cancelledMeanwhile(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	nothing, half := registration.Money{}, won(75000)
	o, p := d.paid()
	if err := d.cancel(o.OrderID, payments.Back{Kept: &nothing}); !isCode(err, registration.CodeConflict) {
		t.Errorf("an order that was thought unpaid: %v, want a conflict", err)
	}
	whole := p.Captured
	if _, err := d.refund(p, 100000, "staff"); err != nil {
		t.Fatal(err)
	}
	if err := d.cancel(o.OrderID, payments.Back{Some: half, Kept: &whole}); !isCode(err, registration.CodeConflict) {
		t.Errorf("an order of which staff has given a part back: %v, want a conflict", err)
	}
	d.wantOrder(o.OrderID, registration.OrderPaid, registration.Confirmed)
	rest := won(50000)
	if err := d.cancel(o.OrderID, payments.Back{Some: won(25000), Kept: &rest}); err != nil {
		t.Fatal(err)
	}
	if err := d.cancel(o.OrderID, payments.Back{Some: won(25000), Kept: &rest}); err != nil {
		t.Errorf("the same again: %v", err)
	}
	d.reconcile()
	if got := d.bank.Account(p.OrderNo).Refunded; got != 125000 {
		t.Errorf("the bank gave %d back, want 125000", got)
	}
	d.healthy()
}

func handRefundListed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	d.declare(d.choose(id, "desk", payments.MethodOnSite, 1).ID, came(150000))
	if err := d.cancel(id, payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	d.reconcile()
	entries, err := d.store.Attention(d.ctx, d.event.ID)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%+v (%v)", entries, err)
	}
	if err := d.store.CloseAttention(d.ctx, entries[0].ID, staff, "done"); !isCode(err, registration.CodeConflict) {
		t.Errorf("the entry was closed while the refund waits: %v", err)
	}
	if _, err := d.cashier.DeclareRefund(d.ctx, entries[0].RefundID, true, "transferred", staff); err != nil {
		t.Fatal(err)
	}
	d.wantListed(payments.AttentionRefundByHand, 0)
	d.healthy()
}

// unknownForADay lets the program stand still for a day after an answer was lost.
func unknownForADay(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	p := d.start(d.place().OrderID, 1)
	d.bank.Fault = func(string) Fault { return LostBefore }
	d.comeBack(p)
	d.wantPayment(p.ID, payments.Unknown)
	d.wantListed(payments.AttentionUnknown, 0)
	d.clock.Pass(30 * time.Hour)
	if _, err := d.cashier.Reconcile(d.ctx, false); err != nil {
		t.Fatal(err)
	}
	d.wantListed(payments.AttentionUnknown, 1)
	d.healthy()
	d.bank.Fault = nil
	d.reconcile()
	d.wantListed(payments.AttentionUnknown, 0)
}

func calledOffOpen(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	first, second := d.place(), d.place()
	p, captured := d.start(first.OrderID, 1), d.start(second.OrderID, 1)
	e := sampleEvent(5)
	e.State = registration.StateCancelled
	d.apply(e)
	d.comeBack(p)
	if got := d.bank.Account(p.OrderNo).Captured; got.Minor != 0 {
		t.Errorf("the bank took %v, want nothing", got)
	}
	d.bank.Capture(captured, captured.Amount)
	d.reconcile()
	d.reconcile()
	d.wantPayment(captured.ID, payments.Surplus)
	if got := d.bank.Account(captured.OrderNo).Refunded; got != captured.Amount.Minor {
		t.Errorf("the bank gave %d back, want all", got)
	}
	d.wantOrder(first.OrderID, registration.OrderPending, registration.Held)
	d.wantOrder(second.OrderID, registration.OrderPending, registration.Held)
	d.healthy()
}

func calledOffLate(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	o := d.place()
	p := d.start(o.OrderID, 1)
	d.clock.Pass(hold + time.Second)
	d.expireHolds(1)
	e := sampleEvent(5)
	e.State = registration.StateCancelled
	d.apply(e)
	d.bank.Capture(p, p.Amount)
	d.reconcile()
	d.reconcile()
	d.wantPayment(p.ID, payments.Surplus)
	d.wantOrder(o.OrderID, registration.OrderExpired, registration.Cancelled)
	if got := d.bank.Account(p.OrderNo).Refunded; got != p.Amount.Minor {
		t.Errorf("the bank gave %d back, want all", got)
	}
	d.healthy()
}
