package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/registration"
)

// hold keeps the writer inside a function until release is called, so that what is written meanwhile becomes one batch.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	began, gate, done := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Write(context.Background(), Locks{}, func(*Tx) error {
			close(began)
			<-gate
			return nil
		})
	}()
	<-began
	return func() { close(gate); <-done }
}

// queued waits until n writes are waiting.
func queued(t *testing.T, s *Store, n int) {
	t.Helper()
	w := s.writer.(*batchWriter)
	for end := time.Now().Add(10 * time.Second); len(w.queue) != n; runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d writes are queued, want %d", len(w.queue), n)
		}
	}
}

// together runs the functions in one batch, in their order, and gives their answers.
func together(t *testing.T, s *Store, fns ...func(*Tx) error) []error {
	t.Helper()
	release := hold(t, s)
	errs := make([]error, len(fns))
	var wg sync.WaitGroup
	for i, fn := range fns {
		wg.Go(func() { errs[i] = s.Write(context.Background(), Locks{}, fn) })
		queued(t, s, i+1)
	}
	release()
	wg.Wait()
	return errs
}

func wantNotes(t *testing.T, s *Store, want string) {
	t.Helper()
	rows, err := s.Rows(t.Context(), `SELECT id FROM notes ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var got []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		got = append(got, id)
	}
	if g := strings.Join(got, " "); g != want || rows.Err() != nil {
		t.Errorf("notes = %q, %v; want %q", g, rows.Err(), want)
	}
}

func TestNobodyIsAnsweredBeforeTheCommit(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	var answered atomic.Int32
	errRefused := errors.New("refused")
	last := func(*Tx) error {
		if answered.Load() != 0 || hasNote(t, s, "a") {
			t.Error("a write of the batch was answered or seen before the commit")
		}
		return nil
	}
	release := hold(t, s)
	var wg sync.WaitGroup
	for i, fn := range []func(*Tx) error{note("a"), func(*Tx) error { return errRefused }, last} {
		wg.Go(func() {
			if err := s.Write(context.Background(), Locks{}, fn); err != nil && !errors.Is(err, errRefused) {
				t.Errorf("write %d: %v", i, err)
			}
			answered.Add(1)
		})
		queued(t, s, i+1)
	}
	release()
	wg.Wait()
	wantNotes(t, s, "a")
}

func TestFailingFunctionHarmsNoNeighbour(t *testing.T) {
	errRefused := errors.New("refused")
	s := openTest(t, sqliteURL(t))
	errs := together(t, s, note("a"),
		func(tx *Tx) error { return errors.Join(note("b")(tx), errRefused) },
		note("a"), // not unique
		func(tx *Tx) error { _ = note("e")(tx); panic("boom") },
		func(tx *Tx) error { _, err := tx.Exec(`NONSENSE`); return err },
		func(tx *Tx) error { _ = note("d")(tx); runtime.Goexit(); return nil },
	)
	if errs[0] == nil || !errors.Is(errs[5], ErrPanic) {
		// A function that ends the goroutine spoils its batch, and every caller hears of it.
		t.Errorf("goexit: %v", errs)
	}
	errs = together(t, s, note("a"),
		func(tx *Tx) error { return errors.Join(note("b")(tx), errRefused) },
		note("a"),
		func(tx *Tx) error { _ = note("e")(tx); panic("boom") },
		func(tx *Tx) error { _, err := tx.Exec(`NONSENSE`); return err },
		note("c"),
	)
	if errs[0] != nil || errs[5] != nil {
		t.Errorf("neighbours were harmed: %v, %v", errs[0], errs[5])
	}
	if !errors.Is(errs[1], errRefused) || !IsUnique(errs[2]) || !errors.Is(errs[3], ErrPanic) || errs[4] == nil {
		t.Errorf("answers = %v", errs[1:5])
	}
	wantNotes(t, s, "a c")
}

func TestOnlyTheRefusedFunctionIsUndone(t *testing.T) {
	errRefused := errors.New("refused")
	for name, refused := range map[string]func(*Tx) error{
		"before any change": func(tx *Tx) error {
			_, err := tx.Exec(`UPDATE notes SET n = 1 WHERE id = 'none'`)
			return errors.Join(err, errRefused)
		},
		"after a change": func(tx *Tx) error { return errors.Join(note("b")(tx), errRefused) },
		"after returning": func(tx *Tx) error {
			var id string
			return errors.Join(tx.Row(`INSERT INTO notes (id) VALUES ('b') RETURNING id`).Scan(&id), errRefused)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openTest(t, sqliteURL(t))
			errs := together(t, s, note("a"), refused, note("c"))
			if errs[0] != nil || !errors.Is(errs[1], errRefused) || errs[2] != nil {
				t.Errorf("answers = %v", errs)
			}
			wantNotes(t, s, "a c")
		})
	}
}

func TestStatementThatEndsTheTransactionHarmsNoNeighbour(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	mustWrite(t, s, Locks{}, note("taken"))
	rollsBack := func(tx *Tx) error {
		_, err := tx.Exec(`INSERT OR ROLLBACK INTO notes (id) VALUES ('taken')`)
		return err
	}
	looksAway := func(tx *Tx) error {
		_, _ = tx.Exec(`INSERT OR ROLLBACK INTO notes (id) VALUES ('taken')`)
		_, _ = tx.Exec(`INSERT INTO notes (id) VALUES ('stray')`) // outside a transaction this would commit by itself
		return nil
	}
	byRead := func(tx *Tx) error {
		var id string
		_ = tx.Row(`INSERT OR ROLLBACK INTO notes (id) VALUES ('taken') RETURNING id`).Scan(&id)
		_, _ = tx.Exec(`INSERT INTO notes (id) VALUES ('stray')`)
		return nil
	}
	commits := func(tx *Tx) error { _, err := tx.Exec(`ROLLBACK`); return err }
	errs := together(t, s, note("a"), rollsBack, note("b"), looksAway, byRead, commits, note("c"))
	for i, wantErr := range []bool{false, true, false, true, true, true, false} {
		if (errs[i] != nil) != wantErr {
			t.Errorf("write %d: %v, want an error: %v", i, errs[i], wantErr)
		}
	}
	wantNotes(t, s, "a b c taken")
}

func TestLostConnectionIsReplaced(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	var once sync.Once
	breaks := func(tx *Tx) error {
		if err := note("b")(tx); err != nil {
			return err
		}
		once.Do(func() { _ = tx.on.(*batchWriter).conn.Close() })
		return nil
	}
	for i, err := range together(t, s, note("a"), breaks, note("c")) {
		if err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	mustWrite(t, s, Locks{}, note("d"))
	wantNotes(t, s, "a b c d")
}

func TestFullDiskIsAnHonestError(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	pages := number(t, s, `PRAGMA page_count`)
	limit := func(n int64) {
		mustWrite(t, s, Locks{}, func(tx *Tx) error { return tx.Row(fmt.Sprintf(`PRAGMA max_page_count = %d`, n)).Scan(&n) })
	}
	limit(pages + 2)
	big := func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO notes (id) VALUES ($1)`, strings.Repeat("x", 100_000))
		return err
	}
	errs := together(t, s, note("a"), big, note("b"))
	if errs[0] != nil || errs[2] != nil {
		t.Errorf("neighbours were harmed: %v, %v", errs[0], errs[2])
	}
	e, ok := errors.AsType[*registration.Error](errs[1])
	if !ok || e.Code != registration.CodeUnavailable || !errors.Is(errs[1], ErrStorage) {
		t.Errorf("full disk = %v, want CodeUnavailable and ErrStorage", errs[1])
	}
	limit(1 << 30)
	mustWrite(t, s, Locks{}, big)
}

