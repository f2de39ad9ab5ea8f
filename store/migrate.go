package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationLock is the key of PostgreSQL's advisory lock that lets one node at a time migrate.
const migrationLock = 0x666f796572 // "foyer"

// Version is the schema version of a database and the one that this program wants.
type Version struct{ Current, Target int64 }

// Migrate brings the schema of the database at dbURL up to date and says from where to where it went. A second call
// changes nothing. It fails with ErrNewerSchema for a schema that this program does not know.
func Migrate(ctx context.Context, dbURL string) (Version, error) {
	engine, err := EngineOf(dbURL)
	if err != nil {
		return Version{}, err
	}
	if engine == Postgres {
		return migratePostgres(ctx, dbURL)
	}
	path := PathOf(dbURL)
	if err := createPrivate(path); err != nil {
		return Version{}, err
	}
	held, err := lockShared(path + ".lock")
	if err != nil {
		return Version{}, err
	}
	v, err := migrateSQLite(ctx, path)
	return v, errors.Join(err, held.release())
}

// migrateSQLite lets one process at a time migrate, by a lock on the file's folder.
func migrateSQLite(ctx context.Context, path string) (v Version, err error) {
	turn, err := lockFolder(filepath.Dir(path))
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, turn.release()) }()
	db, err := sqlitePool(path, false, 1)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if v, err = migrate(ctx, goose.DialectSQLite3, db); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return v, err
}

// migratePostgres lets one node at a time migrate, by an advisory lock on a connection of its own.
func migratePostgres(ctx context.Context, dbURL string) (v Version, err error) {
	db, err := pgPool(dbURL, false, 2)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	turn, err := db.Conn(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, turn.Close()) }()
	if _, err := turn.ExecContext(ctx, `SET lock_timeout = 0; SET statement_timeout = 0`); err != nil {
		return v, err
	}
	if _, err := turn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return v, fmt.Errorf("wait for another node's migration: %w", err)
	}
	return migrate(ctx, goose.DialectPostgres, db) // closing the connection gives the lock back
}

func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB) (Version, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return Version{}, err
	}
	p, err := goose.NewProvider(dialect, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return Version{}, fmt.Errorf("read migrations: %w", err)
	}
	var v Version
	if v.Current, v.Target, err = p.GetVersions(ctx); err != nil {
		return v, fmt.Errorf("read schema version: %w", err)
	}
	if v.Current > v.Target {
		return v, fmt.Errorf("%w: its schema has version %d, this program knows %d; use the newer program",
			ErrNewerSchema, v.Current, v.Target)
	}
	if v.Current == v.Target {
		return v, nil
	}
	if _, err := p.Up(ctx); err != nil {
		return v, fmt.Errorf("migrate schema from version %d to %d: %w", v.Current, v.Target, err)
	}
	return v, nil
}

// newestMigration is the schema version that this program wants.
func newestMigration() (int64, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(err, errors.New("no migrations"))
	}
	return goose.NumericComponent(names[len(names)-1]) // the names sort by version
}
