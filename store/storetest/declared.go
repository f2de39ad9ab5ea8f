package storetest

import (
	"sync"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

var declared = map[string]func(*testing.T, Opener){
	"a bank transfer that staff has seen pays the order":            transferSeen,
	"a bank transfer that never came gives its places back":         transferNever,
	"a transfer of too little is surplus that staff gives back":     transferShort,
	"what an institution pays later does not expire":                payLater,
	"on site is held until the event is over":                       onSite,
	"choosing again among what people carry out leaves one waiting": oneWaits,
	"a lost answer is not sent again where nobody can be asked":     onceOnly,
	"a ticket confirms once and is forgotten":                       ticketUsed,
	"an idle payment is abandoned where nobody can be asked":        onceIdle,
	"a refusal ends a payment that nobody can be asked about":       onceRefused,
	"a lost refund is not sent again where nobody can be asked":     onceRefund,
	"staff's word counts once and only where no gateway can tell":   wordCounts,

	"many that are called paid at once have the rows of one that is declared, and nobody is asked for money": sameRows,
	"many that are called paid go on with what was begun before":                                             begunBefore,
	"money that an order cannot use is written with a payment that is opened":                                surplusAtOnce,
	"an order that is booked is told so beside one that cannot be":                                           besideOne,
	"the same order again is the same one when it has the last place":                                        sameLast,
	"an order that cannot be called paid harms no other":                                                     oneStandsInTheWay,
	"calling the same orders paid many times at once pays each once":                                         calledPaidOnce,
	"a process that dies while it books many is made up for by the next":                                     diesBooking,
}

const staff = "staff:a@example.org"

func came(minor int64) payments.Declaration {
	return payments.Declaration{Captured: true, Amount: won(minor), Reason: "seen on the statement", Actor: staff}
}

// blindBank makes the bank one that has neither key nor inquiry and takes tickets.
func (d *desk) blindBank() {
	d.bank.Shape = func(c *payments.Capabilities) { c.Inquiry, c.Once, c.Ticket = false, true, true }
}

// ticket is the payer returning from a window that gives no id.
func (d *desk) ticket(p payments.Payment) payments.Payment {
	d.t.Helper()
	after, err := d.cashier.Settle(d.ctx, p.ID, payments.Return{GatewayID: "ticket-" + d.bank.Authenticate(p)})
	if err != nil {
		d.t.Fatal(err)
	}
	return after
}

func (d *desk) declare(id string, what payments.Declaration) payments.Payment {
	d.t.Helper()
	p, err := d.cashier.Declare(d.ctx, id, what)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func transferSeen(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	if p.State != payments.AwaitingDeposit || !p.Account.Complete() || !p.Deadline.Equal(d.clock.Now().Add(7*24*time.Hour)) {
		t.Fatalf("payment is %s for %+v until %v", p.State, p.Account, p.Deadline)
	}
	if d.mails(payments.MailDeposit) != 1 {
		t.Error("the payer was not told by mail where the money goes")
	}
	d.clock.Pass(6 * 24 * time.Hour)
	d.reconcile()
	d.expireHolds(0)
	p = d.declare(p.ID, came(150000))
	if p.State != payments.Confirmed || p.Captured != won(150000) || p.VerifiedAt.IsZero() || p.GatewayID == "" {
		t.Errorf("payment %+v", p)
	}
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	if got := d.receipts(id); len(got) != 1 {
		t.Errorf("receipts %v", got)
	}
	var actor, reason string
	err := d.store.Row(d.ctx, `SELECT actor, reason FROM audit WHERE payment_id = $1 AND to_state = 'confirmed'`, p.ID).Scan(&actor, &reason)
	if err != nil || actor != staff || reason != "seen on the statement" {
		t.Errorf("the audit says %q, %q (%v)", actor, reason, err)
	}
	r, err := d.refund(p, 50000, "a")
	if err != nil || r.State != payments.RefundRequested || d.listed(payments.AttentionRefundByHand) != 1 {
		t.Fatalf("refund is %s (%v), listed %d; want it to wait for staff", r.State, err, d.listed(payments.AttentionRefundByHand))
	}
	d.wantUnsettled(store.Unsettled{Refunds: 1, ByHand: 1})
	d.reconcile()
	for range 2 { // the second changes nothing
		_, err = d.cashier.DeclareRefund(d.ctx, r.ID, true, "transferred", staff)
	}
	if !isCode(err, registration.CodeConflict) || d.listed(payments.AttentionRefundByHand) != 0 {
		t.Errorf("declared twice: %v; %d listed", err, d.listed(payments.AttentionRefundByHand))
	}
	if got := d.refunds(id); got[0].State != payments.RefundDone || got[0].ReceiptNo == "" {
		t.Errorf("refund %+v, want it done with a correction", got[0])
	}
}

func transferNever(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	d.clock.Pass(8*24*time.Hour + time.Minute)
	d.expireHolds(1)
	d.clock.Pass(2 * 24 * time.Hour)
	d.reconcile()
	d.wantPayment(p.ID, payments.Expired)
	d.wantLeft("hall", 5)
	d.declare(p.ID, came(150000)) // it came after all
	d.wantPayment(p.ID, payments.Confirmed)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
}

func transferShort(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	d.declare(p.ID, came(140000))
	d.wantPayment(p.ID, payments.Surplus)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	d.reconcile()
	r := d.refunds(id)
	if len(r) != 1 || r[0].State != payments.RefundRequested || d.listed(payments.AttentionRefundByHand) != 1 {
		t.Fatalf("refunds %+v, want one that waits for staff", r)
	}
	if err := d.cashier.RefundTo(d.ctx, r[0].ID, payments.Account{Bank: "예시은행", Number: "1", Holder: "홍길동"}); err != nil {
		t.Fatal(err)
	}
	d.reconcile()
	if got, err := d.cashier.DeclareRefund(d.ctx, r[0].ID, true, "transferred", staff); err != nil || got.State != payments.RefundDone {
		t.Errorf("refund is %s (%v)", got.State, err)
	}
	if got := d.receipts(id); got != nil {
		t.Errorf("surplus money has documents %v", got)
	}
}

func payLater(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodPayLater, 1)
	d.clock.Pass(400 * 24 * time.Hour)
	d.reconcile()
	d.expireHolds(0)
	d.wantPayment(p.ID, payments.AwaitingDeposit)
	d.wantOrder(id, registration.OrderPending, registration.Held)
	d.comeBack(d.start(id, 2)) // they pay by card after all
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	d.declare(p.ID, payments.Declaration{Reason: "paid by card", Actor: staff})
	d.wantPayment(p.ID, payments.Expired)
}

func onSite(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodOnSite, 1)
	over := time.Date(2027, 7, 23, 15, 0, 0, 0, time.UTC) // midnight in Seoul
	if !p.Deadline.Equal(over) || !d.order(id).HoldUntil.Equal(over.Add(24*time.Hour)) {
		t.Errorf("waits until %v and holds until %v, want %v and a day more", p.Deadline, d.order(id).HoldUntil, over)
	}
}

