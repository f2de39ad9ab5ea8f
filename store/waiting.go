package store

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
)

// WaitingEntry is somebody who waits for places of an event.
type WaitingEntry struct {
	ID         string
	EventID    string
	Code       string // part of its address
	State      registration.WaitingState
	Cart       registration.Cart // what they want
	Needs      map[string]int64  // places by quota, as in the event file
	Name       string
	Email      string
	Lang       registration.Lang
	OfferUntil time.Time // end of the offer; zero before there was one
	OrderCode  string    // of the order that has the places, "" before
	JoinedAt   time.Time
}

const (
	waitingColumns = `w.id, w.event_id, w.code, w.state, w.cart, w.needs, w.name, w.email, w.lang, w.offer_until, COALESCE(o.code, ''), w.created_at`
	waitingFrom    = ` FROM waiting w LEFT JOIN orders o ON o.id = w.order_id`
)

func scanWaiting(row scanner) (*WaitingEntry, error) {
	var w WaitingEntry
	var cart, needs string
	var until, joined int64
	err := row.Scan(&w.ID, &w.EventID, &w.Code, &w.State, &cart, &needs, &w.Name, &w.Email, &w.Lang, &until, &w.OrderCode, &joined)
	if err != nil {
		return nil, notFound(err, "waiting.unknown")
	}
	w.OfferUntil, w.JoinedAt = at(until), at(joined)
	if err := fromJSON(cart, &w.Cart); err != nil {
		return nil, err
	}
	return &w, fromJSON(needs, &w.Needs)
}

// WaitingEntry finds an entry by its code; CodeNotFound when there is none.
func (s *Store) WaitingEntry(ctx context.Context, code string) (*WaitingEntry, error) {
	return scanWaiting(s.Row(ctx, `SELECT `+waitingColumns+waitingFrom+` WHERE w.code = $1`, clip(code, 64)))
}

// WaitingEntryByID finds an entry by its id; CodeNotFound when there is none.
func (s *Store) WaitingEntryByID(ctx context.Context, id string) (*WaitingEntry, error) {
	return scanWaiting(s.Row(ctx, `SELECT `+waitingColumns+waitingFrom+` WHERE w.id = $1`, clip(id, 64)))
}

// JoinWaiting puts somebody at the end of the event's line for what is in the cart, and mails them their link. An address that waits for
// the category already keeps its place in line and gets its link once more, so that the answer does not tell.
//
// It fails with CodeConflict when there is a place for everything in the cart: they can simply register.
func (s *Store) JoinWaiting(ctx context.Context, e *registration.Event, c registration.Cart, p registration.Person, lang registration.Lang) error {
	w := WaitingEntry{ID: newID(), EventID: e.ID, Code: s.codes.next(s.Now()), Cart: c, Needs: e.Needs(c), Name: p.Name, Email: p.Email, Lang: lang}
	return s.Write(ctx, Locks{Quotas: quotaIDs(e.ID, w.Needs)}, func(tx *Tx) error {
		lacking, err := lackingOf(tx, &w)
		if err != nil {
			return err
		}
		if len(lacking) == 0 {
			return registration.Fail(registration.CodeConflict, "waiting.room")
		}
		return join(tx, w, lacking)
	})
}

// lackingOf lists the quotas that have too few places for an entry.
func lackingOf(tx *Tx, w *WaitingEntry) ([]string, error) {
	var lacking []string
	for key, n := range w.Needs {
		left, err := placesLeft(tx, quotaID(w.EventID, key))
		if err != nil {
			return nil, fmt.Errorf("read places: %w", err)
		}
		if left < n {
			lacking = append(lacking, key)
		}
	}
	return lacking, nil
}

// join writes the entry, unless its address waits already.
func join(tx *Tx, w WaitingEntry, lacking []string) error {
	n, err := tx.Exec(`INSERT INTO waiting (id, event_id, code, state, category, cart, needs, name, email, folded, lang, offer_until, order_id, created_at, ended_at)
		VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7, $8, $9, $10, 0, NULL, $11, 0) ON CONFLICT DO NOTHING`,
		w.ID, w.EventID, w.Code, w.Cart.Category, toJSON(w.Cart), toJSON(w.Needs), w.Name, w.Email, foldEmail(w.Email), w.Lang, ms(tx.Now()))
	if err != nil {
		return fmt.Errorf("join waiting list: %w", err)
	}
	if n == 0 {
		return mailAgain(tx, w)
	}
	for _, key := range lacking {
		id := quotaID(w.EventID, key)
		if err := tx.NeedQuota(id); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE quotas SET waiting = waiting + 1 WHERE id = $1`, id); err != nil {
			return fmt.Errorf("count who waits: %w", err)
		}
	}
	if err := addMail(tx, Mail{Kind: MailWaiting, WaitingID: w.ID}); err != nil {
		return err
	}
	return waitingAudit(tx, &w, registration.InLine, "attendee")
}

// mailAgain sends the link of the entry that the address has.
func mailAgain(tx *Tx, w WaitingEntry) error {
	var id, state string
	err := tx.Row(`SELECT id, state FROM waiting WHERE event_id = $1 AND category = $2 AND folded = $3 AND state IN ('waiting', 'offered')`,
		w.EventID, w.Cart.Category, foldEmail(w.Email)).Scan(&id, &state)
	if err != nil {
		return fmt.Errorf("find who waits: %w", err)
	}
	kind := MailWaiting
	if state == string(registration.WaitingOffered) {
		kind = MailWaitingOffer
	}
	return addMail(tx, Mail{Kind: kind, WaitingID: id})
}

// Kinds of mails about the waiting list.
const (
	MailWaiting       = "waiting"        // you are on the list
	MailWaitingOffer  = "waiting_offer"  // places are kept for you until a time
	MailWaitingLapsed = "waiting_lapsed" // that time is over
)

// waitingAudit tells in the audit what became of an entry, by its code.
func waitingAudit(tx *Tx, w *WaitingEntry, to registration.WaitingState, actor string) error {
	return auditRow(tx, audit{actor: actor, what: "event", eventID: w.EventID, from: waitingWord(w.State), to: waitingWord(to), reason: w.Code})
}

// waitingWord is a state of an entry as the audit of its event names it.
func waitingWord(s registration.WaitingState) string {
	if s == "" {
		return ""
	}
	return "waiting." + string(s)
}

// moveWaiting changes an entry's state by a guarded update, with its audit row; false when it has moved meanwhile.
func moveWaiting(tx *Tx, w *WaitingEntry, to registration.WaitingState, until time.Time, actor string) (bool, error) {
	if !w.State.CanBecome(to) {
		return false, nil
	}
	ended := int64(0)
	if !to.Open() {
		ended = ms(tx.Now())
	}
	n, err := tx.Exec(`UPDATE waiting SET state = $3, offer_until = $4, ended_at = $5 WHERE id = $1 AND state = $2`, w.ID, w.State, to, ms(until), ended)
	if err != nil || n == 0 {
		return false, wrapped("move waiting entry", err)
	}
	if err := waitingAudit(tx, w, to, actor); err != nil {
		return false, err
	}
	w.State, w.OfferUntil = to, until
	return true, nil
}
