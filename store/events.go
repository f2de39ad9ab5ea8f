package store

import (
	"context"
	"fmt"

	"foyer/registration"
)

// UseKeys gives the store the keys that credentials are sealed with. Call it once, before any channel is read.
func (s *Store) UseKeys(k *Keys) { s.keys = k }

// Keys gives the keys that UseKeys set.
func (s *Store) Keys() *Keys { return s.keys }

type cachedEvent struct {
	version int64
	event   *registration.Event
}

// Event reads an event by its slug. What another process has applied counts from the next call. The event is shared: never
// change it. CodeNotFound when there is none.
func (s *Store) Event(ctx context.Context, slug string) (*registration.Event, error) {
	var version int64
	if err := s.Row(ctx, `SELECT version FROM events WHERE slug = $1`, slug).Scan(&version); err != nil {
		return nil, notFound(err, "event.unknown")
	}
	return s.eventOf(ctx, slug, version)
}

// eventOf gives the event in this version from memory, or reads it.
func (s *Store) eventOf(ctx context.Context, slug string, version int64) (*registration.Event, error) {
	if c, ok := s.events.Load(slug); ok && c.(cachedEvent).version == version {
		return c.(cachedEvent).event, nil
	}
	var definition string
	row := s.Row(ctx, `SELECT version, definition FROM events WHERE slug = $1`, slug)
	if err := row.Scan(&version, &definition); err != nil {
		return nil, notFound(err, "event.unknown")
	}
	e := &registration.Event{}
	if err := fromJSON(definition, e); err != nil {
		return nil, err
	}
	s.events.Store(slug, cachedEvent{version, e})
	return e, nil
}

// EventByID reads an event by its id.
func (s *Store) EventByID(ctx context.Context, id string) (*registration.Event, error) {
	var slug string
	if err := s.Row(ctx, `SELECT slug FROM events WHERE id = $1`, id).Scan(&slug); err != nil {
		return nil, notFound(err, "event.unknown")
	}
	return s.Event(ctx, slug)
}

// Events lists all events, the newest first.
func (s *Store) Events(ctx context.Context) ([]*registration.Event, error) {
	rows, err := s.Rows(ctx, `SELECT slug FROM events ORDER BY id DESC`)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	slugs, err := scanAll(rows, func(r scanner) (slug string, err error) { return slug, r.Scan(&slug) })
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	var all []*registration.Event
	for _, slug := range slugs {
		e, err := s.Event(ctx, slug)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

// Left tells how many places of each quota of an event are free, by quota id as in the event file; uses of vouchers and papers are not
// among them.
func (s *Store) Left(ctx context.Context, eventID string) (map[string]int64, error) {
	rows, err := s.Rows(ctx, `SELECT key, `+publicLeft+` FROM quotas
		WHERE (event_id = $1 AND key < 'paper:') OR (event_id = $1 AND key >= 'paper;' AND key < 'voucher:') OR (event_id = $1 AND key >= 'voucher;')`, eventID)
	if err != nil {
		return nil, fmt.Errorf("read places: %w", err)
	}
	left := map[string]int64{}
	_, err = scanAll(rows, func(r scanner) (struct{}, error) {
		var key string
		var n int64
		err := r.Scan(&key, &n)
		left[key] = n
		return struct{}{}, err
	})
	return left, err
}

// quotaID is the id of a quota's row.
func quotaID(eventID, key string) string { return eventID + "/" + key }
