package handlers

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"foyer/documents"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showReconcile handles GET /admin/{event}/channels/{channel}/reconcile: which day to compare, and with what.
func (o *office) showReconcile(v *visit) error {
	page, _, err := o.reconcilePage(v)
	if err != nil {
		return err
	}
	yesterday := o.cfg.Now().In(v.event.Location()).AddDate(0, 0, -1)
	page.Day = registration.Date{Year: yesterday.Year(), Month: yesterday.Month(), Day: yesterday.Day()}.String()
	return o.render(v, http.StatusOK, views.ChannelReconcile(page))
}

// reconcilePage is the page without a result.
func (o *office) reconcilePage(v *visit) (views.ChannelReconcilePage, payments.Channel, error) {
	ch, err := o.channel(v)
	if err != nil {
		return views.ChannelReconcilePage{}, ch, err
	}
	nav, err := o.nav(v, "channels")
	if err != nil {
		return views.ChannelReconcilePage{}, ch, err
	}
	page := views.ChannelReconcilePage{
		Page: v.page(views.ChannelReconcilePath(v.event.Slug, ch.Key)), Nav: nav, Channel: ch.Key, Gateway: ch.Gateway,
	}
	if gateway, _, err := o.cfg.Cashier.Gateway(v.Request().Context(), ch.ID); err == nil {
		page.Lists = gateway.Capabilities().Lists
	}
	return page, ch, nil
}

// channel is the channel of the path; also one that the event no longer offers still has days to compare.
func (o *office) channel(v *visit) (payments.Channel, error) {
	key := v.Param("channel")
	if !isName(key) {
		return payments.Channel{}, registration.Fail(registration.CodeNotFound, "channel.unknown")
	}
	ch, err := o.cfg.Store.Channel(v.Request().Context(), v.event.ID+"/"+key)
	if err != nil {
		return ch, fmt.Errorf("find channel: %w", err)
	}
	return ch, nil
}

// submitReconcile handles the POST of the day: the gateway's own list against ours.
func (o *office) submitReconcile(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	page, ch, err := o.reconcilePage(v)
	if err != nil {
		return err
	}
	page.Page.NoSwitch, page.Day = true, posted.line("day")
	return o.compared(v, page, ch, nil)
}

// compared compares the day and shows what differs.
func (o *office) compared(v *visit, page views.ChannelReconcilePage, ch payments.Channel, brought []payments.Transaction) error {
	day, err := registration.ParseDate(page.Day)
	if err != nil {
		return o.refuseReconcile(v, page, "day", "reconcile.day_wrong")
	}
	made, err := o.cfg.Cashier.CompareDay(v.Request().Context(), ch.ID, payments.DayOf(day, v.event.Location()), brought)
	switch {
	case errors.Is(err, payments.ErrNoInquiry):
		return o.refuseReconcile(v, page, "day", "reconcile.no_list")
	case err != nil:
		o.cfg.Log.WarnContext(v.Request().Context(), "compare a day", "channel", ch.ID, "error", err)
		return o.refuseReconcile(v, page, "day", "reconcile.unavailable")
	}
	page.Compared, page.Theirs = true, made.Theirs
	for _, d := range made.Differences {
		page.Differences = append(page.Differences, differenceRow(d))
	}
	reason := fmt.Sprintf("%s %s: %d / %d", ch.Key, day, len(made.Differences), made.Theirs)
	if err := o.note(v, store.StaffAct{Act: "compared", Reason: reason}); err != nil {
		return err
	}
	return o.render(v, http.StatusOK, views.ChannelReconcile(page))
}

func differenceRow(d payments.Difference) views.DifferenceRow {
	row := views.DifferenceRow{
		Kind: string(d.Kind), Refund: d.Refund, At: d.At, Ours: d.Ours, Theirs: d.Theirs.Amount, GatewayID: d.Theirs.GatewayID,
		OrderNo: d.Theirs.OrderNo, Approve: d.Theirs.Approve, Closed: d.Closed,
	}
	if d.Entry != nil {
		row.Event, row.Order = d.Entry.Event, d.Entry.Order
		row.GatewayID, row.OrderNo, row.Approve = d.Entry.GatewayID, d.Entry.OrderNo, d.Entry.Approve
	}
	return row
}

func (o *office) refuseReconcile(v *visit, page views.ChannelReconcilePage, field, key string) error {
	page.Problems = []views.Problem{{Field: field, Key: key}}
	page.Page.Error = true
	return o.render(v, http.StatusUnprocessableEntity, views.ChannelReconcile(page))
}

