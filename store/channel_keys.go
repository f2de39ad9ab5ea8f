package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"foyer/payments"
)

// Written tells when each credential of a channel was written, by name; one that was there before this was kept has no time.
func (s *Store) Written(ctx context.Context, channelID string) (map[string]time.Time, error) {
	var text string
	if err := s.Row(ctx, `SELECT written FROM channels WHERE id = $1`, channelID).Scan(&text); err != nil {
		return nil, notFound(err, "channel.unknown")
	}
	kept := map[string]int64{}
	if err := fromJSON(text, &kept); err != nil {
		return nil, err
	}
	times := map[string]time.Time{}
	for name, n := range kept {
		times[name] = at(n)
	}
	return times, nil
}

// writtenNow gives the column written for a channel that is about to get these credentials: what is new or other than before is of now.
func (s *Store) writtenNow(tx *Tx, channelID string, clear map[string]string) (string, error) {
	kept, sealed, written := map[string]int64{}, map[string]string{}, "{}"
	text := "{}"
	err := tx.Row(`SELECT credentials, written FROM channels WHERE id = $1`, channelID).Scan(&text, &written)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read credentials: %w", err)
	}
	if err := errors.Join(fromJSON(text, &sealed), fromJSON(written, &kept)); err != nil {
		return "", err
	}
	times := map[string]int64{}
	for name, value := range clear {
		old, err := s.keys.Open(sealed[name], channelID, name)
		switch {
		case sealed[name] == "" || err != nil || old != value:
			times[name] = ms(tx.Now())
		case kept[name] != 0:
			times[name] = kept[name]
		}
	}
	return toJSON(times), nil
}

// ReplaceKeys writes credentials of a channel in the place of those that were there; the others stay. It counts from the next call to
// the gateway. merchant is whose contract the channel is with the new ones. The audit names the credentials and never their values.
func (s *Store) ReplaceKeys(ctx context.Context, ch payments.Channel, replaced map[string]string, merchant, actor string) error {
	all := maps.Clone(ch.Credentials)
	maps.Copy(all, replaced)
	refs := maps.Clone(ch.Refs)
	for name := range replaced {
		delete(refs, name)
	}
	sealed, err := s.sealCredentials(ch.ID, all)
	if err != nil {
		return err
	}
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		written, err := s.writtenNow(tx, ch.ID, all)
		if err != nil {
			return err
		}
		n, err := tx.Exec(`UPDATE channels SET credentials = $3, refs = $4, written = $5, merchant = $6, version = version + 1 WHERE id = $1 AND version = $2`,
			ch.ID, ch.Version, sealed, toJSON(references(refs)), written, merchant)
		if err != nil {
			return fmt.Errorf("replace keys: %w", err)
		}
		if n == 0 {
			return moved("channel")
		}
		names := strings.Join(slices.Sorted(maps.Keys(replaced)), ", ")
		return auditRow(tx, audit{actor: actor, what: "event", eventID: ch.EventID, to: "keys_replaced", reason: ch.Key + ": " + names})
	})
}
