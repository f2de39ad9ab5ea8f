package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Locks names the rows that a write will touch, by id. A write waits for them in one fixed order, quotas before orders
// before payments before series, each sorted by id; that is what keeps several nodes from deadlock.
// A row that the write itself creates may be named too. A series that does not exist is created.
type Locks struct{ Quotas, Orders, Payments, Series []string }

// session runs statements inside the transaction of one engine.
type session interface {
	exec(query string, args []any) (int64, error)
	row(query string, args []any) *sql.Row
	rows(query string, args []any) (*sql.Rows, error)
}

// Tx is one write in progress. It belongs to the function that received it and must not be kept or shared.
//
// After a statement has failed, every further one fails too and the write is undone, on both engines:
// use ON CONFLICT where a conflict is expected.
type Tx struct {
	on    session
	now   time.Time
	locks Locks
	err   error       // first failed statement
	open  []*sql.Rows // handed out, closed at the end
	due   []string    // kinds of jobs that were added and are due at once
	dirty bool        // something may have changed

	gathers  bool // rows of add wait for flush
	gathered map[*insert][]any
}

// Now is the time of this write: UTC, to the millisecond, the same throughout the function.
func (tx *Tx) Now() time.Time { return tx.now }

// Exec runs a statement and returns the number of rows that it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if tx.err != nil {
		return 0, tx.aborted()
	}
	n, err := tx.on.exec(query, args)
	if err != nil {
		tx.err = err
	}
	tx.dirty = tx.dirty || n != 0 || err != nil || !strings.HasPrefix(query, "UPDATE ") && !strings.HasPrefix(query, "INSERT ")
	return n, err
}

// Row runs a query that gives at most one row. Its Scan fails with sql.ErrNoRows when there is none.
func (tx *Tx) Row(query string, args ...any) *Row {
	if tx.err != nil {
		return &Row{tx: tx, err: tx.aborted()}
	}
	tx.dirty = tx.dirty || !strings.HasPrefix(query, "SELECT ")
	return &Row{tx: tx, row: tx.on.row(query, args)}
}

// Rows runs a query that gives many rows. Read and close them before the next statement; PostgreSQL insists on it.
func (tx *Tx) Rows(query string, args ...any) (*sql.Rows, error) {
	if tx.err != nil {
		return nil, tx.aborted()
	}
	tx.dirty = tx.dirty || !strings.HasPrefix(query, "SELECT ")
	rows, err := tx.on.rows(query, args)
	if err != nil {
		tx.err = err
		return nil, err
	}
	tx.open = append(tx.open, rows)
	return rows, nil
}

// aborted is what a statement after a failed one gets.
func (tx *Tx) aborted() error {
	return fmt.Errorf("an earlier statement of this write failed: %w", tx.err)
}

// Row is the answer to a query for one row.
type Row struct {
	tx  *Tx
	row *sql.Row
	err error
}

// Scan copies the row's columns into dest, as sql.Row does; sql.ErrNoRows when there is no row.
func (r *Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.row.Scan(dest...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		r.tx.err = err
	}
	return err
}

// NeedQuota fails with ErrUndeclared unless the write declared the quota's lock.
func (tx *Tx) NeedQuota(id string) error { return need(tx.locks.Quotas, "quota", id) }

// NeedOrder fails with ErrUndeclared unless the write declared the order's lock.
func (tx *Tx) NeedOrder(id string) error { return need(tx.locks.Orders, "order", id) }

// NeedPayment fails with ErrUndeclared unless the write declared the payment's lock.
func (tx *Tx) NeedPayment(id string) error { return need(tx.locks.Payments, "payment", id) }

// NeedSeries fails with ErrUndeclared unless the write declared the receipt series' lock.
func (tx *Tx) NeedSeries(id string) error { return need(tx.locks.Series, "series", id) }

func need(declared []string, kind, id string) error {
	if slices.Contains(declared, id) {
		return nil
	}
	return fmt.Errorf("%w: %s %q", ErrUndeclared, kind, id)
}

// createSeries makes the counter rows of the declared receipt series that do not exist yet, in the order of their ids.
func (tx *Tx) createSeries() error {
	for _, id := range slices.Sorted(slices.Values(tx.locks.Series)) {
		if _, err := tx.Exec(`INSERT INTO series (id) VALUES ($1) ON CONFLICT (id) DO NOTHING`, id); err != nil {
			return fmt.Errorf("create series: %w", err)
		}
	}
	return nil
}
