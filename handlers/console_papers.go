package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// papersListed is how many papers one page shows.
const papersListed = 200

// paperRoutes are the pages about an event's accepted papers.
func (o *office) paperRoutes(see func(store.Staff) bool) {
	const list = "/console/:event/papers"
	o.page(list, private(o.at(see, o.showPapers)))
	o.echo.GET(list+".csv", private(o.at(store.Staff.MayExport, o.exportPapers)))
	o.echo.POST(list+"/file", private(o.at(see, o.uploadPapers)))
	o.page(list+"/import/:import", private(o.at(see, o.showPaperImport)))
	o.echo.POST(list+"/import/:import", private(o.at(see, o.submitPaperImport)))
	o.page(list+"/mail", private(o.at(see, o.showPaperMail)))
	o.echo.POST(list+"/mail", private(o.at(see, o.submitPaperMail)))
	o.echo.POST("/admin/:event/orders/:code/papers", private(o.at(see, o.submitAdminPapers)))
}

// showPapers handles GET /console/{event}/papers.
func (o *office) showPapers(v *visit) error {
	return o.renderPapers(v, http.StatusOK, nil)
}

func (o *office) renderPapers(v *visit, status int, problems []views.Problem) error {
	f := paperFilter(v)
	rows, err := o.cfg.Store.Papers(v.Request().Context(), v.event.ID, f)
	if err != nil {
		return err
	}
	page := views.ConsolePapersPage{
		Page: v.page(views.ConsolePapersPath(v.event.Slug)), Standing: f.Standing, Note: paperNote(v), Export: v.staff.MayExport(), Problems: problems,
	}
	if len(rows) > papersListed {
		rows = rows[:papersListed]
		page.Next = views.ConsolePapersOf(v.event.Slug, f.Standing, rows[len(rows)-1].Number)
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, paperItem(r))
	}
	if page.Filters, err = o.paperFilters(v); err != nil {
		return err
	}
	if page.Nav, err = o.nav(v, "papers"); err != nil {
		return err
	}
	return o.render(v, status, views.ConsolePapers(page))
}

// paperFilter reads which papers the address asks for.
func paperFilter(v *visit) store.PaperFilter {
	f := store.PaperFilter{Limit: papersListed + 1}
	if s := v.QueryParam("standing"); store.IsPaperStanding(s) {
		f.Standing = s
	}
	f.After, _ = registration.CleanPaper(v.QueryParam("after"))
	return f
}

func (o *office) paperFilters(v *visit) ([]views.PaperFilterLink, error) {
	c, err := o.cfg.Store.CountPapers(v.Request().Context(), v.event.ID)
	links := []views.PaperFilterLink{{Count: c.All}, {Standing: store.PapersUncovered, Count: c.Uncovered()}, {Standing: store.PapersHeld, Count: c.Held},
		{Standing: store.PapersCovered, Count: c.Covered}}
	if c.Removed > 0 {
		links = append(links, views.PaperFilterLink{Standing: store.PapersRemoved, Count: c.Removed})
	}
	return links, err
}

// paperNote says what a form has just done, as the address that it led to tells.
func paperNote(v *visit) string {
	for _, what := range []string{"set", "mailed"} {
		if n, err := strconv.Atoi(v.QueryParam(what)); err == nil && n >= 0 {
			return views.T(v.lang(), "papers.note."+what, "n", n)
		}
	}
	return ""
}

func paperItem(r store.PaperRow) views.PaperItem {
	item := views.PaperItem{Paper: r.Paper, Removed: r.Removed}
	if r.Cover != nil {
		item.Code, item.Name, item.Paid = r.Cover.Code, r.Cover.Name, r.Cover.State == registration.OrderPaid
	}
	return item
}

// exportPapers handles GET /console/{event}/papers.csv: the papers of one standing, or all of them.
func (o *office) exportPapers(v *visit) error {
	l, f := v.lang(), paperFilter(v)
	f.After = ""
	var file bytes.Buffer
	var columns []documents.Column
	for _, key := range []string{"papers.column.number", "papers.column.paper", "papers.column.authors", "papers.column.contact", "console.orders.status",
		"console.orders.code", "console.orders.name", "console.orders.email"} {
		columns = append(columns, documents.Column{Title: views.T(l, key)})
	}
	list, err := documents.NewCSV(&file, columns)
	if err != nil {
		return fmt.Errorf("begin export: %w", err)
	}
	count := 0
	for {
		rows, err := o.cfg.Store.Papers(v.Request().Context(), v.event.ID, f)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			f.After, count = r.Number, count+1
			if err := list.Row(paperCells(l, r)...); err != nil {
				return fmt.Errorf("write export: %w", err)
			}
		}
	}
	if err := list.Close(); err != nil {
		return fmt.Errorf("end export: %w", err)
	}
	if err := o.note(v, store.StaffAct{Act: "exported", Reason: fmt.Sprintf("papers.csv: %d", count)}); err != nil {
		return err
	}
	v.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+v.event.Slug+`-papers.csv"`)
	return v.Blob(http.StatusOK, exportTypes["csv"], file.Bytes())
}

func paperCells(l registration.Lang, r store.PaperRow) []documents.Cell {
	var contacts []string
	for _, c := range r.Contacts {
		contacts = append(contacts, c.Email)
	}
	item, standing := paperItem(r), "uncovered"
	switch {
	case item.Paid:
		standing = "covered"
	case item.Code != "":
		standing = "held"
	case r.Removed:
		standing = "removed"
	}
	text := documents.TextCell
	cells := []documents.Cell{text(r.Number), text(r.Title), text(r.Authors), text(strings.Join(contacts, "; ")), text(views.T(l, "papers.standing."+standing))}
	if r.Cover != nil {
		cells = append(cells, text(r.Cover.Code), text(r.Cover.Name), text(r.Cover.Email))
	}
	return cells
}
