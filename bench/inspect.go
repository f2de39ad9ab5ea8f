package main

import (
	"context"
	"errors"
	"fmt"
)

// inspect looks through a database after its load: every order that was acknowledged is there once with all its rows, no place was
// given twice, the file is whole, and the product's own examination finds nothing.
func (b *bench) inspect(ctx context.Context, name string, acknowledged int64) (err error) {
	s, err := b.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	broken := func(format string, args ...any) {
		b.report.Broken = append(b.report.Broken, name+": "+fmt.Sprintf(format, args...))
	}
	counts := map[string]string{
		"orders":        `SELECT COUNT(*) FROM orders`,
		"registrations": `SELECT COUNT(*) FROM registrations`,
		"charges":       `SELECT COUNT(*) FROM charges`,
		"audit rows":    `SELECT COUNT(*) FROM audit WHERE what = 'order'`,
		"places held":   `SELECT SUM(held) FROM quotas`,
		"places sold or held, counted from the orders": `SELECT COUNT(*) FROM orders o JOIN registrations r ON r.order_id = o.id WHERE o.places IN ('held', 'sold')`,
	}
	for what, query := range counts {
		var n int64
		if err := s.Row(ctx, query).Scan(&n); err != nil {
			return fmt.Errorf("count %s: %w", what, err)
		}
		if n != acknowledged {
			broken("%d %s for %d acknowledged orders", n, what, acknowledged)
		}
	}
	var whole string
	if err := s.Row(ctx, `PRAGMA integrity_check`).Scan(&whole); err != nil {
		return fmt.Errorf("check the file: %w", err)
	}
	if whole != "ok" {
		broken("integrity_check says %s", whole)
	}
	findings, err := s.Doctor(ctx)
	if err != nil {
		return err
	}
	for _, f := range findings {
		broken("%s", f)
	}
	b.report.Checked = append(b.report.Checked, fmt.Sprintf("%s: %d orders acknowledged; rows, places, integrity_check and doctor", name, acknowledged))
	return nil
}
