package handlers

import (
	"slices"
	"strings"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// personColumns are those of the list with one row for each registration, for name badges, meals and certificates.
func (x *listExport) personColumns() []documents.Column {
	integer := func(title string) documents.Column {
		return documents.Column{Title: title, Kind: documents.ColumnInteger}
	}
	cols := []documents.Column{
		x.column("console.orders.code", 12), integer(views.T(x.lang, "console.people.no")), x.column("console.orders.name", 18),
		x.column("console.orders.affiliation", 28), x.column("console.orders.email", 30),
	}
	for _, name := range x.fields() {
		cols = append(cols, documents.Column{Title: views.PersonLabel(x.lang, name), Width: 20})
	}
	cols = append(cols, x.column("console.orders.category", 20), x.column("console.people.state", 14))
	for i := range x.event.Extras {
		cols = append(cols, integer(x.event.Extras[i].Name.In(x.lang)))
	}
	cols = append(cols, x.questionColumns()...)
	if x.event.Papers.Any() {
		cols = append(cols, x.column("papers.title", 12))
	}
	if x.event.Approves() {
		cols = append(cols, x.column("console.evidence.column", 14), x.column("evidence.label.member_number", 14))
	}
	for _, cur := range x.currencies {
		cols = append(cols, documents.Column{Title: views.T(x.lang, "console.orders.amount") + " (" + string(cur) + ")", Kind: documents.ColumnMoney})
	}
	cols = append(cols, x.column("console.people.order", 16), x.column("console.orders.filter.payment", 16), x.column("console.people.payer", 18),
		x.column("console.people.payer_email", 30), x.column("console.people.voucher", 14), x.column("console.people.maker", 24),
		x.timeColumn("admin.order.placed"), x.timeColumn("console.orders.paid_at"))
	cols = append(cols, x.consentColumns()...)
	if x.event.Mode == registration.Test {
		cols = append(cols, x.column("console.nav.test", 12))
	}
	return cols
}

// person adds the row of one registration.
func (x *listExport) person(p store.PersonRow) error {
	text, r := documents.TextCell, &p.Registration
	row := []documents.Cell{text(p.Order.Code), documents.IntegerCell(int64(p.No)), text(r.Person.Name), text(r.Person.Affiliation), text(r.Person.Email)}
	for _, name := range x.fields() {
		row = append(row, text(views.PersonText(x.lang, r.Person, name)))
	}
	row = append(row, text(categoryName(x.lang, x.event, r.Category())), text(views.T(x.lang, "console.registration."+string(r.State))))
	for i := range x.event.Extras {
		row = append(row, x.taken(r, x.event.Extras[i].ID))
	}
	row = append(row, x.answers([]registration.Answers{p.ForOrder, r.Answers})...)
	if x.event.Papers.Any() {
		row = append(row, text(strings.Join(p.Papers, ", ")))
	}
	if x.event.Approves() {
		row = append(row, text(x.evidence(p.Evidence)), text(p.Member))
	}
	row = append(row, x.owes(p)...)
	row = append(row, text(views.StandingText(x.lang, p.Order.Standing(), p.Order.Method)), text(x.payment(*p.Order)), text(p.Order.Name), text(p.Order.Email),
		text(p.Order.Voucher), text(views.ActorText(x.lang, p.Actor)), documents.TimeCell(inZone(p.Order.PlacedAt, x.zone)), documents.TimeCell(inZone(p.Order.PaidAt, x.zone)))
	given, open := r.Agreed(x.event, p.Order.Consents, p.Order.Email)
	row = append(row, x.consents(given, openNames([]agreement{{r.Person.Name, given, open}}))...)
	if x.event.Mode == registration.Test {
		row = append(row, text(views.T(x.lang, "console.nav.test")))
	}
	return x.list.Row(row...)
}

// evidence says how somebody's evidence stands; nothing where none is asked for.
func (x *listExport) evidence(s registration.EvidenceState) string {
	if s == registration.EvidenceNone {
		return ""
	}
	return views.EvidenceWord(x.lang, s)
}

// taken is how many of an extra somebody has; empty for none, and for whoever does not come: the column adds up to the places that are taken.
func (x *listExport) taken(r *registration.Registration, extra string) documents.Cell {
	if r.Gone || r.State == registration.Cancelled {
		return documents.Cell{}
	}
	n := int64(0)
	for _, l := range r.Lines {
		if l.Kind == registration.LineExtra && l.ID == extra {
			n += l.Quantity
		}
	}
	if n == 0 {
		return documents.Cell{}
	}
	return documents.IntegerCell(n)
}

// owes is what somebody's lines come to, in the currency in which their order is owed. With those of the others it is the order's amount;
// one who was cancelled alone owes nothing any more.
func (x *listExport) owes(p store.PersonRow) []documents.Cell {
	cells := make([]documents.Cell, len(x.currencies))
	cur := p.Order.Total.Cur
	if i := slices.Index(x.currencies, cur); i >= 0 && !p.Registration.Gone {
		cells[i] = documents.MoneyCell(registration.Money{Minor: registration.Total(p.Registration.Lines)[cur], Cur: cur})
	}
	return cells
}
