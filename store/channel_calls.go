package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"foyer/payments"
)

// callLog holds the newest outcome per channel and operation until it is written: a call must not cost a write of its own.
type callLog struct {
	mu    sync.Mutex
	notes map[callKey]payments.CallNote
}

type callKey struct {
	channel   string
	operation payments.Operation
}

// NoteCall remembers how a call ended. FlushCalls writes it.
func (s *Store) NoteCall(n payments.CallNote) {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	if s.calls.notes == nil {
		s.calls.notes = map[callKey]payments.CallNote{}
	}
	n.Code = clip(n.Code, 100)
	s.calls.notes[callKey{n.ChannelID, n.Operation}] = n
}

// FlushCalls writes the outcomes that were noted since; nothing when there are none.
func (s *Store) FlushCalls(ctx context.Context) error {
	s.calls.mu.Lock()
	notes := s.calls.notes
	s.calls.notes = nil
	s.calls.mu.Unlock()
	if len(notes) == 0 {
		return nil
	}
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		for _, n := range notes {
			_, err := tx.Exec(`INSERT INTO channel_calls (channel_id, operation, at, result, code) SELECT $1, $2, $3, $4, $5 FROM channels WHERE id = $1
				ON CONFLICT (channel_id, operation) DO UPDATE SET at = $3, result = $4, code = $5 WHERE channel_calls.at <= $3`,
				n.ChannelID, string(n.Operation), ms(n.At), string(n.Result), n.Code)
			if err != nil {
				return fmt.Errorf("note a call: %w", err)
			}
		}
		return nil
	})
}

// LastCalls gives the last outcome of each operation of a channel, the newest first.
func (s *Store) LastCalls(ctx context.Context, channelID string) ([]payments.CallNote, error) {
	rows, err := s.Rows(ctx, `SELECT operation, at, result, code FROM channel_calls WHERE channel_id = $1`, channelID)
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	list, err := scanAll(rows, func(row scanner) (payments.CallNote, error) {
		n := payments.CallNote{ChannelID: channelID}
		var when int64
		err := row.Scan(&n.Operation, &when, &n.Result, &n.Code)
		n.At = at(when)
		return n, err
	})
	if err != nil {
		return nil, fmt.Errorf("read calls: %w", err)
	}
	s.calls.mu.Lock()
	for key, n := range s.calls.notes {
		if key.channel == channelID {
			list = slices.DeleteFunc(list, func(old payments.CallNote) bool { return old.Operation == n.Operation })
			list = append(list, n)
		}
	}
	s.calls.mu.Unlock()
	slices.SortFunc(list, func(a, b payments.CallNote) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Operation, b.Operation))
	})
	return list, nil
}
