package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
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
	for _, line := range changes {
		fmt.Fprintln(p.stdout, line)
	}
	for _, line := range missing {
		fmt.Fprintln(p.stderr, line)
	}
	if base := p.address(); base != "" {
		links := handlers.Links{Base: base}
		fmt.Fprintf(p.stdout, "page: %s\n", links.Event(file.Event.Slug))
		for _, ch := range file.Channels {
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
	old, err := s.Event(ctx, file.Event.Slug)
	if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeNotFound {
		old, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("foyer: read the event as it is: %w", err)
	}
	a := store.Applied{Event: file.Event, Merchants: map[string]string{}, Actor: payments.ActorSystem}
	var before []payments.Channel
	var wrong []error
	for _, spec := range file.Channels {
		ch, was, err := channelOf(ctx, s, old, file.Event.Mode, spec)
		if err == nil {
			a.Merchants[ch.Key], err = merchantOf(ch)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s:%d: channel %s: %w", name, spec.Line, spec.ID, err))
		}
		a.Channels, before = append(a.Channels, ch), append(before, was)
	}
	if len(wrong) > 0 {
		return nil, exit(exitSettings, errors.Join(wrong...))
	}
	if err := s.Apply(ctx, a); err != nil {
		if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeConflict {
			return nil, exit(exitSettings, fmt.Errorf("%s: %w", name, errors.Unwrap(e)))
		}
		return nil, fmt.Errorf("foyer: store the event: %w", err)
	}
	return changes(old, &file.Event, before, a.Channels), nil
}

// channelOf makes a channel of the file. Credentials that the file leaves out stay as they are stored; was is the channel before.
func channelOf(ctx context.Context, s *store.Store, old *registration.Event, mode registration.Mode, spec registration.ChannelSpec) (ch, was payments.Channel, err error) {
	ch = payments.Channel{
		Key: spec.ID, Gateway: spec.Gateway, Mode: mode, Currency: spec.Currency, Cards: spec.Cards, Methods: spec.Methods,
		Credentials: map[string]string{}, Refs: map[string]string{}, PG: spec.PG, PayMethod: spec.PayMethod,
		Account: payments.Account(spec.Account), DepositTerm: spec.DepositTerm, APIURL: spec.APIURL, ScriptURL: spec.ScriptURL, ConfirmWindow: spec.ConfirmWindow,
	}
	if old != nil {
		was, err = s.ChannelByKey(ctx, old.ID, spec.ID)
		if e, ok := errors.AsType[*registration.Error](err); ok && e.Code == registration.CodeNotFound {
			err = nil
		}
		if err != nil {
			return ch, was, err
		}
	}
	if was.Gateway == ch.Gateway {
		maps.Copy(ch.Credentials, was.Credentials)
		maps.Copy(ch.Refs, was.Refs)
	}
	for name, value := range spec.Credentials {
		ch.Credentials[name] = value
		delete(ch.Refs, name)
	}
	maps.Copy(ch.Refs, spec.Refs)
	return ch, was, nil
}

// merchantOf connects a channel, which tells whether its credentials fit, and gives whose contract it is.
func merchantOf(ch payments.Channel) (string, error) {
	if adapters[ch.Gateway] == nil {
		return "", fmt.Errorf("this version has no adapter for gateway %s yet: expected %s", ch.Gateway, strings.Join(spoken(), ", "))
	}
	const noCall = time.Minute // connecting makes no call
	gw, err := payments.NewCashier(nil, payments.Config{Adapters: adapters, Transport: payments.NewTransport(noCall)}).Connect(ch)
	if err != nil {
		return "", err
	}
	return gw.Capabilities().Merchant, nil
}
