package handlers

import (
	"fmt"
	"slices"
	"strings"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// orderPlan is what an uploaded list of people would make.
type orderPlan struct {
	*store.Import
	rows     int // of the list
	entries  []registration.OrderEntry
	quotes   []registration.Quote // of each entry
	problems []registration.ImportProblem
	total    registration.Prices
	missing  int64    // places
	known    []string // names of the columns that are read
	unknown  []string // and of those that are not
}

// orderPlan reads a list that is still kept, and prices it.
func (o *office) orderPlan(v *visit, i *store.Import) (*orderPlan, error) {
	p := &orderPlan{Import: i, total: registration.Prices{}}
	body, err := o.cfg.Store.ImportBody(v.Request().Context(), v.event.ID, i.ID)
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	rows, err := documents.ReadTable(body)
	if err != nil {
		return nil, registration.Fail(registration.CodeNotFound, "import.gone")
	}
	list, _ := registration.NewOrderReader(v.event).Read(rows)
	p.problems, p.rows, p.known, p.unknown = list.Problems, len(list.Entries)+len(list.Faulty), list.Known, list.Unknown
	check, err := newRowCheck(v.Request().Context(), o.cfg.Store, v.event, (&importRun{id: i.ID}).draft(""), list, o.cfg.Now())
	if err != nil {
		return nil, err
	}
	for _, e := range list.Entries {
		quote, problems := check.row(e)
		if len(problems) == 0 {
			p.add(e, quote)
		}
		p.problems = append(p.problems, problems...)
	}
	for _, e := range list.Faulty {
		_, problems := check.look(e)
		p.problems = append(p.problems, problems...)
	}
	registration.SortProblems(p.problems)
	p.missing = check.missing()
	return p, nil
}

func (p *orderPlan) add(e registration.OrderEntry, q registration.Quote) {
	p.entries, p.quotes = append(p.entries, e), append(p.quotes, q)
	for cur, minor := range q.Prices {
		p.total[cur] += minor
	}
}

// unpaid are the rows that can be made, but not in any of these ways in which money has come: their prices are in other currencies.
func (p *orderPlan) unpaid(e *registration.Event, ways ...handMade) (rows []registration.ImportProblem) {
	for i, q := range p.quotes {
		if slices.ContainsFunc(ways, func(h handMade) bool { return h.takes(e, q.Prices) }) {
			continue
		}
		x := registration.ImportProblem{Row: p.entries[i].Row, Key: "import.order.currency_none", Text: q.Lines[0].ID}
		if len(ways) == 1 {
			x.Key, x.Text = "import.order.currency", lacking(q, currencyOf(e, ways[0].Channel))
		}
		rows = append(rows, x)
	}
	return rows
}

// unpaidProblems says that a way in which money has come does not fit some rows, unless these are to be left out, or does not fit any.
func (p *orderPlan) unpaidProblems(e *registration.Event, how handMade, without bool) []views.Problem {
	cur := currencyOf(e, how.Channel)
	if how.How != madePaid || cur == "" {
		return nil
	}
	rows, key := p.unpaid(e, how), "import.order.way_rows"
	switch n := len(rows); {
	case n > 0 && n == len(p.entries):
		key = "import.order.way_none"
	case n == 0 || without:
		return nil
	}
	return []views.Problem{{Field: "way", Key: key, Args: []any{"n", len(rows), "currency", string(cur)}}}
}

// unpaid fills in the rows that cannot be called paid: in the way that was chosen, else in none.
func (o *office) unpaid(v *visit, page *views.OrderImportPage, p *orderPlan) {
	if !page.Money || len(page.Ways) == 0 {
		return
	}
	var ways []handMade
	chosen := false
	for _, w := range page.Ways {
		channel, _, _ := strings.Cut(w.Value, ".")
		h := handMade{How: madePaid, Channel: channel}
		if page.Form.How == madePaid && w.Value == page.Form.Way {
			ways, chosen = []handMade{h}, true
			break
		}
		ways = append(ways, h)
	}
	page.Unpaid = named(v.lang(), v.event, p.unpaid(v.event, ways...))
	if n := len(page.Unpaid); chosen && n > 0 && n < len(p.entries) {
		page.MayLeave = true
	}
}
