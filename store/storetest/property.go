package storetest

import (
	"maps"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"

	"pgregory.net/rapid"
)

// Property runs random sequences of attendees, a bank with faults and notifications, staff, the reconciler, the clock and crashes, and
// holds what must always be true of money and places after every step, and the rest after a quiet cycle. Each sequence has some of the
// themes, so that those that it has come often enough to meet.
func Property(t *testing.T, open Opener) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{desk: newDesk(t, open, 3), rt: rt, came: map[string]int64{}, back: map[string]int64{}, made: map[string]string{}, gone: map[string]bool{}, sent: map[string]int{}}
		m.desk.t = rt
		m.bank.Fault = m.fault
		m.accept("1", "2")
		m.approving(registration.ApprovalBefore, registration.EvidenceStudentID)
		steps := map[string]func(*rapid.T){
			"":            m.always,
			"place":       m.placeOne,
			"start":       m.startOne,
			"come back":   m.comeBackOne,
			"time passes": m.timePasses,
			"reconcile":   m.reconcileDue,
			"cancel":      m.cancelOne,
			"bank takes":  m.bankTakes,
		}
		for _, more := range []map[string]func(*rapid.T){
			{"wrong return": m.wrongReturn, "webhook": m.webhookOne}, {"refund": m.refundOne, "bank refunds": m.bankRefunds}, {"renew": m.renewOne}, {"crash": m.crashSoon},
			{"change": m.changeOne, "withdraw": m.withdrawOne},
		} {
			if rapid.Bool().Draw(rt, "more") {
				maps.Copy(steps, more)
			}
		}
		e := *m.event
		for _, theme := range []func(*registration.Event) map[string]func(*rapid.T){m.depositSteps, m.waitingSteps, m.peopleSteps, m.paperSteps, m.staffSteps, m.blindSteps} {
			if rapid.Bool().Draw(rt, "theme") {
				maps.Copy(steps, theme(&e))
			}
		}
		m.apply(e)
		m.live()
		for range m.walkIns {
			m.placeOne(rt)
		}
		rt.Repeat(steps)
		m.quiet()
	})
}

type machine struct {
	*desk
	rt      *rapid.T
	orders  []string
	started []payments.Payment
	process *process
	lives   int
	walkIns int // orders that are there already
	audited int64
	calm    bool
	nonce   int
	came    map[string]int64  // by payment: what came to the organizer's own account, as its statement says
	back    map[string]int64  // by payment: what staff has transferred back
	line    []string          // entries that were in line after the step before, the first first
	turn    string            // entry that staff have just preferred
	gone    map[string]bool   // refunds that the blind bank has carried out
	sent    map[string]int    // by payment or refund: how often the blind bank was told
	made    map[string]string // by draft: the order that staff have made of it
}

// fault draws what goes wrong with a call of the bank.
func (m *machine) fault(string) Fault {
	if m.calm {
		return NoFault
	}
	return rapid.SampledFrom([]Fault{NoFault, NoFault, NoFault, LostBefore, LostAfter, Refused}).Draw(m.rt, "fault")
}

// tolerated fails on anything but a failure that a visitor may be told about.
func (m *machine) tolerated(err error) {
	if err == nil || m.process.dead || isCode(err, registration.CodeFull) || isCode(err, registration.CodeConflict) || isCode(err, registration.CodeInvalid) {
		return
	}
	m.rt.Fatalf("internal failure: %v", err)
}

func (m *machine) placeOne(*rapid.T) {
	n := m.newOrder(rapid.SampledFrom([]string{"student", "student", "fellow"}).Draw(m.rt, "category"), 0)
	m.useVoucher(&n)
	n.Papers = rapid.SampledFrom([][]string{nil, nil, {"1"}, {"2", "1"}}).Draw(m.rt, "papers")
	p, err := m.store.Place(m.ctx, n)
	m.tolerated(err)
	if err == nil {
		m.orders = append(m.orders, p.OrderID)
		m.payAtOnce(p.OrderID)
	}
}

func (m *machine) someOrder() string {
	if len(m.orders) == 0 {
		m.rt.Skip("no order")
	}
	return rapid.SampledFrom(m.orders).Draw(m.rt, "order")
}

