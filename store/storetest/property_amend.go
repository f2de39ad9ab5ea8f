package storetest

import (
	"encoding/json"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// changeOne is an attendee who wants more or fewer banquets, or the other category, and is given some of the difference back.
func (m *machine) changeOne(*rapid.T) {
	id := m.someOrder()
	o := m.order(id)
	want := registration.Cart{
		Category: rapid.SampledFrom([]string{"student", "student", "guest"}).Draw(m.rt, "category"),
		Extras:   map[string]int64{"banquet": rapid.Int64Range(0, 2).Draw(m.rt, "banquets")},
	}
	lines, err := m.event.Amend(&o.Registrations[0], want, nil, m.clock.Now())
	m.tolerated(err)
	_, err = m.store.Amend(m.ctx, id, store.NewAmendment{
		Parts: []registration.Part{{ID: o.Registrations[0].ID, Lines: lines}}, Actor: payments.ActorAttendee, Reason: "test", Hold: hold, Max: 2 * hold,
		Back: payments.Back{Some: won(rapid.Int64Range(0, 200000).Draw(m.rt, "back"))},
	})
	m.tolerated(err)
}

// withdrawOne is an attendee who has thought better of it.
func (m *machine) withdrawOne(*rapid.T) {
	m.tolerated(m.store.Withdraw(m.ctx, m.someOrder(), payments.ActorAttendee, "test"))
}

// countBanquets recounts the places that orders have, and changes of orders hold, and compares with the counter.
func (m *machine) countBanquets() {
	var places, held, sold, wantHeld, wantSold int64
	m.tolerated(m.store.Row(m.ctx, `SELECT places, held, sold FROM quotas WHERE key = 'banquet'`).Scan(&places, &held, &sold))
	rows, err := m.store.Rows(m.ctx, `SELECT places, taken FROM orders UNION ALL SELECT places, takes FROM amendments`)
	m.tolerated(err)
	defer func() { m.tolerated(rows.Close()) }()
	for rows.Next() {
		var has, text string
		taken := map[string]int64{}
		m.tolerated(rows.Scan(&has, &text))
		m.tolerated(json.Unmarshal([]byte(text), &taken))
		switch has {
		case "held":
			wantHeld += taken["banquet"]
		case "sold":
			wantSold += taken["banquet"]
		}
	}
	m.tolerated(rows.Err())
	if held != wantHeld || sold != wantSold || held+sold > places {
		m.rt.Fatalf("of %d banquets %d are held and %d sold; orders and changes have %d and %d", places, held, sold, wantHeld, wantSold)
	}
}
