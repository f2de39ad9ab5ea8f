package storetest

import (
	"fmt"
	"testing"
	"time"

	"foyer/payments"
	"foyer/registration"

	"pgregory.net/rapid"
)

// tally is a second model of places: who has taken what, counted anew for each question.
type tally struct {
	places map[string]int64            // of each quota
	of     map[string][]string         // things that share a quota
	took   map[string]map[string]int64 // by order: quantities of things, while it has places
	ends   map[string]time.Time        // of holds
}

func (m *tally) taken(quota string) (n int64) {
	for _, things := range m.took {
		for _, thing := range m.of[quota] {
			n += things[thing]
		}
	}
	return n
}

// fits reports whether things could still be had, all of them.
func (m *tally) fits(things map[string]int64) bool {
	for quota, places := range m.places {
		want := m.taken(quota)
		for _, thing := range m.of[quota] {
			want += things[thing]
		}
		if want > places {
			return false
		}
	}
	return true
}

// placesAgree makes, lapses, renews and cancels orders of things that share quotas in several ways, one of them twice, and compares each answer
// and every count with the second model.
func placesAgree(t *testing.T, open Opener) {
	d, events := newDesk(t, open, 4), 0
	rapid.Check(t, func(rt *rapid.T) {
		d.t = rt
		e := sampleEvent(4)
		events++
		e.Slug = fmt.Sprint("places-", events) // one database for all: making one takes longer than the rest
		e.Quotas = append(e.Quotas, registration.Quota{ID: "all", Places: 5, Of: []string{"student", "guest", "banquet"}}, registration.Quota{ID: "few", Places: 2, Of: []string{"guest"}})
		e.Quotas[0].Places = 3
		d.apply(e)
		m := &tally{places: map[string]int64{}, of: map[string][]string{}, took: map[string]map[string]int64{}, ends: map[string]time.Time{}}
		for _, q := range e.Quotas {
			m.places[q.ID], m.of[q.ID] = q.Places, q.Of
		}
		var orders []string
		lapse := func() {
			for id, end := range m.ends {
				if !d.clock.Now().Before(end) {
					delete(m.took, id)
					delete(m.ends, id)
				}
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"place": func(rt *rapid.T) {
				category, banquets := rapid.SampledFrom([]string{"student", "guest"}).Draw(rt, "category"), rapid.Int64Range(0, 3).Draw(rt, "banquets")
				things := map[string]int64{category: 1, "banquet": banquets}
				n := d.newOrder(category, banquets)
				p, err := d.store.Place(d.ctx, n)
				if fits := m.fits(things); fits != (err == nil) || (err != nil && !isCode(err, registration.CodeFull)) {
					rt.Fatalf("an order of %v: %v, the model says %t", things, err, fits)
				}
				if err != nil {
					return
				}
				orders, m.took[p.OrderID] = append(orders, p.OrderID), things
				if banquets > 0 || category != "guest" { // else it is free, and paid at once
					m.ends[p.OrderID] = d.clock.Now().Add(hold)
				}
			},
			"time passes": func(rt *rapid.T) {
				d.clock.Pass(time.Duration(rapid.IntRange(1, 15).Draw(rt, "minutes")) * time.Minute)
				if _, err := d.store.ExpireHolds(d.ctx); err != nil {
					rt.Fatal(err)
				}
				lapse()
			},
			"cancel": func(rt *rapid.T) {
				if len(orders) == 0 {
					rt.Skip("no order")
				}
				id := rapid.SampledFrom(orders).Draw(rt, "order")
				if err := d.cancel(id, payments.Back{All: true}); err != nil && !isCode(err, registration.CodeConflict) {
					rt.Fatal(err)
				}
				delete(m.took, id)
				delete(m.ends, id)
			},
			"": func(rt *rapid.T) {
				left, err := d.store.Left(d.ctx, d.event.ID)
				if err != nil {
					rt.Fatal(err)
				}
				for quota, places := range m.places {
					if want := places - m.taken(quota); left[quota] != want {
						rt.Fatalf("%s has %d places left, the model says %d", quota, left[quota], want)
					}
				}
			},
		})
	})
}