func (m *machine) somePayment() payments.Payment {
	if len(m.started) == 0 {
		m.rt.Skip("no payment")
	}
	i := rapid.IntRange(0, len(m.started)-1).Draw(m.rt, "payment")
	p, err := m.store.Payment(m.ctx, m.started[i].ID)
	m.tolerated(err)
	return p
}

func (m *machine) startOne(*rapid.T) {
	m.startAt(m.someOrder(), rapid.SampledFrom(m.ways()).Draw(m.rt, "way"))
}

// startAt begins a payment of an order.
func (m *machine) startAt(id string, w way) {
	before, err := m.store.Payments(m.ctx, id)
	m.tolerated(err)
	_, err = m.cashier.Start(m.ctx, id, payments.Choice{ChannelID: m.event.ID + "/" + w.channel, Method: w.method, Attempt: len(before) + 1}, payments.ActorAttendee)
	m.tolerated(err)
	m.settled()
	after, err := m.store.Payments(m.ctx, id)
	m.tolerated(err)
	m.started = append(m.started, after[len(before):]...) // also one that a dead process began
}

func (m *machine) comeBackOne(*rapid.T) { m.comeBackFrom(m.atBank()) }

// comeBackFrom is a payer who comes back from the window of a payment.
func (m *machine) comeBackFrom(p payments.Payment) {
	id := m.bank.Authenticate(p)
	if p.Gateway == "blind" {
		id = "ticket-" + id
	}
	_, err := m.cashier.Settle(m.ctx, p.ID, payments.Return{GatewayID: id})
	m.tolerated(err)
}

func (m *machine) wrongReturn(*rapid.T) {
	p, other := m.atBank(), m.somePayment()
	_, err := m.cashier.Settle(m.ctx, p.ID, payments.Return{GatewayID: "bank-" + other.OrderNo, Reason: "payment.cancelled"})
	m.tolerated(err)
}

// passing are the steps of the clock; the machine's owner may set it back.
var passing = []time.Duration{time.Second, 30 * time.Second, 2 * time.Minute, 25 * time.Minute, 3 * time.Hour, 30 * time.Hour, 9 * 24 * time.Hour, -2 * time.Second}

func (m *machine) timePasses(*rapid.T) {
	m.clock.Pass(rapid.SampledFrom(passing).Draw(m.rt, "time"))
	_, err := m.store.ExpireHolds(m.ctx)
	m.tolerated(err)
	_, err = m.store.ReleaseKept(m.ctx)
	m.tolerated(err)
}

func (m *machine) reconcileDue(*rapid.T) {
	_, err := m.cashier.Reconcile(m.ctx, rapid.Bool().Draw(m.rt, "all"))
	m.tolerated(err)
}

func (m *machine) refundOne(*rapid.T) {
	p := m.somePayment()
	m.nonce += rapid.IntRange(0, 1).Draw(m.rt, "new form")
	r, err := m.cashier.AskRefund(m.ctx, payments.RefundRequest{
		PaymentID: p.ID, Amount: won(rapid.Int64Range(1, 200000).Draw(m.rt, "amount")), Source: payments.ByStaff, Actor: "staff:a@example.org",
		Nonce: string(rune('A' + m.nonce)),
	})
	m.tolerated(err)
	if err == nil {
		_, err = m.cashier.SendRefund(m.ctx, r.ID)
		m.tolerated(err)
	}
}

func (m *machine) cancelOne(*rapid.T) {
	_, err := m.cashier.Cancel(m.ctx, m.someOrder(), "staff:a@example.org", "test", payments.Back{All: rapid.Bool().Draw(m.rt, "rest")})
	m.tolerated(err)
	m.settled()
}

// bankTakes is money that came without our confirming it, now and then of another amount.
func (m *machine) bankTakes(*rapid.T) {
	p := m.asked()
	if a := m.bank.Account(p.OrderNo); a.Status != "" && a.Status != payments.StatusPending {
		m.rt.Skip("the bank is done with it")
	}
	m.bank.Capture(p, won(p.Amount.Minor-rapid.SampledFrom([]int64{0, 0, 1000}).Draw(m.rt, "short of it")))
}

