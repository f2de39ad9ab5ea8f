package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
)

// fillers write orders at the same time while a database is filled: as many as the store's writer takes into one commit.
const fillers = 256

// fill makes a database with n registrations in it, each an order of its own with all its rows, as the last step makes them.
func (b *bench) fill(ctx context.Context, name string, n int64) (err error) {
	if err := b.apply(ctx, name); err != nil {
		return err
	}
	w := &writer{name: name}
	if w.store, err = b.open(ctx, name); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.store.Close()) }()
	if w.event, err = w.store.Event(ctx, slug); err != nil {
		return err
	}
	var begun atomic.Int64
	var calls []func() (bool, error)
	for range fillers {
		calls = append(calls, func() (bool, error) {
			if begun.Add(1) > n {
				return false, nil
			}
			return true, w.place(ctx)
		})
	}
	l := press(ctx, longest, calls)
	if l.wrong > 0 || int64(len(l.times)) != n {
		return errors.Join(fmt.Errorf("fill: %d of %d registrations are written", len(l.times), n), l.first, ctx.Err())
	}
	return nil
}
