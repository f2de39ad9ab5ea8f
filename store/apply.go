package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// Applied is one event with its channels, ready to be stored.
type Applied struct {
	Event     registration.Event
	Channels  []payments.Channel // credentials in the clear, complete
	Merchants map[string]string  // channel key -> whose contract it is at the gateway
	Actor     string
	Reason    string // what was changed, for the audit
	Version   int64  // of the event that is to be changed; 0: whatever is stored
}

// Apply stores an event, new or changed, in one transaction; it counts from the next request. No order is changed by it.
//
// It fails with CodeConflict, naming what is in the way, when the event would lose a category, extra or quota that has
// orders, get a quota below what is held and sold, change its mode after the first order, or take place after all once its orders were
// ended; and when somebody else has changed it since the given version.
func (s *Store) Apply(ctx context.Context, a Applied) error {
	old, err := s.existing(ctx, a.Event.Slug)
	if err != nil {
		return err
	}
	id := newID()
	if old != nil {
		id = old.ID
	}
	var locks Locks
	for _, q := range a.Event.Quotas {
		locks.Quotas = append(locks.Quotas, quotaID(id, q.ID))
	}
	if old != nil {
		for _, q := range old.Quotas {
			locks.Quotas = append(locks.Quotas, quotaID(id, q.ID))
		}
	}
	locks.Quotas = append(locks.Quotas, quotasOfVouchers(id, a.Event)...)
	if old != nil {
		locks.Quotas = append(locks.Quotas, quotasOfVouchers(id, *old)...)
	}
	slices.Sort(locks.Quotas)
	locks.Quotas = slices.Compact(locks.Quotas)
	return s.Write(ctx, locks, func(tx *Tx) error { return s.apply(tx, id, old, a) })
}

// existing gives the stored event of that slug, or nil.
func (s *Store) existing(ctx context.Context, slug string) (*registration.Event, error) {
	e, err := s.Event(ctx, slug)
	if err != nil && isNotFound(err) {
		return nil, nil
	}
	return e, err
}

