package main

import (
	"errors"
	"fmt"
	"os"
	"time"

	"foyer/store"
)

type restoreCommand struct {
	File string `arg:"" help:"The backup."`
}

// Run puts a backup in the place of the database. The database that was there stays under another name.
func (r restoreCommand) Run(p *program) error {
	dbURL, err := p.sqliteOnly()
	if err != nil {
		return err
	}
	if at, err := os.Stat(r.File); err != nil || at.IsDir() {
		return exit(exitSettings, fmt.Errorf("foyer: there is no backup at %s", r.File))
	}
	if _, err := os.Stat(keyPath(dbURL)); p.settings.SecretKey == "" && errors.Is(err, os.ErrNotExist) {
		return exit(exitSettings, wrong("FOYER_SECRET_KEY", "is not set and there is no key file: put the key of the backup's installation at %s", keyPath(dbURL)))
	}
	keys, _, err := p.keys(dbURL, store.SQLite)
	if err != nil {
		return exit(exitSettings, err)
	}
	aside, err := store.Restore(p.ctx, dbURL, r.File, keys, time.Now())
	switch {
	case errors.Is(err, store.ErrInUse):
		return fmt.Errorf("foyer: %w: stop foyer serve first", err)
	case errors.Is(err, store.ErrWrongKey):
		return exit(exitSettings, fmt.Errorf("foyer: %s was made with another secret key: put that key at %s or into FOYER_SECRET_KEY", r.File, keyPath(dbURL)))
	case err != nil:
		return fmt.Errorf("foyer: %w", err)
	}
	if _, err := fmt.Fprintf(p.stdout, "restored %s from %s\n", store.PathOf(dbURL), r.File); err != nil {
		return err
	}
	if aside != "" {
		_, err = fmt.Fprintf(p.stdout, "The database that was there is now %s\n", aside)
	}
	return err
}
