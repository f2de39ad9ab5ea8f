package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"foyer/registration"
)

// Where a voucher comes from.
const (
	voucherOfFile  = "file"
	voucherOfStaff = "staff"
)

// VoucherRow is a voucher with what became of it.
type VoucherRow struct {
	registration.Voucher
	Source  string // file or staff
	Batch   string // of codes made together
	Held    int64  // uses by orders that wait for their payment
	Used    int64  // uses by paid orders
	Removed bool
}

// Voucher finds a code of an event, in the form of registration.CleanVoucher; CodeNotFound when there is none or it was taken away.
func (s *Store) Voucher(ctx context.Context, eventID, code string) (*registration.Voucher, error) {
	var definition string
	err := s.Row(ctx, `SELECT definition FROM vouchers WHERE id = $1 AND NOT removed`, voucherID(eventID, code)).Scan(&definition)
	if err != nil {
		return nil, notFound(err, "voucher.unknown")
	}
	v := &registration.Voucher{}
	return v, fromJSON(definition, v)
}

// HasVouchers reports whether the event has a code that can be typed.
func (s *Store) HasVouchers(ctx context.Context, eventID string) (bool, error) {
	var n int64
	err := s.Row(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM vouchers WHERE event_id = $1 AND NOT removed LIMIT 1) AS found`, eventID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for vouchers: %w", err)
	}
	return n > 0, nil
}

// Vouchers lists the codes of an event, those of a batch when it is not "", in the order of their codes after the given one, at most limit.
func (s *Store) Vouchers(ctx context.Context, eventID, batch, after string, limit int) ([]VoucherRow, error) {
	rows, err := s.Rows(ctx, `SELECT v.definition, v.source, v.batch, v.removed, COALESCE(q.held, 0), COALESCE(q.sold, 0)
		FROM vouchers v LEFT JOIN quotas q ON q.id = v.event_id || '/`+registration.VoucherQuota("")+`' || v.code
		WHERE v.event_id = $1 AND ($2 = '' OR v.batch = $2) AND v.code > $3 ORDER BY v.code LIMIT $4`, eventID, batch, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read vouchers: %w", err)
	}
	return scanAll(rows, func(row scanner) (v VoucherRow, err error) {
		var definition string
		if err := row.Scan(&definition, &v.Source, &v.Batch, &v.Removed, &v.Held, &v.Used); err != nil {
			return v, err
		}
		return v, fromJSON(definition, &v.Voucher)
	})
}

// MakeVouchers makes codes like the one given, which has none itself, in one transaction. batch names them together. Codes that the
// event has already are made again.
func (s *Store) MakeVouchers(ctx context.Context, e *registration.Event, like registration.Voucher, codes []string, batch, actor string) error {
	var locks Locks
	for _, code := range codes {
		like.Code = code
		locks.Quotas = append(locks.Quotas, voucherQuotas(e, &like)...)
	}
	slices.Sort(locks.Quotas)
	locks.Quotas = slices.Compact(locks.Quotas)
	return s.Write(ctx, locks, func(tx *Tx) error {
		for _, code := range codes {
			v := like
			v.Code = code
			if err := saveVoucher(tx, e, &v, voucherOfStaff, batch); err != nil {
				return err
			}
		}
		return auditRow(tx, audit{actor: actor, what: "event", eventID: e.ID, to: "vouchers", reason: batchText(batch, len(codes))})
	})
}

// RemoveVoucher takes a code away: nobody can use it any more, orders that have used it keep what they got. A second call is harmless.
func (s *Store) RemoveVoucher(ctx context.Context, e *registration.Event, code, actor string) error {
	v, err := s.Voucher(ctx, e.ID, code)
	if err != nil {
		if isNotFound(err) {
			return nil
		}
		return err
	}
	return s.Write(ctx, Locks{Quotas: keptQuotas(e, v)}, func(tx *Tx) error {
		n, err := tx.Exec(`UPDATE vouchers SET removed = TRUE WHERE id = $1 AND NOT removed`, voucherID(e.ID, code))
		if err != nil {
			return fmt.Errorf("remove voucher: %w", err)
		}
		if n == 0 {
			return nil
		}
		if err := releaseOf(tx, e.ID, v.Code, nil); err != nil {
			return err
		}
		return auditRow(tx, audit{actor: actor, what: "event", eventID: e.ID, to: "voucher removed", reason: code})
	})
}

func voucherID(eventID, code string) string { return eventID + "/" + code }

// voucherQuotas are the ids of the quotas that saving a voucher touches.
func voucherQuotas(e *registration.Event, v *registration.Voucher) []string {
	ids := keptQuotas(e, v)
	if v.Counted() {
		ids = append(ids, quotaID(e.ID, registration.VoucherQuota(v.Code)))
	}
	return ids
}

// countedUses is where the counter of a voucher ends.
func countedUses(v *registration.Voucher) int64 { return cmp.Or(v.Uses, registration.Countless) }

// saveVoucher makes a voucher or changes it, with the quota that counts its uses and the places that it keeps.
func saveVoucher(tx *Tx, e *registration.Event, v *registration.Voucher, source, batch string) error {
	eventID := e.ID
	_, err := tx.Exec(`INSERT INTO vouchers (id, event_id, code, source, batch, definition, removed, created_at) VALUES ($1, $2, $3, $4, $5, $6, FALSE, $7)
		ON CONFLICT (id) DO UPDATE SET source = $4, batch = $5, definition = $6, removed = FALSE`,
		voucherID(eventID, v.Code), eventID, v.Code, source, batch, toJSON(v), ms(tx.Now()))
	if err != nil {
		return fmt.Errorf("store voucher: %w", err)
	}
	if err := keepPlaces(tx, e, v); err != nil {
		return err
	}
	if !v.Counted() {
		return nil
	}
	places := countedUses(v)
	key := registration.VoucherQuota(v.Code)
	id := quotaID(eventID, key)
	if err := tx.NeedQuota(id); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO quotas (id, event_id, key, places, held, sold) VALUES ($1, $2, $3, $4, 0, 0)
		ON CONFLICT (id) DO NOTHING`, id, eventID, key, places); err != nil {
		return fmt.Errorf("count voucher: %w", err)
	}
	n, err := tx.Exec(`UPDATE quotas SET places = $2 WHERE id = $1 AND held + sold <= $2`, id, places)
	if err != nil {
		return fmt.Errorf("limit voucher: %w", err)
	}
	if n == 0 {
		return refuse("vouchers", "%s was used more often than %d times already", v.Code, v.Uses)
	}
	return nil
}

