package handlers

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// waitingListed is how many entries one page shows.
const waitingListed = 100

// showWaitingList handles GET /console/{event}/waiting: who waits, in their order; with all=1 also those who wait no more.
func (o *office) showWaitingList(v *visit) error { return o.renderWaitingList(v, http.StatusOK, "") }

func (o *office) renderWaitingList(v *visit, status int, problem string) error {
	ctx, all, after := v.Request().Context(), v.QueryParam("all") != "", filterText(v.QueryParams(), "after")
	counts, err := o.cfg.Store.WaitingCounts(ctx, v.event.ID)
	if err != nil {
		return fmt.Errorf("count who waits: %w", err)
	}
	list, err := o.cfg.Store.WaitingList(ctx, v.event.ID, after, !all, waitingListed+1)
	if err != nil {
		return fmt.Errorf("list who waits: %w", err)
	}
	path := views.ConsoleWaitingPath(v.event.Slug)
	page := views.ConsoleWaitingPage{Page: v.page(path), All: all, Paused: counts.Paused, Counts: counts.Of, Problem: problem, On: v.event.Waiting.On(), Lasts: v.event.Waiting.Offer}
	if len(list) > waitingListed {
		list = list[:waitingListed]
		q := url.Values{"after": {list[len(list)-1].ID}}
		if all {
			q.Set("all", "1")
		}
		page.Next = path + "?" + q.Encode()
	}
	for _, w := range list {
		page.Rows = append(page.Rows, views.WaitingRow{
			ID: w.ID, State: w.State, Name: w.Name, Email: w.Email, Wants: views.WaitingWants(page.Page.Lang, v.event, w.Cart), Joined: w.JoinedAt, Until: w.OfferUntil, Order: w.OrderCode,
		})
	}
	if page.Nav, err = o.nav(v, "waiting"); err != nil {
		return err
	}
	return o.render(v, status, views.ConsoleWaiting(page))
}

// offerWaiting handles POST /console/{event}/waiting/offer: places for somebody out of their turn.
func (o *office) offerWaiting(v *visit) error {
	return o.changeWaiting(v, "offered", func(id string) error {
		return o.cfg.Store.OfferTo(v.Request().Context(), v.event, id, v.staff.Actor())
	})
}

// removeWaiting handles POST /console/{event}/waiting/remove: somebody is taken off the list.
func (o *office) removeWaiting(v *visit) error {
	return o.changeWaiting(v, "removed", func(id string) error {
		return o.cfg.Store.LeaveWaiting(v.Request().Context(), v.event, id, v.staff.Actor())
	})
}

// changeWaiting does something with the entry that a form names, and shows the list again, with a word about what was done.
func (o *office) changeWaiting(v *visit, done string, do func(id string) error) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	err = do(f.line("id"))
	switch {
	case isCode(err, registration.CodeFull):
		return o.renderWaitingList(v, http.StatusConflict, "console.waiting.full")
	case isCode(err, registration.CodeConflict):
		return o.renderWaitingList(v, http.StatusConflict, "console.waiting.moved")
	case err != nil:
		return fmt.Errorf("change the waiting list: %w", err)
	}
	return saved(v, views.ConsoleWaitingPath(v.event.Slug), done)
}

// pauseWaiting handles POST /console/{event}/waiting/pause: field paused is 1 to stop offers, and empty to let them go on.
func (o *office) pauseWaiting(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	pause, done := f.line("paused") != "", "resumed"
	if err := o.cfg.Store.PauseWaiting(v.Request().Context(), v.event, pause, v.staff.Actor()); err != nil {
		return fmt.Errorf("pause offers: %w", err)
	}
	if pause {
		done = "paused"
	}
	return saved(v, views.ConsoleWaitingPath(v.event.Slug), done)
}

// exportWaiting handles GET /console/{event}/waiting.csv: the whole list.
func (o *office) exportWaiting(v *visit) error {
	l, after, count := v.lang(), "", 0
	var file bytes.Buffer
	var columns []documents.Column
	for _, key := range []string{"state", "name", "email", "wants", "joined", "until", "order"} {
		columns = append(columns, documents.Column{Title: views.T(l, "console.waiting."+key)})
	}
	list, err := documents.NewCSV(&file, columns)
	if err != nil {
		return fmt.Errorf("begin export: %w", err)
	}
	for {
		some, err := o.cfg.Store.WaitingList(v.Request().Context(), v.event.ID, after, false, 500)
		if err != nil {
			return fmt.Errorf("list who waits: %w", err)
		}
		if len(some) == 0 {
			break
		}
		for _, w := range some {
			after = w.ID
			count++
			if err := list.Row(waitingCells(l, v.event, w)...); err != nil {
				return fmt.Errorf("write export: %w", err)
			}
		}
	}
	if err := list.Close(); err != nil {
		return fmt.Errorf("end export: %w", err)
	}
	if err := o.note(v, store.StaffAct{Act: "exported", Reason: fmt.Sprintf("waiting.csv: %d", count)}); err != nil {
		return err
	}
	v.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+v.event.Slug+`-waiting.csv"`)
	return v.Blob(http.StatusOK, exportTypes["csv"], file.Bytes())
}

func waitingCells(l registration.Lang, e *registration.Event, w *store.WaitingEntry) []documents.Cell {
	until := ""
	if !w.OfferUntil.IsZero() {
		until = views.DateTime(l, w.OfferUntil, e.Location())
	}
	return []documents.Cell{
		documents.TextCell(views.T(l, "console.waiting.is."+string(w.State))), documents.TextCell(w.Name), documents.TextCell(w.Email),
		documents.TextCell(views.WaitingWants(l, e, w.Cart)), documents.TextCell(views.DateTime(l, w.JoinedAt, e.Location())), documents.TextCell(until), documents.TextCell(w.OrderCode),
	}
}
