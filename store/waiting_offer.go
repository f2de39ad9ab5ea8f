package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/registration"
)

// holdFree holds places for whom they are put by: also while somebody waits for the quota.
const holdFree = `UPDATE quotas SET held = held + $2 WHERE id = $1 AND held + sold + $2 <= places`

// OfferPlaces ends offers that nobody took in time, and offers free places to the first in line. It looks at the events in which there
// may be something to do; all looks at each event in which somebody waits, for what only time changes. It returns how many offers it
// made. Any number of processes may call it at once.
func (s *Store) OfferPlaces(ctx context.Context, all bool) (int, error) {
	rows, err := s.Rows(ctx, `SELECT event_id FROM quotas WHERE waiting > 0 AND held + sold < places
		UNION SELECT event_id FROM waiting WHERE state = 'offered' AND offer_until <= $1
		UNION SELECT event_id FROM waiting WHERE state = 'waiting' AND $2`, ms(s.Now()), all)
	if err != nil {
		return 0, fmt.Errorf("look who waits: %w", err)
	}
	ids, err := scanAll(rows, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return 0, fmt.Errorf("look who waits: %w", err)
	}
	count := 0
	var failed []error
	for _, id := range ids {
		n, err := s.offerIn(ctx, id)
		count += n
		if err != nil {
			failed = append(failed, fmt.Errorf("event %s: %w", id, err))
		}
	}
	return count, errors.Join(failed...)
}

// offerIn is OfferPlaces for one event.
func (s *Store) offerIn(ctx context.Context, eventID string) (made int, err error) {
	e, err := s.EventByID(ctx, eventID)
	if err != nil {
		return 0, err
	}
	err = s.Write(ctx, Locks{Quotas: everyQuota(e)}, func(tx *Tx) (err error) {
		if err = lapse(tx, e); err == nil {
			made, err = offerFree(tx, e)
		}
		return err
	})
	return made, err
}

// everyQuota are the ids of all quotas of an event's file.
func everyQuota(e *registration.Event) []string {
	var ids []string
	for _, q := range e.Quotas {
		ids = append(ids, quotaID(e.ID, q.ID))
	}
	return ids
}

// lapse ends the offers of an event that are over, and gives their places back.
func lapse(tx *Tx, e *registration.Event) error {
	over, err := entriesOf(tx, `w.event_id = $1 AND w.state = 'offered' AND w.offer_until <= $2 ORDER BY w.offer_until LIMIT 500`, e.ID, ms(tx.Now()))
	if err != nil {
		return err
	}
	for _, w := range over {
		if err := endOffer(tx, w, registration.WaitingLapsed, "system"); err != nil {
			return err
		}
		if err := addMail(tx, Mail{Kind: MailWaitingLapsed, WaitingID: w.ID}); err != nil {
			return err
		}
	}
	return nil
}

// endOffer takes an offer back: nobody has its places any more.
func endOffer(tx *Tx, w *WaitingEntry, to registration.WaitingState, actor string) error {
	ended, err := moveWaiting(tx, w, to, w.OfferUntil, actor)
	if err != nil || !ended {
		return err
	}
	return movePlaces(tx, giveBackHeld, w.EventID, w.Needs)
}

// offerFree offers the free places of an event to the first in line whose quotas all have room, and counts anew who goes on waiting for
// which quota. Every quota of the event must be locked.
func offerFree(tx *Tx, e *registration.Event) (made int, err error) {
	var paused bool
	if err := tx.Row(`SELECT waiting_paused FROM events WHERE id = $1`, e.ID).Scan(&paused); err != nil {
		return 0, fmt.Errorf("read event: %w", err)
	}
	line, err := lineOf(tx, e)
	if err != nil {
		return 0, err
	}
	free, short, err := freeOf(tx, e)
	if err != nil {
		return 0, err
	}
	needs := make([]map[string]int64, len(line))
	for i, w := range line {
		needs[i] = w.Needs
	}
	offers, shortNow := registration.Offers(free, needs, paused)
	for _, i := range offers {
		if err := offer(tx, e, line[i], "system"); err != nil {
			return made, err
		}
		made++
	}
	for key, n := range short {
		if shortNow[key] == n {
			continue
		}
		if _, err := tx.Exec(`UPDATE quotas SET waiting = $2 WHERE id = $1`, quotaID(e.ID, key), shortNow[key]); err != nil {
			return made, fmt.Errorf("count who waits: %w", err)
		}
	}
	return made, nil
}

// lineOf lists who waits and could register now, the first first.
func lineOf(tx *Tx, e *registration.Event) ([]*WaitingEntry, error) {
	if !e.Waiting.On() {
		return nil, nil
	}
	all, err := entriesOf(tx, `w.event_id = $1 AND w.state = 'waiting' ORDER BY w.created_at, w.id`, e.ID)
	if err != nil {
		return nil, err
	}
	var line []*WaitingEntry
	for _, w := range all {
		if _, err := e.Price(w.Cart, tx.Now()); err == nil {
			line = append(line, w)
		}
	}
	return line, nil
}

func entriesOf(tx *Tx, where string, args ...any) ([]*WaitingEntry, error) {
	rows, err := tx.Rows(`SELECT `+waitingColumns+waitingFrom+` WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read waiting list: %w", err)
	}
	all, err := scanAll(rows, scanWaiting)
	return all, wrapped("read waiting list", err)
}

// freeOf reads how many places of each quota of an event nobody has, and how many wait for one.
func freeOf(tx *Tx, e *registration.Event) (free, waiting map[string]int64, err error) {
	free, waiting = map[string]int64{}, map[string]int64{}
	for _, q := range e.Quotas {
		var n, waits int64
		id := quotaID(e.ID, q.ID)
		if err := tx.NeedQuota(id); err != nil {
			return nil, nil, err
		}
		if err := tx.Row(`SELECT places - held - sold, waiting FROM quotas WHERE id = $1`, id).Scan(&n, &waits); err != nil {
			return nil, nil, fmt.Errorf("read places: %w", err)
		}
		free[q.ID], waiting[q.ID] = n, waits
	}
	return free, waiting, nil
}

// offer holds an entry's places and tells its owner. The offer ends with registration, if that is sooner.
func offer(tx *Tx, e *registration.Event, w *WaitingEntry, actor string) error {
	for key, n := range w.Needs {
		changed, err := tx.Exec(holdFree, quotaID(e.ID, key), n)
		if err != nil {
			return fmt.Errorf("hold places: %w", err)
		}
		if changed == 0 {
			return registration.Fail(registration.CodeFull, "waiting.full")
		}
	}
	moved, err := moveWaiting(tx, w, registration.WaitingOffered, offerEnd(e, tx.Now()), actor)
	if err == nil && !moved {
		err = registration.Fail(registration.CodeConflict, "waiting.moved")
	}
	if err != nil {
		return err
	}
	return addMail(tx, Mail{Kind: MailWaitingOffer, WaitingID: w.ID})
}

// offerEnd is when an offer made at now is over.
func offerEnd(e *registration.Event, now time.Time) time.Time {
	until := now.Add(e.Waiting.Offer)
	if last := e.ClosesAt().Add(time.Second); until.After(last) {
		return last
	}
	return until
}
