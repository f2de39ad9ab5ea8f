package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
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
	for i := range page.Entries {
		if e := &page.Entries[i]; e.What == "event" && e.To == "import" {
			e.Reason = importAudited(v.lang(), e.Reason)
		}
	}
	return o.render(v, http.StatusOK, views.ConsoleAudit(page))
}

// auditEntries are audit rows as pages show them, in the same order.
func auditEntries(rows []store.AuditRow) []views.AuditEntry {
	var list []views.AuditEntry
	for _, a := range rows {
		e := views.AuditEntry{At: a.At, Actor: a.Actor, What: a.What, Order: a.OrderCode, From: a.From, To: a.To, Reason: a.Reason}
		if a.What == "receipt" && a.RefundID != "" {
			e.What = "correction"
		}
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

// importAudited says how the people of a list were registered, and why. store.StartImport keeps it as the number of rows and the options.
func importAudited(l registration.Lang, kept string) string {
	count, options, _ := strings.Cut(kept, ": ")
	rows, err := strconv.ParseInt(count, 10, 64)
	var how handMade
	if err != nil || json.Unmarshal([]byte(options), &how) != nil || !slices.Contains([]string{madeInvited, madeLink, madePaid}, how.How) {
		return kept
	}
	said := []string{views.T(l, "import.rows", "n", rows), views.T(l, "handmade.how."+how.How)}
	if how.Reason != "" {
		said = append(said, how.Reason)
	}
	return strings.Join(said, " · ")
}
