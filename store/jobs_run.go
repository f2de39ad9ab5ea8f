package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// JobFunc does a job. nil: it is done. An error sends it back, later each time, until it is a dead letter after MaxTries;
// errors made by Later and Never change that. ctx ends with the job's lease.
type JobFunc func(ctx context.Context, j Job) error

// RunOptions tells how a runner works; a zero field means its default.
type RunOptions struct {
	Workers int           // jobs at the same time; 4
	Lease   time.Duration // longest time for one job; 2 minutes
	Poll    time.Duration // longest sleep, for jobs that other processes add; 1 second
	Grace   time.Duration // time that running jobs have to finish after the runner is told to stop; 20 seconds
	Keep    time.Duration // age at which done jobs are deleted; 14 days
	Newest  bool          // of those that are due, the one that came last is done first
}

func (o RunOptions) withDefaults() RunOptions {
	set := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	if o.Workers <= 0 {
		o.Workers = 4
	}
	set(&o.Lease, 2*time.Minute)
	set(&o.Poll, time.Second)
	set(&o.Grace, 20*time.Second)
	set(&o.Keep, 14*24*time.Hour)
	return o
}

// later asks for another try at a time of the job's own choice.
type later struct {
	at    time.Time
	cause error
}

func (e *later) Error() string { return e.cause.Error() }
func (e *later) Unwrap() error { return e.cause }

// Later makes a job's error that sends it back until at, instead of the usual back-off. MaxTries still counts.
func Later(at time.Time, cause error) error { return &later{at, cause} }

type never struct{ cause error }

func (e *never) Error() string { return e.cause.Error() }
func (e *never) Unwrap() error { return e.cause }

// Never makes a job's error that trying again cannot help: the job becomes a dead letter at once.
func Never(cause error) error { return &never{cause} }

// jobRunner is one RunJobs or RunDueJobs in progress.
type jobRunner struct {
	s     *Store
	do    map[string]JobFunc
	kinds []string
	opts  RunOptions
	slots chan struct{} // one element for each running job
	freed chan struct{} // a slot has become free
	jobs  sync.WaitGroup
}

func (s *Store) newRunner(do map[string]JobFunc, opts RunOptions) *jobRunner {
	opts = opts.withDefaults()
	return &jobRunner{s: s, do: do, kinds: slices.Sorted(maps.Keys(do)), opts: opts,
		slots: make(chan struct{}, opts.Workers), freed: make(chan struct{}, 1)}
}

// RunJobs does jobs of the kinds in do until ctx ends, and returns when those that were running have finished or their
// grace is over. It wakes at once for a job that this process has added, within Poll for others. Several runners, in one
// process or in many, share the work without doing a job twice.
func (s *Store) RunJobs(ctx context.Context, do map[string]JobFunc, opts RunOptions) error {
	if _, err := s.StartWorking(ctx); err != nil {
		return fmt.Errorf("run jobs: %w", err)
	}
	r := s.newRunner(do, opts)
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(r.opts.Grace, stop) })()
	added, leave := s.due.listen(r.kinds)
	defer leave()
	pruned := time.Time{}
	for ctx.Err() == nil {
		n, err := r.start(ctx, work)
		if err != nil && ctx.Err() == nil {
			s.cfg.Log.Error("cannot claim jobs", "err", err)
		}
		if now := s.Now(); now.Sub(pruned) > time.Hour {
			pruned = now
			r.prune(ctx)
		}
		if n == 0 {
			r.sleep(ctx, added)
		}
	}
	r.jobs.Wait()
	return nil
}

// RunDueJobs does the jobs that are due now, and those that they add for now, and returns how many it has tried.
func (s *Store) RunDueJobs(ctx context.Context, do map[string]JobFunc, opts RunOptions) (int, error) {
	if _, err := s.StartWorking(ctx); err != nil {
		return 0, fmt.Errorf("run jobs: %w", err)
	}
	r := s.newRunner(do, opts)
	total := 0
	for {
		n, err := r.start(ctx, ctx)
		r.jobs.Wait()
		total += n
		if n == 0 || err != nil {
			return total, err
		}
	}
}

// start claims as many jobs as there are free slots and starts them.
func (r *jobRunner) start(ctx, work context.Context) (int, error) {
	jobs, err := r.s.ClaimJobs(ctx, r.kinds, cap(r.slots)-len(r.slots), r.opts.Lease, r.opts.Newest)
	for _, j := range jobs {
		r.slots <- struct{}{}
		r.jobs.Go(func() {
			r.one(work, j)
			<-r.slots
			select {
			case r.freed <- struct{}{}:
			default:
			}
		})
	}
	return len(jobs), err
}

// sleep waits for something to do: a new job, the next one's time, a free slot; or for the end.
func (r *jobRunner) sleep(ctx context.Context, added <-chan struct{}) {
	wait := r.opts.Poll
	if len(r.slots) == cap(r.slots) {
		added = nil // nobody could take it
	} else if next, err := r.s.nextJobs(ctx, r.kinds); err == nil && len(next) > 0 {
		wait = min(wait, max(next[0].at.Sub(r.s.Now()), 5*time.Millisecond))
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-added:
	case <-r.freed:
	case <-timer.C:
	}
}

// one does one job and keeps how it went.
func (r *jobRunner) one(work context.Context, j Job) {
	ctx, cancel := context.WithTimeout(work, r.opts.Lease)
	defer cancel()
	err := r.call(ctx, j)
	keep := r.settle(context.WithoutCancel(ctx), work, j, err)
	log := r.s.cfg.Log.With("kind", j.Kind, "job", j.ID, "tries", j.Tries)
	if err != nil {
		log.Warn("job did not succeed", "err", err)
	}
	if errors.Is(keep, ErrLeaseLost) {
		log.Debug("job was settled elsewhere")
	} else if keep != nil {
		log.Error("cannot settle job, it will run again", "err", keep)
	}
}

func (r *jobRunner) settle(ctx, work context.Context, j Job, err error) error {
	now := r.s.Now()
	if err == nil {
		return r.s.FinishJob(ctx, j)
	}
	if work.Err() != nil {
		return r.s.RetryJob(ctx, j, now, err) // stopped, not failed: the next process may have it at once
	}
	if _, ok := errors.AsType[*never](err); ok {
		return r.s.BuryJob(ctx, j, err)
	}
	if l, ok := errors.AsType[*later](err); ok {
		return r.s.RetryJob(ctx, j, l.at, err)
	}
	return r.s.RetryJob(ctx, j, now.Add(backOff(j.Tries)), err)
}

// call does the job; a panic is an error like any other.
func (r *jobRunner) call(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.s.cfg.Log.Error("job panicked", "kind", j.Kind, "job", j.ID, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return r.do[j.Kind](ctx, j)
}

// backOff doubles from two seconds to four hours, a quarter more or less, so that twenty tries take more than a day.
func backOff(tries int) time.Duration {
	d := min(2*time.Second<<min(max(tries-1, 0), 20), 4*time.Hour)
	return d*3/4 + rand.N(d/2)
}

func (r *jobRunner) prune(ctx context.Context) {
	if _, err := r.s.PruneJobs(ctx, r.s.Now().Add(-r.opts.Keep)); err != nil && ctx.Err() == nil {
		r.s.cfg.Log.Error("cannot delete old jobs", "err", err)
	}
}
