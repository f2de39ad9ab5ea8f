package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"foyer/registration"
	"foyer/store"

	"golang.org/x/term"
)

type staffCommands struct {
	Add  staffAddCommand  `cmd:"" help:"Let somebody sign in; the password is read as one line from standard input. Adding again changes role and password."`
	Link staffLinkCommand `cmd:"" help:"Print a link that signs somebody in once, within 24 hours, without a password."`
}

type staffAddCommand struct {
	Email string `arg:"" help:"Address to sign in with."`
	Role  string `required:"" help:"owner, admin, organizer or desk."`
	Event string `help:"Slug of the only event that this person may see." placeholder:"SLUG"`
}

// Run adds a person, or changes role, event and password of one who is there. It counts from the next request.
func (a staffAddCommand) Run(p *program) error {
	if !store.Role(a.Role).Known() {
		return exit(exitSettings, fmt.Errorf("foyer: --role is %q, but must be owner, admin, organizer or desk", a.Role))
	}
	password, err := p.password("Password for " + a.Email + ", 12 characters at least: ")
	if err != nil {
		return exit(exitSettings, errors.New("foyer: the password is missing: give it as one line on standard input"))
	}
	s, err := p.open(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	err = errors.Join(s.AddStaff(p.ctx, a.Email, store.Role(a.Role), a.Event, password), s.Close())
	switch e, known := errors.AsType[*registration.Error](err); {
	case known && e.Code == registration.CodeNotFound:
		return exit(exitSettings, fmt.Errorf("foyer: --event is %q, but there is no such event", a.Event))
	case errors.Is(err, store.ErrPassword), errors.Is(err, store.ErrEmail):
		return exit(exitSettings, fmt.Errorf("foyer: %w", err))
	case err != nil:
		return fmt.Errorf("foyer: %w", err)
	}
	where := "all events"
	if a.Event != "" {
		where = a.Event
	}
	_, err = fmt.Fprintf(p.stdout, "%s may sign in as %s for %s\n", a.Email, a.Role, where)
	return err
}

// password reads a password: unseen, after a prompt, when somebody sits at a terminal, else as one line.
func (p *program) password(prompt string) (string, error) {
	f, ok := p.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return readLine(p.stdin)
	}
	fmt.Fprint(p.stderr, prompt)
	text, err := term.ReadPassword(int(f.Fd()))
	fmt.Fprintln(p.stderr)
	if err != nil || len(text) == 0 {
		return "", errors.Join(errors.New("nothing was typed"), err)
	}
	return string(text), nil
}

// readLine reads one line, without its end.
func readLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, 4096)).ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if line == "" {
		return "", errors.Join(errors.New("empty line"), err)
	}
	return line, nil
}
