package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"foyer/registration"
)

// Sum is money of one currency, in minor units.
type Sum struct {
	Currency registration.Currency
	Paid     int64 // captured, surplus included
	Refunded int64 // gone back
}

// Net is what is left.
func (s Sum) Net() int64 { return s.Paid - s.Refunded }

// CountOrders counts the orders that the filter asks for.
func (s *Store) CountOrders(ctx context.Context, f OrderFilter) (n int64, err error) {
	w := f.where(s.engine)
	if err := s.reader.QueryRowContext(ctx, `SELECT COUNT(*)`+f.from()+` WHERE `+w.text(), w.args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count orders: %w", err)
	}
	return n, nil
}

// Totals adds up the money of the orders that the filter asks for, per currency, KRW first. It is the sum of the rows that
// EachOrder gives.
func (s *Store) Totals(ctx context.Context, f OrderFilter) ([]Sum, error) {
	w := f.where(s.engine)
	sums, err := collect(ctx, s.reader, scanSum, `WITH picked AS MATERIALIZED (SELECT o.id`+f.from()+` WHERE `+w.text()+`)
		SELECT cur, CAST(SUM(paid) AS BIGINT), CAST(SUM(refunded) AS BIGINT) FROM (
		SELECT captured_currency AS cur, captured AS paid, 0 AS refunded FROM payments WHERE state IN ('confirmed', 'surplus') AND order_id IN (SELECT id FROM picked)
		UNION ALL
		SELECT currency, 0, amount FROM refunds WHERE state = 'done' AND order_id IN (SELECT id FROM picked)) AS money GROUP BY cur`, w.args...)
	if err != nil {
		return nil, fmt.Errorf("add orders up: %w", err)
	}
	sortSums(sums)
	return sums, nil
}

func scanSum(row scanner) (s Sum, err error) {
	err = row.Scan(&s.Currency, &s.Paid, &s.Refunded)
	return s, err
}

func sortSums(sums []Sum) {
	slices.SortFunc(sums, func(a, b Sum) int {
		return cmp.Or(-cmp.Compare(won(a.Currency), won(b.Currency)), cmp.Compare(a.Currency, b.Currency))
	})
}

func won(c registration.Currency) int {
	if c == registration.KRW {
		return 1
	}
	return 0
}
