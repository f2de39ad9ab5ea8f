package handlers

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// listExport writes orders or their people as a table. Money has columns of its own for each currency, so that every column can be added up.
type listExport struct {
	list       documents.List
	lang       registration.Lang
	event      *registration.Event
	zone       *time.Location
	currencies []registration.Currency
	removed    []string // ids of questions that were answered and are not asked any more
}

// newListExport begins a table in csv or xlsx. sums tell which currencies the orders have brought money in, answered which questions were
// answered.
func newListExport(w io.Writer, what extract, l registration.Lang, e *registration.Event, sums []store.Sum, answered []string) (*listExport, error) {
	x := &listExport{lang: l, event: e, zone: e.Location(), currencies: exportCurrencies(e, sums)}
	x.removed = slices.DeleteFunc(answered, func(id string) bool { return e.Question(id) != nil })
	title, columns := "console.orders.title", x.columns
	if what.list == "people" {
		title, columns = "console.people.title", x.personColumns
	}
	var err error
	if what.format == "csv" {
		x.list, err = documents.NewCSV(w, columns())
	} else {
		x.list, err = documents.NewXLSX(w, views.T(l, title), columns())
	}
	if err != nil {
		return nil, fmt.Errorf("begin export: %w", err)
	}
	return x, nil
}

// exportCurrencies are those of the event's prices, and any others in which money came. KRW comes first.
func exportCurrencies(e *registration.Event, sums []store.Sum) []registration.Currency {
	all := registration.Prices{}
	for _, cur := range views.EventCurrencies(e) {
		all[cur] = 0
	}
	for _, s := range sums {
		all[s.Currency] = 0
	}
	return all.Currencies()
}

func (x *listExport) columns() []documents.Column {
	text := x.column
	cols := []documents.Column{
		text("console.orders.code", 12), text("console.orders.name", 18), text("console.orders.affiliation", 28), text("console.orders.email", 30),
		text("console.orders.category", 20), text("admin.order.items", 28), text("console.orders.status", 16), text("console.orders.filter.payment", 16),
	}
	for _, cur := range x.currencies {
		for _, key := range []string{"console.orders.amount", "console.orders.totals.paid", "console.orders.totals.refunded", "console.orders.totals.net"} {
			cols = append(cols, documents.Column{Title: views.T(x.lang, key) + " (" + string(cur) + ")", Kind: documents.ColumnMoney})
		}
	}
	cols = append(cols, text("console.orders.filter.channel", 14), text("admin.payment.receipt", 24), text("admin.payment.order_no", 30), text("admin.payment.gateway_id", 30))
	cols = append(cols, x.timeColumn("admin.order.placed"), x.timeColumn("console.orders.paid_at"), text("console.orders.voucher", 14))
	if x.event.Approves() {
		cols = append(cols, text("console.evidence.column", 14))
	}
	if x.event.Papers.Any() {
		cols = append(cols, text("papers.title", 12))
	}
	if x.event.Groups.Max > 0 {
		cols = append(cols, text("group.list", 40))
	}
	for _, name := range x.fields() {
		cols = append(cols, documents.Column{Title: views.PersonLabel(x.lang, name), Width: 20})
	}
	cols = append(cols, x.questionColumns()...)
	cols = append(cols, x.consentColumns()...)
	if x.event.Mode == registration.Test {
		cols = append(cols, text("console.nav.test", 12))
	}
	return cols
}

// column is a column of text.
func (x *listExport) column(key string, width int) documents.Column {
	return documents.Column{Title: views.T(x.lang, key), Width: width}
}

// timeColumn is a column of moments on the event's clock.
func (x *listExport) timeColumn(key string) documents.Column {
	return documents.Column{Title: views.T(x.lang, key) + " (" + x.event.Timezone + ")", Kind: documents.ColumnTime}
}

func (x *listExport) order(r store.OrderRow) error {
	text := documents.TextCell
	row := []documents.Cell{
		text(r.Code), text(r.Name), text(r.Affiliation), text(r.Email), text(categoryName(x.lang, x.event, r.Category)), text(x.extras(r)),
		text(views.StandingText(x.lang, r.Standing(), r.Method)), text(x.payment(r)),
	}
	money, err := x.money(r)
	if err != nil {
		return err
	}
	row = append(row, money...)
	row = append(row, text(r.Channel), text(r.ReceiptNo), text(r.OrderNo), text(r.GatewayID),
		documents.TimeCell(inZone(r.PlacedAt, x.zone)), documents.TimeCell(inZone(r.PaidAt, x.zone)))
	row = append(row, text(r.Voucher))
	if x.event.Approves() {
		row = append(row, text(evidenceWords(x.lang, r.Evidence)))
	}
	if x.event.Papers.Any() {
		row = append(row, text(strings.Join(r.Papers, ", ")))
	}
	if x.event.Groups.Max > 0 {
		row = append(row, text(joined(r.People, func(p registration.Person) string { return p.Name + " <" + p.Email + ">" })))
	}
	for _, name := range x.fields() {
		row = append(row, text(joined(r.People, func(p registration.Person) string { return views.PersonText(x.lang, p, name) })))
	}
	row = append(row, x.answers(r.Answers)...)
	people, owner := agreements(x.event, &r)
	row = append(row, x.consents(owner, openNames(people))...)
	if x.event.Mode == registration.Test {
		row = append(row, text(views.T(x.lang, "console.nav.test")))
	}
	return x.list.Row(row...)
}

