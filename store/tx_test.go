package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"foyer/registration"
)

func TestUndeclaredLockIsAnError(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		locks := Locks{Quotas: []string{"q"}, Orders: []string{"o"}, Payments: []string{"p"}, Series: []string{"s"}}
		mustWrite(t, s, locks, func(tx *Tx) error {
			return errors.Join(tx.NeedQuota("q"), tx.NeedOrder("o"), tx.NeedPayment("p"), tx.NeedSeries("s"))
		})
		for kind, need := range map[string]func(*Tx) error{
			"quota":   func(tx *Tx) error { return tx.NeedQuota("x") },
			"order":   func(tx *Tx) error { return tx.NeedOrder("q") },
			"payment": func(tx *Tx) error { return tx.NeedPayment("") },
			"series":  func(tx *Tx) error { return tx.NeedSeries("o") },
		} {
			if err := s.Write(t.Context(), locks, need); !errors.Is(err, ErrUndeclared) {
				t.Errorf("%s: %v, want ErrUndeclared", kind, err)
			}
		}
	})
}

func TestDeclaredSeriesExists(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for range 2 {
			mustWrite(t, s, Locks{Series: []string{"b", "a"}}, func(tx *Tx) error {
				n, err := tx.Exec(`UPDATE series SET sold = sold + 1 WHERE id IN ('a', 'b')`)
				if err == nil && n != 2 {
					err = fmt.Errorf("%d series, want 2", n)
				}
				return err
			})
		}
	})
}

func TestFailedStatementFailsTheWrite(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		mustWrite(t, s, Locks{}, note("taken"))
		var after error
		err := s.Write(t.Context(), Locks{}, func(tx *Tx) error {
			if err := note("a")(tx); err != nil {
				return err
			}
			if err := note("taken")(tx); !IsUnique(err) {
				t.Errorf("second note = %v, want a unique violation", err)
			}
			after = note("b")(tx)
			return nil // looks away
		})
		if !IsUnique(err) || after == nil {
			t.Errorf("write = %v, statement after the failed one = %v; want errors", err, after)
		}
		wantNotes(t, s, "taken")
	})
}

func TestMissingRowIsNoFailure(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		mustWrite(t, s, Locks{}, func(tx *Tx) error {
			var id string
			if err := tx.Row(`SELECT id FROM notes WHERE id = $1`, "none").Scan(&id); !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("Scan = %v, want sql.ErrNoRows", err)
			}
			return note("a")(tx)
		})
		wantNotes(t, s, "a")
	})
}

func TestOneTimeForTheWholeWrite(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		s.cfg.Now = func() time.Time { return time.Now().Add(time.Duration(time.Now().UnixNano() % 1000)) }
		mustWrite(t, s, Locks{}, func(tx *Tx) error {
			a := tx.Now()
			if b := tx.Now(); !a.Equal(b) || a.Location() != time.UTC || a.Nanosecond()%1e6 != 0 {
				t.Errorf("Now = %v, then %v", a, b)
			}
			if back := FromMillis(Millis(a)); !back.Equal(a) {
				t.Errorf("%v was stored as %v", a, back)
			}
			return nil
		})
	})
}

func TestPanicReachesItsCallerAsAnError(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		err := s.Write(t.Context(), Locks{}, func(tx *Tx) error {
			_ = note("a")(tx)
			panic("boom")
		})
		if !errors.Is(err, ErrPanic) {
			t.Errorf("write = %v, want ErrPanic", err)
		}
		mustWrite(t, s, Locks{}, note("b"))
		wantNotes(t, s, "b")
	})
}

