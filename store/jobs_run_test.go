package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestRunnerDoesWhatComesAndStops(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan string, 10)
		ended := make(chan error, 1)
		go func() {
			ended <- s.RunJobs(ctx, map[string]JobFunc{"mail": func(ctx context.Context, j Job) error {
				switch string(j.Payload) {
				case "panic":
					if j.Tries == 1 {
						done <- "panicked"
						panic("boom")
					}
				case "later":
					if j.Tries == 1 {
						done <- "later"
						return Later(s.Now().Add(10*time.Millisecond), errors.New("not yet"))
					}
				case "never":
					done <- "never"
					return fmt.Errorf("wrapped: %w", Never(errors.New("no such address")))
				}
				done <- string(j.Payload)
				return nil
			}}, RunOptions{Poll: time.Hour}) // only waking and the next job's time help
		}()
		for _, step := range []struct{ payload, want string }{
			{"a", "a"}, {"later", "later"}, {"", "later"}, {"never", "never"}, {"b", "b"}, {"panic", "panicked"},
		} {
			if step.payload != "" {
				addJobs(t, s, Job{Kind: "mail", Payload: []byte(step.payload)})
			}
			select {
			case got := <-done:
				if got != step.want {
					t.Errorf("did %q, want %q", got, step.want)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("%q was not done", step.want)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := number(t, s, `SELECT COUNT(*) FROM jobs WHERE state <> 'done'`); n != 2 {
			t.Errorf("%d jobs are not done, want the panicked one, which is open, and a dead one", n)
		}
	})
}

func TestStoppedRunnerLetsItsJobFinish(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	ctx, stop := context.WithCancel(t.Context())
	began, gate := make(chan struct{}), make(chan struct{})
	addJobs(t, s, Job{Kind: "mail"})
	ended := make(chan error, 1)
	go func() {
		ended <- s.RunJobs(ctx, map[string]JobFunc{"mail": func(ctx context.Context, _ Job) error {
			close(began)
			<-gate
			return ctx.Err()
		}}, RunOptions{})
	}()
	<-began
	stop()
	close(gate)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := number(t, s, `SELECT COUNT(*) FROM jobs WHERE state = 'done'`); n != 1 {
		t.Error("the running job was not finished")
	}
}

func TestRunDueJobsFollowsChains(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		addJobs(t, s, Job{Kind: "count", Payload: []byte("x")}, Job{Kind: "count", RunAt: s.Now().Add(time.Hour)})
		n, err := s.RunDueJobs(t.Context(), map[string]JobFunc{"count": func(ctx context.Context, j Job) error {
			return s.Write(ctx, Locks{}, func(tx *Tx) error {
				if len(j.Payload) < 3 {
					if err := tx.AddJob(Job{Kind: "count", Payload: append(j.Payload, 'x')}); err != nil {
						return err
					}
				}
				return tx.FinishJob(j) // together with its effect
			})
		}}, RunOptions{})
		if n != 3 || err != nil {
			t.Errorf("did %d jobs, %v; want 3", n, err)
		}
	})
}

func TestBackOffTakesMoreThanADay(t *testing.T) {
	var sum time.Duration
	for tries := 1; tries < MaxTries; tries++ {
		d := backOff(tries)
		if d < time.Second || d > 5*time.Hour {
			t.Errorf("back-off after %d tries = %v", tries, d)
		}
		sum += d
	}
	if sum < 24*time.Hour || sum > 72*time.Hour {
		t.Errorf("all tries take %v", sum)
	}
}
