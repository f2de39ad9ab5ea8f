package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// queryer is what a reading query runs on.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// snapshot runs read on the database as it stands at one moment, whatever is written meanwhile. It takes one of the few reading
// connections until read ends.
func (s *Store) snapshot(ctx context.Context, read func(q queryer) error) (err error) {
	tx, err := s.reader.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer func() {
		if rerr := tx.Rollback(); err == nil && !errors.Is(rerr, sql.ErrTxDone) {
			err = rerr
		}
	}()
	return read(tx)
}

// collect runs a query and reads every row with one.
func collect[T any](ctx context.Context, q queryer, one func(scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, one)
}

// wide is a row that has more columns than the one who scans it knows; they go to more.
type wide struct {
	row  scanner
	more []any
}

// Scan copies the known columns and then the others.
func (w wide) Scan(dest ...any) error { return w.row.Scan(append(dest, w.more...)...) }
