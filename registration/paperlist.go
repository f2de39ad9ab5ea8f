package registration

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Paper is one accepted paper of an event.
type Paper struct {
	Number   string // as CleanPaper writes it
	Title    string
	Authors  string
	Contacts []PaperContact // whom mails about it go to
}

// PaperContact is a contact author.
type PaperContact struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email"`
}

// PaperList is what a file of papers holds.
type PaperList struct {
	Papers   []Paper         // in the order of the file, each once
	Titled   bool            // the file has titles; one without only tells contacts of papers that are known
	Refused  int             // rows of papers that were not accepted
	Problems []ImportProblem // every mistake of rows that cannot be read; they are left out
}

// Fields of a file of papers.
const (
	paperNo       = "number"
	paperTitle    = "title"
	paperAuthors  = "authors"
	paperEmail    = "email"
	paperName     = "name"
	paperFirst    = "first"
	paperLast     = "last"
	paperContact  = "contact"
	paperDecision = "decision"
	paperDeleted  = "deleted"
)

// paperHeaders are the words above each field: those of HotCRP's and EasyChair's files, and those that people write.
var paperHeaders = Headers{
	paperNo: {"paper", "#", "submission#", "paper#", "id", "pid", "paperid", "number", "paperno", "papernumber", "submission", "submissionid", "no", "번호",
		"논문번호", "접수번호", "논문id", "발표번호"},
	paperTitle:    {"title", "papertitle", "제목", "논문제목", "논문명", "발표제목"},
	paperAuthors:  {"authors", "author", "authorlist", "저자", "저자명", "저자들"},
	paperEmail:    {"email", "contactemail", "contactauthoremail", "correspondingemail", "correspondingauthoremail", "이메일", "연락이메일", "교신저자이메일", "저자이메일", "메일"},
	paperName:     {"name", "contact", "contactname", "contactauthor", "correspondingauthor", "이름", "성명", "교신저자", "연락저자", "담당저자"},
	paperFirst:    {"first", "firstname", "givenname"},
	paperLast:     {"last", "lastname", "familyname", "surname"},
	paperContact:  {"iscontact", "corresponding?", "corresponding", "contact?"},
	paperDecision: {"decision", "status", "판정", "심사결과", "결과", "채택여부"},
	paperDeleted:  {"deleted?", "deleted"},
}

// Most characters of a paper's title and of its authors.
const (
	MaxPaperTitle   = 500
	MaxPaperAuthors = 2000
)

// ReadPapers reads a file of accepted papers by the words in its header: HotCRP's list of authors, EasyChair's tables of submissions
// and of authors, or columns for number, title and the contact's e-mail address. Rows of one paper are one paper. ok is false when no
// header is found that names the numbers.
func ReadPapers(rows [][]string) (list PaperList, ok bool) {
	header, columns := paperHeaders.Find(rows)
	if _, has := columns[paperNo]; !has {
		return PaperList{}, false
	}
	r := paperReader{columns: columns, at: map[string]int{}}
	_, r.list.Titled = columns[paperTitle]
	for i := header + 1; i < len(rows); i++ {
		r.row(i+1, rows[i])
	}
	return r.finished(), true
}

// paperReader gathers papers row by row.
type paperReader struct {
	columns Columns
	list    PaperList
	at      map[string]int // paper's number -> place in the list
	spare   []PaperContact // of each paper, the first address that is not marked as a contact's
	listed  []bool         // of each paper, its authors stand in one field
}

func (r *paperReader) fail(row int, key, text string) {
	r.list.Problems = AddProblem(r.list.Problems, ImportProblem{Row: row, Key: key, Text: text})
}

