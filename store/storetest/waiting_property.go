package storetest

import (
	"slices"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"

	"pgregory.net/rapid"
)

// WaitingProperty runs random sequences of walk-ins, people who wait, staff and the clock on an event of three places, and holds what
// happens against a plain list: places go down the line, each to one person, and nobody passes.
func WaitingProperty(t *testing.T, open Opener) {
	rapid.Check(t, func(rt *rapid.T) {
		l := &lineModel{desk: newDesk(t, open, 3), rt: rt}
		l.desk.t = rt
		e := *l.event
		e.Waiting = registration.WaitingList{Offer: offerLasts}
		l.apply(e)
		for range 3 {
			l.walkIn(rt)
			l.joinOne(rt)
		}
		rt.Repeat(map[string]func(*rapid.T){
			"":            l.always,
			"walk in":     l.walkIn,
			"join":        l.joinOne,
			"leave":       l.leaveOne,
			"take":        l.takeOne,
			"cancel":      l.cancelOne,
			"pay":         l.payOne,
			"time passes": l.timePasses,
			"offer":       l.tick,
			"out of turn": l.outOfTurn,
			"pause":       l.pauseOne,
		})
	})
}

// lineModel is what a person with a sheet of paper would know.
type lineModel struct {
	*desk
	rt     *rapid.T
	has    map[string]time.Time // orders with a place, and until when it is held; zero: for good
	line   []string             // entries in line, the first first
	joined map[string]time.Time // when entries came
	offers map[string]time.Time // entries with an offer, and its end
	paused bool
	steps  int
}

func (l *lineModel) free() int { return 3 - len(l.has) - len(l.offers) }

// giveOut is what must happen once places may be given out.
func (l *lineModel) giveOut() {
	for id, until := range l.offers {
		if !l.clock.Now().Before(until) {
			delete(l.offers, id)
		}
	}
	for !l.paused && l.free() > 0 && len(l.line) > 0 {
		l.offered(l.line[0])
	}
}

func (l *lineModel) offered(id string) {
	l.line = slices.DeleteFunc(l.line, func(x string) bool { return x == id })
	if l.offers == nil {
		l.offers = map[string]time.Time{}
	}
	l.offers[id] = l.clock.Now().Add(offerLasts)
}

func (l *lineModel) ordered(id string, until time.Time) {
	if l.has == nil {
		l.has = map[string]time.Time{}
	}
	l.has[id] = until
}

func (l *lineModel) walkIn(*rapid.T) {
	p, err := l.store.Place(l.ctx, l.newOrder("student", 0))
	want := l.free() > 0 && len(l.line) == 0
	if (err == nil) != want || (err != nil && !isCode(err, registration.CodeFull)) {
		l.rt.Fatalf("a walk-in while %d are free and %d wait: %v", l.free(), len(l.line), err)
	}
	if err == nil {
		l.ordered(p.OrderID, l.clock.Now().Add(hold))
	}
}

func (l *lineModel) joinOne(*rapid.T) {
	if l.free() > 0 && len(l.line) == 0 {
		err := l.store.JoinWaiting(l.ctx, l.event, registration.Cart{Category: "student"}, registration.Person{Email: "a@example.org"}, registration.Korean)
		if !isCode(err, registration.CodeConflict) {
			l.rt.Fatalf("joined while there are places: %v", err)
		}
		return
	}
	l.clock.Pass(rapid.SampledFrom([]time.Duration{0, time.Second, -time.Second}).Draw(l.rt, "later"))
	w := l.join("student")
	i := slices.IndexFunc(l.line, func(id string) bool { return l.joined[id].After(w.JoinedAt) }) // the clock may have been set back
	if i < 0 {
		i = len(l.line)
	}
	l.line = slices.Insert(l.line, i, w.ID)
	if l.joined == nil {
		l.joined = map[string]time.Time{}
	}
	l.joined[w.ID] = w.JoinedAt
}

// some draws one of the ids; none skips the step.
func (l *lineModel) some(ids []string) string {
	if len(ids) == 0 {
		l.rt.Skip("none")
	}
	slices.Sort(ids)
	return rapid.SampledFrom(ids).Draw(l.rt, "id")
}

func keys(m map[string]time.Time) (ids []string) {
	for id := range m {
		ids = append(ids, id)
	}
	return ids
}

// must fails on any error.
func (l *lineModel) must(err error) {
	if err != nil {
		l.rt.Fatalf("%v", err)
	}
}

func (l *lineModel) leaveOne(*rapid.T) {
	id := l.some(append(keys(l.offers), l.line...))
	l.must(l.store.LeaveWaiting(l.ctx, l.event, id, "attendee"))
	delete(l.offers, id)
	l.line = slices.DeleteFunc(l.line, func(x string) bool { return x == id })
	l.giveFree()
}

