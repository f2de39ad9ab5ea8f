package main

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"foyer/registration"
)

type eventExportCommand struct {
	Slug string `arg:"" help:"The event."`
}

// Run prints an event as its event file. Credentials are written as the references that they were given by, or left out, which is told.
func (c eventExportCommand) Run(p *program) (err error) {
	s, err := p.openThere(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	f, err := s.EventFile(p.ctx, c.Slug)
	if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeNotFound {
		return exit(exitSettings, fmt.Errorf("foyer: there is no event %q", c.Slug))
	}
	if err != nil {
		return fmt.Errorf("foyer: read the event: %w", err)
	}
	data, err := registration.WriteEventFile(f.EventFile)
	if err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	if _, err := p.stdout.Write(data); err != nil {
		return fmt.Errorf("foyer: print the event file: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(f.Kept)) {
		fmt.Fprintf(p.stderr, "note: channel %s: left out: %s; add them before you apply the file elsewhere\n", key, strings.Join(f.Kept[key], ", "))
	}
	return nil
}