func TestQuotaIsNeverOversold(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		mustWrite(t, s, Locks{}, func(tx *Tx) error { return execAll(tx, `INSERT INTO quotas (id, places) VALUES ('hall', 50)`) })
		errFull := registration.Fail(registration.CodeFull, "register.full")
		var sold, full atomic.Int64
		var wg sync.WaitGroup
		for g := range 16 {
			wg.Go(func() {
				for i := range 20 {
					err := s.Write(context.Background(), Locks{Quotas: []string{"hall"}}, func(tx *Tx) error {
						if err := note(fmt.Sprintf("%d-%d", g, i))(tx); err != nil {
							return err
						}
						n, err := tx.Exec(`UPDATE quotas SET sold = sold + $2 WHERE id = $1 AND sold + $2 <= places`, "hall", 1)
						if err == nil && n == 0 {
							err = errFull
						}
						return err
					})
					switch {
					case err == nil:
						sold.Add(1)
					case errors.Is(err, errFull):
						full.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		notes, places := number(t, s, `SELECT COUNT(*) FROM notes`), number(t, s, `SELECT sold FROM quotas`)
		if sold.Load() != 50 || full.Load() != 270 || notes != 50 || places != 50 {
			t.Errorf("sold %d, full %d, rows %d, counter %d; want 50, 270, 50, 50", sold.Load(), full.Load(), notes, places)
		}
	})
}

func TestCrossedLocksOfTwoNodesDoNotDeadlock(t *testing.T) {
	url := migratedPostgres(t)
	nodes := []*Store{openTest(t, url), reopen(t, url)}
	ids := []string{"a", "b", "c", "d"}
	mustWrite(t, nodes[0], Locks{}, func(tx *Tx) error {
		for _, table := range []string{"quotas", "orders", "payments"} {
			for _, id := range ids {
				if err := execAll(tx, `INSERT INTO `+table+` (id) VALUES ('`+id+`')`); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var runs atomic.Int64
	var wg sync.WaitGroup
	const writers, each = 8, 25
	for g := range writers {
		wg.Go(func() {
			for i := range each {
				x, y := ids[(g+i)%4], ids[(g+2*i+1)%4] // in every order
				locks := Locks{Quotas: []string{x, y}, Orders: []string{y, x}, Payments: []string{x, y}, Series: []string{y, x}}
				err := nodes[g%2].Write(context.Background(), locks, func(tx *Tx) error {
					runs.Add(1)
					for _, table := range []string{"series", "payments", "orders", "quotas"} { // the wrong way round
						if _, err := tx.Exec(`UPDATE `+table+` SET sold = sold + 1 WHERE id = $1`, y); err != nil {
							return err
						}
						if _, err := tx.Exec(`UPDATE `+table+` SET sold = sold + 1 WHERE id = $1`, x); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if runs.Load() != writers*each {
		t.Errorf("%d runs for %d writes: some were deadlocked and repeated", runs.Load(), writers*each)
	}
	if got := number(t, nodes[0], `SELECT SUM(sold) FROM quotas`); got != 2*writers*each {
		t.Errorf("sum = %d, want %d", got, 2*writers*each)
	}
}

func TestPostgresRepeatsWhatItIsAskedToRepeat(t *testing.T) {
	s := openTest(t, migratedPostgres(t))
	fail := func(tx *Tx, state string) error {
		_, err := tx.Exec(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '` + state + `'; END $$`)
		return err
	}
	runs := 0
	mustWrite(t, s, Locks{}, func(tx *Tx) error {
		if runs++; runs == 2 {
			_ = fail(tx, "40P01") // even if the function looks away
			return nil
		} else if runs < 4 {
			return errors.Join(note("a")(tx), fail(tx, "40001"))
		}
		return note("a")(tx)
	})
	if runs != 4 {
		t.Errorf("%d runs, want 4", runs)
	}
	runs = 0
	err := s.Write(t.Context(), Locks{}, func(tx *Tx) error { runs++; return fail(tx, "40001") })
	if e, ok := errors.AsType[*registration.Error](err); runs != pgAttempts || !ok || e.Code != registration.CodeUnavailable {
		t.Errorf("%d runs, %v; want %d and CodeUnavailable", runs, err, pgAttempts)
	}
	runs = 0
	if err := s.Write(t.Context(), Locks{}, func(tx *Tx) error { runs++; return fail(tx, "P0001") }); err == nil || runs != 1 {
		t.Errorf("another error: %d runs, %v", runs, err)
	}
	wantNotes(t, s, "a")
}