func oneWaits(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	id := d.place().OrderID
	first := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	if again := d.choose(id, "desk", payments.MethodBankTransfer, 2); again.ID != first.ID {
		t.Error("the same account was given twice")
	}
	second := d.choose(id, "desk", payments.MethodPayLater, 2)
	if err := d.cashier.Wait(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(first.ID, payments.Expired)
	d.wantPayment(second.ID, payments.AwaitingDeposit)
	if _, err := d.cashier.Cancel(d.ctx, id, staff, "test", payments.Back{All: true}); err != nil {
		t.Fatal(err)
	}
	if err := d.cashier.Wait(d.ctx); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(second.ID, payments.Expired)
	d.wantLeft("hall", 5)
}

func onceOnly(t *testing.T, open Opener) {
	for name, f := range map[string]Fault{"before": LostBefore, "after": LostAfter} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, open, 5)
			d.blindBank()
			id := d.place().OrderID
			p := d.start(id, 1)
			d.bank.Fault = func(string) Fault { return f }
			if got := d.ticket(p); got.State != payments.Unknown || got.Candidate != "" || d.listed(payments.AttentionUnknown) != 1 {
				t.Fatalf("payment is %s with ticket %q, %d listed; want unknown at once before a person", got.State, got.Candidate, d.listed(payments.AttentionUnknown))
			}
			d.bank.Fault = nil
			for range 4 {
				d.ticket(p)
				d.clock.Pass(time.Hour)
				d.reconcile()
				d.expireHolds(0)
			}
			d.wantPayment(p.ID, payments.Unknown)
			if got := len(d.bank.Account(p.OrderNo).Keys); name == "before" && got != 0 || got > 1 {
				t.Fatalf("the bank was told %d times", got)
			}
			if name == "before" {
				d.declare(p.ID, payments.Declaration{Reason: "nothing on the statement", Actor: staff})
				d.wantPayment(p.ID, payments.Failed)
				d.wantOrder(id, registration.OrderPending, registration.Held)
			} else {
				d.declare(p.ID, came(150000))
				d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
			}
			if n := d.listed(payments.AttentionUnknown); n != 0 {
				t.Errorf("%d still listed", n)
			}
		})
	}
}

