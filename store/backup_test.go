package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/store/pgtest"
)

func TestBackupWhileWritingRestores(t *testing.T) {
	s := openTest(t, sqliteURL(t))
	keys := testKeys(t, "a")
	if err := s.CheckKeys(t.Context(), keys); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, s, Locks{}, func(tx *Tx) error { return execAll(tx, `INSERT INTO quotas (id, places) VALUES ('hall', 100000)`) })
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				mustWrite(t, s, Locks{Quotas: []string{"hall"}}, func(tx *Tx) error { // two rows that must stay in step
					if err := note(fmt.Sprintf("%d-%d", g, i))(tx); err != nil {
						return err
					}
					return execAll(tx, `UPDATE quotas SET sold = sold + 1 WHERE id = 'hall'`)
				})
			}
		})
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	mustWrite(t, s, Locks{}, note("before"))
	err := s.Backup(t.Context(), file)
	stop()
	wg.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); err == nil {
		t.Error("a backup has overwritten a file")
	}
	if files, _ := os.ReadDir(filepath.Dir(file)); len(files) != 1 {
		t.Errorf("left over: %v", files)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("backup has mode %v, %v", info.Mode(), err)
	}
	url := sqliteURL(t)
	if aside, err := Restore(t.Context(), url, file, keys, time.Now()); err != nil || aside != "" {
		t.Fatalf("restore = %q, %v", aside, err)
	}
	r := reopen(t, url)
	if err := r.CheckKeys(t.Context(), keys); err != nil {
		t.Error(err)
	}
	notes, sold := number(t, r, `SELECT COUNT(*) FROM notes`), number(t, r, `SELECT sold FROM quotas`)
	if notes != sold+1 || !hasNote(t, r, "before") {
		t.Errorf("restored %d notes, %d sold: not one moment", notes, sold)
	}
	var verdict string
	if err := r.Row(t.Context(), `PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity: %s, %v", verdict, err)
	}
}

// backedUp is a closed database with the note "new", and a backup of it from before that has the note "old" only.
func backedUp(t *testing.T) (url, file string) {
	t.Helper()
	url, file = sqliteURL(t), filepath.Join(t.TempDir(), "backup.db")
	s := openTest(t, url)
	mustWrite(t, s, Locks{}, note("old"))
	if err := errors.Join(s.CheckKeys(t.Context(), testKeys(t, "a")), s.Backup(t.Context(), file)); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, s, Locks{}, note("new"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return url, file
}

func TestRestoreKeepsTheOldDatabaseAside(t *testing.T) {
	url, file := backedUp(t)
	aside, err := Restore(t.Context(), url, file, testKeys(t, "ba"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, reopen(t, url), "old")
	wantNotes(t, reopen(t, "sqlite:"+aside), "new old")
}

func TestRestoreReplacesADamagedDatabase(t *testing.T) {
	url, file := backedUp(t)
	if err := os.WriteFile(PathOf(url), []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	aside, err := Restore(t.Context(), url, file, testKeys(t, "a"), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	wantNotes(t, reopen(t, url), "old")
	if b, err := os.ReadFile(aside); err != nil || !strings.HasPrefix(string(b), "not a database") {
		t.Errorf("the damaged file is gone: %v", err)
	}
}

func TestRestoreIsRefusedWhileTheDatabaseIsOpen(t *testing.T) {
	url, file := backedUp(t)
	s := reopen(t, url)
	if _, err := Restore(t.Context(), url, file, testKeys(t, "a"), time.Now()); !errors.Is(err, ErrInUse) {
		t.Errorf("restore = %v, want ErrInUse", err)
	}
	wantNotes(t, s, "new old")
}

func TestRestoreIsRefusedWhileAnotherProgramHasItOpen(t *testing.T) {
	url, file := backedUp(t)
	db, err := rawSQLite(PathOf(url)) // such as the sqlite3 shell, which knows nothing of our lock
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var n int
	if err := db.QueryRow(`SELECT COUNT(*) FROM notes`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), url, file, testKeys(t, "a"), time.Now()); !errors.Is(err, ErrInUse) {
		t.Errorf("restore = %v, want ErrInUse", err)
	}
}

func TestOpenIsRefusedWhileRestoring(t *testing.T) {
	url, _ := backedUp(t)
	lock, err := lockExclusive(PathOf(url) + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.release() }()
	if _, err := Open(t.Context(), Config{URL: url}); !errors.Is(err, ErrInUse) {
		t.Errorf("open = %v, want ErrInUse", err)
	}
}

func TestRestoreRefusesWhatItMustNotRestore(t *testing.T) {
	url, file := backedUp(t)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	bad := func(change func(b []byte) []byte) string {
		path := filepath.Join(t.TempDir(), "bad.db")
		if err := os.WriteFile(path, change(append([]byte(nil), whole...)), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := bad(func(b []byte) []byte { return b })
	db, err := rawSQLite(newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, TRUE)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file, keys string
		want       error
	}{
		"missing":      {file + "x", "a", os.ErrNotExist},
		"another key":  {file, "b", ErrWrongKey},
		"newer schema": {newer, "a", ErrNewerSchema},
		"cut off":      {bad(func(b []byte) []byte { return b[:len(b)/2] }), "a", nil},
		"damaged":      {bad(func(b []byte) []byte { clear(b[len(b)-4096:]); return b }), "a", nil},
		"empty":        {bad(func([]byte) []byte { return nil }), "a", nil},
		"no database":  {bad(func([]byte) []byte { return []byte(strings.Repeat("text", 5000)) }), "a", nil},
	} {
		_, err := Restore(t.Context(), url, c.file, testKeys(t, c.keys), time.Now())
		if err == nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	wantNotes(t, reopen(t, url), "new old")
	if files, _ := filepath.Glob(PathOf(url) + "*restor*"); len(files) != 0 {
		t.Errorf("left over: %v", files)
	}
}

func TestPostgresIsBackedUpByItsOwnTools(t *testing.T) {
	s := reopen(t, pgtest.URL(t))
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "x")); !errors.Is(err, ErrPostgres) {
		t.Errorf("backup = %v", err)
	}
	if _, err := Restore(t.Context(), s.cfg.URL, "x", testKeys(t, "a"), time.Now()); !errors.Is(err, ErrPostgres) {
		t.Errorf("restore = %v", err)
	}
}
