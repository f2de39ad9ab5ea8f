package handlers

import (
	"slices"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// Kinds of columns of a list of people; the id tells which field, extra or question.
const (
	columnIgnored  = "ignored" // a running number, a remark
	columnField    = "field"   // name, email, or a field of a person
	columnCategory = "category"
	columnExtra    = "extra"
	columnAnswer   = "answer"
	columnPapers   = "papers" // numbers of papers that the person covers
	columnMember   = "member" // a member number
)

// listColumn is what a column of a list holds.
type listColumn struct{ kind, id string }

// columnWords are the headers that people write over the fields of a person, besides the labels of our own form.
var columnWords = map[string][]string{
	"name":                          {"성명", "이름", "성함", "참가자", "참가자명", "국문성명", "name", "fullname", "participant"},
	"email":                         {"이메일", "이메일주소", "메일", "전자우편", "email", "emailaddress", "mail"},
	registration.FieldFamilyName:    {"영문성", "familyname", "lastname", "surname"},
	registration.FieldGivenName:     {"영문이름", "givenname", "givennames", "firstname"},
	registration.FieldTitle:         {"직함", "직위", "title", "position"},
	registration.FieldAffiliation:   {"소속", "기관", "소속기관", "affiliation", "organization", "organisation", "institution"},
	registration.FieldAffiliationEn: {"영문소속", "affiliationinenglish"},
	registration.FieldCountry:       {"국가", "국적", "country"},
	registration.FieldPhone:         {"휴대전화", "전화", "전화번호", "연락처", "휴대폰", "phone", "mobile", "tel"},
	registration.FieldBadgeName:     {"명찰", "명찰이름", "badge", "badgename", "nameonbadge"},
}

// listWords are the columns that a list for an event may have, by the headers that name them.
type listWords map[string]listColumn

// knownColumns are the columns that a list for the event may have. The names that our page gives them come first, then whatever the event
// calls something, and last what people write besides.
func knownColumns(e *registration.Event) listWords {
	known := listWords{}
	add := func(c listColumn, headers ...string) {
		for _, h := range headers {
			if h = registration.PlainWord(h); h != "" && known[h].kind == "" {
				known[h] = c
			}
		}
	}
	needed, possible := listColumns(e)
	all := append(needed, possible...)
	for _, asked := range []bool{false, true} {
		for _, c := range all {
			if c.asked() == asked {
				add(c, columnName(registration.Korean, e, c), columnName(registration.English, e, c))
			}
		}
	}
	for _, c := range all {
		if c.asked() {
			add(c, c.id)
			known[c.sure()] = c
		}
	}
	for field, headers := range columnWords {
		add(listColumn{columnField, field}, headers...)
	}
	for _, field := range views.PersonFieldNames {
		add(listColumn{columnField, field}, field, views.PersonLabel(registration.Korean, field), views.PersonLabel(registration.English, field))
	}
	add(listColumn{kind: columnCategory}, "등록 구분", "구분", "참가 구분", "category", "type")
	add(listColumn{kind: columnIgnored}, "no", "no.", "번호", "순번", "연번", "비고", "메모", "note", "remark", "memo")
	add(listColumn{kind: columnPapers}, "논문 번호", "논문", "paper", "papers", "paper number", "paper numbers", "paper no.", "paper ID")
	add(listColumn{kind: columnMember}, "회원 번호", "member number", "membership number", "member no.", "member ID")
	return known
}

// asked reports whether the event names the column itself.
func (c listColumn) asked() bool { return c.kind == columnExtra || c.kind == columnAnswer }

// sure is a header of an extra or a question that cannot name anything else.
func (c listColumn) sure() string { return c.kind + "." + c.id }

// of is the column that a header names.
func (w listWords) of(header string) listColumn {
	if c, is := w[strings.ToLower(header)]; is {
		return c
	}
	return w[registration.PlainWord(header)]
}

// title is the header of a column in an empty list, and in sentences: its name, or the id of an extra or a question whose name is that of
// another column.
func (w listWords) title(l registration.Lang, e *registration.Event, c listColumn) string {
	for _, header := range []string{columnName(l, e, c), c.id} {
		if w.of(header) == c {
			return header
		}
	}
	return c.sure()
}

// takesColumn reports whether a list for the event may have a column that the event asks for.
func takesColumn(e *registration.Event, c listColumn) bool {
	switch c.kind {
	case columnPapers:
		return len(e.Papers.Categories) > 0
	case columnMember:
		return slices.ContainsFunc(e.Categories, func(g registration.Category) bool { return g.Wants() == registration.EvidenceMemberNumber })
	}
	if c.kind != columnField || c.id == "name" || c.id == "email" {
		return true
	}
	return slices.ContainsFunc(e.PersonFields(), func(f registration.PersonField) bool { return f.Name == c.id })
}

// columnName is how a column is named in sentences about it.
func columnName(l registration.Lang, e *registration.Event, c listColumn) string {
	switch c.kind {
	case columnCategory:
		return views.T(l, "register.category")
	case columnPapers:
		return views.T(l, "group.papers")
	case columnMember:
		return views.T(l, "evidence.number")
	case columnExtra:
		return e.Extra(c.id).Name.In(l)
	case columnAnswer:
		return e.Question(c.id).Label.In(l)
	case columnField:
		if c.id == "name" || c.id == "email" {
			return views.T(l, "register."+c.id+".short")
		}
		return views.PersonLabel(l, c.id)
	}
	return ""
}

// listColumns are the columns that a list for the event should have, the needed ones first.
func listColumns(e *registration.Event) (needed, possible []listColumn) {
	needed = []listColumn{{columnField, "name"}, {columnField, "email"}, {kind: columnCategory}}
	for _, f := range e.PersonFields() {
		possible = append(possible, listColumn{columnField, f.Name})
	}
	for _, kind := range []string{columnPapers, columnMember} {
		if c := (listColumn{kind: kind}); takesColumn(e, c) {
			possible = append(possible, c)
		}
	}
	for _, x := range e.Extras {
		possible = append(possible, listColumn{columnExtra, x.ID})
	}
	for _, q := range e.Questions {
		switch c := (listColumn{columnAnswer, q.ID}); {
		case q.Per != registration.PerPerson || q.Kind == registration.AskFile: // files come from each person's own page
		case q.If == nil && len(q.Categories) == 0 && answeredInList(e, &q):
			needed = append(needed, c)
		default:
			possible = append(possible, c)
		}
	}
	return needed, possible
}

// columnTitles are the headers of listColumns in language l; a list with them is read as what they say.
func columnTitles(l registration.Lang, e *registration.Event) (needed, possible []string) {
	known := knownColumns(e)
	titles := func(columns []listColumn) (all []string) {
		for _, c := range columns {
			all = append(all, known.title(l, e, c))
		}
		return all
	}
	must, may := listColumns(e)
	return titles(must), titles(may)
}
