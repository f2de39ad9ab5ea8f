package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a clock that tests move by hand.
type clock struct{ ms atomic.Int64 }

func handClock(s *Store) *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC).UnixMilli())
	s.cfg.Now = func() time.Time { return time.UnixMilli(c.ms.Load()) }
	return c
}

func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func addJobs(tb testing.TB, s *Store, jobs ...Job) {
	tb.Helper()
	mustWrite(tb, s, Locks{}, func(tx *Tx) error {
		for _, j := range jobs {
			if err := tx.AddJob(j); err != nil {
				return err
			}
		}
		return nil
	})
}

func claim(tb testing.TB, s *Store, n int) []Job {
	tb.Helper()
	jobs, err := s.ClaimJobs(context.Background(), []string{"mail"}, n, time.Minute, false)
	if err != nil {
		tb.Fatal(err)
	}
	return jobs
}

func one(tb testing.TB, s *Store) Job {
	tb.Helper()
	jobs := claim(tb, s, 10)
	if len(jobs) != 1 {
		tb.Fatalf("claimed %d jobs, want 1", len(jobs))
	}
	return jobs[0]
}

func TestJobExistsOnlyIfItsWriteCommits(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		errRefused := errors.New("refused")
		err := s.Write(t.Context(), Locks{}, func(tx *Tx) error {
			return errors.Join(tx.AddJob(Job{Kind: "mail"}), errRefused)
		})
		if !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
		addJobs(t, s, Job{Kind: "mail", Payload: []byte("한글")}, Job{Kind: "other"}, Job{Kind: "mail", RunAt: s.Now().Add(time.Hour)})
		if j := one(t, s); string(j.Payload) != "한글" || j.Tries != 1 || j.ID == "" {
			t.Errorf("job = %+v", j)
		}
	})
}

func TestEachJobIsClaimedOnceByManyWorkers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		stores := []*Store{s, reopen(t, s.cfg.URL)}
		for range 51 {
			addJobs(t, s, Job{Kind: "mail"})
		}
		var mu sync.Mutex
		seen := map[string]int{}
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for {
					jobs := claim(t, stores[w%2], 3)
					if len(jobs) > 3 {
						t.Errorf("claimed %d jobs, asked for 3", len(jobs))
					}
					if len(jobs) == 0 && number(t, s, `SELECT COUNT(*) FROM jobs WHERE lease = ''`) == 0 {
						return
					}
					mu.Lock()
					for _, j := range jobs {
						seen[j.ID]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		for id, n := range seen {
			if n != 1 {
				t.Errorf("job %s was claimed %d times", id, n)
			}
		}
		if len(seen) != 51 {
			t.Errorf("%d jobs were claimed, want 51", len(seen))
		}
	})
}

func TestLeaseThatEndsGivesTheJobToAnother(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		c := handClock(s)
		addJobs(t, s, Job{Kind: "mail"})
		first := one(t, s)
		c.advance(59 * time.Second)
		if jobs := claim(t, s, 1); len(jobs) != 0 {
			t.Fatal("a leased job was claimed again")
		}
		c.advance(time.Second)
		second := one(t, s)
		if second.Tries != 2 {
			t.Errorf("tries = %d, want 2", second.Tries)
		}
		if err := s.FinishJob(t.Context(), first); !errors.Is(err, ErrLeaseLost) {
			t.Errorf("finish by the first = %v, want ErrLeaseLost", err)
		}
		if err := s.FinishJob(t.Context(), second); err != nil {
			t.Error(err)
		}
		c.advance(time.Hour)
		if jobs := claim(t, s, 1); len(jobs) != 0 {
			t.Error("a done job was claimed")
		}
	})
}

func TestSameKeyIsOneJobPulledForward(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		c := handClock(s)
		at := func(d time.Duration, payload string) Job {
			return Job{Kind: "mail", Key: "k", RunAt: s.Now().Add(d), Payload: []byte(payload)}
		}
		addJobs(t, s, at(time.Hour, "1"), at(2*time.Hour, "2"), Job{Kind: "other", Key: "k"}, at(time.Minute, "3"))
		if n := number(t, s, `SELECT COUNT(*) FROM jobs WHERE kind = 'mail'`); n != 1 {
			t.Fatalf("%d jobs, want 1", n)
		}
		c.advance(time.Minute)
		j := one(t, s)
		if string(j.Payload) != "3" {
			t.Errorf("payload = %s, want the newest", j.Payload)
		}
		// Asked for while it is being worked on: once more, at the earlier of the two times.
		addJobs(t, s, at(10*time.Minute, "4"), at(5*time.Minute, "5"), at(time.Hour, "6"))
		if err := s.FinishJob(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		c.advance(5*time.Minute - time.Millisecond)
		if len(claim(t, s, 1)) != 0 {
			t.Error("the job came back too early")
		}
		c.advance(time.Millisecond)
		j = one(t, s)
		if j.Tries != 1 {
			t.Errorf("tries = %d, want to begin anew", j.Tries)
		}
		if err := s.FinishJob(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		addJobs(t, s, at(0, "7"))
		if string(one(t, s).Payload) != "7" {
			t.Error("a key is taken by a job that is done")
		}
	})
}

