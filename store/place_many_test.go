package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"foyer/registration"
)

// rush is a store with an event of one quota.
func rush(t *testing.T, places int64) (*Store, *registration.Event) {
	t.Helper()
	s := reopen(t, sqliteURL(t))
	err := s.Apply(t.Context(), Applied{Actor: "system", Merchants: map[string]string{}, Event: registration.Event{
		Slug: "sample-2027", Name: registration.Text{Ko: "표본", En: "Sample"}, Timezone: "Asia/Seoul", Mode: registration.Test,
		Starts: registration.Date{Year: 2099, Month: 7, Day: 22}, Ends: registration.Date{Year: 2099, Month: 7, Day: 23},
		Phases:     []registration.Phase{{ID: "regular"}},
		Categories: []registration.Category{{ID: "student", Prices: map[string]registration.Prices{"regular": {registration.KRW: 150000}}}},
		Quotas:     []registration.Quota{{ID: "hall", Places: places, Of: []string{"student"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := s.Event(t.Context(), "sample-2027")
	if err != nil {
		t.Fatal(err)
	}
	return s, e
}

// placeAtOnce places an order for each draft in one batch and gives their answers.
func placeAtOnce(t *testing.T, s *Store, e *registration.Event, drafts ...string) ([]Placed, []error) {
	t.Helper()
	q, err := e.Price(registration.Cart{Category: "student"}, s.Now())
	if err != nil {
		t.Fatal(err)
	}
	release := hold(t, s)
	placed, errs := make([]Placed, len(drafts)), make([]error, len(drafts))
	var wg sync.WaitGroup
	for i, draft := range drafts {
		wg.Go(func() {
			placed[i], errs[i] = s.Place(context.Background(), NewOrder{
				Event: e, DraftID: draft, Lang: registration.Korean, Quote: q, Hold: time.Hour,
				Person: registration.Person{Name: "홍길동", Email: "gildong@example.org"},
			})
		})
		queued(t, s, i+1)
	}
	release()
	wg.Wait()
	return placed, errs
}

// wantRows checks the numbers of rows that n orders have, and what the quota holds.
func wantRows(t *testing.T, s *Store, n int64) {
	t.Helper()
	for _, query := range []string{`SELECT COUNT(*) FROM orders`, `SELECT COUNT(*) FROM registrations`, `SELECT COUNT(*) FROM charges`,
		`SELECT COUNT(*) FROM audit WHERE what = 'order'`, `SELECT held FROM quotas`} {
		var got int64
		if err := s.Row(t.Context(), query).Scan(&got); err != nil || got != n {
			t.Errorf("%s = %d, %v; want %d", query, got, err, n)
		}
	}
	found, err := s.Doctor(t.Context())
	if err != nil || len(found) > 0 {
		t.Errorf("doctor = %v, %v", found, err)
	}
}

func TestOrdersOfOneBatchAreAllWritten(t *testing.T) {
	s, e := rush(t, 100)
	var drafts []string
	for i := range 77 { // more than any one statement holds
		drafts = append(drafts, fmt.Sprint("draft-", i))
	}
	placed, errs := placeAtOnce(t, s, e, drafts...)
	for i, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.PlacedFrom(t.Context(), drafts[i]); err != nil || got != placed[i] {
			t.Errorf("order of %s = %v, %v; want %v", drafts[i], got, err, placed[i])
		}
	}
	wantRows(t, s, 77)
}

func TestLastPlacesOfABatchGoToTheFirst(t *testing.T) {
	s, e := rush(t, 3)
	_, errs := placeAtOnce(t, s, e, "a", "b", "c", "d", "e")
	for i, err := range errs {
		refused, ok := errors.AsType[*registration.Error](err)
		if isFull := ok && refused.Code == registration.CodeFull; isFull != (i >= 3) {
			t.Errorf("order %d: %v", i, err)
		}
	}
	wantRows(t, s, 3)
}

func TestSameDraftInABatchIsTheSameOrder(t *testing.T) {
	s, e := rush(t, 100)
	placed, errs := placeAtOnce(t, s, e, "a", "b", "a")
	if err := errors.Join(errs...); err != nil || placed[0] != placed[2] || placed[0] == placed[1] {
		t.Errorf("placed %v, %v", placed, err)
	}
	wantRows(t, s, 2)
	again, errs := placeAtOnce(t, s, e, "c", "b", "d")
	if err := errors.Join(errs...); err != nil || again[1] != placed[1] {
		t.Errorf("placed %v, %v; want the second to be %v", again, err, placed[1])
	}
	wantRows(t, s, 4)
}

func TestOrdersShareABatchWithOtherWrites(t *testing.T) {
	s, e := rush(t, 100)
	release := hold(t, s)
	refusal := errors.New("changed its mind")
	var saved, failed error
	var wg sync.WaitGroup
	wg.Go(func() { saved = s.SaveDraft(context.Background(), TimedToken(), e.ID, []byte("{}"), time.Hour) })
	queued(t, s, 1)
	wg.Go(func() {
		failed = s.Write(context.Background(), Locks{}, func(tx *Tx) error {
			if _, err := tx.Exec(`DELETE FROM orders`); err != nil {
				return err
			}
			return refusal
		})
	})
	queued(t, s, 2)
	q, err := e.Price(registration.Cart{Category: "student"}, s.Now())
	if err != nil {
		t.Fatal(err)
	}
	placedErrs := make([]error, 2)
	for i := range placedErrs {
		wg.Go(func() {
			_, placedErrs[i] = s.Place(context.Background(), NewOrder{Event: e, DraftID: fmt.Sprint(i), Quote: q, Hold: time.Hour,
				Person: registration.Person{Name: "홍길동", Email: "gildong@example.org"}})
		})
		queued(t, s, 3+i)
	}
	release()
	wg.Wait()
	if err := errors.Join(saved, placedErrs[0], placedErrs[1]); err != nil || !errors.Is(failed, refusal) {
		t.Errorf("good writes: %v; failed write: %v", err, failed)
	}
	wantRows(t, s, 2)
}
