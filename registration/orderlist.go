package registration

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// OrderEntry is one row of a list of people who are to be registered.
type OrderEntry struct {
	Row     int // counted from 1, as a spreadsheet does
	Person  Person
	Lang    Lang // "" when the list does not say
	Cart    Cart
	Answers Answers // of the person
	Papers  []string
}

// Fields of a list of people.
const (
	listName     = "name"
	listEmail    = "email"
	listOrg      = "organization"
	listPhone    = "phone"
	listCountry  = "country"
	listLang     = "lang"
	listCategory = "category"
	listPapers   = "papers"
)

var orderHeaders = Headers{
	listName:     {"name", "fullname", "성명", "이름", "참가자", "등록자"},
	listEmail:    {"email", "emailaddress", "이메일", "메일", "이메일주소", "전자우편"},
	listOrg:      {"affiliation", "organization", "institution", "소속", "기관", "소속기관"},
	listPhone:    {"phone", "mobile", "telephone", "전화", "휴대전화", "연락처", "전화번호"},
	listCountry:  {"country", "국가", "국가코드"},
	listLang:     {"language", "lang", "언어"},
	listCategory: {"category", "등록구분", "구분", "type", "종류"},
	listPapers:   {"papers", "papernumbers", "paper", "논문", "논문번호"},
}

// OrderReader reads lists of people for one event.
type OrderReader struct {
	event      *Event
	headers    Headers
	categories map[string]string // by what may stand in the column
	header     []string
	columns    Columns
	list       OrderList
}

// NewOrderReader makes a reader that knows the event's categories, extras and questions by their ids and names.
func NewOrderReader(e *Event) *OrderReader {
	r := &OrderReader{event: e, headers: Headers{}, categories: map[string]string{}}
	for field, words := range orderHeaders {
		r.headers[field] = words
	}
	for _, x := range e.Extras {
		r.headers["extra."+x.ID] = headerWords("extra."+x.ID, x.ID, x.Name.Ko, x.Name.En)
	}
	for _, q := range e.Questions {
		if q.Per != PerOrder && q.Kind != AskFile {
			r.headers["answer."+q.ID] = headerWords("answer."+q.ID, q.ID, q.Label.Ko, q.Label.En)
		}
	}
	for _, c := range e.Categories {
		for _, word := range headerWords(c.ID, c.Name.Ko, c.Name.En) {
			r.categories[word] = c.ID
		}
	}
	return r
}