// uploadSettlement handles the POST of a settlement file: it is kept, and its columns are guessed and shown.
func (o *office) uploadSettlement(v *visit) error {
	page, ch, err := o.reconcilePage(v)
	if err != nil {
		return err
	}
	page.Page.NoSwitch = true
	r := v.Request()
	r.Body = http.MaxBytesReader(v.Response(), r.Body, documents.MaxTable+64<<10)
	name, data, err := uploaded(r)
	page.Day = cleaned(r.FormValue("day"), registration.CleanLine)
	switch {
	case err != nil:
		return o.refuseReconcile(v, page, "file", "reconcile.file_size")
	case name == "":
		return o.refuseReconcile(v, page, "file", "reconcile.file_missing")
	}
	rows, err := documents.ReadTable(data)
	if err != nil {
		return o.refuseReconcile(v, page, "file", tableKey(err))
	}
	id, err := o.cfg.Store.KeepSettlement(r.Context(), ch.ID, name, data)
	if err != nil {
		return fmt.Errorf("keep settlement file: %w", err)
	}
	header, columns := payments.GuessStatement(rows)
	page.File = fileChoice(id, name, rows, header, columns)
	return o.render(v, http.StatusOK, views.ChannelReconcile(page))
}

// uploaded reads the file of a multipart form; name is "" when none was chosen.
func uploaded(r *http.Request) (name string, data []byte, err error) {
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		return "", nil, fmt.Errorf("read upload: %w", err)
	}
	defer func() { err = errors.Join(err, r.MultipartForm.RemoveAll()) }()
	f, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("read upload: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	data, err = io.ReadAll(io.LimitReader(f, documents.MaxTable+1))
	return head.Filename, data, err
}

// tableKey is the sentence for a file that documents.ReadTable cannot read.
func tableKey(err error) string {
	switch {
	case errors.Is(err, documents.ErrTableSize):
		return "reconcile.file_size"
	case errors.Is(err, documents.ErrTableQuote):
		return "reconcile.file_quote"
	case errors.Is(err, documents.ErrTableEmpty):
		return "file.empty"
	}
	return "reconcile.file_kind"
}

// sampleRows is how many lines of a settlement file are shown below its headers.
const sampleRows = 3

// fileChoice is the choice of a file's columns.
func fileChoice(id, name string, rows [][]string, header int, columns payments.StatementColumns) *views.SettlementChoice {
	c := &views.SettlementChoice{ID: id, Name: name, Line: header + 1}
	if header < len(rows) {
		c.Headers = rows[header]
		c.Sample = rows[header+1 : min(header+1+sampleRows, len(rows))]
	}
	for _, f := range payments.StatementFields {
		column, known := columns[f]
		if !known {
			column = -1
		}
		c.Fields = append(c.Fields, views.SettlementField{Name: string(f), Column: column})
	}
	return c
}

// submitSettlement handles the POST of a settlement file's columns: the file against ours.
func (o *office) submitSettlement(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	page, ch, err := o.reconcilePage(v)
	if err != nil {
		return err
	}
	page.Page.NoSwitch, page.Day = true, posted.line("day")
	file, err := o.cfg.Store.Settlement(v.Request().Context(), ch.ID, posted.line("upload"))
	if isCode(err, registration.CodeNotFound) {
		return o.refuseReconcile(v, page, "file", "reconcile.file_gone")
	}
	if err != nil {
		return fmt.Errorf("read settlement file: %w", err)
	}
	rows, err := documents.ReadTable(file.Body)
	if err != nil {
		return o.refuseReconcile(v, page, "file", tableKey(err))
	}
	header, columns, err := chosenColumns(posted, rows)
	if err != nil {
		return err
	}
	page.File = fileChoice(file.ID, file.Name, rows, header, columns)
	if !columns.Usable() {
		return o.refuseReconcile(v, page, "column-amount", "reconcile.columns_missing")
	}
	list, wrong := payments.ReadStatement(rows, header, columns, ch.Currency, v.event.Location())
	for _, w := range wrong[:min(maxLineProblems, len(wrong))] {
		page.Problems = append(page.Problems, views.Problem{Field: "columns", Key: "reconcile.line." + w.Key, Args: []any{"n", w.Line}})
	}
	if len(wrong) > 0 {
		page.Page.Error = true
		return o.render(v, http.StatusUnprocessableEntity, views.ChannelReconcile(page))
	}
	return o.compared(v, page, ch, append([]payments.Transaction{}, list...))
}

// maxLineProblems is how many lines that cannot be read are named at once.
const maxLineProblems = 20

// chosenColumns reads which line holds the headers and which column each field stands in.
func chosenColumns(posted form, rows [][]string) (int, payments.StatementColumns, error) {
	line, err := strconv.Atoi(posted.line("line"))
	if err != nil || line < 1 || line > len(rows) {
		return 0, nil, echo.NewHTTPError(http.StatusBadRequest)
	}
	columns := payments.StatementColumns{}
	for _, f := range payments.StatementFields {
		if i, err := strconv.Atoi(posted.line("column." + string(f))); err == nil && i >= 0 && i < len(rows[line-1]) {
			columns[f] = i
		}
	}
	return line - 1, columns, nil
}
