package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Goals of the pages and steps, and how they are measured.
const (
	maxStep   = 1    // ms of the server's processor time for each request
	maxGrowth = 1.5  // of any step's processor time, from few registrations to many
	few       = 1000 // registrations
	walkers   = 4    // keep-alive connections
)

// pause lets the server end what it does after its last answer.
const pause = 20 * time.Millisecond

// crowded is the program on a database of its own, with many registrations in it or few.
type crowded struct {
	name   string
	size   int64 // registrations before anybody walks
	walked int64 // and those of who walked since
	server *server
	turns  [][]result // by step and round
}

// pagesAndSteps measures what the event's page and each step of a registration cost the server, with few registrations in the database
// and with many. A million is as many as an event can have places, so what will be added while measuring is left out before.
func (b *bench) pagesAndSteps(ctx context.Context) (err error) {
	both := []*crowded{{name: "few", size: few}, {name: "many", size: int64(max(few, b.plan.many-b.plan.walks*(b.plan.rounds+1)))}}
	defer func() { err = errors.Join(err, both[0].server.stop(), both[1].server.stop()) }()
	for _, c := range both {
		if err := b.fillAndServe(ctx, c); err != nil {
			return err
		}
	}
	for round := range b.plan.rounds {
		for i := range both {
			if err := b.walkThrough(ctx, both[(i+round)%2]); err != nil {
				return err
			}
		}
	}
	b.tellSteps(both[0], both[1])
	for _, c := range both {
		if err := c.server.stop(); err != nil {
			return err
		}
		if err := b.inspect(ctx, c.name, c.size+c.walked); err != nil {
			return err
		}
	}
	return nil
}

// fillAndServe fills a side's database, starts the program on it, and walks once without counting.
func (b *bench) fillAndServe(ctx context.Context, c *crowded) (err error) {
	if err := b.fill(ctx, c.name, c.size); err != nil {
		return err
	}
	if c.server, err = b.serve(ctx, c.name); err != nil {
		return err
	}
	c.turns = make([][]result, len(steps))
	err = b.walkThrough(ctx, c)
	c.turns = make([][]result, len(steps))
	return err
}

// walkThrough lets new people go from the event's page to their orders. All of them have taken a step before anybody takes the next.
func (b *bench) walkThrough(ctx context.Context, c *crowded) error {
	web := &http.Transport{MaxIdleConnsPerHost: walkers}
	defer web.CloseIdleConnections()
	people, err := arrive(web, "http://"+c.server.addr, b.plan.walks)
	if err != nil {
		return err
	}
	for i, s := range steps {
		before := c.server.cpu()
		l := together(ctx, people, s.take)
		time.Sleep(pause)
		c.turns[i] = append(c.turns[i], result{load: l, cpu: c.server.cpu() - before})
		b.report.wrong(s.name+", "+c.name+" registrations", l)
		if l.wrong > 0 || ctx.Err() != nil {
			return errors.Join(l.first, ctx.Err()) // the next step would mean nothing
		}
	}
	c.walked += int64(len(people))
	return nil
}

// together lets everybody take one step, over as many connections as there are walkers.
func together(ctx context.Context, people []*walker, take func(*walker, context.Context) error) load {
	var next atomic.Int64
	var calls []func() (bool, error)
	for range walkers {
		calls = append(calls, func() (bool, error) {
			i := int(next.Add(1) - 1)
			if i >= len(people) {
				return false, nil
			}
			return true, take(people[i], ctx)
		})
	}
	return press(ctx, longest, calls)
}

// tellSteps tells the dearest step, and the one that costs most more with many registrations than with few.
func (b *bench) tellSteps(little, much *crowded) {
	var costs, growths []float64
	var each, grown []string
	for i, s := range steps {
		costs, growths = append(costs, middle(much.turns[i], result.cost)/1000), append(growths, median(ratios(much.turns[i], little.turns[i], result.cost)))
		each = append(each, fmt.Sprintf("%s %.2f (%.2f)", s.name, costs[i], middle(little.turns[i], result.cost)/1000))
		grown = append(grown, s.name+" "+number(growths[i]))
	}
	b.report.add(figure{
		What: "dearest page or step, server CPU", Value: slices.Max(costs), Unit: "ms", Goal: maxStep,
		Note: fmt.Sprintf("at %d registrations (at %d): %s", b.plan.many, few, strings.Join(each, ", ")),
	})
	b.report.add(figure{
		What: "the same, most growth with registrations", Value: slices.Max(growths), Unit: "×", Goal: maxGrowth,
		Note: fmt.Sprintf("%d against %d: %s", b.plan.many, few, strings.Join(grown, ", ")),
	})
}
