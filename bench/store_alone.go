package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

const (
	requesters    = 64 // that write at the same time
	leastOfSingle = 4  // times the rate of one transaction for each request
)

// writer is one way to write orders, on a database of its own.
type writer struct {
	name   string
	single bool // one caller at a time, hence one transaction and one flush for each order
	store  *store.Store
	event  *registration.Event
	lock   sync.Mutex
	orders int64
	turns  []result
}

// storeAlone compares the store as it is, which lets writes that wait share a commit, with the same store used by one caller at a
// time, which makes each order a transaction of its own.
func (b *bench) storeAlone(ctx context.Context) (err error) {
	shared, single := &writer{name: "shared"}, &writer{name: "single", single: true}
	both := []*writer{shared, single}
	for _, w := range both {
		if err := b.apply(ctx, w.name); err != nil {
			return err
		}
		if w.store, err = b.open(ctx, w.name); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, w.store.Close()) }()
		if w.event, err = w.store.Event(ctx, slug); err != nil {
			return err
		}
	}
	for round := range b.plan.rounds {
		for i := range both {
			w := both[(i+round)%2]
			r := w.take(ctx, b.plan.span*2/3)
			b.report.wrong("store alone, "+w.name, r.load)
			w.turns = append(w.turns, r)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	b.tellStore(shared, single)
	for _, w := range both {
		if err := b.inspect(ctx, w.name, w.orders); err != nil {
			return err
		}
	}
	return nil
}

// take lets all requesters write for a while.
func (w *writer) take(ctx context.Context, span time.Duration) result {
	var calls []func() (bool, error)
	for range requesters {
		calls = append(calls, func() (bool, error) { return true, w.place(ctx) })
	}
	r := result{load: press(ctx, span, calls)}
	w.orders += int64(len(r.times))
	return r
}

// place writes one order.
func (w *writer) place(ctx context.Context) error {
	now := w.store.Now()
	quote, err := w.event.Price(registration.Cart{Category: "student"}, now)
	if err != nil {
		return err
	}
	token := store.TimedToken()
	order := store.NewOrder{
		Event: w.event, DraftID: store.DraftID(token), Lang: registration.Korean, Quote: quote, Hold: time.Hour, HoldMax: 2 * time.Hour,
		Person: registration.Person{Name: "홍길동", Email: token[len(token)-12:] + "@example.org", Affiliation: "가람대학교"},
		Consents: []registration.Consent{
			{ID: views.ConsentOrder, Version: "bench", At: now}, {ID: views.ConsentTerms, Version: "bench", At: now},
		},
	}
	if w.single {
		w.lock.Lock()
		defer w.lock.Unlock()
	}
	_, err = w.store.Place(ctx, order)
	return err
}

func (b *bench) tellStore(shared, single *writer) {
	rates := ratios(shared.turns, single.turns, result.rate)
	p99 := func(r result) float64 { return milliseconds(r.quantile(.99)) }
	b.report.add(figure{
		What: fmt.Sprintf("store alone at %d, × one transaction each", requesters), Value: median(rates), Unit: "×", Goal: leastOfSingle, Least: true,
		Note: fmt.Sprintf("%.0f/s against %.0f/s; p99 %.1f ms against %.1f ms; rounds %s", middle(shared.turns, result.rate),
			middle(single.turns, result.rate), middle(shared.turns, p99), middle(single.turns, p99), spread(rates)),
	})
}
