package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"foyer/store"
)

// open opens the database, brings its schema up to date and says what is wrong in words of the settings.
func (p *program) open(log *slog.Logger) (*store.Store, error) {
	dbURL, _, err := p.settings.database()
	if err != nil {
		return nil, exit(exitSettings, err)
	}
	s, err := store.Open(p.ctx, store.Config{URL: dbURL, Log: log})
	if err != nil {
		return nil, fmt.Errorf("foyer: %w", err)
	}
	return s, nil
}

// openThere is open for commands that have nothing to do in an empty database.
func (p *program) openThere(log *slog.Logger) (*store.Store, error) {
	if err := p.exists(); err != nil {
		return nil, err
	}
	return p.open(log)
}

// exists refuses to make an empty database where one was expected: a wrong folder would pass for books in which everything is right.
func (p *program) exists() error {
	dbURL, _, err := p.settings.database()
	path := store.PathOf(dbURL)
	if err != nil || path == "" {
		return nil // opening it says what is wrong
	}
	if _, err := os.Stat(path); err != nil {
		return exit(exitSettings, wrong("FOYER_DATABASE_URL", "names %s, where there is no database: this may be the wrong folder", path))
	}
	return nil
}

// openWithKeys is open for commands that read credentials or make private addresses.
func (p *program) openWithKeys(log *slog.Logger) (*store.Store, error) {
	dbURL, engine, err := p.settings.database()
	if err != nil {
		return nil, exit(exitSettings, err)
	}
	keys, fresh, err := p.keys(dbURL, engine)
	if err != nil {
		return nil, exit(exitSettings, err)
	}
	s, err := p.open(log)
	if err != nil {
		return nil, err
	}
	err = s.CheckKeys(p.ctx, keys)
	if err == nil {
		s.UseKeys(keys)
		return s, nil
	}
	err = errors.Join(err, s.Close())
	if !errors.Is(err, store.ErrWrongKey) {
		return nil, fmt.Errorf("foyer: %w", err)
	}
	if !fresh {
		return nil, exit(exitSettings, wrong("FOYER_SECRET_KEY", "is not the key that this database was made with"))
	}
	path := keyPath(dbURL)
	lost := wrong("FOYER_SECRET_KEY", "is not set, and the key that this database was made with is no longer at %s: put that file back", path)
	return nil, exit(exitSettings, errors.Join(lost, os.Remove(path)))
}

// keyPath is where the secret key of a SQLite database is kept.
func keyPath(dbURL string) string { return store.PathOf(dbURL) + ".key" }

// keys reads the secret key. Beside a SQLite database without one it makes it; fresh says that it has just done so.
func (p *program) keys(dbURL, engine string) (keys *store.Keys, fresh bool, err error) {
	if p.settings.SecretKey != "" {
		keys, err = store.ParseKeys(p.settings.SecretKey)
		if err != nil {
			err = wrong("FOYER_SECRET_KEY", "must be 32 bytes in base64, or two such keys as NEW,OLD; make one with: openssl rand -base64 32")
		}
		return keys, false, err
	}
	if engine == store.Postgres {
		return nil, false, wrong("FOYER_SECRET_KEY", "is missing: with PostgreSQL every node needs the same key; make one with: openssl rand -base64 32")
	}
	_, statErr := os.Stat(keyPath(dbURL))
	fresh = errors.Is(statErr, os.ErrNotExist)
	keys, err = store.LoadOrCreateKeys(keyPath(dbURL))
	if err != nil {
		err = wrong("FOYER_SECRET_KEY", "is not set, and the key file cannot be used: %v", err)
	}
	return keys, fresh, err
}
