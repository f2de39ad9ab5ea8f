package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// Incoming is an event file on its way into the store.
type Incoming struct {
	Name    string // of the file, for errors
	File    registration.EventFile
	Connect func(payments.Channel) (payments.Gateway, error) // makes no call; its error says what is wrong with a channel
	Actor   string
	Version int64 // of the event that the file was made from; 0: whatever is stored
	Console bool  // from a web page: references that are stored stay as they are, and a new channel may get its keys later
}

// FileApplied is what applying a file has done.
type FileApplied struct {
	Created bool
	Changes []Change
}

// ApplyFile stores the event of a file, new or changed, in one transaction. Credentials that the file leaves out stay as they are stored.
// The same file again changes nothing.
//
// It fails with a *registration.FileError when a channel or what the event would lose is in the way, and with CodeConflict when the event
// is no longer in the given version.
func (s *Store) ApplyFile(ctx context.Context, in Incoming) (FileApplied, error) {
	old, err := s.existing(ctx, in.File.Event.Slug)
	if err != nil {
		return FileApplied{}, fmt.Errorf("read the event as it is: %w", err)
	}
	a := Applied{Event: in.File.Event, Merchants: map[string]string{}, Actor: in.Actor, Version: in.Version}
	var before []payments.Channel
	wrong := &registration.FileError{Name: in.Name}
	for i, spec := range in.File.Channels {
		ch, was, err := s.channelOf(ctx, old, in, spec)
		if err != nil {
			return FileApplied{}, err
		}
		if a.Merchants[ch.Key], err = in.merchantOf(ch); err != nil {
			wrong.Problems = append(wrong.Problems, registration.FileProblem{
				Line: spec.Line, Path: fmt.Sprintf("channels[%d]", i), Text: fmt.Sprintf("channel %s: %v", spec.ID, err), Say: "%s", Args: []any{err},
			})
		}
		a.Channels, before = append(a.Channels, ch), append(before, was)
	}
	if len(wrong.Problems) > 0 {
		return FileApplied{}, wrong
	}
	done := FileApplied{Created: old == nil}
	if old != nil {
		done.Changes = append(eventChanges(old, &in.File.Event), channelChanges(before, a.Channels)...)
		a.Reason = changedPaths(done.Changes)
	}
	err = s.Apply(ctx, a)
	if r, ok := errors.AsType[*refusal](err); ok {
		wrong.Problems = []registration.FileProblem{r.problem}
		return done, wrong
	}
	return done, err
}

// channelOf makes a channel of the file. Credentials that the file leaves out stay as they are stored; was is the channel before.
func (s *Store) channelOf(ctx context.Context, old *registration.Event, in Incoming, spec registration.ChannelSpec) (ch, was payments.Channel, err error) {
	ch = payments.Channel{
		Key: spec.ID, Gateway: spec.Gateway, Mode: in.File.Event.Mode, Currency: spec.Currency, Cards: spec.Cards, Methods: spec.Methods,
		Credentials: map[string]string{}, Refs: map[string]string{}, PG: spec.PG, PayMethod: spec.PayMethod,
		Account: payments.Account(spec.Account), DepositTerm: spec.DepositTerm, APIURL: spec.APIURL, ScriptURL: spec.ScriptURL, ConfirmWindow: spec.ConfirmWindow,
	}
	if old != nil {
		if was, err = s.ChannelByKey(ctx, old.ID, spec.ID); err != nil && !isNotFound(err) {
			return ch, was, fmt.Errorf("read channel %s: %w", spec.ID, err)
		}
	}
	if was.Gateway == ch.Gateway {
		maps.Copy(ch.Credentials, was.Credentials)
		maps.Copy(ch.Refs, was.Refs)
	}
	for name, value := range spec.Credentials {
		if in.Console && spec.Refs[name] != "" && spec.Refs[name] == ch.Refs[name] {
			continue // the server's environment may not hold it; what it stood for is stored
		}
		ch.Credentials[name] = value
		delete(ch.Refs, name)
	}
	maps.Copy(ch.Refs, spec.Refs)
	return ch, was, nil
}

// merchantOf connects a channel, which tells whether its credentials fit, and gives whose contract it is. A channel of a web page that has
// no credentials yet is nobody's.
func (in Incoming) merchantOf(ch payments.Channel) (string, error) {
	if in.Console && len(ch.Credentials) == 0 && len(registration.CredentialNames(ch.Gateway)) > 0 {
		return "", nil
	}
	gw, err := in.Connect(ch)
	if err != nil {
		return "", err
	}
	return gw.Capabilities().Merchant, nil
}

// reasonLength is how much of a list of changes an audit row holds, in characters.
const reasonLength = 400

// changedPaths names what was changed, for the audit.
func changedPaths(list []Change) string {
	paths := make([]string, len(list))
	for i, c := range list {
		paths[i] = c.Path
	}
	text := strings.Join(paths, ", ")
	if len(text) > reasonLength {
		cut := strings.LastIndex(text[:reasonLength], ", ")
		text = text[:max(cut, 0)] + fmt.Sprintf(" … (%d)", len(list))
	}
	return text
}