// giveFree is giveOut without ending offers: that waits for its turn.
func (l *lineModel) giveFree() {
	kept := l.offers
	l.offers = map[string]time.Time{}
	for id := range kept {
		l.offers[id] = l.clock.Now().Add(time.Hour)
	}
	l.giveOut()
	for id, until := range kept {
		l.offers[id] = until
	}
}

func (l *lineModel) takeOne(*rapid.T) {
	id := l.some(keys(l.offers))
	until := l.offers[id]
	p, err := l.store.Place(l.ctx, l.fromOffer(id))
	if (err == nil) != l.clock.Now().Before(until) || (err != nil && !isCode(err, registration.CodeConflict)) {
		l.rt.Fatalf("took an offer until %v at %v: %v", until, l.clock.Now(), err)
	}
	if err == nil {
		delete(l.offers, id)
		l.ordered(p.OrderID, later(until, l.clock.Now().Add(hold)))
	}
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

func (l *lineModel) cancelOne(*rapid.T) {
	id := l.some(keys(l.has))
	l.cancelOrder(id)
	delete(l.has, id)
	if rapid.Bool().Draw(l.rt, "offered at once") {
		l.tick(nil)
	}
}

func (l *lineModel) payOne(*rapid.T) {
	id := l.some(keys(l.has))
	if l.has[id].IsZero() || len(l.order(id).Registrations) == 0 {
		l.rt.Skip("paid")
	}
	before, err := l.store.Payments(l.ctx, id)
	l.must(err)
	_, err = l.cashier.Start(l.ctx, id, payments.Choice{ChannelID: l.event.ID + "/korea", Attempt: len(before) + 1}, payments.ActorAttendee)
	if err != nil {
		l.rt.Skip("its hold is over")
	}
	after, err := l.store.Payments(l.ctx, id)
	l.must(err)
	l.comeBack(after[len(after)-1])
	l.has[id] = time.Time{}
}

func (l *lineModel) timePasses(*rapid.T) {
	l.clock.Pass(rapid.SampledFrom([]time.Duration{time.Minute, hold, offerLasts / 2, offerLasts}).Draw(l.rt, "time"))
	_, err := l.store.ExpireHolds(l.ctx)
	l.must(err)
	for id, until := range l.has {
		if !until.IsZero() && !l.clock.Now().Before(until) {
			delete(l.has, id)
		}
	}
}

func (l *lineModel) tick(*rapid.T) {
	_, err := l.store.OfferPlaces(l.ctx, rapid.Bool().Draw(l.rt, "all"))
	l.must(err)
	l.giveOut()
}

func (l *lineModel) outOfTurn(*rapid.T) {
	id := l.some(slices.Clone(l.line))
	err := l.store.OfferTo(l.ctx, l.event, id, staff)
	if (err == nil) != (l.free() > 0) {
		l.rt.Fatalf("offered while %d are free: %v", l.free(), err)
	}
	if err == nil {
		l.offered(id)
		l.giveFree()
	}
}

func (l *lineModel) pauseOne(*rapid.T) {
	l.paused = !l.paused
	l.must(l.store.PauseWaiting(l.ctx, l.event, l.paused, staff))
	l.giveFree()
}

// always compares the store with the model.
func (l *lineModel) always(*rapid.T) {
	all, err := l.store.WaitingList(l.ctx, l.event.ID, "", true, 1000)
	l.must(err)
	var line, offered []string
	for _, w := range all {
		if w.State == registration.InLine {
			line = append(line, w.ID)
		} else {
			offered = append(offered, w.ID)
		}
	}
	want := keys(l.offers)
	slices.Sort(want)
	slices.Sort(offered)
	if !slices.Equal(line, l.line) || !slices.Equal(offered, want) {
		l.rt.Fatalf("in line %v and offered %v, want %v and %v", line, offered, l.line, want)
	}
	var held, sold int
	l.must(l.store.Row(l.ctx, `SELECT held, sold FROM quotas WHERE key = 'hall'`).Scan(&held, &sold))
	if held+sold != len(l.has)+len(l.offers) || held+sold > 3 {
		l.rt.Fatalf("%d held and %d sold; %d orders and %d offers have places", held, sold, len(l.has), len(l.offers))
	}
	if l.steps++; l.steps%10 == 0 { // the doctor takes longer than all the steps
		l.examine()
	}
}

func (l *lineModel) examine() {
	findings, err := l.store.Doctor(l.ctx)
	l.must(err)
	for _, f := range findings {
		if slices.Contains([]string{"I16", "I17", "I20"}, f.Invariant) {
			l.rt.Fatalf("%s", f)
		}
	}
}
