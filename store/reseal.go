package store

import (
	"context"
	"fmt"
)

// Rotating reports whether an older key is still accepted beside the newest.
func (k *Keys) Rotating() bool { return len(k.all) > 1 }

// Reseal seals everything anew that an older key sealed: credentials, secrets of notifications, accounts for refunds; it remembers the newest key as the database's own, in one
// transaction: afterwards the older key is no longer needed. It returns how many values changed; a second call changes none.
func (s *Store) Reseal(ctx context.Context) (int, error) {
	changed := 0
	err := s.Write(ctx, Locks{}, func(tx *Tx) error {
		changed = 0
		rows, err := tx.Rows(`SELECT id, credentials FROM channels ORDER BY id`)
		if err != nil {
			return fmt.Errorf("read credentials: %w", err)
		}
		all, err := scanAll(rows, func(r scanner) (c [2]string, err error) { return c, r.Scan(&c[0], &c[1]) })
		if err != nil {
			return fmt.Errorf("read credentials: %w", err)
		}
		for _, c := range all {
			n, err := s.resealChannel(tx, c[0], c[1])
			if err != nil {
				return err
			}
			changed += n
		}
		for _, c := range []sealedColumn{{"payments", sealedSecret}, {"refunds", sealedAccount}} {
			n, err := s.resealColumn(tx, c)
			if err != nil {
				return err
			}
			changed += n
		}
		return tx.AdoptKeys(s.keys)
	})
	return changed, err
}

func (s *Store) resealChannel(tx *Tx, id, credentials string) (int, error) {
	sealed := map[string]string{}
	if err := fromJSON(credentials, &sealed); err != nil {
		return 0, err
	}
	changed := 0
	for name, text := range sealed {
		if !s.keys.Stale(text) {
			continue
		}
		value, err := s.keys.Open(text, id, name)
		if err != nil {
			return 0, fmt.Errorf("open credential %s of %s: %w", name, id, err)
		}
		if sealed[name], err = s.keys.Seal(value, id, name); err != nil {
			return 0, fmt.Errorf("seal credential %s of %s: %w", name, id, err)
		}
		changed++
	}
	if changed == 0 {
		return 0, nil
	}
	if _, err := tx.Exec(`UPDATE channels SET credentials = $2 WHERE id = $1`, id, toJSON(sealed)); err != nil {
		return 0, fmt.Errorf("store credentials: %w", err)
	}
	return changed, nil
}

// sealedColumn is a column of single sealed values; its name is the field that they are sealed for.
type sealedColumn struct{ table, name string }

func (s *Store) resealColumn(tx *Tx, c sealedColumn) (int, error) {
	rows, err := tx.Rows(fmt.Sprintf(`SELECT id, %[2]s FROM %[1]s WHERE %[2]s <> '' ORDER BY id`, c.table, c.name))
	if err != nil {
		return 0, fmt.Errorf("read sealed %s: %w", c.table, err)
	}
	all, err := scanAll(rows, func(r scanner) (v [2]string, err error) { return v, r.Scan(&v[0], &v[1]) })
	if err != nil {
		return 0, fmt.Errorf("read sealed %s: %w", c.table, err)
	}
	changed := 0
	for _, v := range all {
		if !s.keys.Stale(v[1]) {
			continue
		}
		value, err := s.keys.Open(v[1], v[0], c.name)
		if err != nil {
			return 0, fmt.Errorf("open %s of %s: %w", c.name, v[0], err)
		}
		text, err := s.keys.Seal(value, v[0], c.name)
		if err != nil {
			return 0, fmt.Errorf("seal %s of %s: %w", c.name, v[0], err)
		}
		if _, err := tx.Exec(fmt.Sprintf(`UPDATE %s SET %s = $2 WHERE id = $1`, c.table, c.name), v[0], text); err != nil {
			return 0, fmt.Errorf("store sealed %s: %w", c.table, err)
		}
		changed++
	}
	return changed, nil
}
