package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"foyer/registration"
)

// Write runs fn in a transaction and answers after its commit: nil when fn's changes are on the disk, otherwise an error
// and nothing has changed.
//
// fn may run more than once and must have no effect outside tx; its last run is the one that counts. When fn returns an
// error its changes are undone and Write returns that error. Write gives up when ctx ends before fn has begun; once begun,
// fn runs to its end. Write fails with a registration.Error of code CodeUnavailable when too many writes are waiting or
// the database cannot be written, with ErrPanic when fn panics, with ErrClosed after Close.
func (s *Store) Write(ctx context.Context, locks Locks, fn func(tx *Tx) error) error {
	return s.write(ctx, locks, nil, fn)
}

// write is Write; an order, if there is one, says what fn does, so that the writer may do the same in another way.
func (s *Store) write(ctx context.Context, locks Locks, order *orderRow, fn func(tx *Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.writer.submit(ctx, locks, order, fn)
}

// begin makes the Tx of one run of one function.
func (s *Store) begin(on session, locks Locks) *Tx {
	return &Tx{on: on, now: s.Now(), locks: locks}
}

// run calls fn and turns a panic into ErrPanic. A statement that failed fails the write, even if fn looked away.
func (tx *Tx) run(log *slog.Logger, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("write panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("%w: %v", ErrPanic, p)
		}
		for _, rows := range tx.open {
			err = errors.Join(err, rows.Close())
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.err
}

// busy is the answer while more is asked than can be done.
func busy(cause error) error {
	return &registration.Error{Code: registration.CodeUnavailable, Key: "error.busy", Err: cause}
}

// honest gives errors of the database that pass by themselves (busy, disk full, no connection) the code CodeUnavailable.
func honest(err error) error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		switch e.Code() & 0xff {
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return busy(err)
		case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
			return busy(fmt.Errorf("%w: %w", ErrStorage, err))
		}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok && passing(e.Code) {
		return busy(fmt.Errorf("%w: %w", ErrStorage, err))
	}
	_, unconnected := errors.AsType[*pgconn.ConnectError](err)
	_, broken := errors.AsType[*net.OpError](err)
	if unconnected || broken || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) {
		return busy(fmt.Errorf("%w: %w", ErrStorage, err))
	}
	return err
}

// IsUnique reports whether err is the violation of a unique index or primary key.
func IsUnique(err error) bool {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && e.Code == "23505"
}
