package store

import (
	"context"
	"fmt"

	"foyer/registration"
)

// JobImport is the kind of job that takes over a list of people; its key and payload are the import's id.
const JobImport = "import"

// ImportRow is what became of one row of an import.
type ImportRow struct {
	Row     int
	OrderID string // "" when none was made
	Code    string // of the order, for reading
	Problem string // message key, "" when all is well
}

// ImportAnother is the key of the failure of a list that has to wait for another one.
const ImportAnother = "import.order.another"

// StartImport begins to take over a kept list, or goes on with one that is being taken over. A second call changes nothing.
// CodeConflict when it is over, and with ImportAnother while another list of the event is being taken over: it may have the same people.
func (s *Store) StartImport(ctx context.Context, eventID, id, options string, total int, actor string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		if _, err := tx.Exec(`UPDATE events SET slug = slug WHERE id = $1`, eventID); err != nil { // one starts at a time
			return fmt.Errorf("lock event: %w", err)
		}
		var others int64
		if err := tx.Row(`SELECT COUNT(*) FROM imports WHERE event_id = $1 AND id <> $2 AND state = 'running'`, eventID, id).Scan(&others); err != nil {
			return fmt.Errorf("count imports: %w", err)
		}
		if others > 0 {
			return registration.Fail(registration.CodeConflict, ImportAnother)
		}
		n, err := tx.Exec(`UPDATE imports SET state = 'running', options = $3, total = $4, actor = $5 WHERE id = $1 AND event_id = $2 AND state = 'kept'`,
			id, eventID, options, total, actor)
		if err != nil {
			return fmt.Errorf("start import: %w", err)
		}
		if n > 0 {
			if err := auditRow(tx, audit{actor: actor, what: "event", eventID: eventID, to: "import", reason: fmt.Sprintf("%d: %s", total, options)}); err != nil {
				return err
			}
		} else if err := tx.Row(`SELECT 1 FROM imports WHERE id = $1 AND event_id = $2 AND state = 'running'`, id, eventID).Scan(&n); err != nil {
			return &registration.Error{Code: registration.CodeConflict, Key: "import.over", Err: err}
		}
		return tx.AddJob(Job{Kind: JobImport, Key: id, Payload: []byte(eventID + "/" + id)})
	})
}

// EndImport ends an import whose rows have all been looked at. A second call changes nothing.
func (s *Store) EndImport(ctx context.Context, id string) error {
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE imports SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running'`, id, ms(tx.Now()))
		return err
	})
}

var insertImportRows = newInsert(`INSERT INTO import_rows (import_id, row_no, order_id, problem)`, 4, `ON CONFLICT (import_id, row_no) DO NOTHING`)

// SettleRows writes down what became of some rows, in one transaction. Rows that are written down already stay.
func (s *Store) SettleRows(ctx context.Context, id string, rows []ImportRow) error {
	args := make([]any, 0, 4*len(rows))
	for _, r := range rows {
		args = append(args, id, r.Row, r.OrderID, r.Problem)
	}
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := insertImportRows.run(tx, args)
		return err
	})
}

// SettledRows are the numbers of the rows that nothing is left to do for.
func (s *Store) SettledRows(ctx context.Context, id string) (map[int]bool, error) {
	rows, err := s.Rows(ctx, `SELECT row_no FROM import_rows WHERE import_id = $1`, id)
	if err != nil {
		return nil, fmt.Errorf("read rows of import: %w", err)
	}
	return scanSet[int](rows)
}

// ImportCounts says how far an import is.
type ImportCounts struct {
	Settled    int64 // rows that nothing is left to do for
	Refused    int64 // among them, for which something is wrong
	Registered int64 // among these, whose person has registered already, and nothing else
}

// ofRegistered is a row whose person has registered already, and for which nothing else is wrong: this is the first thing that is told of it.
const ofRegistered = `problem LIKE '[{"key":"import.order.registered"%'`

// ImportProgress counts the rows of an import.
func (s *Store) ImportProgress(ctx context.Context, id string) (c ImportCounts, err error) {
	err = s.Row(ctx, `SELECT COUNT(*), COUNT(CASE WHEN problem <> '' THEN 1 END), COUNT(CASE WHEN `+ofRegistered+` THEN 1 END) FROM import_rows WHERE import_id = $1`, id).
		Scan(&c.Settled, &c.Refused, &c.Registered)
	return c, err
}

// RefusedRows lists rows of an import for which something is wrong, in the order of the list, at most limit: those of people who have
// registered already, or the others.
func (s *Store) RefusedRows(ctx context.Context, id string, registered bool, limit int) ([]ImportRow, error) {
	of := ofRegistered
	if !registered {
		of = `problem <> '' AND NOT (` + ofRegistered + `)`
	}
	rows, err := s.Rows(ctx, `SELECT r.row_no, r.order_id, COALESCE(o.code, ''), r.problem FROM import_rows r LEFT JOIN orders o ON o.id = r.order_id
		WHERE r.import_id = $1 AND `+of+` ORDER BY r.row_no LIMIT $2`, id, limit)
	if err != nil {
		return nil, fmt.Errorf("read rows of import: %w", err)
	}
	return scanAll(rows, func(r scanner) (x ImportRow, err error) { return x, r.Scan(&x.Row, &x.OrderID, &x.Code, &x.Problem) })
}

// ImportsOf lists the lists of a kind that were taken over, the newest first, without their bodies.
func (s *Store) ImportsOf(ctx context.Context, eventID, kind string) ([]Import, error) {
	rows, err := s.Rows(ctx, `SELECT id, kind, name, state, total, actor, created_at FROM imports WHERE event_id = $1 AND kind = $2 AND state <> 'kept'
		ORDER BY created_at DESC LIMIT 20`, eventID, kind)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	return scanAll(rows, func(r scanner) (i Import, err error) {
		var created int64
		err = r.Scan(&i.ID, &i.Kind, &i.Name, &i.State, &i.Total, &i.Actor, &created)
		i.CreatedAt = at(created)
		return i, err
	})
}

// LiveEmails are the addresses that have a live order in the event, folded, orders of drafts that begin with except aside.
func (s *Store) LiveEmails(ctx context.Context, eventID, except string) (map[string]bool, error) {
	rows, err := s.Rows(ctx, `SELECT email FROM orders WHERE event_id = $1 AND kind = '' AND state IN ('pending', 'paid') AND draft_id NOT LIKE $2`, eventID, except+"%")
	if err != nil {
		return nil, fmt.Errorf("read addresses: %w", err)
	}
	return scanSet[string](rows)
}

// FoldEmail is an address as LiveEmails has it: ASCII letters in lower case.
func FoldEmail(email string) string { return foldEmail(email) }
