package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// showImports handles GET /console/{event}/import: a form that takes a list of people, and the lists before.
func (o *office) showImports(v *visit) error {
	return o.renderImports(v, http.StatusOK, nil)
}

func (o *office) renderImports(v *visit, status int, problems []views.Problem) error {
	before, err := o.cfg.Store.ImportsOf(v.Request().Context(), v.event.ID, store.ImportOrders)
	if err != nil {
		return err
	}
	page := views.ImportsPage{Page: v.page(views.ConsoleImportPath(v.event.Slug)), Problems: problems}
	for _, i := range before {
		page.Before = append(page.Before, views.ImportItem{ID: i.ID, Name: i.Name, State: i.State, Total: i.Total, At: i.CreatedAt})
	}
	if page.Nav, err = o.nav(v, "orders"); err != nil {
		return err
	}
	return o.render(v, status, views.Imports(page))
}

// showImportTemplate handles GET /console/{event}/import/template.csv: an empty list with the columns that are read.
func (o *office) showImportTemplate(v *visit) error {
	return sendEmptyList(v, v.event, registration.ListTitles(v.event, v.lang()))
}

// uploadOrders handles POST /console/{event}/import: the list is kept, and what it would make is shown.
func (o *office) uploadOrders(v *visit) error {
	id, wrong, err := o.uploadList(v, store.ImportOrders)
	if err != nil {
		return err
	}
	if wrong != nil {
		return o.renderImports(v, http.StatusUnprocessableEntity, []views.Problem{*wrong})
	}
	return goTo(v, views.ConsoleImportOf(v.event.Slug, id))
}

// orderList is the uploaded list of the path.
func (o *office) orderList(v *visit) (*store.Import, error) {
	i, err := o.cfg.Store.Import(v.Request().Context(), v.event.ID, v.Param("import"))
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	if i.Kind != store.ImportOrders {
		return nil, registration.Fail(registration.CodeNotFound, "import.gone")
	}
	return i, nil
}

// showOrderImport handles GET /console/{event}/import/{import}: what would be made, or how far it is.
func (o *office) showOrderImport(v *visit) error {
	return o.renderOrderImport(v, http.StatusOK, nil, nil)
}

// entriesShown is how many rows of a list its preview shows.
const entriesShown = 50

func (o *office) renderOrderImport(v *visit, status int, f form, problems []views.Problem) error {
	i, err := o.orderList(v)
	if err != nil {
		return err
	}
	if i.State != store.ImportKept {
		return o.renderProgress(v, i)
	}
	p, err := o.orderPlan(v, i)
	if err != nil {
		return err
	}
	page := views.OrderImportPage{
		Page: v.page(views.ConsoleImportOf(v.event.Slug, p.ID)), ID: p.ID, File: p.Name, Count: len(p.entries), Total: p.total,
		Money: v.staff.MayRefund(), Ways: wordWays(v.lang(), v.event), Problems: problems,
		Form: views.NewOrderForm{Lang: string(v.lang())}, Short: p.missing, Known: p.known, Unknown: p.unknown,
	}
	page.Registered, page.Rows = apart(named(v.lang(), v.event, p.problems))
	if f != nil {
		page.Form = views.NewOrderForm{Lang: f.line("lang"), How: f.line("how"), Until: f.line("until"), Way: f.line("way"), Came: f.line("came"), Reason: f.line("reason")}
		page.Without = f.raw("without")
		hideCards(&page.Form.Came, &page.Form.Reason)
	}
	o.unpaid(v, &page, p)
	for i, e := range p.entries[:min(len(p.entries), entriesShown)] {
		page.Entries = append(page.Entries, views.ImportEntry{
			Row: e.Row, Person: e.Person, Lines: p.quotes[i].Lines, Answers: answersShown(v.lang(), v.event, e.Answers), Papers: strings.Join(e.Papers, ", "),
			Lang: e.Lang, Prices: p.quotes[i].Prices,
		})
	}
	if page.Nav, err = o.nav(v, "orders"); err != nil {
		return err
	}
	return o.render(v, status, views.OrderImport(page))
}

