package main

import (
	"errors"
	"fmt"
	"log/slog"

	"foyer/store"
)

type backupCommand struct {
	File string `arg:"" help:"Where to write the copy. It must not exist yet."`
}

// Run writes a copy of the database as of one moment, and says where the key is that the copy leaves out.
func (b backupCommand) Run(p *program) error {
	dbURL, err := p.sqliteOnly()
	if err != nil {
		return err
	}
	s, err := p.openThere(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if err := errors.Join(s.Backup(p.ctx, b.File), s.Close()); err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	key := keyPath(dbURL)
	if p.settings.SecretKey != "" {
		key = "FOYER_SECRET_KEY"
	}
	_, err = fmt.Fprintf(p.stdout, "backup written to %s\nThe secret key is not in it: it is in %s. Keep a copy of it elsewhere; without it the backup cannot be restored.\n", b.File, key)
	return err
}

// sqliteOnly gives the URL of a SQLite database, and says what to use with PostgreSQL.
func (p *program) sqliteOnly() (string, error) {
	dbURL, engine, err := p.settings.database()
	if err != nil {
		return "", exit(exitSettings, err)
	}
	if engine == store.Postgres {
		return "", exit(exitSettings, errors.New("foyer: use pg_dump: this command is for SQLite, and FOYER_DATABASE_URL names a PostgreSQL database"))
	}
	return dbURL, nil
}
