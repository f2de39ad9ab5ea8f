package handlers

import (
	"context"
	"sync"
	"time"

	"foyer/payments"
	"foyer/store"
)

// lookEvery is how often opening an unsettled order may cause a look-up.
const lookEvery = 30 * time.Second

// lookPatience is how long a page waits for its look-up to be queued.
const lookPatience = 500 * time.Millisecond

// lookups remembers when a payment was last asked for by somebody who opened its order.
type lookups struct {
	mu   sync.Mutex
	last map[string]time.Time
}

func newLookups() *lookups { return &lookups{last: map[string]time.Time{}} }

// due reports whether the payment may be asked for at now, and remembers that it is.
func (l *lookups) due(id string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if last, ok := l.last[id]; ok && now.Sub(last) < lookEvery {
		return false
	}
	if len(l.last) >= 10_000 {
		for other, last := range l.last {
			if now.Sub(last) >= lookEvery {
				delete(l.last, other)
			}
		}
	}
	l.last[id] = now
	return true
}

// lookAgain queues one look-up of each payment that is not settled, each at most every lookEvery. A page can be read while nothing
// can be written, so it does not wait long for that, and a failure is only logged.
func (s *Server) lookAgain(ctx context.Context, list []payments.Payment) {
	now := s.cfg.Now()
	var ids []string
	for _, p := range list {
		if !p.State.Settled() && !p.Leased(now) && s.looks.due(p.ID, now) {
			ids = append(ids, p.ID)
		}
	}
	if len(ids) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	err := s.cfg.Store.Write(ctx, store.Locks{}, func(tx *store.Tx) error {
		for _, id := range ids {
			if err := tx.AddJob(store.Job{Kind: store.JobLook, Key: id, Payload: []byte(id)}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.cfg.Log.WarnContext(ctx, "look-up not queued", "error", err)
	}
}