// submitOrderImport handles the POST of the same address: the list is taken over in the background. The same form again changes nothing
// more; for a list that has been begun it goes on.
func (o *office) submitOrderImport(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	i, err := o.orderList(v)
	if err != nil {
		return err
	}
	total := 0
	if i.State == store.ImportKept {
		p, err := o.orderPlan(v, i)
		if err != nil {
			return err
		}
		how, problems, err := o.handMadeOf(v, f, false)
		if err != nil {
			return err
		}
		if total = p.rows; len(p.entries) == 0 {
			problems = append(problems, views.Problem{Field: "how-invited", Key: "import.order.nobody"})
		}
		problems = append(problems, p.unpaidProblems(v.event, how, f.raw("without") == f.raw("way"))...)
		if len(problems) > 0 {
			return o.renderOrderImport(v, http.StatusUnprocessableEntity, f, problems)
		}
		options, err := json.Marshal(how)
		if err != nil {
			return fmt.Errorf("write options: %w", err)
		}
		i.Options = string(options)
	}
	if i.State == store.ImportKept || i.State == store.ImportRunning {
		err = o.cfg.Store.StartImport(v.Request().Context(), v.event.ID, i.ID, i.Options, total, v.staff.Actor())
	}
	if hasKey(err, store.ImportAnother) && i.State == store.ImportKept {
		return o.renderOrderImport(v, http.StatusConflict, f, []views.Problem{{Field: "how-invited", Key: store.ImportAnother}})
	}
	if err != nil && !isCode(err, registration.CodeConflict) {
		return fmt.Errorf("start import: %w", err)
	}
	return goTo(v, views.ConsoleImportOf(v.event.Slug, i.ID))
}

// refusalsShown is how many rows that were left out are named at once.
const refusalsShown = 200

// renderProgress shows how far a list has been taken over.
func (o *office) renderProgress(v *visit, i *store.Import) error {
	page := views.ImportProgressPage{
		Page: v.page(views.ConsoleImportOf(v.event.Slug, i.ID)), ID: i.ID, File: i.Name, State: i.State, Total: i.Total, Began: i.CreatedAt, Ended: i.EndedAt,
	}
	page.Page.Script = []string{"status.js"}
	counts, err := o.cfg.Store.ImportProgress(v.Request().Context(), i.ID)
	if err != nil {
		return err
	}
	page.Done, page.Made, page.Refused, page.Registered = counts.Settled, counts.Settled-counts.Refused, counts.Refused-counts.Registered, counts.Registered
	rows, err := o.cfg.Store.RefusedRows(v.Request().Context(), i.ID, false, refusalsShown)
	if err != nil {
		return err
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, views.ImportRefusal{Row: r.Row, Code: r.Code, Problems: named(v.lang(), v.event, refusalOf(r))})
	}
	if rows, err = o.cfg.Store.RefusedRows(v.Request().Context(), i.ID, true, refusalsShown); err != nil {
		return err
	}
	for _, r := range rows {
		page.Known = append(page.Known, refusalOf(r)...)
	}
	if page.Nav, err = o.nav(v, "orders"); err != nil {
		return err
	}
	return o.render(v, http.StatusOK, views.ImportProgress(page))
}

// importStatus handles GET /console/{event}/import/{import}/status: how far it is, for the page's script.
func (o *office) importStatus(v *visit) error {
	i, err := o.cfg.Store.Import(v.Request().Context(), v.event.ID, v.Param("import"))
	if err != nil {
		return err
	}
	counts, err := o.cfg.Store.ImportProgress(v.Request().Context(), i.ID)
	if err != nil {
		return err
	}
	return v.JSON(http.StatusOK, map[string]string{"order": i.State, "payment": fmt.Sprint(counts.Settled)})
}
