package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"foyer/registration"
)

// Places that are kept for a voucher are held in the quota that they belong to, so that nobody else finds them. A quota of the voucher's
// own counts them: its places are those that the voucher has, those held and sold are its orders', and what is left of it is what it
// keeps. keeps_until says how long; after that its places are no more than its orders have.

// forEver is until when a voucher without an end keeps its places.
const forEver = math.MaxInt64

// keptQuotas are the ids of the quotas that saving or removing a voucher touches because it keeps places.
func keptQuotas(e *registration.Event, v *registration.Voucher) []string {
	if v == nil {
		return nil
	}
	var ids []string
	for _, quota := range v.KeptIn(e) {
		ids = append(ids, quotaID(e.ID, quota), quotaID(e.ID, registration.KeptQuota(v.Code, quota)))
	}
	return ids
}

// quotasOfVouchers are the ids of the quotas that the vouchers of an event's file touch.
func quotasOfVouchers(eventID string, e registration.Event) []string {
	e.ID = eventID
	var ids []string
	for i := range e.Vouchers {
		ids = append(ids, voucherQuotas(&e, &e.Vouchers[i])...)
	}
	return ids
}

// keepPlaces keeps what a voucher reserves and has not used yet; what it kept before and does not any more is free.
//
// It is refused when a quota has too few free places.
func keepPlaces(tx *Tx, e *registration.Event, v *registration.Voucher) error {
	if err := releaseOf(tx, e.ID, v.Code, v.KeptIn(e)); err != nil {
		return err
	}
	for _, quota := range v.KeptIn(e) {
		if err := keepIn(tx, e.ID, v, quota); err != nil {
			return err
		}
	}
	return nil
}