func (s *Store) apply(tx *Tx, id string, old *registration.Event, a Applied) error {
	e := a.Event
	e.ID = id
	now := ms(tx.Now())
	if err := unchangedSince(tx, e.Slug, a.Version); err != nil {
		return err
	}
	if old != nil {
		if err := keepsSales(tx, old, &e); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO events (id, slug, mode, version, definition, created_at, updated_at) VALUES ($1, $2, $3, 1, $4, $5, $5)
		ON CONFLICT (slug) DO UPDATE SET mode = $3, version = events.version + 1, definition = $4, updated_at = $5`,
		id, e.Slug, e.Mode, toJSON(e), now)
	if err != nil {
		return fmt.Errorf("store event: %w", err)
	}
	if err := applyQuotas(tx, old, &e); err != nil {
		return err
	}
	if err := applyVouchers(tx, old, &e); err != nil {
		return err
	}
	if _, err := offerFree(tx, &e); err != nil {
		return err
	}
	if err := keepTexts(tx, &e); err != nil {
		return err
	}
	if err := s.applyChannels(tx, id, a); err != nil {
		return err
	}
	to := "applied"
	if old == nil {
		to = "created"
	}
	return auditRow(tx, audit{actor: a.Actor, what: "event", eventID: id, to: to, reason: a.Reason})
}

// staysOff refuses that an event takes place after all once the cancelling of all its orders has begun.
func staysOff(tx *Tx, old, e *registration.Event) error {
	if !old.CalledOff() || e.CalledOff() {
		return nil
	}
	var begun int64
	if err := tx.Row(`SELECT COUNT(*) FROM clearings WHERE event_id = $1`, old.ID).Scan(&begun); err != nil {
		return fmt.Errorf("count clearings: %w", err)
	}
	if begun > 0 {
		return refuse("event.state", "all orders were cancelled; the event stays cancelled, use a new slug")
	}
	return nil
}

// keepsSales refuses to lose what people have bought.
func keepsSales(tx *Tx, old, e *registration.Event) error {
	used := func(id string) (bool, error) {
		var n int64
		err := tx.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM registrations r JOIN orders o ON o.id = r.order_id
			WHERE o.event_id = $1 AND r.lines LIKE $2 LIMIT 1) AS used`, old.ID, `%"id":"`+id+`"%`).Scan(&n)
		return n > 0, err
	}
	var orders int64
	if err := tx.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM orders WHERE event_id = $1 LIMIT 1) AS orders_found`, old.ID).Scan(&orders); err != nil {
		return fmt.Errorf("count orders: %w", err)
	}
	if orders > 0 && old.Mode != e.Mode {
		return refuse("event.mode", "the event has orders; its mode cannot change any more, use a new slug")
	}
	if err := staysOff(tx, old, e); err != nil {
		return err
	}
	var gone []string
	for _, c := range old.Categories {
		if e.Category(c.ID) == nil {
			gone = append(gone, c.ID)
		}
	}
	for _, x := range old.Extras {
		if e.Extra(x.ID) == nil {
			gone = append(gone, x.ID)
		}
	}
	for _, id := range gone {
		sold, err := used(id)
		if err != nil {
			return fmt.Errorf("look for orders of %s: %w", id, err)
		}
		if sold {
			return refuse(listOf(old, id), "%s has orders and cannot be removed", id)
		}
		waited, err := waitedFor(tx, old.ID, id)
		if err != nil {
			return err
		}
		if waited {
			return refuse(listOf(old, id), "somebody waits for %s and it cannot be removed", id)
		}
	}
	return nil
}

// refusal is a change that an event cannot have. It is a conflict for those who know nothing of files.
type refusal struct {
	conflict registration.Error
	problem  registration.FileProblem
}

func (r *refusal) Error() string { return r.problem.Text }
func (r *refusal) Unwrap() error { return &r.conflict }

// refuse is a failure that event apply prints as it is; path is where the event file says it.
func refuse(path, format string, args ...any) error {
	return &refusal{
		conflict: registration.Error{Code: registration.CodeConflict, Key: "event.apply"},
		problem:  registration.FileProblem{Path: path, Text: path + ": " + fmt.Sprintf(format, args...), Say: format, Args: args},
	}
}

// listOf is the key of the event file that lists a category or an extra.
func listOf(e *registration.Event, id string) string {
	if e.Category(id) != nil {
		return "categories"
	}
	return "extras"
}

// unchangedSince fails with CodeConflict when the event is in another version; 0 is any.
func unchangedSince(tx *Tx, slug string, version int64) error {
	if version == 0 {
		return nil
	}
	n, err := tx.Exec(`UPDATE events SET version = version WHERE slug = $1 AND version = $2`, slug, version) // and nobody else does now
	if err == nil && n == 0 {
		err = registration.Fail(registration.CodeConflict, "setup.moved")
	}
	return wrapped("compare the event's version", err)
}

// applyQuotas makes the quota rows as the event wants them. A quota that is new, or whose set of categories and extras has changed,
// is counted anew from the orders that hold places.
func applyQuotas(tx *Tx, old, e *registration.Event) error {
	for i, q := range e.Quotas {
		id := quotaID(e.ID, q.ID)
		if err := tx.NeedQuota(id); err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, $3, $4, 0, 0)
			ON CONFLICT (id) DO NOTHING`, id, e.ID, q.ID, q.Places); err != nil {
			return fmt.Errorf("make quota: %w", err)
		}
		var used int64
		if err := tx.Row(`SELECT held + sold FROM quotas WHERE id = $1`, id).Scan(&used); err != nil {
			return fmt.Errorf("read quota: %w", err)
		}
		if used > q.Places {
			return refuse(fmt.Sprintf("quotas[%d].places", i), "%d places of %s are already held or sold, it cannot be %d", used, q.ID, q.Places)
		}
		if _, err := tx.Exec(`UPDATE quotas SET places = $2 WHERE id = $1`, id, q.Places); err != nil {
			return fmt.Errorf("set quota: %w", err)
		}
	}
	if old == nil {
		return nil
	}
	return removeQuotas(tx, old, e)
}

