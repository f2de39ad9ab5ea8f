package store

import (
	"context"
	"fmt"
)

// Rotating reports whether an older key is still accepted beside the newest.
func (k *Keys) Rotating() bool { return len(k.all) > 1 }

// Reseal seals every credential anew that an older key sealed, and remembers the newest key as the database's own, in one
// transaction: afterwards the older key is no longer needed. It returns how many credentials changed; a second call changes none.
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
