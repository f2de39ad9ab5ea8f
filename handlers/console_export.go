package handlers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
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

// orderWriter takes the orders of an export one by one.
type orderWriter interface {
	order(store.OrderRow) error
	close() error
}

// exportOrders handles GET /console/{event}/export: exactly the orders that the same filter lists, as csv, xlsx or json. The file is
// written whole before its first byte is sent, and who took how much out is written down.
func (o *office) exportOrders(v *visit) error {
	format := v.QueryParam("format")
	if exportTypes[format] == "" {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	file, err := os.CreateTemp("", "foyer-export-*")
	if err != nil {
		return fmt.Errorf("make a file for the export: %w", err)
	}
	err = o.exportInto(v, file, format)
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

func (o *office) exportInto(v *visit, file *os.File, format string) error {
	filter := filterOf(v)
	rows, err := o.writeExport(v, file, format, filter)
	if err != nil {
		return err
	}
	if err := o.note(v, store.StaffAct{Act: "exported", Reason: exportNote(v, format, rows, filter)}); err != nil {
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
	h.Set("Content-Disposition", `attachment; filename="`+exportName(v.event, o.cfg.Now(), format)+`"`)
	h.Set(echo.HeaderContentLength, fmt.Sprint(size))
	return v.Stream(http.StatusOK, exportTypes[format], file)
}

// writeExport writes the list while no other export of this process runs, and gives the number of its orders.
func (o *office) writeExport(v *visit, file *os.File, format string, filter views.OrderFilter) (rows int, err error) {
	select {
	case o.exporting <- struct{}{}:
		defer func() { <-o.exporting }()
	default:
		return 0, registration.Fail(registration.CodeUnavailable, "console.export.busy")
	}
	ctx, out := v.Request().Context(), bufio.NewWriter(file)
	w, err := o.orderWriter(ctx, v, out, format, filter)
	if err != nil {
		return 0, err
	}
	err = o.cfg.Store.EachOrder(ctx, storeFilter(v.event, filter), func(r store.OrderRow) error {
		rows++
		return w.order(r)
	})
	if err = errors.Join(err, w.close()); err != nil {
		return rows, fmt.Errorf("write export: %w", err)
	}
	if err := out.Flush(); err != nil {
		return rows, fmt.Errorf("write export: %w", err)
	}
	return rows, nil
}

func (o *office) orderWriter(ctx context.Context, v *visit, out io.Writer, format string, filter views.OrderFilter) (orderWriter, error) {
	if format == "json" {
		return newJSONExport(out, v.event)
	}
	sums, err := o.cfg.Store.Totals(ctx, storeFilter(v.event, filter))
	if err != nil {
		return nil, fmt.Errorf("find the currencies of the export: %w", err)
	}
	return newListExport(out, format, v.lang(), v.event, sums)
}

// exportName is a file name that every system takes: letters, digits, dots and dashes.
func exportName(e *registration.Event, now time.Time, format string) string {
	name := e.Slug + "-orders-" + now.In(e.Location()).Format("20060102-1504") + "." + format
	if e.Mode == registration.Test {
		return "TEST-" + name
	}
	return name
}

// exportNote says in the audit what was taken out: format, number of orders, filter, and why if somebody said so.
func exportNote(v *visit, format string, rows int, filter views.OrderFilter) string {
	note := fmt.Sprintf("%s, orders: %d", format, rows)
	if filter.Active() {
		note += ", filter: " + filter.Values().Encode()
	}
	if why := filterText(v.QueryParams(), "reason"); why != "" {
		note += ", reason: " + why
	}
	return note
}
