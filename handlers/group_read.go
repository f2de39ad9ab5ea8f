package handlers

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// groupPerson is one person of a list, with what that person takes.
type groupPerson struct {
	Row     int                  `json:"row"` // of the list, counted from 1
	Person  registration.Person  `json:"person"`
	Cart    registration.Cart    `json:"cart"`
	Answers registration.Answers `json:"answers,omitempty"`
	Papers  []string             `json:"papers,omitempty"` // numbers of those that the person covers
	Proof   registration.Proof   `json:"proof,omitzero"`   // a member number; files come later, by the person's own link
}

// listReader reads a list of people row by row and collects what is wrong with it.
type listReader struct {
	event    *registration.Event
	once     registration.Answers // that were given for all of them together
	lang     registration.Lang
	known    listWords
	line     int // of the header
	columns  []listColumn
	people   []groupPerson
	problems []views.ListProblem
	seen     map[string]int // row of each e-mail address
}

// readList reads the people of a list whose first row names its columns; once are the answers that were given for all of them together.
// Problems are told by row and column.
func readList(e *registration.Event, l registration.Lang, rows [][]string, once registration.Answers) ([]groupPerson, []views.ListProblem) {
	r := &listReader{event: e, once: once, lang: l, known: knownColumns(e), seen: map[string]int{}}
	first := slices.IndexFunc(rows, filledRow)
	if first < 0 {
		return nil, []views.ListProblem{{Key: "group.empty"}}
	}
	if !r.header(rows[first], first+1) {
		return nil, r.problems
	}
	if n := countRows(rows[first+1:]); n > e.Groups.Max {
		return nil, []views.ListProblem{{Key: "group.many", Args: []any{"max", int64(e.Groups.Max), "n", int64(n)}}}
	}
	for i, row := range rows[first+1:] {
		if filledRow(row) {
			r.row(row, first+2+i)
		}
	}
	if len(r.people) == 0 && len(r.problems) == 0 {
		r.problems = []views.ListProblem{{Key: "group.empty"}}
	}
	return r.people, r.problems
}

