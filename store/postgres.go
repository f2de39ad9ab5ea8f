package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Limits of the PostgreSQL engine. More writers make a hot quota row slower, not faster.
const (
	pgWriters  = 8
	pgReaders  = 8
	pgAttempts = 10
)

// pgSettings are set on every connection and bound every wait, so that no request hangs.
var pgSettings = []string{
	"SET application_name = 'foyer'",
	"SET timezone = 'UTC'",
	"SET default_transaction_isolation = 'read committed'",
	"SET lock_timeout = '15s'",
	"SET statement_timeout = '60s'",
	"SET idle_in_transaction_session_timeout = '60s'",
}

// openPostgres brings the schema up to date and opens a pool for reading and one for writing.
func (s *Store) openPostgres(ctx context.Context) error {
	if _, err := migratePostgres(ctx, s.cfg.URL); err != nil {
		return err
	}
	var err error
	if s.reader, err = pgPool(s.cfg.URL, true, pgReaders); err != nil {
		return err
	}
	if err := openAll(ctx, s.reader, 1); err != nil {
		return err
	}
	db, err := pgPool(s.cfg.URL, false, pgWriters)
	if err != nil {
		return err
	}
	s.writer = &pgWriter{s: s, db: db, slots: make(chan struct{}, pgWriters)}
	return openAll(ctx, db, 1)
}

// pgPool opens connections that set and prove their settings before anybody uses them.
func pgPool(dbURL string, readOnly bool, size int) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(dbURL)
	if err != nil {
		return nil, errors.New("the PostgreSQL URL is not well formed") // the parser's text may show the password
	}
	settings := pgSettings
	if readOnly {
		settings = append(settings[:len(settings):len(settings)], "SET default_transaction_read_only = on")
	}
	db := stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, strings.Join(settings, "; ")); err != nil {
			return err
		}
		return checkPostgres(ctx, c)
	}))
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// checkPostgres refuses a connection whose commits could be lost or whose texts could be garbled.
func checkPostgres(ctx context.Context, c *pgx.Conn) error {
	var commit, encoding, isolation string
	err := c.QueryRow(ctx, `SELECT current_setting('synchronous_commit'), current_setting('server_encoding'),
		current_setting('default_transaction_isolation')`).Scan(&commit, &encoding, &isolation)
	switch {
	case err != nil:
		return fmt.Errorf("read back settings: %w", err)
	case commit == "off":
		return fmt.Errorf("%w: synchronous_commit is off and must not be", ErrSettings)
	case encoding != "UTF8":
		return fmt.Errorf("%w: server_encoding is %q and must be %q", ErrSettings, encoding, "UTF8")
	case isolation != "read committed":
		return fmt.Errorf("%w: isolation is %q and must be %q", ErrSettings, isolation, "read committed")
	}
	return nil
}

// pgWriter runs each function in a transaction of its own, a bounded number at a time.
type pgWriter struct {
	s       *Store
	db      *sql.DB
	slots   chan struct{}
	queued  atomic.Int64
	mu      sync.RWMutex // held for reading while a write runs, so that close waits
	closing bool
}

// submit waits for a free slot and runs fn, again and again while PostgreSQL asks for it, at most pgAttempts times.
func (w *pgWriter) submit(ctx context.Context, locks Locks, _ *orderRow, fn func(*Tx) error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closing {
		return ErrClosed
	}
	if w.queued.Add(1) > int64(w.s.cfg.Queue) {
		w.queued.Add(-1)
		return busy(errors.New("the write queue is full"))
	}
	defer w.queued.Add(-1)
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return w.attempts(locks, fn)
}

func (w *pgWriter) attempts(locks Locks, fn func(*Tx) error) error {
	var err error
	for range pgAttempts {
		var again bool
		if again, err = w.once(locks, fn); !again {
			return honest(err)
		}
	}
	return busy(fmt.Errorf("gave up after %d attempts: %w", pgAttempts, err))
}

// once runs fn in one transaction and reports whether PostgreSQL asks for another run.
func (w *pgWriter) once(locks Locks, fn func(*Tx) error) (again bool, err error) {
	ctx := context.Background() // once begun, a write runs to its end; statement_timeout bounds it
	dbtx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	ended := false
	defer func() {
		if !ended {
			_ = dbtx.Rollback() // the error that brought us here is the one to tell
		}
	}()
	tx := w.s.begin(pgSession{dbtx}, locks)
	err = tx.run(w.s.cfg.Log, func(tx *Tx) error {
		if err := tx.takeLocks(); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		return transient(err) || transient(tx.err), err
	}
	ended = true
	if err := dbtx.Commit(); err != nil {
		return transient(err), fmt.Errorf("commit: %w", err)
	}
	w.s.due.ring(tx.due)
	return false, nil
}

// close waits for running writes.
func (w *pgWriter) close() error {
	w.mu.Lock()
	w.closing = true
	w.mu.Unlock()
	return w.db.Close()
}

// pgSession runs statements in a PostgreSQL transaction. The driver keeps them prepared by text.
type pgSession struct{ tx *sql.Tx }

func (p pgSession) exec(query string, args []any) (int64, error) {
	res, err := p.tx.ExecContext(context.Background(), query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (p pgSession) row(query string, args []any) *sql.Row {
	return p.tx.QueryRowContext(context.Background(), query, args...)
}

func (p pgSession) rows(query string, args []any) (*sql.Rows, error) {
	return p.tx.QueryContext(context.Background(), query, args...)
}

// takeLocks takes the declared rows in the one order that all nodes follow.
func (tx *Tx) takeLocks() error {
	lists := []struct {
		query string
		ids   []string
	}{
		{`SELECT id FROM quotas WHERE id = ANY($1) ORDER BY id FOR UPDATE`, tx.locks.Quotas},
		{`SELECT id FROM orders WHERE id = ANY($1) ORDER BY id FOR UPDATE`, tx.locks.Orders},
		{`SELECT id FROM payments WHERE id = ANY($1) ORDER BY id FOR UPDATE`, tx.locks.Payments},
	}
	for _, l := range lists {
		if len(l.ids) == 0 {
			continue
		}
		if _, err := tx.Exec(l.query, l.ids); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
	}
	if err := tx.createSeries(); err != nil || len(tx.locks.Series) == 0 {
		return err
	}
	if _, err := tx.Exec(`SELECT id FROM series WHERE id = ANY($1) ORDER BY id FOR UPDATE`, tx.locks.Series); err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// transient reports whether PostgreSQL asks to run the transaction again: serialization failure or deadlock.
func transient(err error) bool {
	e, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (e.Code == "40001" || e.Code == "40P01")
}

// passing reports whether a SQLSTATE says that the server cannot do it now: no room, no connection, shutdown, lock timeout.
func passing(code string) bool {
	return strings.HasPrefix(code, "53") || strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "08") || code == "55P03"
}
