package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// attendees are so many people who wait for the late gateway, lateness is when it answers; returning are those who come back meanwhile
// from the other one, enough for a 99th percentile of more than the two slowest.
const (
	attendees = 200
	returning = 500
	lateness  = 30 * time.Second
	newsEvery = 5 * time.Second // as the page's script does it after its first seconds
)

// gate holds requests up while it is shut, each for lateness at most.
type gate struct {
	next    http.Handler
	mu      sync.Mutex
	opened  chan struct{} // closed while the gate is open
	waiting atomic.Int64
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.opened == nil {
		g.opened = make(chan struct{})
	}
	select {
	case <-g.opened:
	default:
		close(g.opened)
	}
}

func (g *gate) shut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.opened = make(chan struct{})
}

// ServeHTTP passes a request on when the gate is open, or when it has waited long enough.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	opened := g.opened
	g.mu.Unlock()
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	select {
	case <-opened:
	case <-time.After(lateness):
	case <-r.Context().Done():
		return
	}
	g.next.ServeHTTP(w, r)
}

// lateGateway measures pages, and payments at another gateway, while one gateway keeps attendees waiting.
func (b *bench) lateGateway(ctx context.Context) (err error) {
	t := &trouble{bench: b}
	defer func() { err = errors.Join(err, t.end()) }()
	if err := t.begin(ctx); err != nil {
		return err
	}
	var pages, returns contrast
	for round := range min(b.plan.rounds, 3) {
		if err := t.lateRound(ctx, round, &pages, &returns); err != nil {
			return err
		}
	}
	if err := t.settled(ctx); err != nil {
		return err
	}
	note := fmt.Sprintf("%d attendees in a gateway that answers after %.0f s", attendees, lateness.Seconds())
	pages.tell(&b.report, "pages, p99 beside a late gateway × quiet", note)
	returns.tell(&b.report, "payments at another gateway, p99 beside it × quiet", "from the return to its answer")
	return b.doctor(ctx, t.store, "trouble")
}

// contrast is what was measured in quiet and in trouble, round by round, in milliseconds.
type contrast struct{ quiet, trouble []float64 }

// maxSlowdown is how much slower the others may become beside a late gateway.
const maxSlowdown = 1.5

func (c *contrast) tell(r *report, what, note string) {
	quiet, trouble := median(c.quiet), median(c.trouble)
	r.add(figure{
		What: what, Value: trouble / quiet, Unit: "×", Goal: maxSlowdown,
		Note: fmt.Sprintf("%s; p99 %s ms, quiet %s ms", note, number(trouble), number(quiet)),
	})
}

// lateRound measures once in quiet and once in trouble; which comes first changes from round to round.
func (t *trouble) lateRound(ctx context.Context, round int, pages, returns *contrast) error {
	late, err := t.payers(ctx, "late", attendees)
	if err != nil {
		return err
	}
	for _, quiet := range []bool{round%2 == 0, round%2 != 0} {
		back, err := t.payers(ctx, "quick", returning)
		if err != nil {
			return err
		}
		calm := func() error { return nil }
		if !quiet {
			calm = t.crowd(ctx, late)
		}
		page, paid := t.others(ctx, back)
		if err := calm(); err != nil {
			return err
		}
		ms := func(l load) float64 { return float64(l.quantile(.99).Microseconds()) / 1000 }
		if quiet {
			pages.quiet, returns.quiet = append(pages.quiet, ms(page)), append(returns.quiet, ms(paid))
		} else {
			pages.trouble, returns.trouble = append(pages.trouble, ms(page)), append(returns.trouble, ms(paid))
		}
	}
	return ctx.Err()
}

