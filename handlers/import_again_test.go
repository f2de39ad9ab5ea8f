package handlers

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"foyer/store"
)

func TestAListThatWasStoppedFindsItsOwnOrderWhereItHasTheLastPlace(t *testing.T) {
	s := newSite(t)
	s.deskEvent()
	admin := s.staff(store.RoleAdmin, "")
	path := admin.send("/console/"+slug+"/import", "people.csv", "name,email,category\nA,a@example.org,few\nB,b@example.org,student\n", nil).to()
	admin.submit(admin.get(path).want(200), "main", url.Values{"lang": {"ko"}, "how": {"paid"}, "way": {"desk.bank_transfer"}, "reason": {"x"}}).to()
	ctx, stop := context.WithCancel(t.Context())
	seen := 0
	between := func() {
		if seen++; seen == 2 {
			for s.count("orders") == 0 {
				time.Sleep(time.Millisecond)
			}
			stop()
		}
	}
	job := func(_ context.Context, j store.Job) error {
		return importJob(s.store, s.cashier, s.clock.Now, between)(ctx, j)
	}
	if _, err := s.store.RunDueJobs(t.Context(), map[string]store.JobFunc{store.JobImport: job}, store.RunOptions{}); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if got := s.states(); got["pending"] == 0 || s.count("import_rows") != 0 {
		t.Fatalf("the list was not stopped halfway: %v", got)
	}
	s.clock.Pass(store.MaxTries * 60e9)
	s.imports(0)
	if got := s.states(); got["paid"] != 2 || len(got) != 1 {
		rows, err := s.store.RefusedRows(t.Context(), path[len(path)-36:], false, 10)
		t.Errorf("orders %v; refused %+v (%v)", got, rows, err)
	}
	s.healthy()
}
