package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

// StoredFile is a stored event as an event file says it.
type StoredFile struct {
	registration.EventFile
	Version int64               // of the event; it grows with every change
	Kept    map[string][]string // by channel, the credentials that are stored and that no file can say
}

// EventFile gives a stored event as an event file says it. Credentials stay sealed: of each only its reference is known.
// CodeNotFound when there is no event of that slug.
func (s *Store) EventFile(ctx context.Context, slug string) (StoredFile, error) {
	f := StoredFile{Kept: map[string][]string{}}
	if err := s.Row(ctx, `SELECT version FROM events WHERE slug = $1`, slug).Scan(&f.Version); err != nil {
		return f, notFound(err, "event.unknown")
	}
	e, err := s.eventOf(ctx, slug, f.Version)
	if err != nil {
		return f, err
	}
	f.Event = *e
	rows, err := s.Rows(ctx, `SELECT `+channelColumns+` FROM channels WHERE event_id = $1 AND NOT removed ORDER BY position`, e.ID)
	if err != nil {
		return f, fmt.Errorf("list channels: %w", err)
	}
	f.Channels, err = scanAll(rows, func(row scanner) (registration.ChannelSpec, error) {
		c, sealed, err := scanSealed(row)
		for _, name := range slices.Sorted(maps.Keys(sealed)) {
			if !registration.OnlyReferences(c.Refs[name]) {
				f.Kept[c.Key] = append(f.Kept[c.Key], name)
			}
		}
		return specOf(c), err
	})
	return f, err
}

// specOf is a channel as an event file says it, without its credentials.
func specOf(c payments.Channel) registration.ChannelSpec {
	return registration.ChannelSpec{
		ChannelOffer: registration.ChannelOffer{ID: c.Key, Gateway: c.Gateway, Currency: c.Currency, Cards: c.Cards, Methods: c.Methods},
		Refs:         c.Refs, PG: c.PG, PayMethod: c.PayMethod, Account: registration.BankAccount(c.Account), DepositTerm: c.DepositTerm,
		APIURL: c.APIURL, ScriptURL: c.ScriptURL, ConfirmWindow: c.ConfirmWindow,
	}
}
