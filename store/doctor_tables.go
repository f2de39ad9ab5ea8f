package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

var checkSeries = Check{
	"I21", "Each confirmed payment has exactly one receipt, and the numbers of a series run from 1 without gaps.", reportFault,
}

var checkKeys = Check{
	"I7", "No idempotency key stands for two things.", askGateway,
}

var checkGatewayID = Check{
	"I6", "A gateway's payment id belongs to one payment, and an order number was sent for one payment.", askGateway,
}

var checkLeases = Check{
	"R2", "No lease lasts longer than a call can take.", "Start the server again: on SQLite it ends the leases of earlier processes.",
}

var checkStaff = Check{
	"I23", "Each role that somebody has was given in the audit.", "Run foyer staff add for the address, which sets and audits the role.",
}

var checkOrphanAudit = Check{
	"I23", "The audit tells only of orders that exist.", reportFault,
}

var checkDatabase = Check{
	"R8", "The database is whole and every reference in it leads somewhere.", "Restore the newest backup beside this database and compare.",
}

// Limits of leases: much longer than any real one.
const (
	maxPaymentLease = time.Hour
	maxJobLease     = 24 * time.Hour
)

// tables examines what concerns whole tables.
func (d *doctor) tables(ctx context.Context) error {
	parts := []func(context.Context) error{d.series, d.doubles, d.leases, d.staff, d.sealed, d.people, d.lists, d.texts, d.files, d.references}
	if d.engine == SQLite {
		parts = append(parts, d.integrity)
	}
	for _, part := range parts {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// series is I21 for the counters.
func (d *doctor) series(ctx context.Context) error {
	_, err := collect(ctx, d.q, func(row scanner) (struct{}, error) {
		var id string
		var last, count, different, least, most int64
		err := row.Scan(&id, &last, &count, &different, &least, &most)
		if err == nil && (last != count || different != count || most != count || (count > 0 && least != 1)) {
			d.find(checkSeries, fmt.Sprintf("The series has %d numbers from %d to %d and its counter stands at %d.", count, least, most, last), id)
		}
		return struct{}{}, err
	}, `SELECT s.id, s.last, COUNT(r.no), COUNT(DISTINCT r.number), COALESCE(MIN(r.number), 0), COALESCE(MAX(r.number), 0)
		FROM series s LEFT JOIN receipts r ON r.series = s.id GROUP BY s.id, s.last ORDER BY s.id`)
	return wrapped("count receipts", err)
}

// listed runs a query whose rows are ids of what is wrong.
func (d *doctor) listed(ctx context.Context, c Check, wrong, query string, args ...any) error {
	ids, err := collect(ctx, d.q, func(row scanner) (id string, err error) { return id, row.Scan(&id) }, query, args...)
	for _, id := range ids {
		d.find(c, wrong, id)
	}
	return wrapped("check "+c.Invariant, err)
}

// doubles is I6 and I7.
func (d *doctor) doubles(ctx context.Context) error {
	return errors.Join(
		d.listed(ctx, checkGatewayID, "The gateway's id belongs to more than one payment of the merchant.",
			`SELECT gateway_id FROM payments WHERE gateway_id IS NOT NULL GROUP BY merchant, gateway_id HAVING COUNT(*) > 1 ORDER BY gateway_id`),
		d.listed(ctx, checkGatewayID, "The order number belongs to more than one payment.",
			`SELECT order_no FROM payments GROUP BY order_no HAVING COUNT(*) > 1 ORDER BY order_no`),
		d.listed(ctx, checkKeys, "The idempotency key belongs to more than one payment or refund.",
			`SELECT k FROM (SELECT idempotency_key AS k FROM payments UNION ALL SELECT idempotency_key FROM refunds) AS keys
			WHERE k <> '' GROUP BY k HAVING COUNT(*) > 1 ORDER BY k`),
	)
}

// leases is R2.
func (d *doctor) leases(ctx context.Context) error {
	return errors.Join(
		d.listed(ctx, checkLeases, "The payment's lease ends hours from now.", `SELECT id FROM payments WHERE lease_until > $1 ORDER BY id`, ms(d.now.Add(maxPaymentLease))),
		d.listed(ctx, checkLeases, "The job's lease ends days from now.", `SELECT id FROM jobs WHERE lease_until > $1 ORDER BY id`, ms(d.now.Add(maxJobLease))),
	)
}

// staff is I23 for roles and for orders that are gone.
func (d *doctor) staff(ctx context.Context) error {
	return errors.Join(
		d.listed(ctx, checkStaff, "The role is not the one that the audit gave last.", `SELECT s.email FROM staff s WHERE s.role <> COALESCE((SELECT a.to_state
			FROM audit a WHERE a.what = 'staff' AND a.reason = s.email AND a.to_state IN ('owner', 'admin', 'organizer', 'desk') ORDER BY a.id DESC LIMIT 1), '') ORDER BY s.email`),
		d.listed(ctx, checkOrphanAudit, "The audit row tells of an order that does not exist.", `SELECT a.id FROM audit a WHERE a.what IN ('order', 'payment', 'refund', 'receipt')
			AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = a.order_id) ORDER BY a.id LIMIT 100`),
	)
}

// reference is a column that must lead to a row of another table.
type reference struct{ table, column, parent, key string }

// references follows every foreign key.
func (d *doctor) references(ctx context.Context) error {
	query := `SELECT m.name, f."from", f."table", COALESCE(f."to", 'id') FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
		WHERE m.type = 'table' ORDER BY m.name, f."from"`
	if d.engine == Postgres {
		query = `SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text, b.attname FROM pg_constraint k
			JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
			JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]
			WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace ORDER BY 1, 2`
	}
	all, err := collect(ctx, d.q, func(row scanner) (r reference, err error) {
		err = row.Scan(&r.table, &r.column, &r.parent, &r.key)
		return r, err
	}, query)
	if err != nil {
		return wrapped("list references", err)
	}
	for _, r := range all {
		err := d.listed(ctx, checkDatabase, fmt.Sprintf("A row of %s names this row of %s, which does not exist.", r.table, r.parent),
			fmt.Sprintf(`SELECT DISTINCT c.%[2]s FROM %[1]s c LEFT JOIN %[3]s p ON p.%[4]s = c.%[2]s WHERE c.%[2]s IS NOT NULL AND p.%[4]s IS NULL LIMIT 100`,
				r.table, r.column, r.parent, r.key))
		if err != nil {
			return err
		}
	}
	return nil
}

// integrity asks SQLite to read its whole file.
func (d *doctor) integrity(ctx context.Context) error {
	lines, err := collect(ctx, d.q, func(row scanner) (text string, err error) { return text, row.Scan(&text) }, `PRAGMA integrity_check(20)`)
	if err != nil {
		return wrapped("check integrity", err)
	}
	if len(lines) != 1 || lines[0] != "ok" {
		d.find(checkDatabase, "SQLite finds its file damaged: "+strings.Join(lines, "; ")+".")
	}
	return nil
}

// wrapped says what was being done when err is one.
func wrapped(doing string, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
