package storetest

import (
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// way is a channel with one of its methods.
type way struct {
	channel string
	method  payments.Method
}

var ways = []way{
	{"korea", payments.MethodCard}, {"korea", payments.MethodCard}, {"korea", payments.MethodVirtualAccount},
	{"desk", payments.MethodBankTransfer}, {"desk", payments.MethodOnSite}, {"desk", payments.MethodPayLater},
}

// ways are those that the event offers.
func (m *machine) ways() []way {
	if len(m.event.Channels) == 2 {
		return ways
	}
	return append([]way{{"blind", payments.MethodCard}, {"blind", payments.MethodCard}, {"blind", payments.MethodCard}}, ways...)
}

// depositSteps are about money that comes by itself.
func (m *machine) depositSteps(*registration.Event) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){"deposit": m.depositOne, "bank closes": m.closeOne, "staff sees": m.declareOne, "decide": m.decideOne}
}

// settled waits for what goes on beside a step, so that a sequence can be replayed.
func (m *machine) settled() {
	if err := m.cashier.Wait(m.ctx); err != nil {
		m.rt.Fatalf("wait: %v", err)
	}
}

// atBank is a payment that goes through the bank.
func (m *machine) atBank() payments.Payment {
	p := m.somePayment()
	if p.Gateway == "transfer" {
		m.rt.Skip("the bank knows nothing of it")
	}
	return p
}

// asked is a payment of the bank that can be asked what became of it.
func (m *machine) asked() payments.Payment {
	p := m.somePayment()
	if p.Gateway != "bank" {
		m.rt.Skip("the bank cannot be asked about it")
	}
	return p
}

// depositOne is a payer's transfer into a virtual account, whenever it comes.
func (m *machine) depositOne(*rapid.T) {
	if !m.bank.Deposit(m.somePayment().OrderNo) {
		m.rt.Skip("no account waits")
	}
}

// closeOne ends an account at the bank's side.
func (m *machine) closeOne(*rapid.T) { m.bank.Close(m.somePayment().OrderNo) }

// declareOne is staff reading the organizer's statement, also about payments of which they have no say.
func (m *machine) declareOne(*rapid.T) {
	p := m.somePayment()
	d := payments.Declaration{Reason: "seen", Actor: staff}
	switch {
	case p.Gateway == "blind":
		d = m.truth(p)
	case rapid.Bool().Draw(m.rt, "came"):
		d = came(rapid.SampledFrom([]int64{p.Amount.Minor, p.Amount.Minor, 200000, 149000}).Draw(m.rt, "declared"))
	}
	m.declareTo(p, d)
}

// declareTo is staff saying what became of a payment.
func (m *machine) declareTo(p payments.Payment, d payments.Declaration) {
	_, err := m.cashier.Declare(m.ctx, p.ID, d)
	m.tolerated(err)
	if after, read := m.store.Payment(m.ctx, p.ID); read == nil && p.Gateway == "transfer" && after.State.HasMoney() && !p.State.HasMoney() {
		m.came[p.ID] = d.Amount.Minor
	}
}

// callPaid is staff's word for some orders at once that their money has come by transfer, also for those that want none.
func (m *machine) callPaid(*rapid.T) {
	ids := []string{m.someOrder()}
	for range rapid.IntRange(0, 2).Draw(m.rt, "more") {
		if id := m.someOrder(); !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	had := map[string]bool{}
	for _, p := range m.paymentsOf(ids) {
		had[p.ID] = p.State.HasMoney()
	}
	way := payments.Choice{ChannelID: m.event.ID + "/desk", Method: payments.MethodBankTransfer, Attempt: 1}
	for _, err := range m.cashier.StartPaid(m.ctx, ids, way, "seen", staff) {
		m.tolerated(err)
	}
	m.settled()
	for _, p := range m.paymentsOf(ids) {
		before, known := had[p.ID]
		if !known {
			m.started = append(m.started, p) // also one that a dead process began
		}
		if p.Gateway == "transfer" && p.State.HasMoney() && !before {
			m.came[p.ID] = p.Amount.Minor
		}
	}
}

// paymentsOf lists the payments of some orders.
func (m *machine) paymentsOf(orders []string) (all []payments.Payment) {
	for _, id := range orders {
		some, err := m.store.Payments(m.ctx, id)
		m.tolerated(err)
		all = append(all, some...)
	}
	return all
}

// decideOne is staff looking at somebody's evidence, also when there is nothing to decide any more, and twice.
func (m *machine) decideOne(*rapid.T) {
	id := m.someOrder()
	all, err := m.store.EvidenceOf(m.ctx, id)
	m.tolerated(err)
	if len(all) == 0 {
		m.rt.Skip("nobody has to show anything")
	}
	x := all[0]
	decide := rapid.SampledFrom([]func() error{
		func() error { return m.store.AcceptEvidence(m.ctx, id, x.RegistrationID, x.Version(), staff) },
		func() error { return m.store.AskEvidence(m.ctx, id, x.RegistrationID, x.Version(), "again", staff) },
		func() error { return m.store.RefuseApproval(m.ctx, id, x.RegistrationID, x.Version(), "no", staff) },
		func() error {
			f := pdf("evidence", "card")
			return m.store.GiveEvidence(m.ctx, id, store.Given{RegistrationID: x.RegistrationID, File: &f})
		},
	}).Draw(m.rt, "decision")
	for range rapid.IntRange(1, 2).Draw(m.rt, "clicks") {
		m.tolerated(decide())
	}
}

// transferBack is staff doing what waits for them: every refund of the organizer's own account.
func (m *machine) transferBack() {
	for _, s := range m.started {
		if s.Gateway != "transfer" {
			continue
		}
		refunds, err := m.store.RefundsOf(m.ctx, s.OrderID)
		m.tolerated(err)
		for _, r := range refunds {
			if r.PaymentID == s.ID && r.State == payments.RefundRequested {
				_, err := m.cashier.DeclareRefund(m.ctx, r.ID, true, "transferred", staff)
				m.tolerated(err)
				m.back[s.ID] += r.Amount.Minor
			}
		}
	}
}

// books are the other side's books of a payment: the bank's, or the organizer's statement.
func (m *machine) books(p payments.Payment) Account {
	if p.Gateway != "transfer" {
		return m.bank.Account(p.OrderNo)
	}
	a := Account{Refunded: m.back[p.ID]}
	if n := m.came[p.ID]; n > 0 {
		a.Captured = registration.Money{Minor: n, Cur: registration.KRW}
	}
	return a
}
