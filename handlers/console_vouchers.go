package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// vouchersListed is how many codes one page shows.
const vouchersListed = 100

// showVouchers handles GET /console/{event}/vouchers: the event's codes, and a form that makes more.
func (o *office) showVouchers(v *visit) error {
	made, err := strconv.Atoi(v.QueryParam("made"))
	if err != nil {
		made = 0
	}
	return o.renderVouchers(v, http.StatusOK, views.VoucherForm{Kind: "percent", Count: "1"}, made, nil)
}

func (o *office) renderVouchers(v *visit, status int, f views.VoucherForm, made int, problems []views.Problem) error {
	batch, after := v.QueryParam("batch"), v.QueryParam("after")
	rows, err := o.cfg.Store.Vouchers(v.Request().Context(), v.event.ID, batch, after, vouchersListed+1)
	if err != nil {
		return fmt.Errorf("list vouchers: %w", err)
	}
	page := views.ConsoleVouchersPage{Page: v.page(views.ConsoleVouchersPath(v.event.Slug)), Batch: batch, Made: made, Form: f, Event: v.event, Problems: problems}
	if len(rows) > vouchersListed {
		rows = rows[:vouchersListed]
		page.Next = views.ConsoleVouchersPath(v.event.Slug) + "?" + url.Values{"batch": {batch}, "after": {rows[len(rows)-1].Code}}.Encode()
	}
	for _, r := range rows {
		page.Rows = append(page.Rows, views.VoucherItem{Voucher: r.Voucher, Batch: r.Batch, Source: r.Source, Held: r.Held, Used: r.Used, Removed: r.Removed})
	}
	if page.Nav, err = o.nav(v, "vouchers"); err != nil {
		return err
	}
	return o.render(v, status, views.ConsoleVouchers(page))
}

// submitVouchers handles POST /console/{event}/vouchers: one code as it was typed, or many that are made up.
func (o *office) submitVouchers(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	typed := typedVouchers(v.event, f)
	w, problems := wishOf(v.event, typed)
	if len(problems) == 0 && w.code != "" {
		if _, err := o.cfg.Store.Voucher(v.Request().Context(), v.event.ID, w.code); err == nil {
			problems = []views.Problem{{Field: "code", Key: "console.vouchers.wrong.code_taken"}}
		} else if !isCode(err, registration.CodeNotFound) {
			return fmt.Errorf("look for the code: %w", err)
		}
	}
	if len(problems) > 0 {
		return o.renderVouchers(v, http.StatusUnprocessableEntity, typed, 0, problems)
	}
	if err := o.cfg.Store.MakeVouchers(v.Request().Context(), v.event, w.voucher, w.codes(), typed.Batch, v.staff.Actor()); isCode(err, registration.CodeConflict) && w.voucher.Reserves > 0 {
		return o.renderVouchers(v, http.StatusConflict, typed, 0, []views.Problem{{Field: "reserves", Key: "console.vouchers.wrong.keep"}})
	} else if err != nil {
		return fmt.Errorf("make vouchers: %w", err)
	}
	q := url.Values{"made": {strconv.FormatInt(w.count, 10)}}
	if typed.Batch != "" {
		q.Set("batch", typed.Batch)
	}
	return goTo(v, views.ConsoleVouchersPath(v.event.Slug)+"?"+q.Encode())
}

// removeVoucher handles POST /console/{event}/vouchers/remove.
func (o *office) removeVoucher(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	if err := o.cfg.Store.RemoveVoucher(v.Request().Context(), v.event, f.line("code"), v.staff.Actor()); err != nil {
		return fmt.Errorf("remove voucher: %w", err)
	}
	return goTo(v, views.ConsoleVouchersPath(v.event.Slug))
}

// exportVouchers handles GET /console/{event}/vouchers.csv: the codes of a batch, or all of them.
func (o *office) exportVouchers(v *visit) error {
	l, after := v.lang(), ""
	var file bytes.Buffer
	column := func(key string) documents.Column { return documents.Column{Title: views.T(l, key)} }
	list, err := documents.NewCSV(&file, []documents.Column{
		column("console.vouchers.code"), column("console.vouchers.does"), {Title: views.VoucherLabel(l, "uses")}, column("console.vouchers.used"),
		column("console.vouchers.batch"), {Title: views.VoucherLabel(l, "note")},
	})
	if err != nil {
		return fmt.Errorf("begin export: %w", err)
	}
	count := 0
	for {
		rows, err := o.cfg.Store.Vouchers(v.Request().Context(), v.event.ID, v.QueryParam("batch"), after, 500)
		if err != nil {
			return fmt.Errorf("list vouchers: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			after = r.Code
			if r.Removed {
				continue
			}
			count++
			if err := list.Row(voucherCells(l, r)...); err != nil {
				return fmt.Errorf("write export: %w", err)
			}
		}
	}
	if err := list.Close(); err != nil {
		return fmt.Errorf("end export: %w", err)
	}
	if err := o.note(v, store.StaffAct{Act: "exported", Reason: fmt.Sprintf("vouchers.csv: %d", count)}); err != nil {
		return err
	}
	v.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+v.event.Slug+`-vouchers.csv"`)
	return v.Blob(http.StatusOK, exportTypes["csv"], file.Bytes())
}

func voucherCells(l registration.Lang, r store.VoucherRow) []documents.Cell {
	uses := documents.Cell{}
	if r.Uses > 0 {
		uses = documents.IntegerCell(r.Uses)
	}
	return []documents.Cell{
		documents.TextCell(r.Code), documents.TextCell(views.VoucherText(l, &r.Voucher)), uses, documents.IntegerCell(r.Used),
		documents.TextCell(r.Batch), documents.TextCell(r.Note),
	}
}
