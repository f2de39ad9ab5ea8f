package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// rowCheck looks at the rows of a list of people one after the other, for what is in the way of their orders besides what the list itself
// tells: before the list is taken over, and when that begins.
type rowCheck struct {
	event  *registration.Event
	how    handMade // zero: it is not chosen yet
	now    time.Time
	live   map[string]bool           // addresses that have an order
	papers map[string]store.PaperRow // those that the list names
	left   map[string]int64          // places of each quota that the rows before have left
	unmet  map[string]int64          // places that rows before wanted that found too few
}

// papersAtOnce is how many papers are looked up in one query.
const papersAtOnce = 500

// newRowCheck reads what the rows of a list are compared with, in few queries. Orders of the list itself, by their drafts' prefix, are no
// hindrance to addresses.
func newRowCheck(ctx context.Context, s *store.Store, e *registration.Event, drafts string, list registration.OrderList, now time.Time) (*rowCheck, error) {
	c := &rowCheck{event: e, now: now, papers: map[string]store.PaperRow{}, unmet: map[string]int64{}}
	var err error
	if c.live, err = s.LiveEmails(ctx, e.ID, drafts); err != nil {
		return nil, err
	}
	if c.left, err = s.Left(ctx, e.ID); err != nil {
		return nil, err
	}
	var numbers []string
	for _, entries := range [][]registration.OrderEntry{list.Entries, list.Faulty} {
		for i := range entries {
			numbers = append(numbers, entries[i].Papers...)
		}
	}
	slices.Sort(numbers)
	for some := range slices.Chunk(slices.Compact(numbers), papersAtOnce) {
		found, err := s.PapersNamed(ctx, e.ID, some)
		if err != nil {
			return nil, err
		}
		maps.Copy(c.papers, found)
	}
	return c, nil
}

// row prices a row and takes its places, or names what is in the way of its order.
func (c *rowCheck) row(e registration.OrderEntry) (registration.Quote, []registration.ImportProblem) {
	quote, problems := c.look(e)
	if len(problems) == 0 {
		problems = c.take(e, quote)
	}
	return quote, problems
}

// look prices a row, and names what is in the way of its order besides places; last that its person has registered already.
func (c *rowCheck) look(e registration.OrderEntry) (registration.Quote, []registration.ImportProblem) {
	registered := c.live[store.FoldEmail(e.Person.Email)]
	quote, problems := c.price(e, registered)
	if registered {
		problems = registration.AddProblem(problems, registration.ImportProblem{Row: e.Row, Key: importRegistered, Text: e.Person.Email})
	}
	return quote, problems
}

// importRegistered is the key of the problem of a row whose person has registered already. As the first problem of its row it is the only one.
const importRegistered = "import.order.registered"

// apart parts the rows of people who have registered already, and have nothing else against them, from those with mistakes.
func apart(problems []registration.ImportProblem) (registered, mistaken []registration.ImportProblem) {
	for _, row := range registration.ProblemRows(problems) {
		if row[0].Key == importRegistered {
			registered = append(registered, row...)
		} else {
			mistaken = append(mistaken, row...)
		}
	}
	return registered, mistaken
}

// price is look for whatever is not about the person. The papers of who has registered may be covered: by that very order.
func (c *rowCheck) price(e registration.OrderEntry, registered bool) (quote registration.Quote, problems []registration.ImportProblem) {
	wrong := func(key, text string) {
		problems = registration.AddProblem(problems, registration.ImportProblem{Row: e.Row, Key: key, Text: text})
	}
	unknown, covered := c.notFree(e.Papers)
	if unknown != "" {
		wrong("import.papers.unknown", unknown)
	}
	if covered != "" && !registered {
		wrong("import.papers.covered", covered)
	}
	if e.Cart.Category == "" {
		return quote, problems
	}
	quote, err := c.event.PriceByStaff(e.Cart, nil, c.now)
	switch {
	case hasKey(err, "handmade.no_currency"):
		wrong("import.order.price_none", e.Cart.Category)
	case err != nil:
		wrong("import.order.price", e.Cart.Category)
	case !c.how.takes(c.event, quote.Prices):
		wrong("import.order.currency", lacking(quote, currencyOf(c.event, c.how.Channel)))
	}
	return quote, problems
}

// notFree are the papers among numbers that the event does not have, and those that another order covers.
func (c *rowCheck) notFree(numbers []string) (unknown, covered string) {
	var none, others []string
	for _, n := range numbers {
		switch p, known := c.papers[n]; {
		case !known:
			none = append(none, n)
		case p.Cover != nil:
			others = append(others, n+" ("+p.Cover.Code+")")
		}
	}
	return strings.Join(none, ", "), strings.Join(others, ", ")
}

// take takes the places of a row, all or none.
func (c *rowCheck) take(e registration.OrderEntry, q registration.Quote) (problems []registration.ImportProblem) {
	taken := q.Places(c.event, e.Answers)
	for _, quota := range slices.Sorted(maps.Keys(taken)) {
		if taken[quota] > c.left[quota] {
			problems = append(problems, registration.ImportProblem{Row: e.Row, Key: "import.order.full", Text: placedIn(c.event, quota, e, q)})
		}
	}
	for quota, n := range taken {
		if len(problems) == 0 {
			c.left[quota] -= n
		} else {
			c.unmet[quota] += n
		}
	}
	return problems
}

// missing is how many places more all rows would need.
func (c *rowCheck) missing() (n int64) {
	for quota, wanted := range c.unmet {
		n += max(0, wanted-max(c.left[quota], 0))
	}
	return n
}

// placedIn is the id of what a row takes a place of a quota with: its category, an extra or an option.
func placedIn(e *registration.Event, quota string, entry registration.OrderEntry, q registration.Quote) string {
	of := e.Quotas[slices.IndexFunc(e.Quotas, func(x registration.Quota) bool { return x.ID == quota })].Of
	for _, l := range q.Lines {
		if slices.Contains(of, l.ID) {
			return l.ID
		}
	}
	for _, id := range of {
		question, option, _ := strings.Cut(id, ".")
		if slices.Contains(entry.Answers[question], option) {
			return id
		}
	}
	return quota
}

// lacking is the id of the line because of which a quote has no price in a currency; that of its category when it costs nothing there.
func lacking(q registration.Quote, cur registration.Currency) string {
	for _, l := range q.Lines {
		if _, has := l.Unit[cur]; !has {
			return l.ID
		}
	}
	return q.Lines[0].ID
}

// named puts the names of categories, extras and options in the place of their ids.
func named(l registration.Lang, e *registration.Event, problems []registration.ImportProblem) []registration.ImportProblem {
	for i := range problems {
		switch p := &problems[i]; p.Key {
		case "import.order.full", "import.order.price", "import.order.price_none", "import.order.currency", "import.order.currency_none":
			p.Text = views.ItemName(l, e, p.Text)
		}
	}
	return problems
}

// refusalText keeps the mistakes of a row that is left out, for the column of its problem; its sentences are made when somebody reads it.
func refusalText(problems []registration.ImportProblem) (string, error) {
	text, err := json.Marshal(problems)
	if err != nil {
		return "", fmt.Errorf("write problems of row: %w", err)
	}
	return string(text), nil
}

// refusalOf reads that column. It may also hold the key of one sentence.
func refusalOf(r store.ImportRow) []registration.ImportProblem {
	var problems []registration.ImportProblem
	if json.Unmarshal([]byte(r.Problem), &problems) != nil || len(problems) == 0 {
		problems = []registration.ImportProblem{{Key: r.Problem}}
	}
	for i := range problems {
		problems[i].Row = r.Row
	}
	return problems
}
