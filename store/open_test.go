package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"foyer/store/pgtest"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(envChild); url != "" {
		os.Exit(childWrites(url))
	}
	os.Exit(pgtest.Main(m))
}

// each runs a test on both engines, with plain tables for it to use.
func each(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openTest(t, migratedSQLite(t))) })
	t.Run("postgres", func(t *testing.T) { test(t, openTest(t, migratedPostgres(t))) })
}

func sqliteURL(tb testing.TB) string { return "sqlite:" + filepath.Join(tb.TempDir(), "test.db") }

// openTest opens a store whose lockable tables are reduced to what these tests need.
func openTest(tb testing.TB, url string) *Store {
	tb.Helper()
	s := reopen(tb, url)
	cascade := ""
	if s.Engine() == Postgres {
		cascade = " CASCADE"
	}
	ddl := []string{`CREATE TABLE notes (id TEXT PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0)`}
	for _, table := range []string{"series", "payments", "orders", "quotas"} {
		ddl = append(ddl, `DROP TABLE IF EXISTS `+table+cascade,
			`CREATE TABLE `+table+` (id TEXT PRIMARY KEY, places BIGINT NOT NULL DEFAULT 0, sold BIGINT NOT NULL DEFAULT 0)`)
	}
	if s.Engine() == SQLite {
		withoutForeignKeys(tb, s, ddl)
		return s
	}
	mustWrite(tb, s, Locks{}, func(tx *Tx) error { return execAll(tx, ddl...) })
	return s
}

// withoutForeignKeys runs DDL on a connection of its own: dropped tables are still named by others.
func withoutForeignKeys(tb testing.TB, s *Store, ddl []string) {
	tb.Helper()
	db, err := rawSQLite(s.path)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, q := range ddl {
		if _, err := db.Exec(q); err != nil {
			tb.Fatalf("%s: %v", q, err)
		}
	}
}

// reopen opens a store on a database as it is.
func reopen(tb testing.TB, url string) *Store {
	tb.Helper()
	s, err := Open(context.Background(), Config{URL: url})
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("close: %v", err)
		}
	})
	return s
}

func execAll(tx *Tx, queries ...string) error {
	for _, q := range queries {
		if _, err := tx.Exec(q); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	return nil
}

func mustWrite(tb testing.TB, s *Store, locks Locks, fn func(*Tx) error) {
	tb.Helper()
	if err := s.Write(context.Background(), locks, fn); err != nil {
		tb.Fatalf("write: %v", err)
	}
}

// note is a write that leaves one row behind.
func note(id string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO notes (id) VALUES ($1)`, id)
		return err
	}
}

func hasNote(tb testing.TB, s *Store, id string) bool {
	tb.Helper()
	return number(tb, s, `SELECT COUNT(*) FROM notes WHERE id = $1`, id) == 1
}

func number(tb testing.TB, s *Store, query string, args ...any) (n int64) {
	tb.Helper()
	if err := s.Row(context.Background(), query, args...).Scan(&n); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return n
}

func TestOpenRefusesURLsThatAreNotDatabases(t *testing.T) {
	for _, url := range []string{"", "data/foyer.db", "sqlite:", "sqlite::memory:", "mysql://x", "postgres://u:s3cret@h:port/x"} {
		_, err := Open(context.Background(), Config{URL: url})
		if err == nil {
			t.Errorf("Open(%q) succeeded", url)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("Open(%q) shows the password: %v", url, err)
		}
	}
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "deep er", "a%20b?.db")
	s := reopen(t, url)
	mustWrite(t, s, Locks{}, func(tx *Tx) error { return tx.AddJob(Job{Kind: "x"}) })
	for _, suffix := range []string{"", "-wal", ".lock"} {
		info, err := os.Stat(PathOf(url) + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", suffix, info.Mode())
		}
	}
}

func TestEveryPooledConnectionHasTheSettings(t *testing.T) {
	s := reopen(t, sqliteURL(t))
	if got := s.reader.Stats().OpenConnections; got != runtime.NumCPU() {
		t.Errorf("%d reading connections after start, want %d", got, runtime.NumCPU())
	}
	w := s.writer.(*batchWriter)
	for name, db := range map[string]*sql.DB{"reader": s.reader} {
		conns := make([]*sql.Conn, 0, runtime.NumCPU())
		for range runtime.NumCPU() {
			c, err := db.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			conns = append(conns, c)
		}
		for _, c := range conns {
			wantSettings(t, name, c)
			_ = c.Close()
		}
	}
	wantSettings(t, "writer", w.conn)
}

func wantSettings(t *testing.T, name string, c *sql.Conn) {
	t.Helper()
	want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"}
	for pragma, value := range want {
		var got string
		if err := c.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != value {
			t.Errorf("%s: %s = %q, %v; want %q", name, pragma, got, err, value)
		}
	}
}

func TestConnectionWithOtherSettingsIsRefused(t *testing.T) {
	s := reopen(t, sqliteURL(t))
	c, err := s.reader.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.ExecContext(t.Context(), "PRAGMA synchronous = NORMAL"); err != nil {
		t.Fatal(err)
	}
	err = c.Raw(func(dc any) error { return checked{nil, true}.check(t.Context(), dc.(driver.Conn)) })
	if !errors.Is(err, ErrSettings) || !strings.Contains(err.Error(), "synchronous") {
		t.Errorf("check = %v, want ErrSettings about synchronous", err)
	}
}

func TestPostgresThatMayLoseCommitsIsRefused(t *testing.T) {
	url := pgtest.URL(t) + "&options=-c%20synchronous_commit%3Doff"
	if _, err := Open(t.Context(), Config{URL: url}); !errors.Is(err, ErrSettings) {
		t.Errorf("Open = %v, want ErrSettings", err)
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		mustWrite(t, s, Locks{}, func(tx *Tx) error {
			return execAll(tx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`)
		})
		_, err := Open(t.Context(), Config{URL: s.cfg.URL})
		if !errors.Is(err, ErrNewerSchema) || !strings.Contains(err.Error(), "99999") {
			t.Errorf("Open = %v, want ErrNewerSchema that names the version", err)
		}
		if _, err := Migrate(t.Context(), s.cfg.URL); !errors.Is(err, ErrNewerSchema) {
			t.Errorf("Migrate = %v, want ErrNewerSchema", err)
		}
	})
}

