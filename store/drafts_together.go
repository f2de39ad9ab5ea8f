package store

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"foyer/registration"
)

// draftSizes are the numbers of drafts for which there is a query; a query for fewer has empty names at its end.
var draftSizes = [...]int{1, 8, 64}

var draftQueries = func() (texts [len(draftSizes)]string) {
	for i, size := range draftSizes {
		texts[i] = `SELECT id, event_id, data, expires_at FROM drafts WHERE id IN ` + valueRows(1, size)
	}
	return texts
}()

// draftAsk is one question for a draft and its event, and the answer.
type draftAsk struct {
	id, slug string

	event   *registration.Event
	eventID string
	data    []byte // nil: no draft
	err     error
	turn    chan bool // false: the answer is here; true: it is the asker's turn to read
}

// draftReader answers the questions that are asked at one time with one query, for SQLite: to begin to read costs several calls to the
// system and, after each commit, the pages that were in memory. One asker at a time reads for all that wait; then it is the turn of the
// first of those who have come meanwhile. Nobody reads what was in the database before the question was asked.
type draftReader struct {
	mu      sync.Mutex
	reading bool
	waiting []*draftAsk
}

// ask fills in the answer.
func (d *draftReader) ask(ctx context.Context, s *Store, a *draftAsk) {
	a.turn = make(chan bool, 1)
	d.mu.Lock()
	d.waiting = append(d.waiting, a)
	mine := !d.reading
	d.reading = true
	d.mu.Unlock()
	if !mine && !<-a.turn {
		return
	}
	runtime.Gosched() // let those come along who are about to ask
	d.mu.Lock()
	asked := d.waiting
	d.waiting = nil
	d.mu.Unlock()
	defer d.pass(a, asked)
	s.readDrafts(context.WithoutCancel(ctx), asked)
}

// pass tells the others that they are answered, and the first of those who wait that it is their turn.
func (d *draftReader) pass(reader *draftAsk, answered []*draftAsk) {
	d.mu.Lock()
	if d.reading = len(d.waiting) > 0; d.reading {
		d.waiting[0].turn <- true
	}
	d.mu.Unlock()
	for _, a := range answered {
		if a != reader {
			a.turn <- false
		}
	}
}

// readDrafts answers the questions.
func (s *Store) readDrafts(ctx context.Context, asked []*draftAsk) {
	events := map[string]*draftAsk{} // by slug, the first that asked for it
	for _, a := range asked {
		first := events[a.slug]
		if first == nil {
			a.event, a.err = s.Event(ctx, a.slug)
			events[a.slug], first = a, a
		}
		a.event, a.err = first.event, first.err
	}
	most := draftSizes[len(draftSizes)-1]
	for len(asked) > 0 {
		some := asked[:min(len(asked), most)]
		if err := s.findDrafts(ctx, some); err != nil {
			for _, a := range some {
				a.err = err
			}
		}
		asked = asked[len(some):]
	}
}

// findDrafts reads the drafts that some questions name, with one query.
func (s *Store) findDrafts(ctx context.Context, asked []*draftAsk) error {
	size := 0
	for draftSizes[size] < len(asked) {
		size++
	}
	names := make([]any, draftSizes[size])
	for i := range names {
		names[i] = ""
		if i < len(asked) {
			names[i] = asked[i].id
		}
	}
	rows, err := s.Rows(ctx, draftQueries[size], names...)
	if err != nil {
		return fmt.Errorf("read drafts: %w", err)
	}
	now := ms(s.Now())
	_, err = scanAll(rows, func(r scanner) (none struct{}, err error) {
		var id, eventID string
		var data []byte
		var expires int64
		if err := r.Scan(&id, &eventID, &data, &expires); err != nil || expires <= now {
			return none, err
		}
		for _, a := range asked {
			if a.id == id {
				a.eventID, a.data = eventID, data
			}
		}
		return none, nil
	})
	return err
}
