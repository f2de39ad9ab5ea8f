package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"foyer/documents"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// Rows of a list that are made at once, how many of them side by side, and how many are paid in one transaction, which others wait for.
// What became of those that are made in one go is written down in one transaction.
const (
	rowsTogether = 500
	rowsAtOnce   = 256
	rowsPaid     = 250
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
	began   time.Time
	ids     map[int]string // of the orders, by row
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
	body, err := r.store.ImportBody(ctx, eventID, r.id)
	if err != nil {
		return err
	}
	rows, err := documents.ReadTable(body)
	if err != nil {
		return store.Never(fmt.Errorf("read import: %w", err))
	}
	list, _ := registration.NewOrderReader(r.event).Read(rows) // what cannot be read was shown before it began
	return r.sort(ctx, list)
}

// sort keeps the rows whose orders are to be made, and writes down for the others why they are left out, as their preview did. Rows that
// are settled, or have their order, are not looked at again.
func (r *importRun) sort(ctx context.Context, list registration.OrderList) error {
	settled, err := r.store.SettledRows(ctx, r.id)
	if err != nil {
		return err
	}
	placed, err := r.store.DraftsPlaced(ctx, r.event.ID, r.draft(""))
	if err != nil {
		return err
	}
	check, err := newRowCheck(ctx, r.store, r.event, r.draft(""), list, r.now())
	if err != nil {
		return err
	}
	check.how = r.how
	wrong := list.Problems
	for _, e := range list.Entries {
		if settled[e.Row] {
			continue
		}
		if !placed[r.draft(strconv.Itoa(e.Row))] {
			if _, problems := check.row(e); len(problems) > 0 {
				wrong = append(wrong, problems...)
				continue
			}
		}
		r.entries = append(r.entries, e)
	}
	for _, e := range list.Faulty {
		_, problems := check.look(e)
		wrong = append(wrong, problems...)
	}
	return r.refuse(ctx, wrong)
}

// refuse writes down why rows are left out. Those that are settled stay as they are.
func (r *importRun) refuse(ctx context.Context, wrong []registration.ImportProblem) error {
	registration.SortProblems(wrong)
	var rows []store.ImportRow
	for _, problems := range registration.ProblemRows(wrong) {
		text, err := refusalText(problems)
		if err != nil {
			return err
		}
		rows = append(rows, store.ImportRow{Row: problems[0].Row, Problem: text})
	}
	for some := range slices.Chunk(rows, rowsTogether) {
		if err := r.store.SettleRows(ctx, r.id, some); err != nil {
			return err
		}
	}
	return nil
}

// draft names the order of a row, so that the same row is the same order.
func (r *importRun) draft(row string) string { return "import-" + r.id + "-" + row }

// run makes the orders, some at a time. While the next ones are made, the money of those before is booked.
func (r *importRun) run(ctx context.Context) error {
	r.line()
	var wg sync.WaitGroup
	var err, failed error // failed belongs to what goes on beside
	for entries := range slices.Chunk(r.entries, rowsTogether) {
		var made, owing []store.ImportRow
		made, owing, err = r.some(ctx, entries)
		wg.Wait()
		done := errors.Join(err, failed) != nil
		wg.Go(func() { failed = errors.Join(failed, r.finish(ctx, made, owing)) })
		if done {
			break
		}
	}
	wg.Wait()
	if err := errors.Join(err, failed); err != nil {
		return err
	}
	return r.store.EndImport(ctx, r.id)
}

// line keeps the orders together where orders are listed, the newest first, and there in the order of the rows, in whatever order they are made.
func (r *importRun) line() {
	r.began, r.ids = r.now(), make(map[int]string, len(r.entries))
	for i, id := range store.NewIDs(len(r.entries)) {
		r.ids[r.entries[len(r.entries)-1-i].Row] = id
	}
}

// finish books the money of rows that owe it, and writes down what became of them and of those that are made.
func (r *importRun) finish(ctx context.Context, made, owing []store.ImportRow) (err error) {
	slices.SortFunc(owing, func(a, b store.ImportRow) int { return a.Row - b.Row }) // receipts are numbered as the list goes
	for rows := range slices.Chunk(owing, rowsPaid) {
		paid, failed := r.pay(ctx, rows)
		made, err = append(made, paid...), errors.Join(err, failed)
	}
	return errors.Join(err, r.store.SettleRows(ctx, r.id, made))
}

// some makes the orders of some rows side by side, and gives the rows that are finished and those whose money is still to be booked.
func (r *importRun) some(ctx context.Context, entries []registration.OrderEntry) (made, owing []store.ImportRow, err error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	slots := make(chan struct{}, rowsAtOnce)
	for _, e := range entries {
		slots <- struct{}{}
		r.before()
		wg.Go(func() {
			row, owes, failed := r.one(ctx, e)
			<-slots
			mu.Lock()
			defer mu.Unlock()
			switch {
			case failed != nil:
				err = failed // the row comes again
			case owes:
				owing = append(owing, row)
			default:
				made = append(made, row)
			}
		})
	}
	wg.Wait()
	return made, owing, err
}

// one makes the order of a row, and tells whether its money is still to be booked. A failure that passes by itself is an error; any other
// is the row's problem.
func (r *importRun) one(ctx context.Context, e registration.OrderEntry) (row store.ImportRow, owes bool, err error) {
	row.Row = e.Row
	lang := e.Lang
	if lang == "" {
		lang = registration.Lang(r.how.Lang)
	}
	placed, owes, err := r.place(ctx, r.event, wanted{
		draftID: r.draft(strconv.Itoa(e.Row)), person: e.Person, lang: lang, cart: e.Cart, answers: e.Answers, papers: e.Papers,
		id: r.ids[e.Row], at: r.began,
	}, r.how)
	row.OrderID = placed.OrderID
	return row, owes, problem(&row, err)
}

// pay books the money of some rows, and gives those that are finished.
func (r *importRun) pay(ctx context.Context, rows []store.ImportRow) (paid []store.ImportRow, err error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.OrderID
	}
	for i, failed := range r.paid(ctx, r.event, ids, r.how) {
		if failed = problem(&rows[i], failed); failed != nil {
			err = failed // the row comes again
			continue
		}
		paid = append(paid, rows[i])
	}
	return paid, err
}

// problem makes a failure the row's, unless it passes by itself.
func problem(row *store.ImportRow, err error) error {
	key, known := madeKey(err)
	if !known {
		return err
	}
	row.Problem = key
	return nil
}
