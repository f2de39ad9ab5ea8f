package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// isNotFound reports whether err says that there is no such thing.
func isNotFound(err error) bool {
	e, ok := errors.AsType[*registration.Error](err)
	return ok && e.Code == registration.CodeNotFound
}

// sealCredentials encrypts each credential under the channel's id and the credential's name.
func (s *Store) sealCredentials(channelID string, clear map[string]string) (string, error) {
	sealed := map[string]string{}
	for name, value := range clear {
		text, err := s.keys.Seal(value, channelID, name)
		if err != nil {
			return "", fmt.Errorf("seal credential %s: %w", name, err)
		}
		sealed[name] = text
	}
	return toJSON(sealed), nil
}

const channelColumns = `id, event_id, key, gateway, mode, currency, cards, methods, credentials, api_url, script_url, confirm_window, version,
	pg, pay_method, account, deposit_term, refs`

// Channel reads a payment channel with its credentials in the clear.
func (s *Store) Channel(ctx context.Context, id string) (payments.Channel, error) {
	return s.scanChannel(s.Row(ctx, `SELECT `+channelColumns+` FROM channels WHERE id = $1`, id))
}

// ChannelByKey reads a channel of an event by its id in the event file; removed ones are not found.
func (s *Store) ChannelByKey(ctx context.Context, eventID, key string) (payments.Channel, error) {
	return s.scanChannel(s.Row(ctx, `SELECT `+channelColumns+` FROM channels WHERE event_id = $1 AND key = $2 AND NOT removed`, eventID, key))
}

// ChannelVersion finds the channel of a webhook's address, and its current version. Removed channels still hear of their payments.
func (s *Store) ChannelVersion(ctx context.Context, slug, key string) (id string, version int64, err error) {
	err = s.Row(ctx, `SELECT c.id, c.version FROM events e JOIN channels c ON c.event_id = e.id WHERE e.slug = $1 AND c.key = $2`, slug, key).Scan(&id, &version)
	return id, version, notFound(err, "channel.unknown")
}

func (s *Store) scanChannel(row scanner) (payments.Channel, error) {
	c, sealed, err := scanSealed(row)
	if err != nil {
		return c, err
	}
	c.Credentials = map[string]string{}
	for name, text := range sealed {
		value, err := s.keys.Open(text, c.ID, name)
		if err != nil {
			return c, fmt.Errorf("open credential %s of channel %s: %w", name, c.Key, err)
		}
		c.Credentials[name] = value
	}
	return c, nil
}

// scanSealed reads a channel and leaves its credentials sealed.
func scanSealed(row scanner) (c payments.Channel, sealed map[string]string, err error) {
	var methods, kept, account, refs string
	var window, term int64
	err = row.Scan(&c.ID, &c.EventID, &c.Key, &c.Gateway, &c.Mode, &c.Currency, &c.Cards, &methods, &kept,
		&c.APIURL, &c.ScriptURL, &window, &c.Version, &c.PG, &c.PayMethod, &account, &term, &refs)
	if err != nil {
		return c, nil, notFound(err, "channel.unknown")
	}
	c.ConfirmWindow, c.DepositTerm = time.Duration(window)*time.Millisecond, time.Duration(term)*time.Millisecond
	err = errors.Join(fromJSON(methods, &c.Methods), fromJSON(account, &c.Account), fromJSON(refs, &c.Refs), fromJSON(kept, &sealed))
	return c, sealed, err
}

// ChannelsOf lists the channels that an event offers, in the order of its file.
func (s *Store) ChannelsOf(ctx context.Context, eventID string) ([]payments.Channel, error) {
	rows, err := s.Rows(ctx, `SELECT `+channelColumns+` FROM channels WHERE event_id = $1 AND NOT removed ORDER BY position`, eventID)
	if err != nil {
		return nil, fmt.Errorf("list channels: %w", err)
	}
	return scanAll(rows, func(row scanner) (payments.Channel, error) { return s.scanChannel(row) })
}
