package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// forgedRate is how many forged webhooks arrive in a second, minBesideForged how much of their rate registrations must keep.
const (
	forgedRate      = 1000
	forgers         = 64
	minBesideForged = 0.7
)

// forgedWebhooks measures the post that makes an order while somebody sends webhooks with signatures that are wrong.
func (b *bench) forgedWebhooks(ctx context.Context) (err error) {
	t := &trouble{bench: b}
	defer func() { err = errors.Join(err, t.end()) }()
	if err := t.begin(ctx); err != nil {
		return err
	}
	drafts, err := prepare(ctx, t.store, t.people, 4000)
	if err != nil {
		return err
	}
	var used atomic.Int64
	take := func(span time.Duration) (load, error) {
		lines, closeAll, err := connect(ctx, t.product.addr, connections[0])
		if err != nil {
			return load{}, err
		}
		defer closeAll()
		l := press(ctx, span, postDrafts(lines, requestHead(t.product.addr), t.people, func() (ready, bool) {
			i := used.Add(1) - 1
			if i >= int64(len(drafts)) {
				return ready{}, false
			}
			return drafts[i], true
		}))
		b.report.wrong("registering beside forged webhooks", l)
		return l, ctx.Err()
	}
	warm, err := take(b.plan.span / 3)
	if err != nil {
		return err
	}
	more, err := prepare(ctx, t.store, t.people, int(6*warm.rate()*b.plan.span.Seconds()*float64(b.plan.rounds))+1000)
	if err != nil {
		return err
	}
	drafts = append(drafts, more...)
	var ratios, sent []float64
	for round := range b.plan.rounds {
		rates := map[bool]float64{}
		for _, forged := range []bool{round%2 != 0, round%2 == 0} {
			stop := func() (float64, error) { return 0, nil }
			if forged {
				if stop, err = t.forge(ctx); err != nil {
					return err
				}
			}
			l, err := take(b.plan.span)
			rate, err2 := stop()
			if err := errors.Join(err, err2); err != nil {
				return err
			}
			if rates[forged] = l.rate(); forged {
				sent = append(sent, rate)
			}
		}
		if rates[true] == 0 || rates[false] == 0 {
			return errors.New("no drafts were left to register with")
		}
		ratios = append(ratios, rates[true]/rates[false])
	}
	b.report.add(figure{
		What: "register beside forged webhooks, part of quiet", Value: median(ratios), Goal: minBesideForged, Least: true,
		Note: fmt.Sprintf("%s; %.0f forged webhooks/s refused", spread(ratios), median(sent)),
	})
	return b.doctor(ctx, t.store, "trouble")
}

// forge sends forged webhooks at forgedRate until what it gives is called, which tells how many a second were refused.
func (t *trouble) forge(ctx context.Context) (stop func() (rate float64, err error), err error) {
	lines, closeAll, err := connect(ctx, t.product.addr, forgers)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	request := forgedRequest(t.product.addr)
	var refused atomic.Int64
	failed := make([]error, forgers)
	var wg sync.WaitGroup
	start := time.Now()
	for i, l := range lines {
		wg.Go(func() {
			const every = time.Second * forgers / forgedRate
			for n := time.Duration(0); ctx.Err() == nil; n++ {
				time.Sleep(time.Until(start.Add(n*every + time.Duration(i)*every/forgers))) // late ones are made up for
				if failed[i] = l.refused(request); failed[i] != nil {
					return
				}
				refused.Add(1)
			}
		})
	}
	return func() (float64, error) {
		cancel()
		wg.Wait()
		closeAll()
		return float64(refused.Load()) / time.Since(start).Seconds(), errors.Join(failed...)
	}, nil
}

// forgedRequest is a webhook as the gateway would send it, with a signature that anybody could have made.
func forgedRequest(addr string) []byte {
	body := `{"id": "evt_forged", "object": "event", "type": "checkout.session.completed", "data": {"object": {"id": "cs_test_forged", "note": "` +
		strings.Repeat("x", 1000) + `"}}}`
	return []byte(strings.Join([]string{
		"POST /webhooks/" + slug + "/signed HTTP/1.1", "Host: " + addr, "Content-Type: application/json",
		fmt.Sprintf("Stripe-Signature: t=%d,v1=%s", time.Now().Unix(), strings.Repeat("0123456789abcdef", 4)),
		fmt.Sprintf("Content-Length: %d", len(body)), "", body,
	}, "\r\n"))
}

// refused sends a request whose answer must be 401.
func (l *line) refused(request []byte) error {
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := l.conn.Write(request); err != nil {
		return err
	}
	status, _, err := l.read()
	if err == nil && status != 401 {
		err = fmt.Errorf("a forged webhook is answered with %d", status)
	}
	return err
}