// headerWords are texts as headers are compared.
func headerWords(texts ...string) []string {
	var words []string
	for _, t := range texts {
		if w := headerWord(t); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// OrderList is what a file of people holds.
type OrderList struct {
	Entries  []OrderEntry    // rows that can be taken
	Faulty   []OrderEntry    // rows with a mistake, as far as they can be read
	Problems []ImportProblem // every mistake of those, by row

	Known, Unknown []string // names of the columns that are read, and of those that are not, in the order of the file
	Missing        []string // of "name", "email" and "category" those without a column; then no row is read
}

// Read reads the rows of a list below its header. ok is false when no header is found that names people, their addresses and their
// categories.
func (r *OrderReader) Read(rows [][]string) (list OrderList, ok bool) {
	header, columns := r.headers.Find(rows)
	r.list = OrderList{}
	r.list.Known, r.list.Unknown = columnNames(rows, header, columns)
	for _, need := range []string{listName, listEmail, listCategory} {
		if _, has := columns[need]; !has {
			r.list.Missing = append(r.list.Missing, need)
		}
	}
	if len(r.list.Missing) > 0 {
		return r.list, false
	}
	r.header, r.columns = rows[header], columns
	seen := map[string]int{}
	for i := header + 1; i < len(rows); i++ {
		if strings.TrimSpace(strings.Join(rows[i], "")) == "" {
			continue
		}
		before := len(r.list.Problems)
		e := r.entry(i+1, rows[i])
		if len(r.list.Problems) > before || len(e.shared(seen)) > 0 {
			r.list.Faulty = append(r.list.Faulty, e)
		} else {
			e.claim(seen)
			r.list.Entries = append(r.list.Entries, e)
		}
	}
	r.twice(seen)
	SortProblems(r.list.Problems)
	return r.list, true
}

// claims are what only one row of a list may have: its address and its papers.
func (e *OrderEntry) claims() []string {
	claims := slices.Clone(e.Papers)
	if e.Person.Email != "" {
		claims = append(claims, strings.ToLower(e.Person.Email)) // no paper has an @
	}
	return claims
}

// shared are those of its claims that a row before has, by row.
func (e *OrderEntry) shared(seen map[string]int) []string {
	return slices.DeleteFunc(e.claims(), func(c string) bool { return seen[c] == 0 })
}

func (e *OrderEntry) claim(seen map[string]int) {
	for _, c := range e.claims() {
		seen[c] = e.Row
	}
}

// twice names the rows left out whose address or paper another row has. It is they that are left out, wherever the other one stands.
func (r *OrderReader) twice(seen map[string]int) {
	for _, e := range r.list.Faulty {
		for _, c := range e.shared(seen) {
			key := "import.papers.twice"
			if strings.Contains(c, "@") {
				key, c = "import.order.twice", e.Person.Email
			}
			r.failOf(ImportProblem{Row: e.Row, Key: key, Text: c, N: int64(seen[strings.ToLower(c)])})
		}
		e.claim(seen)
	}
}

func (r *OrderReader) fail(row int, key, text string) {
	r.failOf(ImportProblem{Row: row, Key: key, Text: text})
}

func (r *OrderReader) failOf(p ImportProblem) { r.list.Problems = AddProblem(r.list.Problems, p) }

// entry reads one row, and names all that is wrong with it.
func (r *OrderReader) entry(row int, cells []string) OrderEntry {
	at := func(field string) string { return r.columns.At(cells, field) }
	e := OrderEntry{Row: row, Person: Person{Name: at(listName), Affiliation: at(listOrg), Country: strings.ToUpper(at(listCountry))}}
	if e.Person.Name == "" {
		r.fail(row, "import.order.name", "")
	}
	for i, text := range [...]string{e.Person.Name, e.Person.Affiliation} {
		if utf8.RuneCountInString(text) > 60*(i+1) {
			r.fail(row, "import.long", text)
		}
	}
	if slices.ContainsFunc(cells, HoldsCardNumber) {
		r.fail(row, "import.card", e.Person.Name)
	}
	if email, _ := CleanEmail(at(listEmail)); IsEmail(email) {
		e.Person.Email = email
	} else if at(listEmail) == "" {
		r.fail(row, "import.order.email", "")
	} else {
		r.fail(row, "import.paper.email", at(listEmail))
	}
	if c := e.Person.Country; c != "" && !isCountryCode(c) {
		r.fail(row, "import.order.country", at(listCountry))
	}
	var ok bool
	if phone := at(listPhone); phone != "" {
		if e.Person.Phone, ok = CleanPhone(ListedPhone(phone)); !ok {
			r.fail(row, "import.order.phone", phone)
		}
	}
	if e.Lang, ok = langWords[strings.ToLower(at(listLang))]; !ok {
		r.fail(row, "import.order.lang", at(listLang))
	}
	r.choices(&e, cells)
	r.answers(&e, cells)
	return e
}

// isCountryCode reports whether a text looks like a country's code.
func isCountryCode(s string) bool {
	return len(s) == 2 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

var langWords = map[string]Lang{"": "", "ko": Korean, "한국어": Korean, "국문": Korean, "korean": Korean, "en": English, "영어": English, "영문": English, "english": English}

// choices reads what the person of a row takes.
func (r *OrderReader) choices(e *OrderEntry, cells []string) {
	category := r.columns.At(cells, listCategory)
	e.Cart = Cart{Category: r.categories[headerWord(category)], Extras: map[string]int64{}}
	switch {
	case category == "":
		r.fail(e.Row, "import.order.category_missing", "")
	case e.Cart.Category == "":
		r.fail(e.Row, "import.order.category", category)
	}
	before := len(r.list.Problems)
	for i := range r.event.Extras {
		r.extra(e, cells, &r.event.Extras[i])
	}
	var bad string
	if e.Papers, bad = PaperNumbers(r.columns.At(cells, listPapers)); bad != "" {
		r.fail(e.Row, "import.paper.number", bad)
	} else if e.Cart.Category != "" && len(r.list.Problems) == before {
		r.papers(e)
	}
}

// papers checks whether the person of a row covers so many papers.
func (r *OrderReader) papers(e *OrderEntry) {
	p := ImportProblem{Row: e.Row, Text: strings.Join(e.Papers, ", ")}
	switch r.event.Papers.Wrong(e.Cart, len(e.Papers)) {
	case PapersNone:
		p.Key = "import.papers.none"
	case PapersNeeded:
		p.Key = "import.papers.needed"
	case PapersPage:
		p.Key = "import.papers.page"
	case PapersLimit:
		p.Key, p.N = "import.papers.limit", r.event.Papers.Limit(e.Cart.Extras)
	default:
		return
	}
	r.failOf(p)
}

// extra reads how many of an extra the person of a row takes.
func (r *OrderReader) extra(e *OrderEntry, cells []string, x *Extra) {
	field := "extra." + x.ID
	word := r.columns.At(cells, field)
	if word == "" || word == "0" {
		return
	}
	n, err := strconv.ParseInt(word, 10, 32)
	switch {
	case err != nil || n < 0 || n > int64(x.Max):
		r.failOf(ImportProblem{Row: e.Row, Key: "import.order.extra", Text: r.named(field, word), N: int64(x.Max)})
	case n > 0 && e.Cart.Category != "" && !x.For(e.Cart.Category):
		r.fail(e.Row, "import.order.extra_category", r.columns.At(r.header, field))
	default:
		e.Cart.Extras[x.ID] = n
	}
}

// named is what stands in a cell, after the name of its column.
func (r *OrderReader) named(field, word string) string {
	return r.columns.At(r.header, field) + ": " + word
}

// answers reads the answers of a row; what is needed of attendees may be left open here.
func (r *OrderReader) answers(e *OrderEntry, cells []string) {
	for i := range r.event.Questions {
		q := &r.event.Questions[i]
		word := r.columns.At(cells, "answer."+q.ID)
		if word == "" || q.Per == PerOrder {
			continue
		}
		values, ok := answersNamed(q, word)
		if !ok || q.Check(values) != "" {
			r.fail(e.Row, "import.order.answer", r.named("answer."+q.ID, word))
			continue
		}
		if e.Answers == nil {
			e.Answers = Answers{}
		}
		e.Answers[q.ID] = values
	}
}

// answersNamed turns what stands in a cell into the answer to a question; ok is false for what can be none.
func answersNamed(q *Question, word string) (values []string, ok bool) {
	values = []string{word}
	switch q.Kind {
	case AskPhone:
		values[0], ok = CleanPhone(ListedPhone(word))
		return values, ok
	case AskCountry:
		values[0] = strings.ToUpper(word)
		return values, isCountryCode(values[0])
	case AskChoice, AskMany:
		values = q.OptionsIn(word)
	case AskNumber, AskDate, AskText, AskFile:
	}
	return values, true
}
