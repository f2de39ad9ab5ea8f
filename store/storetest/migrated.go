package storetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"foyer/store"
)

// MigratedURL gives the address of an empty SQLite database of the test's own that has every table already. The migrations, run anew
// for each of a thousand cases, would take most of the time of the whole suite.
func MigratedURL(tb testing.TB) string {
	tb.Helper()
	data, err := migrated()
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "foyer.db")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return "sqlite:" + file
}

// migrated is the file of a database that was made, migrated and closed; nothing is left in its log then.
var migrated = sync.OnceValues(func() (data []byte, err error) {
	dir, err := os.MkdirTemp("", "foyer-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "foyer.db")
	s, err := store.Open(context.Background(), store.Config{URL: "sqlite:" + file})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	if log, err := os.Stat(file + "-wal"); err == nil && log.Size() > 0 {
		return nil, errors.New("the log of a closed database is not empty")
	}
	return os.ReadFile(file)
})
