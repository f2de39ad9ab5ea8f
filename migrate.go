package main

import (
	"fmt"

	"foyer/store"
)

type migrateCommand struct{}

// Run brings the schema up to date. A second call changes nothing.
func (migrateCommand) Run(p *program) error {
	dbURL, _, err := p.settings.database()
	if err != nil {
		return exit(exitSettings, err)
	}
	v, err := store.Migrate(p.ctx, dbURL)
	if err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	if v.Current == v.Target {
		_, err = fmt.Fprintf(p.stdout, "schema version %d, nothing to do\n", v.Target)
	} else {
		_, err = fmt.Fprintf(p.stdout, "schema version %d, was %d\n", v.Target, v.Current)
	}
	return err
}
