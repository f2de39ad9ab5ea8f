package registration

// The titles of a list's columns in both languages, as orderHeaders knows them.
var listTitles = []struct {
	field string
	title Text
}{
	{listName, Text{Ko: "성명", En: "Name"}},
	{listEmail, Text{Ko: "이메일", En: "Email"}},
	{listCategory, Text{Ko: "등록 구분", En: "Category"}},
	{listOrg, Text{Ko: "소속", En: "Affiliation"}},
	{listPhone, Text{Ko: "휴대전화", En: "Phone"}},
	{listCountry, Text{Ko: "국가", En: "Country"}},
	{listLang, Text{Ko: "언어", En: "Language"}},
	{listPapers, Text{Ko: "논문 번호", En: "Papers"}},
}

// ListTitles are the titles of all columns that a list of people for the event can have, in language l, so that an OrderReader reads each
// of them as what it is. Extras and questions that are called like something else stand there by their ids.
func ListTitles(e *Event, l Lang) []string {
	r := NewOrderReader(e)
	var fields, titles []string
	add := func(field, title string) { fields, titles = append(fields, field), append(titles, title) }
	for _, t := range listTitles {
		if t.field != listPapers || len(e.Papers.Categories) > 0 {
			add(t.field, t.title.In(l))
		}
	}
	for _, x := range e.Extras {
		add("extra."+x.ID, x.Name.In(l))
	}
	for _, q := range e.Questions {
		if _, read := r.headers["answer."+q.ID]; read {
			add("answer."+q.ID, q.Label.In(l))
		}
	}
	for i, found := range fields {
		if r.headers.columns(titles)[found] != i {
			titles[i] = found
		}
	}
	return titles
}
