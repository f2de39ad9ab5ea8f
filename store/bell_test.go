package store

import (
	"testing"
	"time"
)

func TestARunnerIsWokenByItsOwnKindsOnly(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		mails, leave := s.due.listen([]string{"mail", "text"})
		defer leave()
		heard := func() bool {
			select {
			case <-mails:
				return true
			default:
				return false
			}
		}
		addJobs(t, s, Job{Kind: "look"}, Job{Kind: "mail", RunAt: s.Now().Add(time.Hour)})
		if heard() {
			t.Error("woken by another kind's job, or by one for later")
		}
		addJobs(t, s, Job{Kind: "mail"})
		addJobs(t, s, Job{Kind: "look"}, Job{Kind: "text"})
		if !heard() || heard() {
			t.Error("two rings that were not heard yet are one")
		}
		if err := s.FinishJob(t.Context(), one(t, s)); err != nil {
			t.Fatal(err)
		}
		if !heard() {
			t.Error("not woken by a job that is finished and may be open again")
		}
		leave()
		addJobs(t, s, Job{Kind: "mail"})
		if heard() || len(s.due.ears) != 0 {
			t.Error("still listening")
		}
	})
}
