package store

import "testing"

func TestPlaceholdersBecomePositionalOnlyWhereThatMeansTheSame(t *testing.T) {
	for query, want := range map[string]string{
		`SELECT 1`: `SELECT 1`,
		`SELECT a FROM t WHERE b = $1 AND c > $2`:                 `SELECT a FROM t WHERE b = ? AND c > ?`,
		`VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10), ($11)`: `VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?), (?)`,
		`UPDATE t SET a = a + $2 WHERE id = $1`:                   `UPDATE t SET a = a + $2 WHERE id = $1`,
		`SELECT $1, $1`:                                           `SELECT $1, $1`,
		`SELECT $10`:                                              `SELECT $10`,
		`SELECT $1, '$'`:                                          `SELECT $1, '$'`,
	} {
		if got := positional(query); got != want {
			t.Errorf("positional(%q) = %q, want %q", query, got, want)
		}
	}
}
