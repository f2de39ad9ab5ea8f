package handlers

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// exportTypes are the formats in which a list can be taken out, with their content types.
var exportTypes = map[string]string{
	"csv":  "text/csv; charset=utf-8",
	"json": "application/json",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

// extract is what is taken out: which list, of which orders, in which format.
type extract struct {
	list   string // orders: one row for each; people: one for each registration
	format string
	filter views.OrderFilter
}

// exportLists are the lists that can be taken out, with their formats. The JSON of orders tells their people already.
var exportLists = map[string][]string{"orders": {"csv", "json", "xlsx"}, "people": {"csv", "xlsx"}}

// extractOf reads what the address asks for; false for what there is not. Without a list it is the orders.
func extractOf(v *visit) (extract, bool) {
	x := extract{list: cmp.Or(v.QueryParam("list"), "orders"), format: v.QueryParam("format"), filter: filterOf(v)}
	return x, slices.Contains(exportLists[x.list], x.format)
}

// exportOrders handles GET /console/{event}/export: exactly the orders that the same filter lists, or their people, as csv, xlsx or json.
// The file is written whole before its first byte is sent, and who took how much out is written down.
func (o *office) exportOrders(v *visit) error {
	x, ok := extractOf(v)
	if !ok {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	file, err := os.CreateTemp("", "foyer-export-*")
	if err != nil {
		return fmt.Errorf("make a file for the export: %w", err)
	}
	err = o.exportInto(v, file, x)
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

func (o *office) exportInto(v *visit, file *os.File, x extract) error {
	rows, err := o.writeExport(v, file, x)
	if err != nil {
		return err
	}
	if err := o.note(v, store.StaffAct{Act: "exported", Reason: exportNote(v, x, rows)}); err != nil {
		return err
	}
	size, err := file.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("measure the export: %w", err)
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the export again: %w", err)
	}
	h := v.Response().Header()
	h.Set("Content-Disposition", `attachment; filename="`+exportName(v.event, o.cfg.Now(), x)+`"`)
	h.Set(echo.HeaderContentLength, fmt.Sprint(size))
	return v.Stream(http.StatusOK, exportTypes[x.format], file)
}

// writeExport writes the list while no other export of this process runs, and gives the number of its rows.
func (o *office) writeExport(v *visit, file *os.File, x extract) (rows int, err error) {
	select {
	case o.exporting <- struct{}{}:
		defer func() { <-o.exporting }()
	default:
		return 0, registration.Fail(registration.CodeUnavailable, "console.export.busy")
	}
	out := bufio.NewWriter(file)
	if x.format == "json" {
		rows, err = o.writeJSON(v, out, x)
	} else {
		rows, err = o.writeList(v, out, x)
	}
	if err != nil {
		return rows, fmt.Errorf("write export: %w", err)
	}
	if err := out.Flush(); err != nil {
		return rows, fmt.Errorf("write export: %w", err)
	}
	return rows, nil
}

func (o *office) writeJSON(v *visit, out io.Writer, x extract) (int, error) {
	w, err := newJSONExport(out, v.event)
	if err != nil {
		return 0, err
	}
	err = o.cfg.Store.EachOrder(v.Request().Context(), storeFilter(v.event, x.filter), w.order)
	return w.count, errors.Join(err, w.close())
}

// writeList writes orders or people as a table.
func (o *office) writeList(v *visit, out io.Writer, x extract) (rows int, err error) {
	ctx, filter := v.Request().Context(), storeFilter(v.event, x.filter)
	sums, err := o.cfg.Store.Totals(ctx, filter)
	if err != nil {
		return 0, fmt.Errorf("find the currencies of the export: %w", err)
	}
	answered, err := o.cfg.Store.AnsweredQuestions(ctx, v.event.ID)
	if err != nil {
		return 0, fmt.Errorf("find the questions of the export: %w", err)
	}
	w, err := newListExport(out, x, v.lang(), v.event, sums, answered)
	if err != nil {
		return 0, err
	}
	if x.list == "people" {
		err = o.cfg.Store.EachPerson(ctx, filter, func(p store.PersonRow) error { rows++; return w.person(p) })
	} else {
		err = o.cfg.Store.EachOrder(ctx, filter, func(r store.OrderRow) error { rows++; return w.order(r) })
	}
	return rows, errors.Join(err, w.close())
}

// exportName is a file name that every system takes: letters, digits, dots and dashes.
func exportName(e *registration.Event, now time.Time, x extract) string {
	name := e.Slug + "-" + x.list + "-" + now.In(e.Location()).Format("20060102-1504") + "." + x.format
	if e.Mode == registration.Test {
		return "TEST-" + name
	}
	return name
}

// exportNote says in the audit what was taken out: format, number of orders or people, filter, and why if somebody said so.
func exportNote(v *visit, x extract, rows int) string {
	note := fmt.Sprintf("%s, %s: %d", x.format, x.list, rows)
	if x.filter.Active() {
		note += ", filter: " + x.filter.Values().Encode()
	}
	if why := filterText(v.QueryParams(), "reason"); why != "" {
		note += ", reason: " + why
	}
	return note
}
