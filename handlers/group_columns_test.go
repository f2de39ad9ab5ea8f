package handlers

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/views"
)

// builtInWords are all headers that a list for any event knows without being told.
func builtInWords() (words []string) {
	for field, headers := range columnWords {
		words = append(append(words, field), headers...)
	}
	for _, field := range views.PersonFieldNames {
		words = append(words, field, views.PersonLabel(registration.Korean, field), views.PersonLabel(registration.English, field))
	}
	needed, possible := listColumns(&registration.Event{Papers: registration.Papers{Categories: []string{"member"}}})
	for _, c := range append(needed, possible...) {
		words = append(words, columnName(registration.Korean, &registration.Event{}, c), columnName(registration.English, &registration.Event{}, c))
	}
	return append(words, "구분", "참가 구분", "Type", "No.", "번호", "순번", "연번", "비고", "메모", "Note", "remark", "memo", "논문", "paper", "Paper ID", "회원 번호",
		"member number", "member ID", "✓", "one", "answer.one", "extra.x", "x")
}

// fieldsAsked are ways in which an event asks for the details of a person.
func fieldsAsked() []registration.PersonForm {
	return []registration.PersonForm{{}, {PassportName: registration.AskAlways, Title: registration.AskIfWanted, AffiliationEn: registration.AskIfWanted,
		Country: registration.AskAlways, Phone: registration.AskIfWanted, BadgeName: registration.AskIfWanted}}
}

func TestWhateverAnEventCallsItsQuestionsTheEmptyListIsReadAsWhatItSays(t *testing.T) {
	text := func(s string) registration.Text { return registration.Text{Ko: s, En: s} }
	for _, fields := range fieldsAsked() {
		for _, word := range builtInWords() {
			e := groupEvent()
			e.Person = fields
			e.Papers.Categories = []string{"student"}
			e.Extras = []registration.Extra{{ID: "x", Name: text(word), Max: 9}, {ID: "y", Name: text("만찬"), Max: 9}}
			e.Questions = []registration.Question{
				{ID: "one", Label: text(word), Kind: registration.AskText, Per: registration.PerPerson},
				{ID: "country", Label: registration.Text{Ko: "국적", En: word}, Kind: registration.AskText, Per: registration.PerPerson},
				{ID: "name", Label: text("성명"), Kind: registration.AskText, Per: registration.PerPerson},
				{ID: "meal", Label: text(word), Kind: registration.AskChoice, Per: registration.PerPerson, Required: true, Options: []registration.Option{{ID: "fish"}}},
			}
			e.Quotas = append(e.Quotas, registration.Quota{ID: "fish", Places: 5, Of: []string{"meal.fish"}})
			for _, l := range []registration.Lang{registration.Korean, registration.English} {
				needed, possible := columnTitles(l, &e)
				r := &listReader{event: &e, lang: l, known: knownColumns(&e)}
				if titles := append(needed, possible...); !r.header(titles, 1) {
					t.Fatalf("%s: the list %q is refused: %v", word, titles, r.problems)
				}
				must, may := listColumns(&e)
				if want := append(must, may...); !slices.Equal(r.columns, want) {
					t.Errorf("%s: columns are read as %v, want %v", word, r.columns, want)
				}
			}
		}
	}
}

func TestWhatAnEventNamesWinsOverWhatPeopleUsuallyMean(t *testing.T) {
	for _, word := range []string{"메모", "Note", "비고", "remark", "memo", "번호", "No.", "국적", "Nationality", "Type", "구분", "Position", "직위", "참가자", "메일"} {
		e := groupEvent()
		e.Person.Country = registration.AskAlways
		e.Questions = []registration.Question{{ID: "q", Label: registration.Text{Ko: word, En: word}, Kind: registration.AskText, Per: registration.PerPerson}}
		rows := [][]string{{"성명", "이메일", "등록 구분", "국가", word}, {"홍길동", "a@example.org", "student", "KR", "여기"}}
		people, problems := readList(&e, registration.English, rows, nil)
		if len(problems) > 0 || len(people) != 1 || fmt.Sprint(people[0].Answers, " ", people[0].Person.Country) != "map[q:[여기]] KR" {
			t.Errorf("%s: %+v %v", word, people, problems)
		}
	}
}

func TestAQuestionThatIsCalledLikeAnotherColumnIsOfferedByItsID(t *testing.T) {
	s := newSite(t)
	e := groupEvent()
	e.Questions = []registration.Question{{ID: "kind", Label: registration.Text{Ko: "등록 구분", En: "Category"}, Kind: registration.AskNumber, Per: registration.PerPerson}}
	s.apply(e)
	b := s.browser()
	head, _, _ := strings.Cut(b.get(groupPath+"/sample.csv").want(200).body, "\n")
	if !strings.Contains(head, "Category,") || !strings.HasSuffix(strings.TrimSpace(head), ",kind") {
		t.Fatalf("the empty list has %q", head)
	}
	people := list("Name,Email,Category,kind", "a,a@example.org,student,many")
	if said := b.submit(b.get(groupPath), "main", people).want(422).doc().Find("#problems").Text(); !strings.Contains(said, "Row 2, kind") {
		t.Errorf("the page says %q", said)
	}
}

