package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// connect takes the one writing connection and asks to be told when SQLite rolls back.
func (w *batchWriter) connect(ctx context.Context) error {
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn, w.stmts, w.execs, w.gone = conn, map[string]*sql.Stmt{}, map[string]directStmt{}, false
	return conn.Raw(func(c any) error {
		h, ok := c.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("the driver has no rollback hook")
		}
		h.RegisterRollbackHook(func() { w.gone = true })
		return nil
	})
}

// disconnect gives the connection up, its statements first.
func (w *batchWriter) disconnect() error {
	for _, stmt := range w.stmts {
		_ = stmt.Close()
	}
	w.closeDirect() // also when the connection is lost: SQLite keeps one open, with its locks, for as long as it has statements
	// The hook must go before the connection does: its entry would outlive it.
	_ = w.conn.Raw(func(c any) error {
		if h, ok := c.(sqlite.HookRegisterer); ok {
			h.RegisterRollbackHook(nil)
		}
		return nil
	})
	return w.conn.Close()
}

// busyTries bounds how often a transaction is begun anew while another process keeps the file; each waits busy_timeout.
const busyTries = 3

func (w *batchWriter) beginTx() error {
	w.gone = false
	var err error
	for range busyTries {
		if _, err = w.exec("BEGIN IMMEDIATE", nil); err == nil {
			return nil
		}
		if e, ok := errors.AsType[*sqlite.Error](err); !ok || e.Code()&0xff != sqlite3.SQLITE_BUSY {
			w.renew(err)
		}
	}
	w.s.cfg.Log.Error("cannot begin a write", "err", err)
	return busy(fmt.Errorf("%w: %w", ErrStorage, err))
}

// undo leaves the connection outside any transaction; one that cannot be brought there is replaced.
func (w *batchWriter) undo() {
	if w.gone {
		w.gone = false
		return
	}
	_, err := w.exec("ROLLBACK", nil)
	w.gone = false
	if err != nil {
		w.renew(err)
	}
}

// renew replaces the writing connection, whose closing ends whatever was going on.
func (w *batchWriter) renew(cause error) {
	w.s.cfg.Log.Warn("opening a new writing connection", "cause", cause)
	_, _ = w.disconnect(), w.db.Close() // they are given up, whatever they say
	db, err := sqlitePool(w.s.path, false, 1)
	if err == nil {
		w.db = db
		err = w.connect(context.Background())
	}
	if err != nil {
		w.s.cfg.Log.Error("cannot open a new writing connection", "err", err)
	}
}

// errGone is what statements get after SQLite has rolled the transaction back by itself: run now, they would commit.
var errGone = errors.New("the transaction is over")

// exec goes to the driver without database/sql, which would copy and examine each of the hundreds of columns that a batch of orders binds.
func (w *batchWriter) exec(query string, args []any) (n int64, err error) {
	if w.gone {
		return 0, errGone
	}
	if err := w.bind(args); err != nil {
		return 0, err
	}
	err = w.conn.Raw(func(c any) error {
		stmt, err := w.direct(c.(driver.ConnPrepareContext), query)
		if err != nil {
			return err
		}
		res, err := stmt.ExecContext(context.Background(), w.bound)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// bind makes args what the driver wants, as database/sql does.
func (w *batchWriter) bind(args []any) (err error) {
	w.bound = w.bound[:0]
	for i, arg := range args {
		switch arg.(type) {
		case nil, string, int64, bool, []byte:
		default:
			if arg, err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
				return fmt.Errorf("bind parameter %d: %w", i+1, err)
			}
		}
		w.bound = append(w.bound, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return nil
}

// direct keeps each text of exec prepared, as prepare does for questions.
func (w *batchWriter) direct(c driver.ConnPrepareContext, query string) (driver.StmtExecContext, error) {
	if stmt := w.execs[query]; stmt != nil {
		return stmt, nil
	}
	if len(w.execs) >= maxStatements {
		w.closeDirect()
	}
	prepared, err := c.PrepareContext(context.Background(), positional(query))
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(directStmt)
	if !ok {
		return nil, errors.Join(errors.New("the driver's statements take no context"), prepared.Close())
	}
	w.execs[query] = stmt
	return stmt, nil
}

// directStmt is a statement of the driver that exec keeps.
type directStmt interface {
	driver.StmtExecContext
	Close() error
}

func (w *batchWriter) closeDirect() {
	for _, stmt := range w.execs {
		_ = stmt.Close()
	}
	clear(w.execs)
}

func (w *batchWriter) row(query string, args []any) *sql.Row {
	stmt, err := w.prepare(query)
	if err != nil {
		return w.conn.QueryRowContext(context.Background(), query, args...) // gives the same error
	}
	return stmt.QueryRow(args...)
}

func (w *batchWriter) rows(query string, args []any) (*sql.Rows, error) {
	if w.gone {
		return nil, errGone
	}
	stmt, err := w.prepare(query)
	if err != nil {
		return nil, err
	}
	return stmt.Query(args...)
}

// prepare keeps each text prepared. When too many have come, all are dropped and the useful ones come back.
func (w *batchWriter) prepare(query string) (*sql.Stmt, error) {
	if stmt := w.stmts[query]; stmt != nil {
		return stmt, nil
	}
	if len(w.stmts) >= maxStatements {
		for _, stmt := range w.stmts {
			_ = stmt.Close()
		}
		clear(w.stmts)
	}
	stmt, err := w.conn.PrepareContext(context.Background(), positional(query))
	if err != nil {
		return nil, err
	}
	w.stmts[query] = stmt
	return stmt, nil
}