func TestCallerThatGivesUpInTheQueueIsDropped(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error)
	go func() { answer <- s.Write(ctx, Locks{}, note("dropped")) }()
	queued(t, s, 1)
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Errorf("write = %v, want context.Canceled", err)
	}
	release()
	mustWrite(t, s, Locks{}, note("next"))
	wantNotes(t, s, "next")
}

func TestCallerThatGivesUpLaterGetsTheTruth(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Write(ctx, Locks{}, func(tx *Tx) error {
			cancel()
			return note("a")(tx)
		})
		if err != nil || !hasNote(t, s, "a") {
			t.Errorf("write = %v, want it done and said so", err)
		}
	})
}

func TestFullQueueIsBusy(t *testing.T) {
	s, err := Open(t.Context(), Config{URL: sqliteURL(t), Queue: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	release := hold(t, s)
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { mustWrite(t, s, Locks{}, func(*Tx) error { return nil }) })
		queued(t, s, i+1)
	}
	err = s.Write(t.Context(), Locks{}, note("x"))
	if e, ok := errors.AsType[*registration.Error](err); !ok || e.Code != registration.CodeUnavailable || e.Key != "error.busy" {
		t.Errorf("write = %v, want error.busy", err)
	}
	release()
	wg.Wait()
}

func TestTwoStoresShareOneFile(t *testing.T) {
	url := sqliteURL(t)
	stores := []*Store{openTest(t, url), reopen(t, url)}
	mustWrite(t, stores[0], Locks{}, note("n"))
	const each = 200
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range each {
				if err := stores[i%2].Write(context.Background(), Locks{}, func(tx *Tx) error {
					_, err := tx.Exec(`UPDATE notes SET n = n + 1 WHERE id = 'n'`)
					return err
				}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := number(t, stores[1], `SELECT n FROM notes WHERE id = 'n'`); got != 16*each {
		t.Errorf("n = %d, want %d", got, 16*each)
	}
}
