package storetest

import (
	"context"
	"fmt"
	"slices"

	"foyer/payments"
	"foyer/payments/transfer"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// live begins another life of the program, as after a restart: it ends the leases of the one before.
func (m *machine) live() {
	m.lives++
	owner := fmt.Sprintf("life %d", m.lives)
	m.process = &process{Ledger: m.store, bank: m.bank}
	if err := m.store.EndLeases(m.ctx, owner); err != nil {
		m.rt.Fatalf("end leases: %v", err)
	}
	c := m.newCashier(owner)
	cfg := c.Config
	cfg.Adapters, cfg.Workers = map[string]payments.Adapter{"bank": m.process.adapter, "blind": m.blind, "transfer": transfer.New}, 1 // one after the other, so that a sequence can be replayed
	m.cashier = payments.NewCashier(m.process, cfg)
}

// crashSoon lets the program die in what it does next: before or after one of its writes, or of its calls of the bank.
func (m *machine) crashSoon(*rapid.T) {
	m.process.fuse = rapid.IntRange(1, 12).Draw(m.rt, "fuse")
}

// renewOne takes places again for an order that lost them.
func (m *machine) renewOne(*rapid.T) {
	id := m.someOrder()
	n := m.newOrder("student", rapid.Int64Range(0, 1).Draw(m.rt, "banquets"))
	m.useVoucher(&n)
	quotes := registration.Quotes{n.Quote}
	for range len(m.order(id).Registrations) - 1 {
		quotes = append(quotes, m.newOrder("student", 0).Quote)
	}
	m.tolerated(m.store.Renew(m.ctx, m.event, id, quotes, hold, hold, payments.ActorAttendee))
}

// webhookOne is a notification about a payment, new or one that came before, true or not: it is kept, and the look-up that it asks for
// happens now or later.
func (m *machine) webhookOne(*rapid.T) {
	p := m.asked()
	event := fmt.Sprintf("%s-%d", p.OrderNo, rapid.IntRange(0, 2).Draw(m.rt, "event"))
	claimed := rapid.SampledFrom([]string{"", "bank-" + p.OrderNo, "bank-elsewhere"}).Draw(m.rt, "id")
	_, err := m.store.KeepWebhook(m.ctx, m.event.ID+"/korea", event, nil, []byte(`{"claims":"anything"}`), p.ID, claimed, nil)
	m.tolerated(err)
	if rapid.Bool().Draw(m.rt, "at once") {
		m.doJobs()
	}
}

// doJobs does the look-ups that notifications have asked for.
func (m *machine) doJobs() {
	look := func(ctx context.Context, j store.Job) error {
		_, err := m.cashier.Settle(ctx, string(j.Payload), payments.Return{})
		return err
	}
	_, err := m.store.RunDueJobs(m.ctx, map[string]store.JobFunc{store.JobLook: look}, store.RunOptions{Workers: 1})
	m.tolerated(err)
}

// everyStep are the invariants that hold after every step; the others hold when all is quiet.
var everyStep = []string{"I1", "I4", "I6", "I7", "I8", "I11", "I12", "I13", "I14", "I16", "I18", "I20", "I21", "I22", "I23", "I28"}

// moved reports whether anything has changed its state since the last time, which no state does without an audit row.
func (m *machine) moved() bool {
	was := m.audited
	if err := m.store.Row(m.ctx, `SELECT COUNT(*) FROM audit`).Scan(&m.audited); err != nil {
		m.rt.Fatalf("count audit rows: %v", err)
	}
	return m.audited != was
}

// examine asks the doctor about some invariants, nil for all, and the bank what it was sent under one key.
func (m *machine) examine(invariants []string) {
	findings, err := m.store.Doctor(m.ctx)
	if err != nil {
		m.rt.Fatalf("examine: %v", err)
	}
	for _, f := range findings {
		if invariants == nil || slices.Contains(invariants, f.Invariant) {
			m.rt.Fatalf("%s", f)
		}
	}
	if wrong := m.bank.Misuse(); wrong != "" {
		m.rt.Fatalf("I7: %s", wrong)
	}
}
