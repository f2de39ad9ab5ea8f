package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// uploadList reads the file of a posted form and keeps it; wrong says why it cannot be taken, nil when it was.
func (o *office) uploadList(v *visit, kind string) (id string, wrong *views.Problem, err error) {
	refuse := func(key string) (string, *views.Problem, error) {
		return "", &views.Problem{Field: "file", Key: key}, nil
	}
	r := v.Request()
	r.Body = http.MaxBytesReader(v.Response(), r.Body, documents.MaxTable+64<<10)
	name, data, err := uploaded(r)
	switch {
	case err != nil:
		return refuse("reconcile.file_size")
	case name == "":
		return refuse("reconcile.file_missing")
	}
	rows, err := documents.ReadTable(data)
	if err != nil {
		return refuse(tableKey(err))
	}
	if wrong = unreadable(v.lang(), v.event, kind, rows); wrong != nil {
		return "", wrong, nil
	}
	id, err = o.cfg.Store.KeepImport(r.Context(), v.event.ID, store.Import{Kind: kind, Name: cleaned(name, registration.CleanLine), Body: data, Actor: v.staff.Actor()})
	if err != nil {
		return "", nil, fmt.Errorf("keep list: %w", err)
	}
	return id, nil, nil
}

// unreadable is why rows are no list of a kind; nil when they are one.
func unreadable(l registration.Lang, e *registration.Event, kind string, rows [][]string) *views.Problem {
	if kind == store.ImportOrders {
		list, ok := registration.NewOrderReader(e).Read(rows)
		return listProblem(ok, lackingColumns(l, list), len(list.Entries)+len(list.Problems))
	}
	list, ok := registration.ReadPapers(rows)
	return listProblem(ok, views.Problem{Key: "import.no_header"}, len(list.Papers)+len(list.Problems)+list.Refused)
}

func listProblem(ok bool, noHeader views.Problem, rows int) *views.Problem {
	wrong := views.Problem{Key: "import.empty"}
	switch {
	case !ok:
		wrong = noHeader
	case rows > 0:
		return nil
	}
	wrong.Field = "file"
	return &wrong
}

// lackingColumns says which columns a list of people would need, and which ones were found instead, if any of a list was.
func lackingColumns(l registration.Lang, list registration.OrderList) views.Problem {
	if len(list.Known) == 0 {
		return views.Problem{Key: "import.order.no_header"}
	}
	var missing []string
	for _, field := range list.Missing {
		missing = append(missing, views.T(l, "console.orders."+field))
	}
	found := slices.Concat(list.Known, list.Unknown)
	return views.Problem{Key: "import.order.no_column", Args: []any{"missing", strings.Join(missing, ", "), "found", views.Names(l, found)}}
}

// uploadPapers handles POST /console/{event}/papers/file: the list is kept, and what it would change is shown.
func (o *office) uploadPapers(v *visit) error {
	id, wrong, err := o.uploadList(v, store.ImportPapers)
	if err != nil {
		return err
	}
	if wrong != nil {
		return o.renderPapers(v, http.StatusUnprocessableEntity, []views.Problem{*wrong})
	}
	return goTo(v, views.ConsolePapersImportPath(v.event.Slug, id))
}

// paperPlan is what an uploaded list would change.
type paperPlan struct {
	id, file string
	list     registration.PaperList
	changes  []views.PaperChange // new, changed and gone
	counts   map[string]int
}

// plan compares the uploaded list of the path with the papers as they are now.
func (o *office) plan(v *visit) (*paperPlan, error) {
	i, err := o.cfg.Store.Import(v.Request().Context(), v.event.ID, v.Param("import"))
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	body, err := o.cfg.Store.ImportBody(v.Request().Context(), v.event.ID, i.ID)
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	rows, err := documents.ReadTable(body)
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	p := &paperPlan{id: i.ID, file: i.Name, counts: map[string]int{}}
	var ok bool
	if p.list, ok = registration.ReadPapers(rows); !ok || i.Kind != store.ImportPapers {
		return nil, registration.Fail(registration.CodeNotFound, "import.gone")
	}
	listed, err := o.allPapers(v)
	if err != nil {
		return nil, err
	}
	p.compare(listed)
	return p, nil
}

