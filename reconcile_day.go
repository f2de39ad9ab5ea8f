package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"foyer/documents"
	"foyer/handlers"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// compare compares a day with the gateways' books and prints what differs.
func (r reconcileCommand) compare(p *program) error {
	if err := r.check(); err != nil {
		return err
	}
	day, err := registration.ParseDate(r.Day)
	if err != nil {
		return exit(exitSettings, fmt.Errorf("foyer: --day: %w", err))
	}
	var c complaints
	m := p.settings.money(&c)
	log, err := p.settings.logger(p.stderr, "text")
	c.note(err)
	if err := c.err(); err != nil {
		return err
	}
	if err := p.exists(); err != nil {
		return err
	}
	s, err := p.openWithKeys(log)
	if err != nil {
		return err
	}
	found, err := r.compareAll(p, s, m.cashier(s, handlers.Links{Base: p.address()}, log), day)
	if err = errors.Join(err, s.FlushCalls(p.ctx), s.Close()); err != nil {
		return err
	}
	if found > 0 {
		return exit(exitUnsettled, fmt.Errorf("%s", count(found, "movement differs", "movements differ")))
	}
	return nil
}

func (r reconcileCommand) check() error {
	switch {
	case r.Day == "":
		return exit(exitSettings, errors.New("foyer: --event, --channel, --file and --map need --day"))
	case r.File != "" && (r.Event == "" || r.Channel == ""):
		return exit(exitSettings, errors.New("foyer: --file needs --event and --channel: it is the list of one channel"))
	case len(r.Map) > 0 && r.File == "":
		return exit(exitSettings, errors.New("foyer: --map needs --file"))
	}
	return nil
}

// compareAll compares every channel that was asked for, and counts the differences.
func (r reconcileCommand) compareAll(p *program, s *store.Store, c *payments.Cashier, day registration.Date) (int, error) {
	events, err := r.events(p.ctx, s)
	if err != nil {
		return 0, err
	}
	found, compared := 0, 0
	for _, e := range events {
		channels, err := s.ChannelsOf(p.ctx, e.ID)
		if err != nil {
			return found, fmt.Errorf("foyer: %w", err)
		}
		for _, ch := range channels {
			if r.Channel != "" && ch.Key != r.Channel {
				continue
			}
			compared++
			n, err := r.compareOne(p, c, e, ch, day)
			found += n
			if err != nil {
				return found, err
			}
		}
	}
	if compared == 0 {
		return 0, exit(exitSettings, errors.New("foyer: there is no channel to compare"))
	}
	return found, nil
}

func (r reconcileCommand) events(ctx context.Context, s *store.Store) ([]*registration.Event, error) {
	if r.Event == "" {
		all, err := s.Events(ctx)
		if err != nil {
			return nil, fmt.Errorf("foyer: %w", err)
		}
		return all, nil
	}
	e, err := s.Event(ctx, r.Event)
	if fail, ok := errors.AsType[*registration.Error](err); ok && fail.Code == registration.CodeNotFound {
		return nil, exit(exitSettings, fmt.Errorf("foyer: there is no event %q", r.Event))
	}
	if err != nil {
		return nil, fmt.Errorf("foyer: %w", err)
	}
	return []*registration.Event{e}, nil
}

// compareOne compares one channel and prints what it found. It counts what nobody has dealt with yet.
func (r reconcileCommand) compareOne(p *program, c *payments.Cashier, e *registration.Event, ch payments.Channel, day registration.Date) (int, error) {
	name := e.Slug + " " + ch.Key
	brought, err := r.brought(p, e, ch)
	if err != nil {
		return 0, err
	}
	made, err := c.CompareDay(p.ctx, ch.ID, payments.DayOf(day, e.Location()), brought)
	if errors.Is(err, payments.ErrNoInquiry) {
		fmt.Fprintf(p.stdout, "%s %s: %s has no list of transactions; compare with --file\n", name, day, ch.Gateway)
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("foyer: compare %s: %w", name, err)
	}
	fmt.Fprintf(p.stdout, "%s %s: %s compared, %s\n", name, day, count(made.Theirs, "transaction", "transactions"),
		count(len(made.Differences), "difference", "differences"))
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	open := 0
	for _, d := range made.Differences {
		if !d.Closed {
			open++
		}
		fmt.Fprintln(w, "  "+strings.Join(differenceRow(d, e.Location()), "\t"))
	}
	if err := w.Flush(); err != nil {
		return 0, fmt.Errorf("foyer: print the differences: %w", err)
	}
	return open, nil
}