// row reads one line of the file, and names all that is wrong with it.
func (r *paperReader) row(n int, cells []string) {
	if strings.TrimSpace(strings.Join(cells, "")) == "" {
		return
	}
	at := func(field string) string { return r.columns.At(cells, field) }
	number, ok := CleanPaper(at(paperNo))
	if ok && (isYes(at(paperDeleted)) || !accepted(at(paperDecision))) {
		r.list.Refused++
		return
	}
	before := len(r.list.Problems)
	p := Paper{Number: number, Title: at(paperTitle), Authors: at(paperAuthors)}
	switch {
	case at(paperNo) == "":
		r.fail(n, "import.paper.number_missing", "")
	case !ok:
		r.fail(n, "import.paper.number", at(paperNo))
	}
	if r.list.Titled && p.Title == "" {
		r.fail(n, "import.paper.title", number)
	}
	if utf8.RuneCountInString(p.Title) > MaxPaperTitle || utf8.RuneCountInString(p.Authors) > MaxPaperAuthors {
		r.fail(n, "import.long", number)
	}
	if slices.ContainsFunc(cells, HoldsCardNumber) {
		r.fail(n, "import.card", number)
	}
	contacts, marked := r.contacts(n, cells)
	if i, known := r.at[number]; known && r.list.Papers[i].Title != p.Title {
		r.fail(n, "import.paper.twice", number)
	}
	if len(r.list.Problems) == before {
		r.paper(p, cells, contacts, marked)
	}
}

// paper adds a row to its paper.
func (r *paperReader) paper(p Paper, cells []string, contacts []PaperContact, marked bool) {
	i, known := r.at[p.Number]
	if !known {
		i = len(r.list.Papers)
		r.at[p.Number] = i
		r.list.Papers = append(r.list.Papers, p)
		r.spare, r.listed = append(r.spare, PaperContact{}), append(r.listed, p.Authors != "")
	}
	of := &r.list.Papers[i]
	if name := r.person(cells); !r.listed[i] && name != "" && !strings.HasPrefix(strings.ToLower(r.columns.At(cells, paperContact)), "nonauthor") {
		of.Authors = strings.TrimPrefix(of.Authors+", "+name, ", ")
	}
	for _, c := range contacts {
		switch {
		case marked && !slices.ContainsFunc(of.Contacts, func(o PaperContact) bool { return strings.EqualFold(o.Email, c.Email) }):
			of.Contacts = append(of.Contacts, c)
		case r.spare[i].Email == "":
			r.spare[i] = c
		}
	}
}

// contacts are the addresses in row n; those that are none are named. marked tells whether they are contacts: without a column that says so, those of a list of people
// are not, and those of a list of papers are.
func (r *paperReader) contacts(n int, cells []string) (list []PaperContact, marked bool) {
	text, name := r.columns.At(cells, paperEmail), r.person(cells)
	if text == "" && strings.Contains(name, "@") {
		text, name = name, ""
	}
	parts := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(" ,;", c) })
	if text != "" && !strings.Contains(text, "@") {
		parts = []string{text} // words, none of them an address
	}
	for _, part := range parts {
		email, ok := CleanEmail(part)
		if !ok || !IsEmail(email) {
			r.fail(n, "import.paper.email", part)
			continue
		}
		list = append(list, PaperContact{Name: clipped(name, 60), Email: email})
	}
	if _, says := r.columns[paperContact]; says {
		flag := strings.ToLower(r.columns.At(cells, paperContact))
		return list, isYes(flag) || strings.HasPrefix(flag, "nonauthor") || flag == "contact_only"
	}
	_, people := r.columns[paperLast]
	return list, !people
}

// person is the name in a row of people.
func (r *paperReader) person(cells []string) string {
	if name := r.columns.At(cells, paperName); name != "" {
		return name
	}
	return strings.TrimSpace(r.columns.At(cells, paperFirst) + " " + r.columns.At(cells, paperLast))
}

// finished gives the list, with somebody to write to wherever an address is known.
func (r *paperReader) finished() PaperList {
	for i := range r.list.Papers {
		p := &r.list.Papers[i]
		if len(p.Contacts) == 0 && r.spare[i].Email != "" {
			p.Contacts = []PaperContact{r.spare[i]}
		}
		p.Authors = clipped(p.Authors, MaxPaperAuthors)
	}
	return r.list
}

// accepted reports whether a decision is that the paper was accepted; a list that tells none is one of accepted papers.
func accepted(decision string) bool {
	d := strings.ToLower(decision)
	if d == "" {
		return true
	}
	for _, no := range []string{"reject", "not accept", "withdraw", "미채택", "불채택", "탈락", "반려"} {
		if strings.Contains(d, no) {
			return false
		}
	}
	return strings.Contains(d, "accept") || strings.Contains(d, "채택") || strings.Contains(d, "게재") || strings.Contains(d, "승인")
}
