package main

import "fmt"

type versionCommand struct{}

// Run prints the version on one line.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintln(p.stdout, "foyer", version)
	return err
}
