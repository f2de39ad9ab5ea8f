package storetest

import (
	"context"
	"strings"

	"foyer/payments"
	"foyer/registration"

	"pgregory.net/rapid"
)

// blindSteps are about a second contract at the bank that tells nothing but the answer to a confirmation, once.
func (m *machine) blindSteps(e *registration.Event) map[string]func(*rapid.T) {
	e.Channels = append(e.Channels, registration.ChannelOffer{ID: "blind", Gateway: "blind", Currency: registration.KRW, Methods: []string{"card"}})
	return map[string]func(*rapid.T){"tell": m.tellOne}
}

// blindBank is the bank without inquiry and without keys. gone are the refunds that it has carried out, as its console shows them; sent
// counts how often it was told to take a payment or to give a refund back.
type blindBank struct {
	*Bank
	gone map[string]bool
	sent map[string]int
}

// Capabilities are the bank's, without inquiry.
func (b blindBank) Capabilities() payments.Capabilities {
	caps := b.Bank.Capabilities()
	caps.Merchant, caps.Inquiry, caps.Once, caps.Ticket = "blind", false, true, true
	return caps
}

// Settle takes a ticket.
func (b blindBank) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	b.sent[a.PaymentID]++
	a.GatewayID = strings.TrimPrefix(a.GatewayID, "ticket-")
	return b.Bank.Settle(ctx, a)
}

// Lookup tells nothing.
func (b blindBank) Lookup(context.Context, payments.Attempt) (payments.Outcome, error) {
	return payments.Outcome{}, payments.ErrNoInquiry
}

// Refund notes what was carried out.
func (b blindBank) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	b.sent[r.RefundID]++
	before := b.Account(r.OrderNo).Refunded
	out, err := b.Bank.Refund(ctx, r)
	if b.Account(r.OrderNo).Refunded > before {
		b.gone[r.RefundID] = true
	}
	return out, err
}

// tellOne is staff looking something up at the bank's console that the program cannot ask about.
func (m *machine) tellOne(*rapid.T) {
	p := m.somePayment()
	if p.Gateway != "blind" {
		m.rt.Skip("the program can ask")
	}
	m.tell(p)
}

// toldOnce holds that nothing was sent again to a bank that would do it again.
func (m *machine) toldOnce() {
	for id, n := range m.sent {
		if n > 1 {
			m.rt.Fatalf("the blind bank was told %d times about %s", n, id)
		}
	}
}

// truth is what the bank's console shows of a payment.
func (m *machine) truth(p payments.Payment) payments.Declaration {
	a := m.bank.Account(p.OrderNo)
	d := payments.Declaration{Captured: a.Captured.Minor > 0, Amount: a.Captured, GatewayID: a.ID, Reason: "console", Actor: staff}
	return d
}

// tell declares the truth about a payment and its refunds.
func (m *machine) tell(p payments.Payment) {
	m.declareTo(p, m.truth(p))
	refunds, err := m.store.RefundsOf(m.ctx, p.OrderID)
	m.tolerated(err)
	for _, r := range refunds {
		if r.PaymentID == p.ID && r.State == payments.RefundUnknown {
			_, err := m.cashier.DeclareRefund(m.ctx, r.ID, m.gone[r.ID], "console", staff)
			m.tolerated(err)
		}
	}
}

// tellBlind is staff telling all that the program does not know.
func (m *machine) tellBlind() {
	for range 2 {
		for _, s := range m.started {
			if s.Gateway == "blind" {
				m.tell(s)
			}
		}
		_, err := m.cashier.Reconcile(m.ctx, true)
		m.tolerated(err)
	}
}

// compareLedger holds that the ledger says of each payment and its refunds what the other side's books say, and nothing of others.
func (m *machine) compareLedger() {
	report, err := m.store.Ledger(m.ctx, m.event.Slug)
	m.tolerated(err)
	captured, refunded := map[string]int64{}, map[string]int64{}
	for _, o := range report.Orders {
		for _, p := range o.Payments {
			captured[p.OrderNo] = p.Captured
			for _, r := range p.Refunds {
				if r.State == string(payments.RefundDone) {
					refunded[p.OrderNo] += r.Amount
				}
			}
		}
	}
	for _, s := range m.started {
		if a := m.books(s); captured[s.OrderNo] != a.Captured.Minor || refunded[s.OrderNo] != a.Refunded {
			m.rt.Fatalf("the ledger has %d taken and %d back of %s, the other side %v and %d", captured[s.OrderNo], refunded[s.OrderNo], s.OrderNo, a.Captured, a.Refunded)
		}
	}
	if len(captured) != len(m.started) {
		m.rt.Fatalf("the ledger has %d payments, %d were begun", len(captured), len(m.started))
	}
}
