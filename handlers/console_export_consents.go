package handlers

import (
	"slices"
	"strings"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// consentColumns are those of what was agreed to: when, in which version, each of the event's own consents, and who has still to agree.
func (x *listExport) consentColumns() []documents.Column {
	cols := []documents.Column{x.timeColumn("console.consents.at"), x.column("console.consents.terms", 22)}
	if !x.event.Texts.Privacy.Empty() {
		cols = append(cols, x.column("console.consents.privacy", 14))
	}
	for _, c := range x.event.Consents {
		cols = append(cols, documents.Column{Title: c.Label.In(x.lang), Width: 20})
	}
	return append(cols, x.column("agree.open", 18))
}

// consents are the versions that were agreed to, empty for what was not, and the names of those who have still to agree.
func (x *listExport) consents(given []registration.Consent, open string) []documents.Cell {
	version := func(id string) documents.Cell {
		i := slices.IndexFunc(given, func(c registration.Consent) bool { return c.ID == id })
		if i < 0 {
			return documents.Cell{}
		}
		return documents.TextCell(given[i].Version)
	}
	cells := []documents.Cell{{}, version(views.ConsentTerms)}
	if len(given) > 0 {
		cells[0] = documents.TimeCell(inZone(given[0].At, x.zone))
	}
	if !x.event.Texts.Privacy.Empty() {
		cells = append(cells, version(views.ConsentPrivacy))
	}
	for _, c := range x.event.Consents {
		cells = append(cells, version(c.ID))
	}
	return append(cells, documents.TextCell(open))
}

// agreement is what one of an order's people has agreed to.
type agreement struct {
	Name  string
	Given []registration.Consent
	Open  bool // they have still to
}

// agreements are those of the people of an order, and what its owner has agreed to: of whoever came instead their own.
func agreements(e *registration.Event, r *store.OrderRow) (all []agreement, owner []registration.Consent) {
	owner = r.Consents
	for i, p := range r.People {
		one := registration.Registration{Person: p, Consents: r.Agreed[i], State: registration.Confirmed}
		if r.State == registration.OrderCancelled || r.State == registration.OrderExpired {
			one.State = registration.Cancelled
		}
		a := agreement{Name: p.Name}
		a.Given, a.Open = one.Agreed(e, r.Consents, r.Email)
		if all = append(all, a); len(r.People) == 1 && strings.EqualFold(p.Email, r.Email) {
			owner = a.Given
		}
	}
	return all, owner
}

// openNames are those who have still to agree.
func openNames(all []agreement) string {
	return joined(all, func(a agreement) string {
		if a.Open {
			return a.Name
		}
		return ""
	})
}
