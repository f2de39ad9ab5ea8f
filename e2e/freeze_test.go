package e2e

import (
	"context"
	"database/sql"
	"path/filepath"

	_ "modernc.org/sqlite"
)

// freeze takes the database's only right to write, so that nothing that the server does can be committed until thaw.
func (s *site) freeze() (thaw func()) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "foyer.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		s.t.Errorf("open the database: %v", err)
		return func() {}
	}
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "BEGIN IMMEDIATE")
	}
	if err != nil {
		s.t.Errorf("freeze the database: %v", err)
	}
	return func() {
		if _, err := conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			s.t.Errorf("thaw the database: %v", err)
		}
		if err := conn.Close(); err != nil {
			s.t.Errorf("close the database: %v", err)
		}
		if err := db.Close(); err != nil {
			s.t.Errorf("close the database: %v", err)
		}
	}
}

// alter changes the database's own rules behind the server's back.
func (s *site) alter(statement string) {
	s.t.Helper()
	db := s.database()
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(s.t.Context(), statement); err != nil {
		s.t.Fatalf("alter the database: %v", err)
	}
}

// database opens the server's database beside it.
func (s *site) database() *sql.DB {
	s.t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "foyer.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		s.t.Fatalf("open the database: %v", err)
	}
	return db
}
