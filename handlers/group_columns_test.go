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
			}
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