func (x *listExport) close() error { return x.list.Close() }

// payment says how the payment that counts stands.
func (x *listExport) payment(r store.OrderRow) string {
	return views.PaymentText(x.lang, r.Payment, r.Method)
}

// extras names what was added to an order, with numbers.
func (x *listExport) extras(r store.OrderRow) string {
	var list []string
	for _, line := range r.Extras() {
		list = append(list, fmt.Sprintf("%s × %d", line.Name.In(x.lang), line.Quantity))
	}
	return strings.Join(list, ", ")
}

// evidenceWords says how the evidence of an order's people stands.
func evidenceWords(l registration.Lang, all []registration.EvidenceState) string {
	var words []string
	for _, s := range all {
		words = append(words, views.EvidenceWord(l, s))
	}
	return strings.Join(words, "; ")
}

// answersTo is what the people of an order have answered to a question, those of several apart.
func answersTo(l registration.Lang, q *registration.Question, all []registration.Answers) string {
	return joined(all, func(given registration.Answers) string { return views.AnswerText(l, q, given[q.ID]) })
}

// questionColumns are those of the questions; what was answered to one that is not asked any more stays in the list.
func (x *listExport) questionColumns() []documents.Column {
	var cols []documents.Column
	for _, q := range x.event.Questions {
		cols = append(cols, documents.Column{Title: q.Label.In(x.lang), Width: 20})
	}
	for _, id := range x.removed {
		cols = append(cols, documents.Column{Title: views.T(x.lang, "console.export.removed", "id", id), Width: 20})
	}
	return cols
}

// answers are the cells of questionColumns.
func (x *listExport) answers(given []registration.Answers) []documents.Cell {
	var cells []documents.Cell
	for i := range x.event.Questions {
		cells = append(cells, documents.TextCell(answersTo(x.lang, &x.event.Questions[i], given)))
	}
	for _, id := range x.removed {
		file := registration.Question{ID: id, Kind: registration.AskFile} // any other answer is written as it is
		cells = append(cells, documents.TextCell(answersTo(x.lang, &file, given)))
	}
	return cells
}

// joined writes what there is of each of the people of an order, those of several apart.
func joined[T any](all []T, of func(T) string) string {
	var texts []string
	for _, one := range all {
		if text := of(one); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; ")
}

// fields are what the event asks of a person beyond what the list has in any case.
func (x *listExport) fields() []string {
	var names []string
	for _, f := range x.event.PersonFields() {
		if f.Name != registration.FieldAffiliation {
			names = append(names, f.Name)
		}
	}
	return names
}

// money gives four cells for each currency: owed, received, refunded, and what is left. All are empty where the order has nothing.
func (x *listExport) money(r store.OrderRow) ([]documents.Cell, error) {
	sums := append([]store.Sum{{Currency: r.Total.Cur, Paid: r.Paid, Refunded: r.Refunded}}, r.Other...)
	cells := make([]documents.Cell, 4*len(x.currencies))
	for _, s := range sums {
		i := slices.Index(x.currencies, s.Currency)
		if i < 0 && s == (store.Sum{Currency: s.Currency}) {
			continue
		}
		if i < 0 {
			return nil, registration.Fail(registration.CodeUnavailable, "") // money in a new currency came meanwhile
		}
		at := func(minor int64) documents.Cell {
			return documents.MoneyCell(registration.Money{Minor: minor, Cur: s.Currency})
		}
		if s.Currency == r.Total.Cur {
			cells[4*i] = at(r.Total.Minor)
		}
		cells[4*i+1], cells[4*i+2], cells[4*i+3] = at(s.Paid), at(s.Refunded), at(s.Net())
	}
	return cells, nil
}

// inZone is a time on the clock of a zone; the zero time stays zero.
func inZone(t time.Time, zone *time.Location) time.Time {
	if t.IsZero() {
		return t
	}
	return t.In(zone)
}
