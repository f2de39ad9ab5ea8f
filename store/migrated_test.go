package store

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"foyer/store/pgtest"
)

// migratedPostgres is the address of an empty PostgreSQL database that has every table.
func migratedPostgres(tb testing.TB) string {
	tb.Helper()
	return pgtest.MigratedURL(tb, func(ctx context.Context, url string) error {
		_, err := Migrate(ctx, url)
		return err
	})
}

// migratedSQLite is the address of an empty SQLite database that has every table: a copy of one that was migrated.
func migratedSQLite(tb testing.TB) string {
	tb.Helper()
	data, err := migratedFile()
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "test.db")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		tb.Fatal(err)
	}
	return "sqlite:" + file
}

var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "foyer-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "test.db")
	if _, err := Migrate(context.Background(), "sqlite:"+file); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})
