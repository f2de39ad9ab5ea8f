package store

import (
	"context"
	"fmt"
)

// DraftsPlaced are the drafts of an event whose names begin with prefix and that have become orders. prefix holds no signs of LIKE.
func (s *Store) DraftsPlaced(ctx context.Context, eventID, prefix string) (map[string]bool, error) {
	rows, err := s.Rows(ctx, `SELECT draft_id FROM orders WHERE event_id = $1 AND draft_id LIKE $2`, eventID, prefix+"%")
	if err != nil {
		return nil, fmt.Errorf("read drafts: %w", err)
	}
	return scanSet[string](rows)
}