func TestJobThatNeverSucceedsBecomesADeadLetter(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		handClock(s)
		addJobs(t, s, Job{Kind: "mail", Key: "k"})
		cause := errors.New("no route\x00 \xff")
		for range MaxTries {
			if err := s.RetryJob(t.Context(), one(t, s), s.Now(), cause); err != nil {
				t.Fatal(err)
			}
		}
		dead, err := s.DeadJobs(t.Context(), 10)
		if err != nil || len(dead) != 1 || dead[0].Tries != MaxTries || dead[0].LastError != "no route ?" {
			t.Errorf("dead letters = %+v, %v", dead, err)
		}
	})
}

func TestJobsAreNeglectedOnlyWhileNobodyDoesAnyOfTheirKind(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		clock := handClock(s)
		addJobs(t, s, Job{Kind: "mail"}, Job{Kind: "mail"}, Job{Kind: "look", RunAt: s.Now().Add(time.Hour)})
		neglected := func(want ...string) {
			t.Helper()
			got, err := s.NeglectedJobs(t.Context(), 15*time.Minute, []string{"look", "mail", "text"})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("neglected are %q, %v; want %q", got, err, want)
			}
		}
		neglected()
		clock.advance(15 * time.Minute)
		neglected("mail")
		j := claim(t, s, 1)[0]
		neglected() // one is done, the other waits behind it
		clock.advance(2 * time.Minute)
		neglected("mail") // the claim is over
		if err := s.FinishJob(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		neglected("mail")
		if err := s.FinishJob(t.Context(), claim(t, s, 1)[0]); err != nil {
			t.Fatal(err)
		}
		neglected()
		clock.advance(2 * time.Hour)
		neglected("look")
	})
}

func TestTheNewestJobIsDoneFirstWhereThatIsWanted(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		clock := handClock(s)
		for _, what := range []string{"a", "b", "c", "d"} {
			addJobs(t, s, Job{Kind: "mail", Payload: []byte(what)})
			clock.advance(time.Second)
		}
		addJobs(t, s, Job{Kind: "mail", Payload: []byte("tomorrow"), RunAt: s.Now().Add(24 * time.Hour)})
		for _, step := range []struct {
			newest bool
			want   string
		}{{true, "d"}, {false, "a"}, {true, "c"}, {true, "b"}, {true, ""}} {
			jobs, err := s.ClaimJobs(t.Context(), []string{"mail"}, 1, time.Minute, step.newest)
			if err != nil {
				t.Fatal(err)
			}
			var got string
			for _, j := range jobs {
				got += string(j.Payload)
			}
			if got != step.want {
				t.Errorf("claimed %q with newest %v, want %q", got, step.newest, step.want)
			}
		}
	})
}

func TestPruneDeletesOnlyWhatIsDone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		c := handClock(s)
		addJobs(t, s, Job{Kind: "mail"}, Job{Kind: "mail"}, Job{Kind: "mail"})
		jobs := claim(t, s, 2)
		if err := errors.Join(s.FinishJob(t.Context(), jobs[0]), s.BuryJob(t.Context(), jobs[1], errors.New("bad"))); err != nil {
			t.Fatal(err)
		}
		c.advance(time.Hour)
		n, err := s.PruneJobs(t.Context(), s.Now())
		if left := number(t, s, `SELECT COUNT(*) FROM jobs`); err != nil || n != 1 || left != 2 {
			t.Errorf("pruned %d, left %d, %v; want 1 and 2", n, left, err)
		}
	})
}

func TestLeasesOfAnEarlierProcessEndAtStart(t *testing.T) {
	url := sqliteURL(t)
	s := openTest(t, url)
	if sole, err := s.StartWorking(t.Context()); !sole || err != nil {
		t.Fatalf("StartWorking = %v, %v", sole, err)
	}
	addJobs(t, s, Job{Kind: "mail"})
	one(t, s)
	beside := reopen(t, url)
	if sole, err := beside.StartWorking(t.Context()); sole || err != nil {
		t.Errorf("StartWorking beside a living worker = %v, %v", sole, err)
	}
	if len(claim(t, beside, 1)) != 0 {
		t.Error("the lease of a living process was ended")
	}
	if err := errors.Join(s.Close(), beside.Close()); err != nil {
		t.Fatal(err)
	}
	later := reopen(t, url)
	if len(claim(t, later, 1)) != 0 {
		t.Error("opening alone has ended a lease")
	}
	if sole, err := later.StartWorking(t.Context()); !sole || err != nil {
		t.Errorf("StartWorking after the others = %v, %v", sole, err)
	}
	if one(t, later).Tries != 2 {
		t.Error("the job was not tried before")
	}
}
