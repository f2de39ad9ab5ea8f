package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"foyer/handlers"
	"foyer/payments"
	"foyer/store"
)

const (
	expireEvery = 400 * time.Millisecond // so that places are back within 2 s of a hold's end
	offerEvery  = time.Second            // so that who waits hears of a place at once
	lineEvery   = time.Minute            // also without a change: a price may have come on sale
	callsEvery  = 5 * time.Second
	pruneEvery  = time.Hour
	jobGrace    = 10 * time.Second // running jobs have so long when the program stops
)

// work is what goes on behind the pages: settling, refunds, holds, jobs, and forgetting what is over.
type work struct {
	cancel context.CancelFunc
	tasks  sync.WaitGroup
}

// startWork begins the work of a server. Leases of a process that has ended are ended first.
func startWork(ctx context.Context, h *house) (*work, error) {
	if err := takeOver(ctx, h.store, h.cashier); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	w, log := &work{cancel: cancel}, h.cfg.log
	w.tasks.Go(func() {
		if _, err := h.cashier.Reconcile(ctx, true); err != nil && ctx.Err() == nil {
			log.Error("reconcile at start", "error", err)
		}
		h.cashier.Run(ctx)
	})
	w.runJobs(ctx, h)
	w.repeat(ctx, expireEvery, log, "expire holds", func() error {
		_, err := h.store.ExpireHolds(ctx)
		return err
	})
	w.repeat(ctx, offerEvery, log, "offer places", func() error {
		_, released := h.store.ReleaseKept(ctx)
		_, offered := h.store.OfferPlaces(ctx, false)
		return errors.Join(released, offered)
	})
	w.repeat(ctx, lineEvery, log, "look at every waiting list", func() error {
		_, err := h.store.OfferPlaces(ctx, true)
		return err
	})
	w.repeat(ctx, callsEvery, log, "write how calls ended", func() error { return h.store.FlushCalls(ctx) })
	w.repeat(ctx, pruneEvery, log, "forget what is over", func() error { return prune(ctx, h.store) })
	return w, nil
}

// mailsAtOnce is how many mails are sent side by side.
const mailsAtOnce = 4

// runJobs does jobs with a runner for each kind, so that no kind waits behind another. Mails have a second one that takes the newest:
// somebody who has just paid does not wait for the ten thousand mails of a list.
func (w *work) runJobs(ctx context.Context, h *house) {
	run := func(kind string, do store.JobFunc, opts store.RunOptions) {
		opts.Grace = jobGrace
		w.tasks.Go(func() {
			if err := h.store.RunJobs(ctx, map[string]store.JobFunc{kind: do}, opts); err != nil {
				h.cfg.log.Error("jobs stopped", "kind", kind, "error", err)
			}
		})
	}
	for kind, do := range jobs(h.cashier, h.mailer) {
		switch kind {
		case store.JobMail:
			run(kind, do, store.RunOptions{Workers: mailsAtOnce - 1})
			run(kind, do, store.RunOptions{Workers: 1, Newest: true})
		case store.JobImport:
			run(kind, do, store.RunOptions{Workers: 1}) // a list makes many rows side by side itself
		default:
			run(kind, do, store.RunOptions{})
		}
	}
}

// takeOver ends the leases of an earlier process, when no other process is working now.
func takeOver(ctx context.Context, s *store.Store, c *payments.Cashier) error {
	sole, err := s.StartWorking(ctx)
	if err == nil && sole {
		err = s.EndLeases(ctx, c.Owner)
	}
	if err != nil {
		return fmt.Errorf("foyer: begin to work: %w", err)
	}
	return nil
}

// repeat does a task now and then every so often, until ctx ends. A failure is logged once until the task works again.
func (w *work) repeat(ctx context.Context, every time.Duration, log *slog.Logger, what string, task func() error) {
	w.tasks.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		failed := false
		for {
			err := task()
			if err != nil && !failed && ctx.Err() == nil {
				log.Error(what, "error", err)
			}
			failed = err != nil
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
}

// stop ends the work and waits for it, no longer than ctx.
func (w *work) stop(ctx context.Context) error {
	if w == nil {
		return nil
	}
	w.cancel()
	done := make(chan struct{})
	go func() { w.tasks.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for background work: %w", ctx.Err())
	}
}

// jobs says how each kind of job is done. Without a way to send mails they stay in the table.
func jobs(c *payments.Cashier, m *mailer) map[string]store.JobFunc {
	do := map[string]store.JobFunc{store.JobLook: handlers.LookJob(c), store.JobTold: handlers.ToldJob(c), store.JobClear: handlers.ClearJob(m.store, c), store.JobImport: handlers.ImportJob(m.store, c, m.store.Now)}
	if m.sender != nil {
		do[store.JobMail] = m.deliver
	}
	if m.texts != nil {
		do[store.JobText] = codeJob(m.store, m.texts)
	}
	return do
}

// prune deletes drafts, sessions, webhook bodies and evidence that are over, a batch at a time.
func prune(ctx context.Context, s *store.Store) error {
	for _, some := range []func(context.Context) (int64, error){s.PruneDrafts, s.PruneSessions, s.PruneWebhooks, s.PruneEvidence, s.PrunePhoneCodes} {
		for n := int64(1); n > 0 && ctx.Err() == nil; {
			var err error
			if n, err = some(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
