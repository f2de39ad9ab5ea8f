package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"modernc.org/sqlite"
)

// pragmas are the settings of every SQLite connection: as the DSN asks for them and as they must read back.
// busy_timeout comes first, so that the others wait for a neighbour too.
var pragmas = []struct{ name, ask, want string }{
	{"busy_timeout", "10000", "10000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "1", "1"},
	{"trusted_schema", "0", "0"},
	{"fullfsync", "1", "1"},            // macOS only: flush the drive's own cache too
	{"checkpoint_fullfsync", "1", "1"}, // no effect elsewhere
}

// tunings cost nothing when they do not take effect, so nobody reads them back.
var tunings = []string{"temp_store(MEMORY)", "journal_size_limit(67108864)",
	"wal_autocheckpoint(8000)"} // 32 MB of log: pages that change often are copied less often, still quick to recover

// Page caches of a connection. A reader's is empty after each commit of another connection, and the system has the file's pages anyway.
const (
	writerCache = "cache_size(-6000)"
	readerCache = "cache_size(-2000)"
)

// sqliteDSN is the address of the file for the driver; reading connections refuse to write.
func sqliteDSN(path string, readOnly bool) string {
	q := url.Values{"_txlock": {"immediate"}}
	for _, p := range pragmas {
		q.Add("_pragma", p.name+"("+p.ask+")")
	}
	for _, t := range tunings {
		q.Add("_pragma", t)
	}
	if readOnly {
		q.Add("_pragma", readerCache)
		q.Add("_pragma", "query_only(1)")
	} else {
		q.Add("_pragma", writerCache)
	}
	return sqliteFile(path) + "?" + q.Encode()
}

// sqliteFile is the file as the driver wants it named.
func sqliteFile(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }

// sqlitePool opens connections to the file; each proves its settings before anybody uses it.
func sqlitePool(path string, readOnly bool, size int) (*sql.DB, error) {
	base, err := sqlite.NewConnector(sqliteDSN(path, readOnly))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(checked{base, readOnly})
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db, nil
}

// checked is a connector that refuses a connection whose settings are not what they must be.
type checked struct {
	driver.Connector
	readOnly bool
}

// Connect opens a connection and reads its settings back.
func (c checked) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.check(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

func (c checked) check(ctx context.Context, conn driver.Conn) error {
	for _, p := range pragmas {
		if err := expectPragma(ctx, conn, p.name, p.want); err != nil {
			return err
		}
	}
	if c.readOnly {
		return expectPragma(ctx, conn, "query_only", "1")
	}
	return nil
}

func expectPragma(ctx context.Context, conn driver.Conn, name, want string) error {
	got, err := readPragma(ctx, conn, name)
	if err != nil {
		return fmt.Errorf("read back %s: %w", name, err)
	}
	if got != want {
		return fmt.Errorf("%w: %s is %q and must be %q", ErrSettings, name, got, want)
	}
	return nil
}

func readPragma(ctx context.Context, conn driver.Conn, name string) (string, error) {
	q, ok := conn.(driver.QueryerContext)
	if !ok {
		return "", errors.New("the driver answers no queries")
	}
	rows, err := q.QueryContext(ctx, "PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	dest := make([]driver.Value, len(rows.Columns()))
	err = rows.Next(dest)
	if errors.Is(err, io.EOF) {
		err = errors.New("no answer")
	}
	if err != nil {
		return "", errors.Join(err, rows.Close())
	}
	return strings.ToLower(fmt.Sprint(dest[0])), rows.Close()
}

// openSQLite makes the file if there is none, brings it up to date and starts the writer.
func (s *Store) openSQLite(ctx context.Context) error {
	s.path = PathOf(s.cfg.URL)
	if err := createPrivate(s.path); err != nil {
		return err
	}
	var err error
	if s.held, err = lockShared(s.path + ".lock"); err != nil {
		return err
	}
	if _, err := migrateSQLite(ctx, s.path); err != nil {
		return err
	}
	if s.reader, err = sqlitePool(s.path, true, runtime.NumCPU()); err != nil {
		return err
	}
	if err := openAll(ctx, s.reader, runtime.NumCPU()); err != nil {
		return err
	}
	s.writer, err = newBatchWriter(ctx, s)
	return err
}

// createPrivate makes an empty file that only its owner can read, and its folder. An existing file is left alone, and
// not even opened: closing it would drop the locks that SQLite holds for another store of this process.
func createPrivate(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// openAll opens every connection of a pool at once, so that a bad one is found at start-up.
func openAll(ctx context.Context, db *sql.DB, n int) (err error) {
	conns := make([]*sql.Conn, 0, n)
	defer func() {
		for _, c := range conns {
			err = errors.Join(err, c.Close())
		}
	}()
	for range n {
		c, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		conns = append(conns, c)
	}
	return nil
}
