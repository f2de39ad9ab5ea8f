package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"foyer/documents"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// Rows of a list that are made at once, and how many of them side by side. What is made in one go is written down in one transaction.
const (
	rowsTogether = 500
	rowsAtOnce   = 64
)

// ImportJob takes over lists of people. When it is stopped halfway it goes on where it was: a row has one order, however often it is
// looked at.
func ImportJob(s *store.Store, c *payments.Cashier, now func() time.Time) store.JobFunc {
	return importJob(s, c, now, func() {})
}

// importJob is ImportJob; before is called before each row.
func importJob(s *store.Store, c *payments.Cashier, now func() time.Time, before func()) store.JobFunc {
	return func(ctx context.Context, j store.Job) error {
		eventID, id, _ := strings.Cut(string(j.Payload), "/")
		i, err := s.Import(ctx, eventID, id)
		if isCode(err, registration.CodeNotFound) {
			return store.Never(err)
		}
		if err != nil || i.State != store.ImportRunning {
			return err
		}
		r := &importRun{maker: maker{s, c, now}, id: id, before: before}
		if err := r.read(ctx, eventID, i); err != nil {
			return err
		}
		return r.run(ctx)
	}
}

// importRun is one list being taken over.
type importRun struct {
	maker
	id      string
	before  func() // each row
	event   *registration.Event
	how     handMade
	entries []registration.OrderEntry // that are still to be looked at
	live    map[string]bool           // addresses that had an order before
}

// read reads the list and what was done of it.
func (r *importRun) read(ctx context.Context, eventID string, i *store.Import) error {
	var err error
	if r.event, err = r.store.EventByID(ctx, eventID); err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(i.Options), &r.how); err != nil {
		return store.Never(fmt.Errorf("read options of import: %w", err))
	}
	rows, err := documents.ReadTable(i.Body)
	if err != nil {
		return store.Never(fmt.Errorf("read import: %w", err))
	}
	entries, _, _ := registration.NewOrderReader(r.event).Read(rows) // what cannot be read was shown before it began
	settled, err := r.store.SettledRows(ctx, r.id)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !settled[e.Row] {
			r.entries = append(r.entries, e)
		}
	}
	r.live, err = r.store.LiveEmails(ctx, eventID, r.draft(""))
	return err
}

// draft names the order of a row, so that the same row is the same order.
func (r *importRun) draft(row string) string { return "import-" + r.id + "-" + row }

// run makes the orders, some at a time.
func (r *importRun) run(ctx context.Context) error {
	for len(r.entries) > 0 {
		n := min(rowsTogether, len(r.entries))
		made, err := r.some(ctx, r.entries[:n])
		if serr := r.store.SettleRows(ctx, r.id, made); serr != nil || err != nil {
			return errors.Join(err, serr)
		}
		r.entries = r.entries[n:]
	}
	return r.store.EndImport(ctx, r.id)
}

// some makes the orders of some rows side by side, and tells what became of those that it could finish.
func (r *importRun) some(ctx context.Context, entries []registration.OrderEntry) (made []store.ImportRow, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, rowsAtOnce)
	for _, e := range entries {
		slots <- struct{}{}
		r.before()
		wg.Go(func() {
			row, failed := r.one(ctx, e)
			<-slots
			mu.Lock()
			defer mu.Unlock()
			if failed != nil {
				err = failed // the row comes again
				return
			}
			made = append(made, row)
		})
	}
	wg.Wait()
	return made, err
}

// one makes the order of a row. A failure that passes by itself is an error; any other is the row's problem.
func (r *importRun) one(ctx context.Context, e registration.OrderEntry) (store.ImportRow, error) {
	row := store.ImportRow{Row: e.Row}
	if r.live[store.FoldEmail(e.Person.Email)] {
		row.Problem = "import.order.registered"
		return row, nil
	}
	lang := e.Lang
	if lang == "" {
		lang = registration.Lang(r.how.Lang)
	}
	placed, err := r.make(ctx, r.event, wanted{
		draftID: r.draft(strconv.Itoa(e.Row)), person: e.Person, lang: lang, cart: e.Cart, answers: e.Answers, papers: e.Papers,
	}, r.how)
	row.OrderID = placed.OrderID
	if key, known := madeKey(err); known {
		row.Problem = key
		return row, nil
	}
	return row, err
}
