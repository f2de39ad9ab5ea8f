package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"foyer/handlers"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

type eventCommands struct {
	Apply  eventApplyCommand  `cmd:"" help:"Create an event from a YAML file, or change it."`
	Export eventExportCommand `cmd:"" help:"Print an event as its YAML file."`
}

type eventApplyCommand struct {
	File string `arg:"" help:"The event file; - reads standard input."`
}

// Run applies an event file and prints what changed. It may run beside serve; the change counts from the next request.
func (c eventApplyCommand) Run(p *program) error {
	name, data, err := c.read(p.stdin)
	if err != nil {
		return exit(exitSettings, fmt.Errorf("foyer: read the event file: %w", err))
	}
	file, err := registration.ParseEventFile(name, data, p.getenv)
	if err != nil {
		return exit(exitSettings, err)
	}
	s, err := p.openWithKeys(slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	changes, err := applyEvent(p.ctx, s, name, file)
	var missing []string
	if err == nil {
		missing, err = missingOf(p.ctx, s, file.Event.Slug)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	if file.Event.Person.VerifyPhone && p.settings.SMSURL == "log:" {
		missing = append(missing, "warning: codes to telephones are written into the log only, until FOYER_SMS_URL names a sender")
	}
	for _, d := range file.Event.Doubts() {
		missing = append(missing, "warning: "+d.Text)
	}
	for _, line := range changes {
		fmt.Fprintln(p.stdout, line)
	}
	for _, line := range missing {
		fmt.Fprintln(p.stderr, line)
	}
	if base := p.address(); base != "" {
		links := handlers.Links{Base: base}
		fmt.Fprintf(p.stdout, "page: %s\n", links.Event(file.Event.Slug))
		for _, ch := range file.Event.Channels {
			if ch.ByHand() {
				continue // nobody sends notifications about the organizer's own account
			}
			fmt.Fprintf(p.stdout, "webhooks of %s: %s\n", ch.ID, links.Webhook(file.Event.Slug, ch.ID))
		}
	}
	return nil
}

// missingOf says what a live event lacks before its registration opens, one line each.
func missingOf(ctx context.Context, s *store.Store, slug string) ([]string, error) {
	e, err := s.Event(ctx, slug)
	if err != nil {
		return nil, fmt.Errorf("foyer: read the event: %w", err)
	}
	unchecked, err := s.Unchecked(ctx, e)
	if err != nil {
		return nil, fmt.Errorf("foyer: %w", err)
	}
	var lines []string
	for _, key := range e.Lacks() {
		lines = append(lines, "warning: registration stays closed: "+key+" is missing; card companies demand it")
	}
	for _, id := range unchecked {
		lines = append(lines, "warning: registration stays closed: channel "+id+" has not passed its go-live check; see the console")
	}
	return lines, nil
}

func (c eventApplyCommand) read(stdin io.Reader) (name string, data []byte, err error) {
	if c.File == "-" {
		data, err = io.ReadAll(stdin)
		return "standard input", data, err
	}
	data, err = os.ReadFile(c.File)
	return c.File, data, err
}

// applyEvent stores the event of a file and says what changed, one line each. Its errors are for people and name the file.
func applyEvent(ctx context.Context, s *store.Store, name string, file registration.EventFile) ([]string, error) {
	done, err := s.ApplyFile(ctx, store.Incoming{Name: name, File: file, Connect: connect, Actor: payments.ActorSystem})
	if wrong, ok := errors.AsType[*registration.FileError](err); ok {
		return nil, exit(exitSettings, wrong)
	}
	if err != nil {
		return nil, fmt.Errorf("foyer: store the event: %w", err)
	}
	return changes(&file.Event, done), nil
}

// connect makes the gateway of a channel, which tells whether its credentials fit. It makes no call.
func connect(ch payments.Channel) (payments.Gateway, error) {
	if adapters[ch.Gateway] == nil {
		return nil, fmt.Errorf("this version has no adapter for gateway %s yet: expected %s", ch.Gateway, strings.Join(spoken(), ", "))
	}
	return payments.NewCashier(nil, payments.Config{Adapters: adapters, Transport: payments.NewTransport(time.Minute)}).Connect(ch)
}
