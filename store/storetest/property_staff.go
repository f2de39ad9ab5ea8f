package storetest

import (
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// staffSteps are about orders that staff make from a list, with rows that come again.
func (m *machine) staffSteps(*registration.Event) map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){"row": m.rowOne, "called paid": m.callPaid}
}

// rowOne makes the order of a row: invited, to be paid, or paid already. The same row is the same order, whatever is said of it.
func (m *machine) rowOne(*rapid.T) {
	draft := fmt.Sprintf("import-x-%d", rapid.IntRange(1, 4).Draw(m.rt, "row"))
	price := rapid.SampledFrom([]registration.Prices{nil, {registration.KRW: 90000}}).Draw(m.rt, "price")
	q, err := m.event.PriceByStaff(registration.Cart{Category: "student", Extras: map[string]int64{"banquet": rapid.Int64Range(0, 1).Draw(m.rt, "banquets")}}, price, m.clock.Now())
	m.tolerated(err)
	how := rapid.SampledFrom([]string{"invited", "link", "paid"}).Draw(m.rt, "how")
	if how == "invited" {
		q = q.Free()
	}
	p, err := m.store.Place(m.ctx, store.NewOrder{
		Event: m.event, DraftID: draft, Lang: registration.Korean, Quote: q, Hold: time.Hour, HoldMax: time.Hour, Actor: staff, Reason: "test",
		Person: registration.Person{Name: "홍길동", Email: draft + "@example.org"},
	})
	m.tolerated(err)
	if err != nil {
		return
	}
	if m.made[draft] == "" {
		m.made[draft] = p.OrderID
		m.orders = append(m.orders, p.OrderID)
	}
	if m.made[draft] != p.OrderID {
		m.rt.Fatalf("row %s has two orders", draft)
	}
	if how == "paid" {
		m.declarePaid(p.OrderID)
	}
}

// declarePaid books money that staff have seen for an order that they have made.
func (m *machine) declarePaid(id string) {
	before := len(m.started)
	m.startAt(id, way{"desk", payments.MethodBankTransfer})
	for _, p := range m.started[before:] {
		m.declareTo(p, came(p.Amount.Minor))
	}
}
