package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
)

// maxStatements bounds the prepared statements that are kept; a text beyond it runs unprepared.
const maxStatements = 512

// Row runs a query that gives at most one row, outside any write. Its Scan fails with sql.ErrNoRows when there is none. On SQLite a
// query that has begun runs to its end: watching ctx costs more than finding a row.
func (s *Store) Row(ctx context.Context, query string, args ...any) *sql.Row {
	if s.engine == SQLite && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	if stmt := s.cache.get(ctx, s, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return s.reader.QueryRowContext(ctx, query, args...)
}

// Rows runs a query that gives many rows, outside any write. Close them soon: a reading connection is one of few.
func (s *Store) Rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if stmt := s.cache.get(ctx, s, query); stmt != nil {
		return stmt.QueryContext(ctx, args...)
	}
	return s.reader.QueryContext(ctx, query, args...)
}

// statements keeps the prepared statements of the reading connections, by text.
type statements struct {
	kept  sync.Map // string -> *sql.Stmt
	count atomic.Int64
}

// get gives the prepared statement, or nil when the text is to run unprepared. PostgreSQL's driver keeps its own.
func (c *statements) get(ctx context.Context, s *Store, query string) *sql.Stmt {
	if s.engine == Postgres {
		return nil
	}
	if stmt, ok := c.kept.Load(query); ok {
		return stmt.(*sql.Stmt)
	}
	if c.count.Load() >= maxStatements {
		return nil
	}
	stmt, err := s.reader.PrepareContext(ctx, positional(query))
	if err != nil {
		return nil // running it gives the same error to the one who can say what was asked
	}
	if other, loaded := c.kept.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close()
		return other.(*sql.Stmt)
	}
	c.count.Add(1)
	return stmt
}

func (c *statements) close() {
	c.kept.Range(func(_, stmt any) bool {
		_ = stmt.(*sql.Stmt).Close()
		return true
	})
}

// placeholders numbers one placeholder for each id after those of first, for an IN list, and puts all arguments in one list.
func placeholders(ids []string, first ...any) (string, []any) {
	var b strings.Builder
	args := first
	for i, id := range ids {
		if i > 0 {
			b.WriteString(", ")
		}
		args = append(args, id)
		fmt.Fprintf(&b, "$%d", len(args))
	}
	return b.String(), args
}