// applyVouchers makes the vouchers of an event's file as the file wants them; those that it no longer has are taken away.
func applyVouchers(tx *Tx, old, e *registration.Event) error {
	if _, err := tx.Exec(`UPDATE vouchers SET removed = TRUE WHERE event_id = $1 AND source = '`+voucherOfFile+`'`, e.ID); err != nil {
		return fmt.Errorf("mark vouchers: %w", err)
	}
	for i := range e.Vouchers {
		if err := saveVoucher(tx, e, &e.Vouchers[i], voucherOfFile, ""); err != nil {
			return err
		}
	}
	if old == nil {
		return nil
	}
	for _, v := range old.Vouchers {
		if !slices.ContainsFunc(e.Vouchers, func(x registration.Voucher) bool { return x.Code == v.Code }) {
			if err := releaseOf(tx, e.ID, v.Code, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayUse refuses a voucher that a payer's address would use more often than one may; uses is how often the order wants it. The
// voucher's quota is locked, so that no two orders can count at once.
func mayUse(tx *Tx, eventID string, v *registration.Voucher, uses int64, email, exceptOrder string) error {
	if v == nil || v.PerPerson == 0 {
		return nil
	}
	rows, err := tx.Rows(`SELECT taken FROM orders WHERE event_id = $1 AND voucher = $2 AND email = $3 AND places <> 'none' AND id <> $4`,
		eventID, v.Code, foldEmail(email), exceptOrder)
	if err != nil {
		return fmt.Errorf("count uses of voucher: %w", err)
	}
	counted, err := scanAll(rows, func(row scanner) (taken map[string]int64, err error) {
		var text string
		if err := row.Scan(&text); err != nil {
			return nil, err
		}
		return taken, fromJSON(text, &taken)
	})
	if err != nil {
		return fmt.Errorf("count uses of voucher: %w", err)
	}
	for _, taken := range counted {
		uses += taken[registration.VoucherQuota(v.Code)]
	}
	if uses > v.PerPerson {
		return registration.Fail(registration.CodeConflict, "voucher.person")
	}
	return nil
}

// mayUseAgain reports whether an order that has given its places back may use its voucher and its member numbers once more: another order
// may have used them since.
func (b *book) mayUseAgain() (bool, error) {
	if free, err := membersFree(b.tx, b.order.EventID, b.order.ID); err != nil || !free {
		return false, err
	}
	uses := b.taken[registration.VoucherQuota(b.order.Voucher)]
	if uses == 0 {
		return true, nil
	}
	var definition, email string
	err := b.tx.Row(`SELECT v.definition, o.email FROM orders o JOIN vouchers v ON v.event_id = o.event_id AND v.code = o.voucher WHERE o.id = $1`, b.order.ID).
		Scan(&definition, &email)
	if err != nil {
		return false, fmt.Errorf("read the order's voucher: %w", err)
	}
	v := &registration.Voucher{}
	if err := fromJSON(definition, v); err != nil {
		return false, err
	}
	err = mayUse(b.tx, b.order.EventID, v, uses, email, b.order.ID)
	if refused, ok := errors.AsType[*registration.Error](err); ok && refused.Code == registration.CodeConflict {
		return false, nil
	}
	return err == nil, err
}

// UsedVoucher is the voucher that an order has used, also when it was taken away since; nil for no code, or one that is not known.
func (s *Store) UsedVoucher(ctx context.Context, eventID, code string) (*registration.Voucher, error) {
	if code == "" {
		return nil, nil
	}
	var definition string
	err := s.Row(ctx, `SELECT definition FROM vouchers WHERE id = $1`, voucherID(eventID, code)).Scan(&definition)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read voucher: %w", err)
	}
	v := &registration.Voucher{}
	return v, fromJSON(definition, v)
}

// batchText is how the audit names codes that were made together.
func batchText(batch string, codes int) string {
	if batch == "" {
		return fmt.Sprint(codes)
	}
	return fmt.Sprintf("%s: %d", batch, codes)
}