func TestManyOpenAFreshDatabaseAtOnce(t *testing.T) {
	for name, url := range map[string]func(testing.TB) string{"sqlite": sqliteURL, "postgres": pgtest.URL} {
		t.Run(name, func(t *testing.T) {
			db := url(t)
			errs := make([]error, 6)
			var wg sync.WaitGroup
			for i := range errs {
				wg.Go(func() {
					s, err := Open(t.Context(), Config{URL: db})
					if err == nil {
						err = errors.Join(s.Ping(t.Context()), s.Close())
					}
					errs[i] = err
				})
			}
			wg.Wait()
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
			v, err := Migrate(t.Context(), db)
			if err != nil || v.Current != v.Target || v.Target == 0 {
				t.Errorf("Migrate = %+v, %v; want it up to date", v, err)
			}
		})
	}
}

func TestReadingConnectionsCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		rows, err := s.Rows(t.Context(), `INSERT INTO notes (id) VALUES ('x') RETURNING id`)
		if err == nil {
			for rows.Next() {
				t.Error("a read has written")
			}
			err = errors.Join(rows.Err(), rows.Close())
		}
		if err == nil || hasNote(t, s, "x") {
			t.Errorf("a read could write (%v)", err)
		}
	})
}

func TestCloseLetsWaitingWritesFinish(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		began, gate := make(chan struct{}), make(chan struct{})
		var wg sync.WaitGroup
		var first error
		wg.Go(func() {
			first = s.Write(context.Background(), Locks{}, func(tx *Tx) error {
				close(began)
				<-gate
				return note("first")(tx)
			})
		})
		<-began
		closed := make(chan error)
		go func() { closed <- s.Close() }()
		close(gate)
		wg.Wait()
		if err := <-closed; err != nil || first != nil {
			t.Fatalf("close: %v, write: %v", err, first)
		}
		if err := s.Write(context.Background(), Locks{}, note("late")); !errors.Is(err, ErrClosed) {
			t.Errorf("write after close = %v, want ErrClosed", err)
		}
		if !hasNote(t, reopen(t, s.cfg.URL), "first") {
			t.Error("the write that was running at close is lost")
		}
	})
}
