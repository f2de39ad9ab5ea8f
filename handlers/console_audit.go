package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"foyer/store"
	"foyer/views"
)

// auditPerPage is how many lines one page of the audit log shows.
const auditPerPage = 100

// showAudit handles GET /console/{event}/audit: what happened, newest first.
func (o *office) showAudit(v *visit) error {
	before, path := filterText(v.QueryParams(), "before"), views.ConsoleAuditPath(v.event.Slug)
	rows, err := o.cfg.Store.Audit(v.Request().Context(), v.event.ID, before, auditPerPage+1)
	if err != nil {
		return fmt.Errorf("read audit: %w", err)
	}
	page := views.ConsoleAuditPage{Page: v.page(path)}
	if page.Nav, err = o.nav(v, "audit"); err != nil {
		return err
	}
	if before != "" {
		page.Previous = path
		page.Page.Path = path + "?" + url.Values{"before": {before}}.Encode()
	}
	if len(rows) > auditPerPage {
		rows = rows[:auditPerPage]
		page.Next = path + "?" + url.Values{"before": {rows[auditPerPage-1].ID}}.Encode()
	}
	page.Entries = auditEntries(rows)
	return o.render(v, http.StatusOK, views.ConsoleAudit(page))
}

// auditEntries are audit rows as pages show them, in the same order.
func auditEntries(rows []store.AuditRow) []views.AuditEntry {
	var list []views.AuditEntry
	for _, a := range rows {
		e := views.AuditEntry{At: a.At, Actor: a.Actor, What: a.What, Order: a.OrderCode, From: a.From, To: a.To, Reason: a.Reason}
		if a.Amount != nil {
			e.Amount = *a.Amount
		}
		list = append(list, e)
	}
	return list
}

// timelineOf is an order's audit, newest first.
func timelineOf(v *store.OrderView) []views.AuditEntry {
	list := auditEntries(v.Audit)
	slices.Reverse(list)
	return list
}
