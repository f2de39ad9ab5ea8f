package main

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"foyer/store"
)

type doctorCommand struct{}

// Run looks whether the invariants hold and names each, ok or broken. It changes nothing and runs beside serve.
func (doctorCommand) Run(p *program) error {
	s, err := p.openThere(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	findings, err := s.Doctor(p.ctx)
	if err = errors.Join(err, s.Close()); err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	known := store.Checks()
	for _, f := range findings { // one that the list does not name is told all the same
		if !slices.Contains(known, f.Check) {
			known = append(known, f.Check)
		}
	}
	for _, c := range known {
		p.report(c, findings)
	}
	if len(findings) > 0 {
		return fmt.Errorf("%s broken", count(len(findings), "finding: an invariant is", "findings: invariants are"))
	}
	return nil
}

// report prints one invariant with all that was found against it.
func (p *program) report(c store.Check, findings []store.Finding) {
	broken := 0
	for _, f := range findings {
		if f.Check != c {
			continue
		}
		if broken++; broken == 1 {
			fmt.Fprintf(p.stdout, "broken  %-4s %s\n", c.Invariant, c.Holds)
		}
		fmt.Fprintf(p.stdout, "             %s: %s\n", strings.Join(f.IDs, " "), f.Wrong)
	}
	if broken == 0 {
		fmt.Fprintf(p.stdout, "ok      %-4s %s\n", c.Invariant, c.Holds)
		return
	}
	fmt.Fprintf(p.stdout, "             %s\n", c.Remedy)
}