func filledRow(row []string) bool {
	return slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

func countRows(rows [][]string) (n int) {
	for _, row := range rows {
		if filledRow(row) {
			n++
		}
	}
	return n
}

func (r *listReader) wrong(row int, column, key string, args ...any) {
	r.problems = append(r.problems, views.ListProblem{Row: row, Column: column, Key: key, Args: args})
}

// title is how a column is called in the list.
func (r *listReader) title(c listColumn) string { return r.known.title(r.lang, r.event, c) }

// header reads the names of the columns; false when rows cannot be read without one.
func (r *listReader) header(row []string, line int) bool {
	had := map[listColumn]bool{}
	r.line = line
	for _, cell := range row {
		text := cleaned(cell, registration.CleanLine)
		c := r.known.of(text)
		switch {
		case registration.PlainWord(text) == "":
			c.kind = columnIgnored
		case c.kind == "" || !takesColumn(r.event, c):
			r.wrong(line, clipped(text, 40), "group.column.unknown")
		case c.kind != columnIgnored && had[c]:
			r.wrong(line, clipped(text, 40), "group.column.twice")
		}
		had[c] = true
		r.columns = append(r.columns, c)
	}
	needed, _ := listColumns(r.event)
	if !slices.ContainsFunc(needed, func(c listColumn) bool { return had[c] }) { // no header at all
		r.problems = []views.ListProblem{{Row: line, Key: "group.header"}}
		return false
	}
	for _, c := range needed {
		if !had[c] && (c.kind != columnCategory || len(r.event.Categories) != 1) {
			r.wrong(line, r.title(c), "group.column.missing")
		}
	}
	return len(r.problems) == 0
}

// row reads one person.
func (r *listReader) row(cells []string, line int) {
	p := groupPerson{Row: line, Cart: registration.Cart{Extras: map[string]int64{}}}
	fields, before := map[string]string{}, len(r.problems)
	if len(r.event.Categories) == 1 {
		p.Cart.Category = r.event.Categories[0].ID
	}
	given := registration.Answers{}
	for i, cell := range cells {
		if len(cell) > maxField {
			cell = cell[:maxField]
		}
		text := cleaned(cell, registration.CleanLine)
		switch {
		case i >= len(r.columns):
			if text != "" {
				r.wrong(line, "", "group.row.long")
				return
			}
		case text == "":
		case r.columns[i].kind == columnField:
			fields[r.columns[i].id] = text
		case r.columns[i].kind == columnCategory:
			p.Cart.Category = categoryNamed(r.event, text)
			if p.Cart.Category == "" {
				r.wrong(line, r.title(r.columns[i]), "group.category", "typed", clipped(text, 40))
			}
		case r.columns[i].kind == columnExtra:
			r.quantity(&p, r.columns[i], text)
		case r.columns[i].kind == columnPapers:
			r.papers(&p, r.columns[i], text)
		case r.columns[i].kind == columnMember:
			r.member(&p, r.columns[i], text)
		case r.columns[i].kind == columnAnswer:
			given[r.columns[i].id] = answerNamed(r.event.Question(r.columns[i].id), text)
		}
	}
	r.person(&p, fields)
	if p.Cart.Category == "" && !slices.ContainsFunc(r.problems[before:], func(x views.ListProblem) bool { return x.Key == "group.category" }) {
		r.wrong(line, r.title(listColumn{kind: columnCategory}), "register.category.choose")
	}
	r.notForThem(&p)
	r.answers(&p, given)
	r.people = append(r.people, p)
}

// person checks who it is. What an event needs besides, people complete themselves.
func (r *listReader) person(p *groupPerson, fields map[string]string) {
	p.Person = personOf(r.event, func(field string) string {
		switch field {
		case "email":
			return cleaned(fields[field], registration.CleanEmail)
		case registration.FieldCountry:
			return countryNamed(fields[field])
		case registration.FieldPhone:
			return registration.ListedPhone(fields[field])
		}
		return fields[field]
	})
	problems, err := problemsOf(another, formOf(p.Person))
	if err != nil {
		r.wrong(p.Row, "", "form.text") // the rules cannot be applied; never with our own forms
		return
	}
	for _, x := range firstOfEach(problems) {
		r.wrong(p.Row, r.title(listColumn{columnField, x.Field}), x.Key, x.Args...)
	}
	email := strings.ToLower(p.Person.Email)
	if at := r.seen[email]; at > 0 {
		r.wrong(p.Row, views.T(r.lang, "register.email.short"), "group.email.twice", "row", int64(at))
	} else if email != "" {
		r.seen[email] = p.Row
	}
}

// yesWords and noWords are how people say in a list that they want one of something, or none.
var (
	yesWords = []string{"o", "y", "yes", "예", "네", "신청", "참가", "참석", "v", "✓"}
	noWords  = []string{"x", "n", "no", "아니오", "아니요", "미신청", "불참", "-"}
)

func (r *listReader) quantity(p *groupPerson, c listColumn, text string) {
	x := r.event.Extra(c.id)
	word := strings.ToLower(text)
	n, err := strconv.ParseInt(text, 10, 32)
	switch {
	case slices.Contains(yesWords, word):
		n, err = 1, nil
	case slices.Contains(noWords, word):
		n, err = 0, nil
	}
	if err != nil || n < 0 || n > int64(x.Max) {
		r.wrong(p.Row, r.title(c), "register.extra.quantity", "max", x.Max)
	} else if n > 0 {
		p.Cart.Extras[c.id] = n
	}
}

// notForThem finds extras that the person's category may not take.
func (r *listReader) notForThem(p *groupPerson) {
	for i := range r.event.Extras {
		if x := &r.event.Extras[i]; p.Cart.Extras[x.ID] > 0 && p.Cart.Category != "" && !x.For(p.Cart.Category) {
			r.wrong(p.Row, r.title(listColumn{columnExtra, x.ID}), "register.extra.category")
		}
	}
}

// categoryNamed finds a category by its id or its name in either language; "" when there is none.
func categoryNamed(e *registration.Event, text string) string {
	for _, c := range e.Categories {
		for _, name := range []string{c.ID, c.Name.Ko, c.Name.En} {
			if !c.Hidden && registration.PlainWord(name) == registration.PlainWord(text) {
				return c.ID
			}
		}
	}
	return ""
}

// countryNamed finds a country by its code or its name in either language; the text itself when there is none.
func countryNamed(text string) string {
	for _, l := range []registration.Lang{registration.Korean, registration.English} {
		for _, c := range views.Countries(l) {
			if strings.EqualFold(c.Name, text) || strings.EqualFold(c.Code, text) {
				return c.Code
			}
		}
	}
	return text
}

// clipped is the beginning of a text, for quoting it.
func clipped(text string, n int) string {
	if r := []rune(text); len(r) > n {
		return string(r[:n]) + "…"
	}
	return text
}

// tableText writes rows as a table that can be pasted into a spreadsheet, for showing it again. Card numbers are not sent back.
func tableText(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		if i > 0 {
			b.WriteByte('\n')
		}
		for k, cell := range row {
			if k > 0 {
				b.WriteByte('\t')
			}
			fmt.Fprint(&b, registration.WithoutCardNumbers(strings.TrimSuffix(cleaned(cell, registration.CleanLine), badText)))
		}
	}
	return b.String()
}
