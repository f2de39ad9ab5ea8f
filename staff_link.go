package main

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

const signInLinkLife = 24 * time.Hour

type staffLinkCommand struct {
	Email string `arg:"" help:"Address of somebody who may sign in."`
}

// Run prints a link that lets a person in once, for somebody who has lost the password. Password and sessions stay as they are; an
// earlier link works on.
func (l staffLinkCommand) Run(p *program) error {
	base := p.address()
	if base == "" {
		return exit(exitSettings, wrong("FOYER_BASE_URL", "must be set as for the server, because a link begins with it"))
	}
	s, err := p.openThere(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	link, err := p.signInLink(s, base, l.Email)
	err = errors.Join(err, s.Close())
	if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeNotFound {
		return exit(exitSettings, fmt.Errorf("foyer: nobody signs in as %s: foyer staff add lets somebody", l.Email))
	}
	if err != nil {
		return fmt.Errorf("foyer: %w", err)
	}
	_, err = fmt.Fprintf(p.stdout, "%s\nIt works once, until %s.\n", link, s.Now().Add(signInLinkLife).UTC().Format("2006-01-02 15:04 UTC"))
	return err
}

// signInLink makes a link that signs a person in once, within signInLinkLife.
func (p *program) signInLink(s *store.Store, base, email string) (string, error) {
	person, err := s.StaffByEmail(p.ctx, email)
	if err != nil {
		return "", err
	}
	token, err := s.CreateSignInLink(p.ctx, person.ID, signInLinkLife)
	return base + views.SignInLinkPath + "?token=" + token, err
}
