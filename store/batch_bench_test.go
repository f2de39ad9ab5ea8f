package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
)

// registerQueries are the work of a registration: three rows, and places.
var registerQueries = []string{
	`INSERT INTO b_orders (id, code, name, total, at) VALUES ($1, $2, 'Kim Minji', 150000, 1)`,
	`INSERT INTO b_people (id, code, name, total, at) VALUES ($1, $2, 'Kim Minji', 150000, 1)`,
	`INSERT INTO b_audit (id, code, name, total, at) VALUES ($1, $2, 'order', 150000, 1)`,
	`UPDATE quotas SET sold = sold + $2 WHERE id = $1 AND sold + $2 <= places`,
}

func registerWrite(exec func(query int, args ...any) error, quota, id string) error {
	code := Token()
	for q := range 3 {
		if err := exec(q, id, code); err != nil {
			return err
		}
	}
	return exec(3, quota, 1)
}

func benchTables(b *testing.B) *Store {
	s := openTest(b, sqliteURL(b))
	mustWrite(b, s, Locks{}, func(tx *Tx) error {
		for _, table := range []string{"b_orders", "b_people", "b_audit"} {
			if err := execAll(tx, `CREATE TABLE `+table+` (id TEXT PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL,
				total BIGINT NOT NULL, at BIGINT NOT NULL)`); err != nil {
				return err
			}
		}
		return execAll(tx, `CREATE UNIQUE INDEX b_orders_code ON b_orders (code)`,
			`INSERT INTO quotas (id, places) VALUES ('hall', 100000000)`)
	})
	return s
}

// BenchmarkWrite compares the batch writer with one transaction for each request, at several numbers of requesters.
func BenchmarkWrite(b *testing.B) {
	for _, n := range []int{1, 64, 256} {
		b.Run(fmt.Sprintf("batch/%d", n), func(b *testing.B) {
			s := benchTables(b)
			requesters(b, n, func(id string) error {
				return s.Write(context.Background(), Locks{Quotas: []string{"hall"}}, func(tx *Tx) error {
					return registerWrite(func(q int, args ...any) error {
						_, err := tx.Exec(registerQueries[q], args...)
						return err
					}, "hall", id)
				})
			})
		})
		b.Run(fmt.Sprintf("single/%d", n), func(b *testing.B) {
			s := benchTables(b)
			one, err := singleWriter(s)
			if err != nil {
				b.Fatal(err)
			}
			defer one.close()
			requesters(b, n, one.register)
		})
	}
}

// requesters shares b.N calls among n goroutines.
func requesters(b *testing.B, n int, call func(id string) error) {
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range n {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				if err := call(uuid.Must(uuid.NewV7()).String()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "writes/s")
}

// single writes with one transaction for each request, its statements prepared once.
type single struct {
	db    *sql.DB
	stmts []*sql.Stmt
}

func singleWriter(s *Store) (*single, error) {
	db, err := sqlitePool(s.path, false, 1)
	if err != nil {
		return nil, err
	}
	o := &single{db: db}
	for _, q := range registerQueries {
		stmt, err := db.Prepare(q)
		if err != nil {
			return nil, errors.Join(err, db.Close())
		}
		o.stmts = append(o.stmts, stmt)
	}
	return o, nil
}

func (o *single) register(id string) error {
	tx, err := o.db.Begin()
	if err != nil {
		return err
	}
	err = registerWrite(func(q int, args ...any) error {
		_, err := tx.Stmt(o.stmts[q]).Exec(args...)
		return err
	}, "hall", id)
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (o *single) close() { _ = o.db.Close() }
