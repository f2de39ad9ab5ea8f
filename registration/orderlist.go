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
	columns    Columns
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
		if q.Per != PerOrder {
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

// Read reads the rows of a list below its header. Rows that cannot be read are named and left out. ok is false when no header is found
// that names people, their addresses and their categories.
func (r *OrderReader) Read(rows [][]string) (entries []OrderEntry, problems []ImportProblem, ok bool) {
	var header int
	header, r.columns = r.headers.Find(rows)
	for _, need := range []string{listName, listEmail, listCategory} {
		if _, has := r.columns[need]; !has {
			return nil, nil, false
		}
	}
	seen := map[string]bool{}
	for i := header + 1; i < len(rows); i++ {
		if strings.TrimSpace(strings.Join(rows[i], "")) == "" {
			continue
		}
		e, key, text := r.entry(rows[i])
		e.Row = i + 1
		if email := strings.ToLower(e.Person.Email); key == "" && seen[email] {
			key, text = "import.order.twice", e.Person.Email
		} else if key == "" {
			seen[email] = true
		}
		if key != "" {
			problems = append(problems, ImportProblem{Row: i + 1, Key: key, Text: clipped(text, 80)})
			continue
		}
		entries = append(entries, e)
	}
	return entries, problems, true
}

// entry reads one row; key says what is wrong with it.
func (r *OrderReader) entry(cells []string) (e OrderEntry, key, text string) {
	at := func(field string) string { return r.columns.At(cells, field) }
	email, _ := CleanEmail(at(listEmail))
	e.Person = Person{Name: at(listName), Email: email, Affiliation: at(listOrg), Country: strings.ToUpper(at(listCountry))}
	switch {
	case slices.ContainsFunc(cells, HoldsCardNumber):
		return e, "import.card", e.Person.Name
	case e.Person.Name == "":
		return e, "import.order.name", ""
	case utf8.RuneCountInString(e.Person.Name) > 60 || utf8.RuneCountInString(e.Person.Affiliation) > 120:
		return e, "import.long", e.Person.Name
	case !IsEmail(email):
		return e, "import.paper.email", at(listEmail)
	case e.Person.Country != "" && (len(e.Person.Country) != 2 || strings.Trim(e.Person.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != ""):
		return e, "import.order.country", at(listCountry)
	}
	if phone := at(listPhone); phone != "" {
		var ok bool
		if e.Person.Phone, ok = CleanPhone(phone); !ok {
			return e, "import.order.phone", phone
		}
	}
	var ok bool
	if e.Lang, ok = langWords[strings.ToLower(at(listLang))]; !ok {
		return e, "import.order.lang", at(listLang)
	}
	return r.choices(e, cells)
}

var langWords = map[string]Lang{"": "", "ko": Korean, "한국어": Korean, "국문": Korean, "korean": Korean, "en": English, "영어": English, "영문": English, "english": English}

// choices reads what the person of a row takes and answers.
func (r *OrderReader) choices(e OrderEntry, cells []string) (_ OrderEntry, key, text string) {
	at := func(field string) string { return r.columns.At(cells, field) }
	category, ok := r.categories[headerWord(at(listCategory))]
	if !ok {
		return e, "import.order.category", at(listCategory)
	}
	e.Cart = Cart{Category: category, Extras: map[string]int64{}}
	for _, x := range r.event.Extras {
		word := at("extra." + x.ID)
		if word == "" || word == "0" {
			continue
		}
		n, err := strconv.ParseInt(word, 10, 32)
		if err != nil || n < 0 || n > int64(x.Max) {
			return e, "import.order.extra", word
		}
		e.Cart.Extras[x.ID] = n
	}
	var bad string
	if e.Papers, bad = PaperNumbers(at(listPapers)); bad != "" {
		return e, "import.paper.number", bad
	}
	if len(e.Papers) > 0 && !r.event.Papers.Any() {
		return e, "import.paper.number", at(listPapers)
	}
	return r.answers(e, cells)
}

// answers reads the answers of a row; what is needed of attendees may be left open here.
func (r *OrderReader) answers(e OrderEntry, cells []string) (_ OrderEntry, key, text string) {
	for i := range r.event.Questions {
		q := &r.event.Questions[i]
		word := r.columns.At(cells, "answer."+q.ID)
		if word == "" || q.Per == PerOrder {
			continue
		}
		values := []string{word}
		if q.Kind == AskMany {
			values = strings.FieldsFunc(word, func(c rune) bool { return c == ',' || c == ';' })
		}
		for n, v := range values {
			values[n] = optionNamed(q, strings.TrimSpace(v))
		}
		if wrong := q.Check(values); wrong != "" {
			return e, "import.order.answer", word
		}
		if e.Answers == nil {
			e.Answers = Answers{}
		}
		e.Answers[q.ID] = values
	}
	return e, "", ""
}

// optionNamed is the id of the option that is called so; the word itself when none is.
func optionNamed(q *Question, word string) string {
	for _, o := range q.Options {
		if word == o.Label.Ko || strings.EqualFold(word, o.Label.En) || word == o.ID {
			return o.ID
		}
	}
	return word
}