// crowd shuts the gate and sends the attendees back from the late gateway. It returns when all of them stand before the page that says that
// their payment is being confirmed; it asks for news every five seconds. What it gives opens the gate, and waits until all have left.
func (t *trouble) crowd(ctx context.Context, late []payer) (calm func() error) {
	t.gate.shut()
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	var inside atomic.Int64
	for _, p := range late {
		wg.Go(func() {
			if _, err := t.fetch(ctx, http.MethodGet, p.back, "", http.StatusSeeOther); err != nil {
				return // counted as not inside
			}
			inside.Add(1)
			wait := time.Duration(rand.Int64N(int64(newsEvery))) // all came at once, which people do not: they ask in turn
			for {
				select {
				case <-ctx.Done():
					return
				case <-time.After(wait):
				}
				wait = newsEvery
				_, _ = t.fetch(ctx, http.MethodGet, p.order+"/status", "", http.StatusOK)
			}
		})
	}
	for limit := time.Now().Add(patience); inside.Load() < int64(len(late)) && time.Now().Before(limit); {
		time.Sleep(10 * time.Millisecond)
	}
	return func() error {
		kept := t.gate.waiting.Load()
		t.gate.open()
		stop()
		wg.Wait()
		if n := inside.Load(); n < int64(len(late)) || kept == 0 {
			return fmt.Errorf("only %d of %d are before a gateway that keeps %d waiting", n, len(late), kept)
		}
		return nil
	}
}

// others lets some people read the event's page, and others come back from the quick gateway. Nobody is in a hurry: what is measured is
// how long an answer takes, not how many there can be.
func (t *trouble) others(ctx context.Context, back []payer) (pages, returns load) {
	var next atomic.Int64
	var wg sync.WaitGroup
	wg.Go(func() {
		pages = t.leisurely(ctx, func() (bool, error) {
			_, err := t.fetch(ctx, http.MethodGet, "http://"+t.product.addr+"/e/"+slug, "", http.StatusOK)
			return true, err
		})
	})
	wg.Go(func() {
		returns = t.leisurely(ctx, func() (bool, error) {
			i := next.Add(1) - 1
			if i >= int64(len(back)) {
				return false, nil
			}
			_, err := t.fetch(ctx, http.MethodGet, back[i].back, "", http.StatusSeeOther)
			return true, err
		})
	})
	wg.Wait()
	t.report.wrong("pages beside a late gateway", pages)
	t.report.wrong("returns beside a late gateway", returns)
	return pages, returns
}

// leisurely has a call made by a few people who rest between one and the next; only the calls are timed.
func (t *trouble) leisurely(ctx context.Context, call func() (more bool, err error)) load {
	const people, rest = 4, 20 * time.Millisecond
	var calls []func() (bool, error)
	var mu sync.Mutex
	var times []time.Duration
	for range people {
		calls = append(calls, func() (bool, error) {
			time.Sleep(rest)
			start := time.Now()
			more, err := call()
			if took := time.Since(start); more && err == nil {
				mu.Lock()
				times = append(times, took)
				mu.Unlock()
			}
			return more, err
		})
	}
	l := press(ctx, 2*t.plan.span, calls)
	l.times = slices.Sorted(slices.Values(times))
	return l
}

// settled waits until every payment that came back has its end.
func (t *trouble) settled(ctx context.Context) error {
	for limit := time.Now().Add(2 * patience); time.Now().Before(limit); time.Sleep(50 * time.Millisecond) {
		var n int64
		if err := t.store.Row(ctx, `SELECT COUNT(*) FROM payments WHERE state = 'confirming'`).Scan(&n); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
	}
	t.report.Broken = append(t.report.Broken, "trouble: payments are still being confirmed long after the gateway answered")
	return nil
}

// fetch asks once and gives where the answer leads, or its body.
func (t *trouble) fetch(ctx context.Context, method, address, form string, want int, header ...string) (string, error) {
	return fetch(ctx, t.client, method, address, form, want, header...)
}

// fetch is that for any client that follows no redirect.
func fetch(ctx context.Context, client *http.Client, method, address, form string, want int, header ...string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form))
	if err != nil {
		return "", err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := client.Do(r)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return "", err
	}
	if res.StatusCode != want {
		return "", fmt.Errorf("%s %s answers %d", method, res.Request.URL.Path, res.StatusCode)
	}
	if want == http.StatusSeeOther {
		to, err := res.Location()
		if err != nil {
			return "", err
		}
		return to.String(), nil
	}
	return string(body), nil
}
