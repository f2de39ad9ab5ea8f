package store

import (
	"context"
	"fmt"

	"foyer/registration"
)

// receipts reads the event's receipts and corrections in the order of their numbers.
func (l *ledger) receipts(ctx context.Context, fn func(LedgerReceipt) error) error {
	var number int64 // of the row read last
	one := func(row scanner) (r LedgerReceipt, err error) {
		var issued int64
		err = row.Scan(&r.No, &number, &r.Kind, &r.Amount, &r.Currency, &issued, &r.Payment)
		r.IssuedAt = Moment{at(issued)}
		return r, err
	}
	serieses, err := collect(ctx, l.q, func(row scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT s.id FROM series s WHERE EXISTS (SELECT 1 FROM receipts r WHERE r.series = s.id AND r.event_id = $1) ORDER BY s.id`, l.eventID)
	if err != nil {
		return fmt.Errorf("read series: %w", err)
	}
	for _, series := range serieses {
		err := paging(func(last int64) (int64, int, error) {
			page, err := collect(ctx, l.q, one, `SELECT no, number, kind, amount, currency, issued_at, payment_id FROM receipts
				WHERE series = $1 AND number > $2 AND event_id = $3 ORDER BY number LIMIT $4`, series, last, l.eventID, rowsAtOnce)
			if err != nil {
				return 0, 0, fmt.Errorf("read receipts: %w", err)
			}
			for _, r := range page {
				if err := fn(r); err != nil {
					return 0, 0, err
				}
			}
			return number, len(page), nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// paging calls page with the key after which it reads, until it comes back with fewer rows than a whole page has.
func paging[K any](page func(last K) (next K, n int, err error)) error {
	var last K
	for {
		next, n, err := page(last)
		if err != nil || n < rowsAtOnce {
			return err
		}
		last = next
	}
}

// attention reads the event's attention list, the longest waiting first.
func (l *ledger) attention(ctx context.Context, fn func(LedgerAttention) error) error {
	list, err := collect(ctx, l.q, scanAttention, `SELECT `+attentionColumns+attentionFrom+` WHERE n.event_id = $1 ORDER BY n.since, n.id`, l.eventID)
	if err != nil {
		return fmt.Errorf("read attention: %w", err)
	}
	for _, a := range list {
		err := fn(LedgerAttention{
			Kind: a.Kind, Order: Optional(a.OrderCode), Payment: Optional(a.PaymentID), Since: Moment{a.Since}, Note: Optional(a.Note),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// quotas reads the event's quotas by their ids in the event file.
func (l *ledger) quotas(ctx context.Context, fn func(LedgerQuota) error) error {
	list, err := collect(ctx, l.q, func(row scanner) (q LedgerQuota, err error) {
		err = row.Scan(&q.ID, &q.Places, &q.Held, &q.Sold)
		return q, err
	}, `SELECT key, places, held, sold FROM quotas WHERE event_id = $1 AND key NOT LIKE '`+registration.VoucherQuota("")+`%'
		AND key NOT LIKE '`+registration.PaperQuota("")+`%' ORDER BY key`, l.eventID)
	if err != nil {
		return fmt.Errorf("read quotas: %w", err)
	}
	for _, q := range list {
		if err := fn(q); err != nil {
			return err
		}
	}
	return nil
}

// audit reads the event's audit rows, and those of staff who see every event, in the order of writing.
func (l *ledger) audit(ctx context.Context, fn func(LedgerAudit) error) error {
	staff, err := collect(ctx, l.q, scanAudit, `SELECT `+auditColumns+auditFrom+` WHERE a.event_id IS NULL AND a.what = 'staff' ORDER BY a.id`)
	if err != nil {
		return fmt.Errorf("read audit of staff: %w", err)
	}
	give := func(a AuditRow) error {
		for len(staff) > 0 && staff[0].ID < a.ID {
			if err := fn(ledgerAudit(staff[0])); err != nil {
				return err
			}
			staff = staff[1:]
		}
		return fn(ledgerAudit(a))
	}
	err = paging(func(last string) (string, int, error) {
		page, err := collect(ctx, l.q, scanAudit, `SELECT `+auditColumns+auditFrom+` WHERE a.event_id = $1 AND a.id > $2 ORDER BY a.id LIMIT $3`,
			l.eventID, last, rowsAtOnce)
		if err != nil {
			return "", 0, fmt.Errorf("read audit: %w", err)
		}
		for _, a := range page {
			if err := give(a); err != nil {
				return "", 0, err
			}
			last = a.ID
		}
		return last, len(page), nil
	})
	if err != nil {
		return err
	}
	for _, a := range staff {
		if err := fn(ledgerAudit(a)); err != nil {
			return err
		}
	}
	return nil
}

func ledgerAudit(a AuditRow) LedgerAudit {
	l := LedgerAudit{
		At: Moment{a.At}, Actor: a.Actor, What: a.What, Order: Optional(a.OrderCode), Payment: Optional(a.PaymentID), Refund: Optional(a.RefundID),
		From: Optional(a.From), To: a.To, Reason: Optional(a.Reason),
	}
	if a.Amount != nil {
		l.Amount = &a.Amount.Minor
	}
	return l
}
