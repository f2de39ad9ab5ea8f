package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"
)

// The engines that a Store can stand on.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Failures of opening and of using a store. They come wrapped, with a sentence; compare with errors.Is.
var (
	ErrNewerSchema = errors.New("the database belongs to a newer version of foyer")
	ErrSettings    = errors.New("the database connection has unsafe settings")
	ErrInUse       = errors.New("another process has the database open")
	ErrPostgres    = errors.New("use pg_dump")
	ErrClosed      = errors.New("the store is closed")
	ErrStorage     = errors.New("the database cannot be written")
	ErrUndeclared  = errors.New("a row was used without declaring its lock")
	ErrPanic       = errors.New("a write ended in a panic")
)

// Config says which database to open and how.
type Config struct {
	URL   string           // sqlite:PATH or postgres://user@host/name
	Now   func() time.Time // clock; nil means time.Now
	Log   *slog.Logger     // nil means silence
	Queue int              // writes that may wait before further ones are refused as busy; 0 means 4096
}

// Store is an open database. It is safe for use by many goroutines.
type Store struct {
	cfg    Config
	engine string
	path   string // of the SQLite file, "" on PostgreSQL
	reader *sql.DB
	writer writer
	cache  statements
	due    bell     // a job became due by a commit of this process
	held   fileLock // shared as long as the store is open
	duty   workerDuty
	once   sync.Once
	keys   *Keys    // for credentials, set by UseKeys
	calls  callLog  // outcomes of gateway calls that are still to be written
	events sync.Map // slug -> *registration.Event and its version
	codes  codeMaker
	drafts draftReader
}

// writer runs functions in transactions; one implementation for each engine.
type writer interface {
	submit(ctx context.Context, locks Locks, order *orderRow, fn func(*Tx) error) error
	close() error
}

// Open opens the database, brings an older schema up to date and checks the settings of every connection.
//
// It fails with ErrNewerSchema for a schema that this program does not know, with ErrSettings when the database would
// not keep its promises, and with ErrInUse while a restore is running.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	cfg = cfg.withDefaults()
	engine, err := EngineOf(cfg.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{cfg: cfg, engine: engine}
	open := s.openSQLite
	if engine == Postgres {
		open = s.openPostgres
	}
	if err := open(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.release())
	}
	return s, nil
}

// EngineOf names the engine that a database URL asks for, or says what is wrong with the URL.
func EngineOf(dbURL string) (string, error) {
	if path, ok := strings.CutPrefix(dbURL, "sqlite:"); ok {
		if path == "" || strings.HasPrefix(path, ":") {
			return "", errors.New("database URL sqlite: needs the path of a file, such as sqlite:data/foyer.db")
		}
		return SQLite, nil
	}
	if strings.HasPrefix(dbURL, "postgres://") || strings.HasPrefix(dbURL, "postgresql://") {
		if _, err := url.Parse(dbURL); err != nil {
			return "", errors.New("database URL is not well formed") // the parser's text would show the password
		}
		return Postgres, nil
	}
	return "", errors.New("database URL must begin with sqlite: or postgres://")
}

// PathOf is the file of a sqlite: URL, "" for any other URL.
func PathOf(dbURL string) string {
	path, ok := strings.CutPrefix(dbURL, "sqlite:")
	if !ok {
		return ""
	}
	return path
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Queue <= 0 {
		c.Queue = 4096
	}
	return c
}

// Engine is "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine }

// Path is the SQLite file, "" on PostgreSQL.
func (s *Store) Path() string { return s.path }

// Now is the store's clock: UTC, to the millisecond.
func (s *Store) Now() time.Time { return s.cfg.Now().UTC().Truncate(time.Millisecond) }

// Ping reports whether the database answers a read.
func (s *Store) Ping(ctx context.Context) error {
	var one int
	if err := s.Row(ctx, "SELECT 1").Scan(&one); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// Close lets the writes that are waiting finish and closes the database. A second call does nothing.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() { err = s.release() })
	return err
}

// release closes whatever of the store is open.
func (s *Store) release() error {
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	s.cache.close()
	if s.reader != nil {
		errs = append(errs, s.reader.Close())
	}
	errs = append(errs, s.duty.lock.release(), s.held.release())
	return errors.Join(errs...)
}

// Millis is a time as it is stored: Unix milliseconds, 0 for the zero time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// FromMillis is the time that Millis stored: UTC, the zero time for 0.
func FromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