func (m *machine) bankRefunds(*rapid.T) {
	p := m.asked()
	a := m.bank.Account(p.OrderNo)
	left := a.Captured.Minor - a.Refunded
	if left <= 0 {
		m.rt.Skip("nothing to give back")
	}
	m.bank.GiveBack(p.OrderNo, rapid.Int64Range(1, left).Draw(m.rt, "back"))
}

// always holds after every step. A process that died in it is followed by another.
func (m *machine) always(*rapid.T) {
	if m.process.dead {
		m.live()
	}
	m.countPlaces()
	m.keepLine()
	m.toldOnce()
	if m.moved() {
		m.examine(everyStep)
	}
	perCharge := map[string]int{}
	for _, s := range m.started {
		p, err := m.store.Payment(m.ctx, s.ID)
		m.tolerated(err)
		a := m.bank.Account(p.OrderNo)
		if p.State == payments.Confirmed {
			perCharge[p.ChargeID]++
			if p.Gateway != "transfer" && (a.Captured != p.Amount || a.ID != p.GatewayID) {
				m.rt.Fatalf("confirmed %v, the bank took %v", p.Amount, a.Captured)
			}
		}
		refunds, err := m.store.RefundsOf(m.ctx, p.OrderID)
		m.tolerated(err)
		sum := int64(0)
		for _, r := range refunds {
			if r.PaymentID == p.ID && r.State != payments.RefundRefused {
				sum += r.Amount.Minor
			}
		}
		if sum > p.Captured.Minor {
			m.rt.Fatalf("refunds of %d exceed the capture of %d", sum, p.Captured.Minor)
		}
	}
	for charge, n := range perCharge {
		if n > 1 {
			m.rt.Fatalf("charge %s has %d confirmed payments", charge, n)
		}
	}
}

// quiet lets everything come to its end and compares the books.
func (m *machine) quiet() {
	m.calm = true
	m.live()
	for range 4 {
		m.clock.Pass(2 * time.Minute)
		m.doJobs()
		_, err := m.cashier.Reconcile(m.ctx, true)
		m.tolerated(err)
	}
	for _, s := range m.started { // a webhook for each: what was refunded at the bank's side is noticed
		_, err := m.cashier.Settle(m.ctx, s.ID, payments.Return{})
		m.tolerated(err)
	}
	_, err := m.cashier.Reconcile(m.ctx, true)
	m.tolerated(err)
	m.tellBlind()
	m.transferBack()
	_, err = m.store.ExpireHolds(m.ctx)
	m.tolerated(err)
	m.always(m.rt)
	m.examine(nil)
	for _, s := range m.started {
		m.compare(s.ID)
	}
	m.compareLedger()
}

// compare holds one payment against the bank's books once all is quiet.
func (m *machine) compare(id string) {
	p, err := m.store.Payment(m.ctx, id)
	m.tolerated(err)
	a := m.books(p)
	if a.Captured.Minor > 0 != p.State.HasMoney() || (p.State.HasMoney() && p.Captured != a.Captured) {
		m.rt.Fatalf("the bank took %v, the payment is %s with %v", a.Captured, p.State, p.Captured)
	}
	refunds, err := m.store.RefundsOf(m.ctx, p.OrderID)
	m.tolerated(err)
	gone := int64(0)
	for _, r := range refunds {
		if r.PaymentID != p.ID {
			continue
		}
		if r.State.Open() {
			m.rt.Fatalf("refund is still %s", r.State)
		}
		if r.State == payments.RefundDone {
			gone += r.Amount.Minor
		}
	}
	if gone != a.Refunded {
		m.rt.Fatalf("the bank gave %d back, our refunds say %d", a.Refunded, gone)
	}
	var listed int
	err = m.store.Row(m.ctx, `SELECT COUNT(*) FROM attention WHERE payment_id = $1`, p.ID).Scan(&listed)
	m.tolerated(err)
	if p.State == payments.Surplus && a.Refunded != a.Captured.Minor && listed == 0 {
		m.rt.Fatalf("surplus of %v: only %d went back and nobody is told", a.Captured, a.Refunded)
	}
}