// differenceRow is a difference as one line: what, when, amounts, and where to look. Text that came with a list is quoted.
func differenceRow(d payments.Difference, loc *time.Location) []string {
	what := map[payments.DifferenceKind]string{
		payments.OnlyTheirs: "they have it and we do not", payments.OnlyOurs: "we have it and they do not", payments.AmountsDiffer: "amounts differ",
	}[d.Kind]
	kind := "payment"
	if d.Refund {
		kind = "refund"
	}
	at, where := "-", "on the attention list"
	if !d.At.IsZero() {
		at = d.At.In(loc).Format(time.DateTime)
	}
	if d.Closed {
		where = "dealt with"
	}
	if d.Entry != nil {
		where = "order " + d.Entry.Order + ", payment " + d.Entry.PaymentID
	}
	id := slices.IndexFunc([]string{d.Theirs.GatewayID, d.Theirs.OrderNo, d.Theirs.Approve}, func(s string) bool { return s != "" })
	named := ""
	if id >= 0 {
		named = fmt.Sprintf("%q", []string{d.Theirs.GatewayID, d.Theirs.OrderNo, d.Theirs.Approve}[id])
	}
	return []string{what, kind, at, "ours " + amountText(d.Ours), "theirs " + amountText(d.Theirs.Amount), where, named}
}

func amountText(m registration.Money) string {
	if m.Cur == "" {
		return "-"
	}
	return m.Format(registration.English)
}

// brought reads the settlement file; nil without one. A line that cannot be read stops the comparison: what is left out would differ.
func (r reconcileCommand) brought(p *program, e *registration.Event, ch payments.Channel) ([]payments.Transaction, error) {
	if r.File == "" {
		return nil, nil
	}
	data, err := os.ReadFile(r.File)
	if err != nil {
		return nil, exit(exitSettings, fmt.Errorf("foyer: read the settlement file: %w", err))
	}
	rows, err := documents.ReadTable(data)
	if err != nil {
		return nil, exit(exitSettings, fmt.Errorf("foyer: %s: %w", r.File, err))
	}
	header, columns := payments.GuessStatement(rows)
	if err := r.mapped(rows, &header, columns); err != nil {
		return nil, err
	}
	list, wrong := payments.ReadStatement(rows, header, columns, ch.Currency, e.Location())
	for _, w := range wrong {
		fmt.Fprintf(p.stderr, "%s:%d: cannot be read: %s\n", r.File, w.Line, problemWords[w.Key])
	}
	if len(wrong) > 0 {
		return nil, exit(exitSettings, fmt.Errorf("foyer: %s cannot be read; nothing was compared", count(len(wrong), "line", "lines")))
	}
	return append([]payments.Transaction{}, list...), nil
}

var problemWords = map[string]string{
	payments.StatementNoAmount: "no amount of the channel's currency",
	payments.StatementNoNumber: "nothing that names the payment",
	payments.StatementNoTime:   "the time is not one that is known",
}

// mapped puts the columns that were named on the command line in the place of guessed ones.
func (r reconcileCommand) mapped(rows [][]string, header *int, columns payments.StatementColumns) error {
	for field, name := range r.Map {
		if !slices.Contains(payments.StatementFields, payments.StatementField(field)) {
			return exit(exitSettings, fmt.Errorf("foyer: --map: %q is no field; expected one of %v", field, payments.StatementFields))
		}
		same := func(cell string) bool { return strings.TrimSpace(cell) == strings.TrimSpace(name) }
		line := slices.IndexFunc(rows[:min(30, len(rows))], func(row []string) bool { return slices.ContainsFunc(row, same) })
		if line < 0 {
			return exit(exitSettings, fmt.Errorf("foyer: --map: the file has no column %q", name))
		}
		*header = line
		columns[payments.StatementField(field)] = slices.IndexFunc(rows[line], same)
	}
	if !columns.Usable() {
		return exit(exitSettings, errors.New("foyer: the columns are not known: name amount and one of order_no, gateway_id and approve with --map"))
	}
	return nil
}