// allPapers are the event's papers by number, those that were removed aside.
func (o *office) allPapers(v *visit) (map[string]store.PaperRow, error) {
	all, f := map[string]store.PaperRow{}, store.PaperFilter{Limit: 500}
	for {
		rows, err := o.cfg.Store.Papers(v.Request().Context(), v.event.ID, f)
		if err != nil || len(rows) == 0 {
			return all, err
		}
		for _, r := range rows {
			f.After, all[r.Number] = r.Number, r
		}
	}
}

// compare sorts the papers of the list into new, changed and same ones, and finds those that are gone from it.
func (p *paperPlan) compare(listed map[string]store.PaperRow) {
	p.counts["refused"] = p.list.Refused
	for _, paper := range p.list.Papers {
		was, known := listed[paper.Number]
		delete(listed, paper.Number)
		change := views.PaperChange{Paper: paper}
		switch {
		case !known && !p.list.Titled:
			p.counts["unknown"]++
			continue
		case !known:
			change.Change = "new"
		default:
			change.Paper = merged(was.Paper, paper)
			if samePaper(was.Paper, change.Paper) {
				p.counts["same"]++
				continue
			}
			change.Change = "changed"
			if was.Title != change.Title {
				change.Was = was.Title
			}
		}
		p.add(change, was)
	}
	if !p.list.Titled || len(p.list.Problems) > 0 {
		return // a list of people, or one with rows that cannot be read, does not tell what is gone
	}
	var gone []store.PaperRow
	for _, was := range listed {
		gone = append(gone, was)
	}
	slices.SortFunc(gone, func(a, b store.PaperRow) int { return registration.ComparePapers(a.Number, b.Number) })
	for _, was := range gone {
		p.add(views.PaperChange{Paper: was.Paper, Change: "gone"}, was)
	}
}

func (p *paperPlan) add(c views.PaperChange, was store.PaperRow) {
	if was.Cover != nil {
		c.Code = was.Cover.Code
	}
	p.counts[c.Change]++
	p.changes = append(p.changes, c)
}

// merged is a paper as a list tells it now; what the list does not tell stays.
func merged(was, now registration.Paper) registration.Paper {
	if now.Title == "" {
		now.Title = was.Title
		now.Authors = was.Authors
	}
	if now.Authors == "" {
		now.Authors = was.Authors
	}
	if len(now.Contacts) == 0 {
		now.Contacts = was.Contacts
	}
	return now
}

func samePaper(a, b registration.Paper) bool {
	return a.Title == b.Title && a.Authors == b.Authors && slices.Equal(a.Contacts, b.Contacts)
}

// changesShown is how many changes the preview of a list shows.
const changesShown = 300

// showPaperImport handles GET /console/{event}/papers/import/{import}.
func (o *office) showPaperImport(v *visit) error {
	p, err := o.plan(v)
	if err != nil {
		return err
	}
	page := views.PaperImportPage{
		Page: v.page(views.ConsolePapersImportPath(v.event.Slug, p.id)), ID: p.id, File: p.file, Titled: p.list.Titled, Counts: p.counts,
		Rows: p.changes[:min(len(p.changes), changesShown)], More: max(len(p.changes)-changesShown, 0), Problems: p.list.Problems,
	}
	if page.Nav, err = o.nav(v, "papers"); err != nil {
		return err
	}
	return o.render(v, http.StatusOK, views.PaperImport(page))
}

// submitPaperImport handles the POST of the same address: the list is taken over in one transaction. The same form again changes
// nothing more.
func (o *office) submitPaperImport(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	p, err := o.plan(v)
	if err != nil {
		return err
	}
	var c store.PaperChanges
	for _, change := range p.changes {
		switch {
		case change.Change != "gone":
			c.Set = append(c.Set, change.Paper)
		case f.raw("remove") != "":
			c.Remove = append(c.Remove, change.Number)
		}
	}
	if len(c.Set)+len(c.Remove) > 0 {
		if err := o.cfg.Store.ChangePapers(v.Request().Context(), v.event, c, v.staff.Actor()); err != nil {
			return fmt.Errorf("store papers: %w", err)
		}
	}
	return goTo(v, views.ConsolePapersPath(v.event.Slug)+"?set="+strconv.Itoa(len(c.Set)+len(c.Remove)))
}
