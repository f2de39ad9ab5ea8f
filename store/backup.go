package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Backup writes a copy of the database, as of one moment, to path while others go on writing. It refuses to overwrite a
// file, and leaves nothing behind when it fails. The copy holds no secret key. On PostgreSQL it fails with ErrPostgres.
func (s *Store) Backup(ctx context.Context, path string) (err error) {
	if s.engine == Postgres {
		return fmt.Errorf("backup: %w", ErrPostgres)
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("backup: %s exists already", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*") // only its owner can read it
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	temp := f.Name()
	defer func() { err = errors.Join(err, gone(os.Remove(temp))) }()
	if err := f.Close(); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := s.copyTo(ctx, temp); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := syncFile(temp); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := os.Link(temp, path); err != nil { // unlike a rename, a link never replaces a file
		return fmt.Errorf("backup: %w", err)
	}
	return syncFile(filepath.Dir(path))
}

func (s *Store) copyTo(ctx context.Context, temp string) (err error) {
	db, err := sqlitePool(s.path, false, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, "VACUUM INTO $1", temp)
	return err
}

// Restore puts the backup in file in the place of the database at dbURL. It first proves that the backup is whole and
// belongs to keys; the database that was there stays beside it under the name that Restore returns, "" if there was none.
//
// It fails with ErrInUse while another process has the database open, with ErrWrongKey for another installation's
// backup, and with ErrPostgres on PostgreSQL. When it fails, the database is as it was.
func Restore(ctx context.Context, dbURL, file string, keys *Keys, now time.Time) (aside string, err error) {
	engine, err := EngineOf(dbURL)
	if err != nil {
		return "", err
	}
	if engine == Postgres {
		return "", fmt.Errorf("restore: %w", ErrPostgres)
	}
	path := PathOf(dbURL)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	held, err := lockExclusive(path + ".lock")
	if err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, held.release()) }()
	temp := path + ".restoring"
	defer func() { err = errors.Join(err, removeDatabase(temp)) }()
	if err := copyFile(file, temp); err != nil {
		return "", fmt.Errorf("restore: %w", err)
	}
	if err := proveBackup(ctx, temp, keys); err != nil {
		return "", fmt.Errorf("restore %s: %w", file, err)
	}
	return replaceDatabase(ctx, path, temp, now)
}

// proveBackup checks that the file is a whole database of ours, not newer than this program, and made with keys.
func proveBackup(ctx context.Context, path string, keys *Keys) (err error) {
	db, err := rawSQLite(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("check integrity: %w", err)
	}
	if verdict != "ok" {
		return fmt.Errorf("check integrity: %s", verdict)
	}
	var schema int64
	err = db.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied`).Scan(&schema)
	if err != nil {
		return fmt.Errorf("it is not a backup of foyer: %w", err)
	}
	target, err := newestMigration()
	if err != nil {
		return err
	}
	if schema > target {
		return fmt.Errorf("%w: its schema has version %d, this program knows %d", ErrNewerSchema, schema, target)
	}
	var value string
	err = db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = $1`, keyCheckName).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // made before the first key was used: there is nothing that a key must open
	}
	if err == nil && !keys.matches(value) {
		err = ErrWrongKey
	}
	return err
}

// replaceDatabase moves temp to path. What was at path keeps existing under another name.
func replaceDatabase(ctx context.Context, path, temp string, now time.Time) (string, error) {
	aside := path + ".before-restore-" + now.UTC().Format("20060102T150405.000Z")
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		aside = ""
	} else if err := setAside(ctx, path, aside); err != nil {
		return "", fmt.Errorf("restore: set the old database aside: %w", err)
	}
	if err := os.Rename(temp, path); err != nil {
		return aside, fmt.Errorf("restore: %w", err)
	}
	return aside, syncFile(filepath.Dir(path))
}

// setAside gives the old database a second name and leaves no log of it that SQLite would apply to the new one.
func setAside(ctx context.Context, path, aside string) error {
	if err := foldLog(ctx, path); err == nil {
		return os.Link(path, aside) // path stays until the rename replaces it: there is never no database
	} else if e, ok := errors.AsType[*sqlite.Error](err); ok && e.Code()&0xff == sqlite3.SQLITE_BUSY {
		return fmt.Errorf("%w: %w", ErrInUse, err)
	}
	// It is too damaged to open: move all its files as they are.
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := gone(os.Rename(path+suffix, aside+suffix)); err != nil {
			return err
		}
	}
	return nil
}

// foldLog writes the log into the database file and removes it; that takes a database that nobody else has open.
func foldLog(ctx context.Context, path string) (err error) {
	db, err := rawSQLite(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var mode string
	return db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
}

// rawSQLite opens a database file without the settings and checks of a store.
func rawSQLite(path string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(sqliteFile(path) + "?_pragma=busy_timeout(1000)")
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	return db, nil
}

func removeDatabase(path string) error {
	var errs []error
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		errs = append(errs, gone(os.Remove(path+suffix)))
	}
	return errors.Join(errs...)
}

// gone forgives that a file is not there.
func gone(err error) error {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Sync()
}

// syncFile flushes a file, or the names in a folder, to the disk.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// fileLock is an advisory lock on a file; the zero value holds nothing. It ends with the process at the latest.
type fileLock struct{ f *os.File }

// lockShared takes a lock that many may have; it fails with ErrInUse while somebody has it for himself.
func lockShared(path string) (fileLock, error) {
	return lockFile(path, os.O_CREATE|os.O_RDWR, syscall.LOCK_SH|syscall.LOCK_NB)
}

// lockExclusive takes a lock for itself alone; it fails with ErrInUse while anybody has it.
func lockExclusive(path string) (fileLock, error) {
	return lockFile(path, os.O_CREATE|os.O_RDWR, syscall.LOCK_EX|syscall.LOCK_NB)
}

// Claim takes a lock file for this process alone, until it ends or release is called; it fails with ErrInUse while another has it.
func Claim(path string) (release func() error, err error) {
	l, err := lockExclusive(path)
	return l.release, err
}

// lockFolder waits for its turn among those who lock the folder.
func lockFolder(path string) (fileLock, error) { return lockFile(path, os.O_RDONLY, syscall.LOCK_EX) }

func lockFile(path string, flags, how int) (fileLock, error) {
	f, err := os.OpenFile(path, flags, 0o600)
	if err != nil {
		return fileLock{}, err
	}
	for {
		err = syscall.Flock(int(f.Fd()), how)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrInUse
	}
	if err != nil {
		return fileLock{}, errors.Join(err, f.Close())
	}
	return fileLock{f}, nil
}

// share turns a lock that one had alone into one that many may have.
func (l fileLock) share() error { return syscall.Flock(int(l.f.Fd()), syscall.LOCK_SH) }

func (l fileLock) release() error {
	if l.f == nil {
		return nil
	}
	return l.f.Close()
}
