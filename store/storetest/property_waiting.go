package storetest

import (
	"fmt"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"

	"pgregory.net/rapid"
)

// waitingSteps are about people who wait for places.
func (m *machine) waitingSteps(e *registration.Event) map[string]func(*rapid.T) {
	e.Waiting, m.walkIns = registration.WaitingList{Offer: offerLasts}, 3 // sold out
	return map[string]func(*rapid.T){
		"join": m.joinOne, "join too": m.joinOne, "offer": m.offerPlaces, "take": m.takeOne, "leave": m.leaveOne, "prefer": m.preferOne, "pause": m.pauseOne,
	}
}

func (m *machine) joinOne(*rapid.T) {
	c := registration.Cart{Category: "student", Extras: map[string]int64{"banquet": rapid.Int64Range(0, 1).Draw(m.rt, "banquets")}}
	who := registration.Person{Name: "홍길동", Email: fmt.Sprintf("waits%d@example.org", rapid.IntRange(1, 4).Draw(m.rt, "who"))}
	m.tolerated(m.store.JoinWaiting(m.ctx, m.event, c, who, registration.Korean))
}

func (m *machine) offerPlaces(*rapid.T) {
	_, err := m.store.OfferPlaces(m.ctx, rapid.Bool().Draw(m.rt, "all"))
	m.tolerated(err)
}

// waits lists every entry there has been, the first first.
func (m *machine) waits() []*store.WaitingEntry {
	all, err := m.store.WaitingList(m.ctx, m.event.ID, "", false, 1000)
	m.tolerated(err)
	return all
}

func (m *machine) someEntry() *store.WaitingEntry {
	all := m.waits()
	if len(all) == 0 {
		m.rt.Skip("nobody waits")
	}
	return rapid.SampledFrom(all).Draw(m.rt, "entry")
}

// takeOne orders with somebody's link, whatever has become of their offer, and now and then pays at once.
func (m *machine) takeOne(*rapid.T) {
	w := m.someEntry()
	n := m.newOrder("student", rapid.Int64Range(0, 1).Draw(m.rt, "banquets"))
	n.Offer, n.Person = w, registration.Person{Name: w.Name, Email: w.Email}
	p, err := m.store.Place(m.ctx, n)
	m.tolerated(err)
	if err != nil {
		return
	}
	if w.State != registration.WaitingOffered || !m.clock.Now().Before(w.OfferUntil) {
		m.rt.Fatalf("an entry that is %s until %v was taken", w.State, w.OfferUntil)
	}
	m.orders = append(m.orders, p.OrderID)
	m.payAtOnce(p.OrderID)
}

// payAtOnce pays an order by card, if somebody feels like it.
func (m *machine) payAtOnce(id string) {
	if !rapid.Bool().Draw(m.rt, "pays at once") {
		return
	}
	before := len(m.started)
	m.startAt(id, way{"korea", payments.MethodCard})
	for _, p := range m.started[before:] {
		m.comeBackFrom(p)
	}
}

func (m *machine) leaveOne(*rapid.T) {
	m.tolerated(m.store.LeaveWaiting(m.ctx, m.event, m.someEntry().ID, payments.ActorAttendee))
}

// preferOne is staff offering places out of turn.
func (m *machine) preferOne(*rapid.T) {
	m.turn = m.someEntry().ID
	m.tolerated(m.store.OfferTo(m.ctx, m.event, m.turn, staff))
}

func (m *machine) pauseOne(*rapid.T) {
	m.tolerated(m.store.PauseWaiting(m.ctx, m.event, rapid.Bool().Draw(m.rt, "paused"), staff))
}

// keepLine holds that nobody was passed since the step before but by staff, that nobody is in line twice, and that an order has the places
// of one entry.
func (m *machine) keepLine() {
	if !m.event.Waiting.On() {
		return
	}
	now, open, order := map[string]registration.WaitingState{}, map[string]bool{}, map[string]bool{}
	was := m.line
	m.line = nil
	for _, w := range m.waits() {
		now[w.ID] = w.State
		if w.State == registration.InLine {
			m.line = append(m.line, w.ID)
		}
		if w.State.Open() && open[w.Email] || w.OrderCode != "" && order[w.OrderCode] {
			m.rt.Fatalf("%s has two entries, or order %s is of two", w.Email, w.OrderCode)
		}
		open[w.Email], order[w.OrderCode] = open[w.Email] || w.State.Open(), true
	}
	passed := ""
	for _, id := range was {
		switch {
		case now[id] == registration.InLine && passed == "":
			passed = id
		case now[id] == registration.WaitingOffered && passed != "" && id != m.turn:
			m.rt.Fatalf("%s was passed by %s", passed, id)
		}
	}
	m.turn = ""
}
