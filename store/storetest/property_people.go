package storetest

import (
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// peopleSteps are about orders of several people, and codes: one that may be used twice, and one that keeps a place for some hours.
func (m *machine) peopleSteps(e *registration.Event) map[string]func(*rapid.T) {
	e.Vouchers = []registration.Voucher{{Code: "HALF", Percent: 50, Uses: 2}, {Code: "KEEP", Percent: 10, Reserves: 1, Until: m.clock.Now().Add(20 * time.Hour)}}
	return map[string]func(*rapid.T){"group": m.groupOne, "cancel person": m.cancelPerson, "replace": m.replaceOne}
}

// useVoucher prices the first person of an order with one of the event's codes, or none.
func (m *machine) useVoucher(n *store.NewOrder) {
	if len(m.event.Vouchers) == 0 {
		return
	}
	i := rapid.IntRange(0, len(m.event.Vouchers)).Draw(m.rt, "code")
	if i == len(m.event.Vouchers) {
		return
	}
	v, c := &m.event.Vouchers[i], registration.Cart{Category: n.Quote.Lines[0].ID, Extras: map[string]int64{}}
	for _, l := range n.Quote.Lines {
		if l.Kind == registration.LineExtra {
			c.Extras[l.ID] = l.Quantity
		}
	}
	q, err := m.event.PriceWith(c, v, m.clock.Now())
	m.tolerated(err)
	if err == nil {
		n.Quote = q
	}
}

// groupOne orders for some people whom an institution pays for.
func (m *machine) groupOne(*rapid.T) {
	category := rapid.SampledFrom([]string{"student", "student", "guest", "fellow"})
	n := m.group(rapid.SliceOfN(category, 2, 3).Draw(m.rt, "people")...)
	m.useVoucher(&n)
	if n.Quote.Voucher != nil && rapid.Bool().Draw(m.rt, "code for two") {
		n.More[0].Quote = n.Quote
	}
	n.More[0].Papers = rapid.SampledFrom([][]string{nil, {"1"}, {"2"}}).Draw(m.rt, "papers")
	p, err := m.store.Place(m.ctx, n)
	m.tolerated(err)
	if err == nil {
		m.orders = append(m.orders, p.OrderID)
		m.payAtOnce(p.OrderID)
	}
}

// someone is one of an order's people.
func (m *machine) someone(o *registration.Order) *registration.Registration {
	return &o.Registrations[rapid.IntRange(0, len(o.Registrations)-1).Draw(m.rt, "person")]
}

// cancelPerson cancels one of an order's people, also twice, also the last one, and gives some of the money back.
func (m *machine) cancelPerson(*rapid.T) {
	id := m.someOrder()
	r := m.someone(m.order(id))
	_, err := m.store.Amend(m.ctx, id, store.NewAmendment{
		Parts: []registration.Part{{ID: r.ID, Cancelled: true}}, Actor: payments.ActorAttendee, Reason: "test",
		Back: payments.Back{Some: won(rapid.Int64Range(0, 200000).Draw(m.rt, "back"))},
	})
	m.tolerated(err)
	if after := m.order(id).Registration(r.ID); err == nil && after.State != registration.Cancelled && !m.process.dead {
		m.rt.Fatalf("who was cancelled is %s", after.State)
	}
}

// replaceOne puts somebody else into a place; nothing that counts changes.
func (m *machine) replaceOne(*rapid.T) {
	o := m.order(m.someOrder())
	r := m.someone(o)
	m.nonce++
	m.tolerated(m.store.ChangePerson(m.ctx, o, store.PersonChange{
		Registration: r.ID, Version: r.Version, Another: true, Payer: len(o.Registrations) == 1, Actor: payments.ActorAttendee,
		Person: registration.Person{Name: "임꺽정", Email: fmt.Sprintf("other%d@example.org", m.nonce)},
	}))
}

// paperSteps are about papers that staff give to orders, or take from them.
func (m *machine) paperSteps(*registration.Event) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){"cover": m.coverOne}
}

func (m *machine) coverOne(*rapid.T) {
	o := m.order(m.someOrder())
	numbers := rapid.SampledFrom([][]string{nil, {"1"}, {"2"}, {"1", "2"}}).Draw(m.rt, "papers")
	position := rapid.IntRange(0, len(o.Registrations)-1).Draw(m.rt, "position")
	m.tolerated(m.store.CoverPapers(m.ctx, m.event, o.ID, position, numbers, staff, "test"))
}