func TestOptionsWithCommasAreReadInTheListOfAGroup(t *testing.T) {
	e := groupEvent()
	text := func(s string) registration.Text { return registration.Text{Ko: s, En: s} }
	e.Questions = []registration.Question{{ID: "drinks", Label: text("Drinks"), Kind: registration.AskMany, Per: registration.PerPerson, Options: []registration.Option{
		{ID: "hot", Label: text("Tea / coffee")}, {ID: "wine", Label: text("Wine, beer")}}}}
	rows := [][]string{{"Name", "Email", "Category", "Drinks"}, {"A", "a@example.org", "student", "Tea / coffee; Wine, beer"}}
	people, problems := readList(&e, registration.English, rows, nil)
	if len(problems) > 0 || len(people) != 1 || !slices.Equal(people[0].Answers["drinks"], []string{"hot", "wine"}) {
		t.Errorf("read %+v with %v", people, problems)
	}
}

func TestCellsForQuestionsThatAreNotAskedAreToldByRow(t *testing.T) {
	s := newSite(t)
	e := groupEvent()
	text := func(s string) registration.Text { return registration.Text{Ko: s, En: s} }
	e.Questions = append(e.Questions,
		registration.Question{ID: "thesis", Label: text("Thesis"), Kind: registration.AskText, Per: registration.PerPerson, Categories: []string{"student"}},
		registration.Question{ID: "seat", Label: text("Seat"), Kind: registration.AskText, Per: registration.PerPerson, If: &registration.Condition{Question: "bus", Is: []string{"yes"}}},
	)
	s.apply(e)
	b := s.browser()
	head, not := "Name,Email,Category,Shuttle bus,Stop,Thesis", "This is not asked of this participant. Leave it empty."
	for row, want := range map[string]string{
		"a,a@example.org,student,no,Central,":   "Row 2, Stop: " + not,
		"a,a@example.org,student,,Central,":     "Row 2, Stop: " + not,
		"a,a@example.org,guest,no,,Graphs":      "Row 2, Thesis: " + not,
		"a,a@example.org,student,yes,X,Y":       "",
		"a,a@example.org,student,no,,":          "",
		"a,a@example.org,student,maybe,South,Y": "Row 2, Shuttle bus: Choose one",
	} {
		a := b.submit(b.get(groupPath).want(200), "main", list(head, row))
		said := strings.TrimSpace(a.doc().Find("#problems").Text())
		if !strings.Contains(said, want) || (want == "") != (a.status == 303) || strings.Count(said, "Row 2") > 1 {
			t.Errorf("%s: %d, the page says %q", row, a.status, said)
		}
	}
}

func TestWhatTakesPlacesAndIsNeededIsAnsweredInTheList(t *testing.T) {
	s := newSite(t)
	e := groupEvent()
	text := func(s string) registration.Text { return registration.Text{Ko: s, En: s} }
	bus := &e.Questions[0]
	bus.Required = true
	meal := registration.Question{ID: "meal", Label: text("Meal"), Kind: registration.AskChoice, Per: registration.PerPerson, Required: true, Categories: []string{"guest"},
		Options: []registration.Option{{ID: "fish", Label: text("Fish"), Places: 5}, {ID: "none", Label: text("None")}}}
	day := meal
	day.ID, day.Label, day.Categories, day.If = "day", text("Day"), nil, &registration.Condition{Question: "bus", Is: []string{"no"}}
	e.Questions = append(e.Questions, meal, day)
	e.Quotas = append(e.Quotas, registration.Quota{ID: "fish", Places: 5, Of: []string{"meal.fish"}}, registration.Quota{ID: "day", Places: 5, Of: []string{"day.fish"}})
	s.apply(e)
	b := s.browser()
	head, answer := "Name,Email,Category,Shuttle bus,Meal,Day", "Answer this question."
	for _, c := range []struct {
		rows []string
		want []string
	}{
		{[]string{head, "a,a@example.org,student,,,"}, []string{"Row 2, Shuttle bus: " + answer}},
		{[]string{head, "a,a@example.org,student,yes,,"}, nil},
		{[]string{head, "a,a@example.org,student,no,,", "b,b@example.org,guest,yes,,"}, []string{"Row 2, Day: " + answer, "Row 3, Meal: " + answer}},
		{[]string{head, "a,a@example.org,student,maybe,,"}, []string{"Row 2, Shuttle bus: Choose one"}},
		{[]string{"Name,Email,Category", "a,a@example.org,student"}, []string{"Row 1, Shuttle bus: Add this column."}},
		{[]string{"Name,Email,Category,Shuttle bus", "a,a@example.org,guest,yes", "b,b@example.org,guest,yes"}, []string{"Row 1, Meal: Add this column."}},
		{[]string{"Name,Email,Category,Shuttle bus", "a,a@example.org,student,yes"}, nil},
	} {
		page := b.get(groupPath).want(200)
		if got := page.doc().Find("dl.summary dd").First().Text(); strings.TrimSpace(got) != "Name, Email, Category, Shuttle bus" {
			t.Fatalf("needed are %q", got)
		}
		a := b.submit(page, "main", list(c.rows...))
		said := a.doc().Find("#problems li")
		if said.Length() != len(c.want) || (len(c.want) == 0) != (a.status == 303) {
			t.Errorf("%q: %d, the page says %q", c.rows, a.status, said.Text())
		}
		for i, want := range c.want {
			if got := said.Eq(i).Text(); !strings.Contains(got, want) {
				t.Errorf("%q: the page says %q, want %q", c.rows, got, want)
			}
		}
	}
}
