package store

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"foyer/registration"

	"github.com/google/uuid"
)

// ms is a time as it is stored.
func ms(t time.Time) int64 { return Millis(t) }

// at is the time that ms stored.
func at(n int64) time.Time { return FromMillis(n) }

// newID makes a UUIDv7: unique, and sorted by the time of its making.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// NewIDs makes n ids for rows, in ascending order.
func NewIDs(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = newID()
	}
	return ids
}

// newOrderNo makes our number of a payment at the gateway: 26 letters and digits, which every gateway accepts.
func newOrderNo() string { return "F" + rand.Text()[:25] }

// toJSON writes a value that is made of our own types; it cannot fail for those.
func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("write %T as JSON: %v", v, err))
	}
	return string(b)
}

// fromJSON reads what toJSON wrote.
func fromJSON(text string, v any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read stored %T: %w", v, err)
	}
	return nil
}

// notFound turns "no rows" into the failure that callers know.
func notFound(err error, key string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return &registration.Error{Code: registration.CodeNotFound, Key: key, Err: err}
	}
	return err
}

// folded is text as the search column keeps it.
func folded(parts ...string) string { return strings.ToLower(strings.Join(parts, " ")) }

// scanner is what a row can be read from: *sql.Row, *sql.Rows and *Row.
type scanner interface{ Scan(dest ...any) error }

// scanAll reads every row with one and closes them.
func scanAll[T any](rows *sql.Rows, one func(scanner) (T, error)) (all []T, err error) {
	defer func() {
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
	}()
	for rows.Next() {
		v, err := one(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// scanSet is the set of the values of a query's only column.
func scanSet[T comparable](rows *sql.Rows) (map[T]bool, error) {
	set := map[T]bool{}
	all, err := scanAll(rows, func(r scanner) (v T, err error) { return v, r.Scan(&v) })
	for _, v := range all {
		set[v] = true
	}
	return set, err
}
