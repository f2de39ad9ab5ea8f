package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

func TestACancelledEventGivesEverythingBackAndGoesOnAfterACrash(t *testing.T) {
	s := newSite(t)
	s.paid("student")
	s.paid("student")
	s.ordered(s.event(slug), registration.Person{Name: "홍길동", Email: "hong@example.org"}, registration.Cart{Category: "student"})
	b := s.staff(store.RoleAdmin, slug)
	path := "/admin/" + slug + "/clearing"
	b.post(path+"/confirm", url.Values{"reason": {"태풍"}}).want(http.StatusConflict) // it is not cancelled yet
	e := sampleEvent()
	e.State = registration.StateCancelled
	s.apply(e)
	b.submit(b.get(path).want(200), "main", url.Values{"reason": {""}}).want(http.StatusUnprocessableEntity)
	second := b.submit(b.get(path).want(200), "main", url.Values{"reason": {"태풍"}}).want(200)
	for range 2 { // a double click
		if to := b.submit(second, "main", nil).to(); to != path {
			t.Fatalf("it leads to %s", to)
		}
	}
	if n := s.count("clearing_orders"); n != 3 {
		t.Fatalf("%d orders are to be cancelled, want 3", n)
	}
	var crashed atomic.Int64
	do := func(ctx context.Context, j store.Job) error {
		if err := ClearJob(s.store, s.cashier)(ctx, j); err != nil {
			return err
		}
		if crashed.Add(1) < 3 {
			return errors.New("the process ended before the job did")
		}
		return nil
	}
	for range 8 {
		if _, err := s.store.RunDueJobs(t.Context(), map[string]store.JobFunc{store.JobClear: do}, store.RunOptions{}); err != nil {
			t.Fatal(err)
		}
		s.clock.Pass(60e9)
	}
	c, ok, err := s.store.Clearing(t.Context(), s.event(slug).ID)
	if err != nil || !ok || c.Done != 3 || c.Waiting+c.Failed != 0 || len(c.Trouble) != 0 {
		t.Errorf("it stands at %+v, %v", c, err)
	}
	var refunds, states int
	if err := s.store.Row(t.Context(), `SELECT COUNT(*) FROM refunds WHERE state = $1`, payments.RefundDone).Scan(&refunds); err != nil || refunds != 2 {
		t.Errorf("%d refunds are done, want one of each paid order: %v", refunds, err)
	}
	if err := s.store.Row(t.Context(), `SELECT COUNT(*) FROM orders WHERE state = 'cancelled'`).Scan(&states); err != nil || states != 3 {
		t.Errorf("%d orders are cancelled: %v", states, err)
	}
	b.get(path).want(200)
	s.staff(store.RoleOrganizer, slug).get(path).want(http.StatusNotFound)
	s.healthy()
}
