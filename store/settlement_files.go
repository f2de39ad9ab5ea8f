package store

import (
	"context"
	"fmt"
	"time"
)

// SettlementFile is a file that somebody has uploaded and whose columns are still to be chosen.
type SettlementFile struct {
	ID   string
	Name string
	Body []byte
}

// settlementLife is how long such a file is kept.
const settlementLife = 24 * time.Hour

// KeepSettlement stores a settlement file of a channel for a day, and deletes those whose day is over.
func (s *Store) KeepSettlement(ctx context.Context, channelID, name string, body []byte) (id string, err error) {
	id = newID()
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		if _, err := tx.Exec(`DELETE FROM settlement_files WHERE created_at < $1`, ms(tx.Now().Add(-settlementLife))); err != nil {
			return fmt.Errorf("delete old settlement files: %w", err)
		}
		_, err := tx.Exec(`INSERT INTO settlement_files (id, channel_id, name, body, created_at) VALUES ($1, $2, $3, $4, $5)`,
			id, channelID, clip(name, 200), body, ms(tx.Now()))
		if err != nil {
			return fmt.Errorf("keep settlement file: %w", err)
		}
		return nil
	})
	return id, err
}

// Settlement reads a settlement file of a channel; CodeNotFound when it is gone.
func (s *Store) Settlement(ctx context.Context, channelID, id string) (SettlementFile, error) {
	f := SettlementFile{ID: id}
	err := s.Row(ctx, `SELECT name, body FROM settlement_files WHERE id = $1 AND channel_id = $2`, clip(id, 64), channelID).Scan(&f.Name, &f.Body)
	return f, notFound(err, "reconcile.file_gone")
}