func ticketUsed(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.blindBank()
	id := d.place().OrderID
	p := d.start(id, 1)
	got := d.ticket(p)
	if got.State != payments.Confirmed || got.GatewayID != "bank-"+p.OrderNo || got.Candidate != "" || got.Sent != "" {
		t.Fatalf("payment is %s with id %q and tickets %q, %q", got.State, got.GatewayID, got.Candidate, got.Sent)
	}
	d.ticket(p)
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
	if keys := d.bank.Account(p.OrderNo).Keys; len(keys) != 1 {
		t.Errorf("confirmed %d times", len(keys))
	}
}

func onceIdle(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.blindBank()
	p := d.start(d.place().OrderID, 1)
	d.reconcile()
	d.wantPayment(p.ID, payments.Started)
	d.clock.Pass(2 * time.Minute)
	if _, err := d.cashier.Reconcile(d.ctx, false); err != nil {
		t.Fatal(err)
	}
	d.wantPayment(p.ID, payments.Abandoned)
	d.ticket(p)
	if got := d.bank.Account(p.OrderNo).Captured.Minor; got != 0 {
		t.Errorf("an abandoned payment took %d", got)
	}
}

func onceRefused(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.blindBank()
	id := d.place().OrderID
	d.bank.Decline = true
	if got := d.ticket(d.start(id, 1)); got.State != payments.Failed || got.Reason != "payment.declined.limit" {
		t.Fatalf("payment is %s (%s)", got.State, got.Reason)
	}
	d.bank.Decline = false
	d.ticket(d.start(id, 2))
	d.wantOrder(id, registration.OrderPaid, registration.Confirmed)
}

func onceRefund(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	d.blindBank()
	id := d.place().OrderID
	p := d.ticket(d.start(id, 1))
	sent := 0
	d.bank.Fault = func(op string) Fault {
		sent++
		return LostAfter
	}
	r, err := d.refund(p, 50000, "a")
	if err != nil || r.State != payments.RefundUnknown || d.listed(payments.AttentionRefundUnknown) != 1 {
		t.Fatalf("refund is %s (%v), want unknown at once before a person", r.State, err)
	}
	for range 3 {
		d.clock.Pass(time.Hour)
		d.reconcile()
	}
	if sent != 1 {
		t.Errorf("the refund was sent %d times", sent)
	}
	if r, err = d.cashier.DeclareRefund(d.ctx, r.ID, true, "on the statement", staff); err != nil || r.State != payments.RefundDone {
		t.Errorf("refund is %s (%v)", r.State, err)
	}
	d.bank.Fault = func(string) Fault { return LostBefore }
	if r, err = d.refund(p, 50000, "b"); err != nil {
		t.Fatal(err)
	}
	if r, err = d.cashier.DeclareRefund(d.ctx, r.ID, false, "not on the statement", staff); err != nil || r.State != payments.RefundRefused {
		t.Errorf("refund is %s (%v)", r.State, err)
	}
	if left := d.listed(payments.AttentionRefundUnknown); left != 0 {
		t.Errorf("%d still listed", left)
	}
}

func wordCounts(t *testing.T, open Opener) {
	d := newDesk(t, open, 5)
	_, card := d.paid()
	started := d.start(d.place().OrderID, 1)
	for _, id := range []string{card.ID, started.ID} {
		if _, err := d.cashier.Declare(d.ctx, id, came(150000)); !isCode(err, registration.CodeConflict) {
			t.Errorf("staff's word about a card payment: %v, want a conflict", err)
		}
	}
	id := d.place().OrderID
	p := d.choose(id, "desk", payments.MethodBankTransfer, 1)
	for name, bad := range map[string]payments.Declaration{
		"no reason":        {Captured: true, Amount: won(150000), Actor: staff},
		"no amount":        {Captured: true, Reason: "r", Actor: staff, Amount: won(0)},
		"another currency": {Captured: true, Reason: "r", Actor: staff, Amount: registration.Money{Minor: 1, Cur: registration.USD}},
	} {
		if _, err := d.cashier.Declare(d.ctx, p.ID, bad); !isCode(err, registration.CodeInvalid) {
			t.Errorf("%s: %v, want invalid", name, err)
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	counted := 0
	for range 8 {
		wg.Go(func() {
			_, err := d.cashier.Declare(d.ctx, p.ID, came(150000))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				counted++
			} else if !isCode(err, registration.CodeConflict) {
				t.Errorf("declare: %v", err)
			}
		})
	}
	wg.Wait()
	if counted != 1 || len(d.receipts(id)) != 1 {
		t.Errorf("counted %d times with receipts %v", counted, d.receipts(id))
	}
}
