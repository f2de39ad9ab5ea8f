package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"foyer/store"
)

// connections are the numbers of keep-alive connections at which posts are measured.
var connections = []int{64, 256}

// contest is the post that makes an order, against the bare floor.
type contest struct {
	*bench
	store   *store.Store
	people  []person
	drafts  []ready
	used    atomic.Int64 // drafts
	ordered int64        // posts that were answered with an order
	product *server
	floor   *server
	turns   map[turn][]result
	disk    []float64
}

// turn is one side at one number of connections.
type turn struct {
	floor bool
	conns int
}

// result is one turn's load, and what it cost the server.
type result struct {
	load
	cpu time.Duration
}

// cost is processor time per answer, in microseconds.
func (r result) cost() float64 { return float64(r.cpu.Microseconds()) / float64(max(len(r.times), 1)) }

// register measures the post that makes an order, on the real program with its real settings.
func (b *bench) register(ctx context.Context) (err error) {
	if err := b.apply(ctx, "web"); err != nil {
		return err
	}
	c := &contest{bench: b, turns: map[turn][]result{}}
	defer func() { err = errors.Join(err, c.end()) }()
	if err := c.begin(ctx); err != nil {
		return err
	}
	if err := c.warmUp(ctx); err != nil {
		return err
	}
	for round := range b.plan.rounds {
		if err := c.round(ctx, round); err != nil {
			return err
		}
	}
	c.tell()
	if err := c.end(); err != nil {
		return err
	}
	return b.inspect(ctx, "web", c.ordered)
}

func (c *contest) begin(ctx context.Context) (err error) {
	if c.product, err = c.serve(ctx, "web"); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if c.floor, err = startServer(ctx, c.logPath("floor"), nil, self, floorCommand); err != nil {
		return err
	}
	if c.store, err = c.open(ctx, "web"); err != nil {
		return err
	}
	c.people, err = meet(ctx, c.store, "http://"+c.product.addr, c.plan.people)
	return err
}

// end stops both servers and closes the store. A second call does nothing.
func (c *contest) end() error {
	err := errors.Join(c.product.stop(), c.floor.stop())
	if c.store != nil {
		err = errors.Join(err, c.store.Close())
	}
	return err
}

// warmUp runs both sides once without counting, and saves as many drafts as the rounds can use, so that nothing is saved between them.
func (c *contest) warmUp(ctx context.Context) error {
	var err error
	if c.drafts, err = prepare(ctx, c.store, c.people, 4000); err != nil {
		return err
	}
	var rate float64
	for _, conns := range connections {
		for _, floor := range []bool{true, false} {
			r, err := c.take(ctx, turn{floor, conns}, c.plan.span/3)
			if err != nil {
				return err
			}
			if !floor {
				rate = max(rate, r.rate())
			}
		}
	}
	need := 1.5 * rate * c.plan.span.Seconds() * float64(c.plan.rounds*len(connections))
	more, err := prepare(ctx, c.store, c.people, int(need)+1000)
	c.drafts = append(c.drafts, more...)
	return err
}

// round gives every side its turn at every number of connections; who begins changes from round to round.
func (c *contest) round(ctx context.Context, round int) error {
	flushes, err := diskFlushes(c.dir, c.plan.span/5)
	if err != nil {
		return err
	}
	c.disk = append(c.disk, flushes)
	for _, conns := range connections {
		for _, floor := range []bool{round%2 == 0, round%2 != 0} {
			t := turn{floor, conns}
			r, err := c.take(ctx, t, c.plan.span)
			if err != nil {
				return err
			}
			c.turns[t] = append(c.turns[t], r)
		}
	}
	return nil
}

// take lets one side answer for a while.
func (c *contest) take(ctx context.Context, t turn, span time.Duration) (result, error) {
	s := c.product
	if t.floor {
		s = c.floor
	}
	lines, closeAll, err := connect(ctx, s.addr, t.conns)
	if err != nil {
		return result{}, err
	}
	defer closeAll()
	calls := postDrafts(lines, requestHead(s.addr), c.people, func() (ready, bool) { return c.draft(t.floor) })
	before := s.cpu()
	r := result{load: press(ctx, span, calls)}
	r.cpu = s.cpu() - before
	if !t.floor {
		c.ordered += int64(len(r.times))
	}
	c.report.wrong(fmt.Sprintf("%d connections, floor: %t", t.conns, t.floor), r.load)
	return r, ctx.Err()
}

// draft gives the next draft that has not been posted. The floor keeps nothing, so any will do for it.
func (c *contest) draft(floor bool) (ready, bool) {
	if floor {
		return c.drafts[0], true
	}
	i := c.used.Add(1) - 1
	if i >= int64(len(c.drafts)) {
		return ready{}, false
	}
	return c.drafts[i], true
}
