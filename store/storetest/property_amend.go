package storetest

import (
	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// changeOne is an attendee who wants more or fewer banquets, or the other category, and is given some of the difference back.
func (m *machine) changeOne(*rapid.T) {
	id := m.someOrder()
	o := m.order(id)
	r := &o.Registrations[rapid.IntRange(0, len(o.Registrations)-1).Draw(m.rt, "person")]
	v, err := m.store.UsedVoucher(m.ctx, m.event.ID, r.Cart().Voucher)
	m.tolerated(err)
	want := registration.Cart{
		Category: rapid.SampledFrom([]string{"student", "student", "guest"}).Draw(m.rt, "category"),
		Extras:   map[string]int64{"banquet": rapid.Int64Range(0, 2).Draw(m.rt, "banquets")},
	}
	lines, err := m.event.Amend(r, want, v, m.clock.Now())
	m.tolerated(err)
	_, err = m.store.Amend(m.ctx, id, store.NewAmendment{
		Parts: []registration.Part{{ID: r.ID, Lines: lines, Papers: rapid.SampledFrom([][]string{nil, nil, {"1"}, {"2"}}).Draw(m.rt, "papers")}}, Actor: payments.ActorAttendee, Reason: "test", Hold: hold, Max: 2 * hold,
		Back: payments.Back{Some: won(rapid.Int64Range(0, 200000).Draw(m.rt, "back"))},
	})
	m.tolerated(err)
	if err == nil {
		m.payAtOnce(id)
	}
}

// withdrawOne is an attendee who has thought better of it.
func (m *machine) withdrawOne(*rapid.T) {
	m.tolerated(m.store.Withdraw(m.ctx, m.someOrder(), payments.ActorAttendee, "test"))
}