func keepIn(tx *Tx, eventID string, v *registration.Voucher, quota string) error {
	key := registration.KeptQuota(v.Code, quota)
	id, of := quotaID(eventID, key), quotaID(eventID, quota)
	if err := errors.Join(tx.NeedQuota(id), tx.NeedQuota(of)); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, $3, 0, 0, 0) ON CONFLICT (id) DO NOTHING`, id, eventID, key); err != nil {
		return fmt.Errorf("keep places: %w", err)
	}
	var places, used int64
	if err := tx.Row(`SELECT places, held + sold FROM quotas WHERE id = $1`, id).Scan(&places, &used); err != nil {
		return fmt.Errorf("read kept places: %w", err)
	}
	until, want := int64(forEver), max(v.Reserves, used)
	if !v.Until.IsZero() {
		until = ms(v.Until.Add(time.Second))
	}
	if until <= ms(tx.Now()) {
		until, want = 0, used
	}
	if _, err := tx.Exec(`UPDATE quotas SET places = $2, keeps_until = $3 WHERE id = $1`, id, want, until); err != nil {
		return fmt.Errorf("keep places: %w", err)
	}
	n, err := tx.Exec(holdFree, of, want-places)
	if err == nil && n == 0 {
		return refuse("vouchers."+v.Code+".reserves", "quota %s has too few free places for the %d that it reserves", quota, v.Reserves)
	}
	return wrapped("hold kept places", err)
}

// releaseKept ends the keeping of one such quota: what is left of it is free for everybody.
func releaseKept(tx *Tx, eventID, key string) error {
	_, quota, ok := registration.KeptFor(key)
	if !ok {
		return fmt.Errorf("quota %s keeps nothing", key)
	}
	id, of := quotaID(eventID, key), quotaID(eventID, quota)
	if err := errors.Join(tx.NeedQuota(id), tx.NeedQuota(of)); err != nil {
		return err
	}
	var rest int64
	if err := tx.Row(`SELECT places - held - sold FROM quotas WHERE id = $1`, id).Scan(&rest); err != nil {
		return wrapped("read kept places", notFound(err, "voucher.unknown"))
	}
	if _, err := tx.Exec(`UPDATE quotas SET places = held + sold, keeps_until = 0 WHERE id = $1`, id); err != nil {
		return fmt.Errorf("release kept places: %w", err)
	}
	if rest == 0 {
		return nil
	}
	return movePlaces(tx, giveBackHeld, eventID, map[string]int64{quota: rest})
}

// ReleaseKept frees what vouchers keep whose time is over, and says in how many quotas. Any number of processes may call it at once.
func (s *Store) ReleaseKept(ctx context.Context) (int, error) {
	type kept struct{ event, key string }
	rows, err := s.Rows(ctx, `SELECT event_id, key FROM quotas WHERE keeps_until > 0 AND keeps_until <= $1 ORDER BY id LIMIT 500`, ms(s.Now()))
	if err != nil {
		return 0, fmt.Errorf("find kept places: %w", err)
	}
	over, err := scanAll(rows, func(r scanner) (k kept, err error) { return k, r.Scan(&k.event, &k.key) })
	if err != nil {
		return 0, fmt.Errorf("find kept places: %w", err)
	}
	var failed []error
	for _, k := range over {
		_, quota, _ := registration.KeptFor(k.key)
		locks := Locks{Quotas: []string{quotaID(k.event, quota), quotaID(k.event, k.key)}}
		failed = append(failed, s.Write(ctx, locks, func(tx *Tx) error { return releaseKept(tx, k.event, k.key) }))
	}
	return len(over), errors.Join(failed...)
}

// takeKept takes the places of an order with a voucher: those that the voucher keeps first, the rest like everybody. It adds to taken what
// came out of kept places, by the voucher's own quotas; those must be locked.
func takeKept(tx *Tx, e *registration.Event, v *registration.Voucher, taken map[string]int64, sell bool) error {
	if v == nil || v.Reserves == 0 {
		return takePlaces(tx, e.ID, taken, sell)
	}
	maps.DeleteFunc(taken, func(key string, _ int64) bool { return isKept(key) }) // of a run before
	rest, kept, mine := maps.Clone(taken), map[string]int64{}, map[string]int64{}
	for _, quota := range v.KeptIn(e) {
		key := registration.KeptQuota(v.Code, quota)
		var left int64
		if err := tx.Row(`SELECT COALESCE(MAX(places - held - sold), 0) FROM quotas WHERE id = $1 AND keeps_until > $2`, quotaID(e.ID, key), ms(tx.Now())).Scan(&left); err != nil {
			return fmt.Errorf("read kept places: %w", err)
		}
		if n := min(left, rest[quota]); n > 0 {
			kept[key], mine[quota] = n, n
			if rest[quota] -= n; rest[quota] == 0 {
				delete(rest, quota)
			}
		}
	}
	if err := takePlaces(tx, e.ID, kept, sell); err != nil {
		return err
	}
	if sell {
		if err := movePlaces(tx, sellHeld, e.ID, mine); err != nil {
			return err
		}
	}
	maps.Copy(taken, kept)
	return takePlaces(tx, e.ID, rest, sell)
}

// isKept reports whether a quota counts places that are kept for a voucher.
func isKept(key string) bool {
	_, _, ok := registration.KeptFor(key)
	return ok
}

// bringKept readies the counters of kept places for an order that takes its places again: those that its voucher still keeps become the
// order's, and for those that it does not keep any more the order brings a place of its own. It returns what is left to be taken.
func bringKept(tx *Tx, eventID string, taken map[string]int64) (map[string]int64, error) {
	rest := maps.Clone(taken)
	for key, n := range taken {
		_, quota, ok := registration.KeptFor(key)
		if !ok {
			continue
		}
		delete(rest, key)
		id := quotaID(eventID, key)
		changed, err := tx.Exec(holdPlaces+` AND keeps_until > $3`, id, n, ms(tx.Now()))
		if err == nil && changed == 0 {
			_, err = tx.Exec(`UPDATE quotas SET places = places + $2, held = held + $2 WHERE id = $1`, id, n)
		} else if rest[quota] -= n; rest[quota] <= 0 {
			delete(rest, quota)
		}
		if err != nil {
			return nil, fmt.Errorf("take kept places: %w", err)
		}
	}
	return rest, nil
}

// keptLeft says how many of an order's places its voucher still keeps, by quota.
func keptLeft(tx *Tx, eventID string, taken map[string]int64) (map[string]int64, error) {
	left := map[string]int64{}
	for key, n := range taken {
		_, quota, ok := registration.KeptFor(key)
		if !ok {
			continue
		}
		var has int64
		if err := tx.Row(`SELECT COUNT(*) FROM quotas WHERE id = $1 AND keeps_until > $2 AND held + sold + $3 <= places`, quotaID(eventID, key), ms(tx.Now()), n).Scan(&has); err != nil {
			return nil, fmt.Errorf("read kept places: %w", err)
		}
		if has > 0 {
			left[quota] += n
		}
	}
	return left, nil
}

// KeptLeft says how many places a voucher still keeps in each quota of the event; none for no voucher.
func (s *Store) KeptLeft(ctx context.Context, e *registration.Event, v *registration.Voucher) (map[string]int64, error) {
	left := map[string]int64{}
	if v == nil || v.Reserves == 0 {
		return left, nil
	}
	for _, quota := range v.KeptIn(e) {
		var n int64
		err := s.Row(ctx, `SELECT COALESCE(MAX(places - held - sold), 0) FROM quotas WHERE id = $1 AND keeps_until > $2`,
			quotaID(e.ID, registration.KeptQuota(v.Code, quota)), ms(s.Now())).Scan(&n)
		if err != nil {
			return nil, fmt.Errorf("read kept places: %w", err)
		}
		left[quota] = n
	}
	return left, nil
}

// releaseOf frees what a code keeps in quotas other than these.
func releaseOf(tx *Tx, eventID, code string, except []string) error {
	rows, err := tx.Rows(`SELECT key FROM quotas WHERE event_id = $1 AND key >= $2 AND key < $3 AND keeps_until > 0 ORDER BY key`,
		eventID, registration.KeptQuota(code, ""), registration.VoucherQuota(code)+"0") // 0 follows the slash
	if err != nil {
		return fmt.Errorf("find kept places: %w", err)
	}
	keys, err := scanAll(rows, func(r scanner) (key string, err error) { return key, r.Scan(&key) })
	if err != nil {
		return fmt.Errorf("find kept places: %w", err)
	}
	for _, key := range keys {
		if _, quota, _ := registration.KeptFor(key); slices.Contains(except, quota) {
			continue
		}
		if err := releaseKept(tx, eventID, key); err != nil {
			return err
		}
	}
	return nil
}

// keepAgain keeps for a voucher what an order gives back that came out of its places, as long as the voucher keeps places and the quota has
// room; else the voucher has so many less.
func keepAgain(tx *Tx, eventID string, back map[string]int64) error {
	for key, n := range back {
		_, quota, ok := registration.KeptFor(key)
		if !ok {
			continue
		}
		id := quotaID(eventID, key)
		reserves, err := reservedBy(tx, eventID, key)
		if err != nil {
			return err
		}
		changed, err := tx.Exec(`UPDATE quotas SET held = held + $2 WHERE id = $1 AND held + sold + $2 <= places
			AND EXISTS (SELECT 1 FROM quotas k WHERE k.id = $3 AND k.keeps_until > $4 AND k.places <= $5)`, quotaID(eventID, quota), n, id, ms(tx.Now()), reserves)
		if err == nil && changed == 0 {
			_, err = tx.Exec(`UPDATE quotas SET places = places - $2 WHERE id = $1`, id, n)
		}
		if err != nil {
			return fmt.Errorf("keep places again: %w", err)
		}
	}
	return nil
}

// reservedBy is how many places the voucher of such a quota is to have.
func reservedBy(tx *Tx, eventID, key string) (int64, error) {
	code, _, _ := registration.KeptFor(key)
	var definition string
	if err := tx.Row(`SELECT definition FROM vouchers WHERE id = $1`, voucherID(eventID, code)).Scan(&definition); err != nil {
		return 0, fmt.Errorf("read voucher: %w", err)
	}
	v := registration.Voucher{}
	err := fromJSON(definition, &v)
	return v.Reserves, err
}