// removeQuotas takes out quotas that the event no longer has, and refuses a changed set once places are taken.
func removeQuotas(tx *Tx, old, e *registration.Event) error {
	var orders int64
	if err := tx.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM orders WHERE event_id = $1 AND kind = ''
		UNION ALL SELECT 1 FROM waiting WHERE event_id = $1 AND state IN ('waiting', 'offered') LIMIT 1) AS orders_found`, e.ID).Scan(&orders); err != nil {
		return fmt.Errorf("count orders: %w", err)
	}
	was := map[string]registration.Quota{}
	for _, q := range old.Quotas {
		was[q.ID] = q
	}
	for i, q := range e.Quotas {
		before, known := was[q.ID]
		delete(was, q.ID)
		same := known && strings.Join(slices.Sorted(slices.Values(before.Of)), " ") == strings.Join(slices.Sorted(slices.Values(q.Of)), " ")
		if orders > 0 && !same && countsOld(old, q) {
			return refuse(fmt.Sprintf("quotas[%d].of", i), "the event has orders; what %s counts cannot change any more", q.ID)
		}
	}
	for key := range was {
		if orders > 0 {
			return refuse("quotas", "the event has orders; raise the places of %s instead of removing it", key)
		}
		if _, err := tx.Exec(`DELETE FROM quotas WHERE id = $1`, quotaID(e.ID, key)); err != nil {
			return fmt.Errorf("remove quota: %w", err)
		}
	}
	return nil
}

// countsOld reports whether a quota counts anything that could have been sold before.
func countsOld(old *registration.Event, q registration.Quota) bool {
	return slices.ContainsFunc(q.Of, func(id string) bool { return old.Category(id) != nil || old.Extra(id) != nil })
}

// applyChannels makes the channel rows as the event wants them; a channel that went away is kept for its payments.
func (s *Store) applyChannels(tx *Tx, eventID string, a Applied) error {
	if _, err := tx.Exec(`UPDATE channels SET removed = TRUE, version = version + 1 WHERE event_id = $1`, eventID); err != nil {
		return fmt.Errorf("mark channels: %w", err)
	}
	for i, ch := range a.Channels {
		id := eventID + "/" + ch.Key
		sealed, err := s.sealCredentials(id, ch.Credentials)
		if err != nil {
			return err
		}
		written, err := s.writtenNow(tx, id, ch.Credentials)
		if err != nil {
			return err
		}
		_, err = tx.Exec(`INSERT INTO channels (id, event_id, key, gateway, mode, currency, cards, methods, merchant, credentials,
				api_url, script_url, confirm_window, position, removed, version, pg, pay_method, account, deposit_term, refs, written)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, FALSE, 1, $15, $16, $17, $18, $19, $20)
			ON CONFLICT (id) DO UPDATE SET gateway = $4, mode = $5, currency = $6, cards = $7, methods = $8, merchant = $9,
				credentials = $10, api_url = $11, script_url = $12, confirm_window = $13, position = $14, removed = FALSE,
				pg = $15, pay_method = $16, account = $17, deposit_term = $18, refs = $19, written = $20`,
			id, eventID, ch.Key, ch.Gateway, ch.Mode, ch.Currency, ch.Cards, toJSON(ch.Methods), a.Merchants[ch.Key], sealed,
			ch.APIURL, ch.ScriptURL, ch.ConfirmWindow.Milliseconds(), i, ch.PG, ch.PayMethod, toJSON(ch.Account), ch.DepositTerm.Milliseconds(), toJSON(references(ch.Refs)), written)
		if err != nil {
			return fmt.Errorf("store channel: %w", err)
		}
	}
	return nil
}

// references are never null in the database.
func references(refs map[string]string) map[string]string {
	if refs == nil {
		return map[string]string{}
	}
	return refs
}
