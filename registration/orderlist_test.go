package registration

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func listEvent() *Event {
	return &Event{
		Categories: []Category{{ID: "member", Name: Text{"회원", "Member"}}, {ID: "speaker", Name: Text{"초청 연사", "Invited speaker"}, Hidden: true}},
		Extras:     []Extra{{ID: "banquet", Name: Text{"만찬", "Banquet"}, Max: 2}, {ID: "tour", Name: Text{"견학", "Tour"}, Max: 1, Categories: []string{"speaker"}}},
		Questions: []Question{
			{ID: "diet", Label: Text{"식사", "Diet"}, Kind: AskChoice, Per: PerPerson, Options: []Option{{ID: "all", Label: Text{"일반식", "Anything"}}, {ID: "veg", Label: Text{"채식", "Vegetarian"}}}},
			{ID: "bill", Label: Text{"청구", "Bill"}, Kind: AskText, Per: PerOrder},
		},
		Papers: Papers{Categories: []string{"member"}, PerRegistration: 2},
	}
}

func TestListsOfPeopleAreReadInBothLanguages(t *testing.T) {
	lists := map[string][][]string{
		"Korean": {
			{"2027 초청자 명단"}, {"이름", "이메일", "소속", "등록 구분", "만찬", "식사", "휴대전화", "언어", "논문 번호"},
			{"홍길동", "Gildong@Example.org", "예시대학교", "초청 연사", "２", "채식", "010-0000-0000", "한국어", ""},
			{}, {"Jane Doe", "jane@example.net", "", "member", "", "", "", "en", "012, 7"},
		},
		"English": {
			{"Name", "E-mail", "Affiliation", "Category", "Banquet", "Diet", "Phone", "Language", "Papers"},
			{"홍길동", "Gildong@example.org", "예시대학교", "Invited speaker", "2", "vegetarian", "1000000000", "ko", ""},
			{"Jane Doe", "jane@example.net", "", "MEMBER", "0", "", "", "English", "#12 7"},
		},
	}
	want := []string{
		"홍길동 Gildong@example.org 예시대학교 +821000000000 ko speaker map[banquet:2] map[diet:[veg]] []",
		"Jane Doe jane@example.net   en member map[] map[] [12 7]",
	}
	for name, rows := range lists {
		list, ok := NewOrderReader(listEvent()).Read(rows)
		var got []string
		for _, e := range list.Entries {
			p := e.Person
			got = append(got, fmt.Sprint(strings.Join([]string{p.Name, p.Email, p.Affiliation, p.Phone, string(e.Lang), e.Cart.Category}, " "), " ", e.Cart.Extras, " ", e.Answers, " ", e.Papers))
		}
		if !ok || len(list.Problems) > 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %q with %v", name, got, list.Problems)
		}
	}
}

func TestRowsOfPeopleThatCannotBeTakenAreNamed(t *testing.T) {
	rows := [][]string{
		{"name", "email", "category", "banquet", "diet", "phone", "country", "lang", "papers", "tour"},
		{"", "a@example.org", "member"},
		{"A", "not an address", "member"},
		{"A", "a3@example.org", "student"},
		{"A", "a4@example.org", "member", "3"},
		{"A", "a5@example.org", "member", "-1"},
		{"A", "a6@example.org", "member", "", "fish"},
		{"A", "a7@example.org", "member", "", "", "12"},
		{"A", "a8@example.org", "member", "", "", "", "Korea"},
		{"A", "a9@example.org", "member", "", "", "", "", "fr"},
		{"A", "a10@example.org", "member", "", "", "", "", "", "<b>"},
		{"4242424242424242", "a11@example.org", "member"},
		{strings.Repeat("가", 61), "a12@example.org", "member"},
		{"=cmd|'/c calc'", "b@example.org", "member"},
		{"\u1112\u1169\u11bc\u0000\u202e", "B@example.org", "member"},
		{"홍", "c@example.org", "회원"},
		{"A", "a16@example.org", "member", "", "", "", "", "", "", "1"},
		{"A", "", "member"},
	}
	list, _ := NewOrderReader(listEvent()).Read(rows)
	got := told(list.Problems)
	want := []string{"2 order.name ", "3 paper.email not an address", "4 order.category student", "5 order.extra banquet: 3", "6 order.extra banquet: -1",
		"7 order.answer diet: fish", "8 order.phone 12", "9 order.country Korea", "10 order.lang fr", "11 paper.number <b>", "12 card …",
		"13 long " + strings.Repeat("가", 61), "15 order.twice B@example.org", "17 order.extra_category tour", "18 order.email "}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if e := list.Entries; len(e) != 2 || e[1].Person.Name != "홍" || e[1].Row != 16 {
		t.Errorf("read %+v", e)
	}
}

func TestAListNamesTheColumnsThatItLacksAndThoseThatNobodyReads(t *testing.T) {
	read := func(rows ...[]string) string {
		list, ok := NewOrderReader(listEvent()).Read(rows)
		return fmt.Sprint(ok, list.Missing, list.Known, list.Unknown)
	}
	for want, header := range map[string][]string{
		"false [category] [name Email] [kind (G) (H)]":                               {"name", "Email", "kind"},
		"false [name email category] [] [A a@example.org (G) (H)]":                   {"A", "a@example.org"},
		"true [] [name email category banquet] [languge 만찬 신청 … (G) (H)]":            {"name", "email", "languge", "category", "만찬 신청", "4000 0000 0000 0002", "", "", "", "banquet"},
		"true [] [name email category] [메일 " + strings.Repeat("가", 80) + " (G) (H)]": {"name", "email", "category", "메일", strings.Repeat("가", 90)},
	} {
		if got := read(header, []string{"A", "a@example.org", "", "", "", "", "x"}, []string{"", "", "", "", "", "", "", "y", " "}); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
	if got := []string{columnLetters(0), columnLetters(25), columnLetters(26), columnLetters(701), columnLetters(702)}; !slices.Equal(got, []string{"A", "Z", "AA", "ZZ", "AAA"}) {
		t.Errorf("columns are called %v", got)
	}
}

// told are mistakes as text.
func told(problems []ImportProblem) (all []string) {
	for _, p := range problems {
		all = append(all, fmt.Sprintf("%d %s %s", p.Row, strings.TrimPrefix(p.Key, "import."), p.Text))
	}
	return all
}

func TestPapersOfAListAreCheckedLikeThoseOfTheForm(t *testing.T) {
	e := listEvent()
	e.Extras = append(e.Extras, Extra{ID: "paper", Max: 3}, Extra{ID: "page", Max: 3})
	e.Papers = Papers{Categories: []string{"member"}, Needed: []string{"member"}, PerRegistration: 1, ExtraPaper: "paper", ExtraPage: "page"}
	rows := [][]string{
		{"name", "email", "category", "papers", "paper", "page"},
		{"A", "a2@example.org", "member", "1"},
		{"A", "a3@example.org", "member", "2, 3", "1"},
		{"A", "a4@example.org", "member", ""},
		{"A", "a5@example.org", "member", "4, 5"},
		{"A", "a6@example.org", "speaker", "6"},
		{"A", "a7@example.org", "member", "#01"},
		{"", "a8@example.org", "member", "7"},
		{"A", "a9@example.org", "member", "7"},
		{"A", "a10@example.org", "member", "8, 9", "nothing"},
		{"A", "a11@example.org", "", "10"},
	}
	list, _ := NewOrderReader(e).Read(rows)
	want := []string{"4 papers.needed ", "5 papers.limit 4, 5", "6 papers.none 6", "7 papers.twice 1", "8 order.name ", "8 papers.twice 7",
		"10 order.extra paper: nothing", "11 order.category_missing "}
	if got := told(list.Problems); !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(list.Entries) != 3 || list.Problems[3].N != 2 || list.Problems[5].N != 9 {
		t.Errorf("%d rows are right; %+v", len(list.Entries), list.Problems)
	}
	e.Papers.Needed = nil
	rows = [][]string{rows[0], {"A", "a2@example.org", "member", "", "", "1"}, {"A", "a3@example.org", "speaker", "", "", "1"}}
	if list, _ := NewOrderReader(e).Read(rows); !slices.Equal(told(list.Problems), []string{"2 papers.page "}) {
		t.Errorf("extra pages: %v", list.Problems)
	}
}

func TestEveryMistakeOfARowOfPeopleIsNamed(t *testing.T) {
	e := listEvent()
	e.Questions = append(e.Questions, Question{ID: "born", Kind: AskDate, Per: PerPerson}, Question{ID: "tel", Kind: AskPhone, Per: PerPerson},
		Question{ID: "from", Kind: AskCountry, Per: PerPerson}, Question{ID: "scan", Kind: AskFile, Per: PerPerson})
	list, _ := NewOrderReader(e).Read([][]string{
		{"name", "email", "organization", "category", "banquet", "tour", "diet", "phone", "country", "lang", "papers", "born", "tel", "from", "scan"},
		{"", "nowhere", strings.Repeat("x", 121), "guest", "9", "x", "fish", "12", "Korea", "fr", "<b>", "someday", "none", "Corea", "someone's file"},
		{"", "b@example.org", "", "", "9"},
		{"C", "c@example.org", "", "member", "", "1", "", "4242 4242 4242 4242"},
		{"B", "B@example.org", "", "member"},
		{"", "b@example.org", "", "member"},
	})
	want := []string{
		"2 order.name ", "2 long " + strings.Repeat("x", 80), "2 paper.email nowhere", "2 order.country Korea", "2 order.phone 12", "2 order.lang fr",
		"2 order.category guest", "2 order.extra banquet: 9", "2 order.extra tour: x", "2 paper.number <b>", "2 order.answer diet: fish",
		"2 order.answer born: someday", "2 order.answer tel: none", "2 order.answer from: Corea",
		"3 order.name ", "3 order.category_missing ", "3 order.extra banquet: 9", "3 order.twice b@example.org",
		"4 card C", "4 order.phone …", "4 order.extra_category tour",
		"6 order.name ", "6 order.twice b@example.org",
	}
	if got := told(list.Problems); !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(list.Entries) != 1 || list.Entries[0].Row != 5 || len(list.Faulty) != 4 {
		t.Errorf("row 5 is right: %+v, %d faulty", list.Entries, len(list.Faulty))
	}
	many := [][]string{{"name", "email", "category"}, {"A", "a@example.org", "member"}}
	for i := range 50 {
		id := fmt.Sprintf("extra%d", i)
		e.Extras, many[0], many[1] = append(e.Extras, Extra{ID: id}), append(many[0], id), append(many[1], "7")
	}
	if list, _ := NewOrderReader(e).Read(many); len(list.Problems) != mostOfRow || len(list.Entries) != 0 {
		t.Errorf("%d mistakes of one row are kept", len(list.Problems))
	}
}

func TestTheColumnsOfATemplateAreAllRead(t *testing.T) {
	e := listEvent()
	e.Papers.Categories = []string{"member"}
	e.Questions = append(e.Questions,
		Question{ID: "phone", Label: Text{Ko: "비상 연락처", En: "Emergency contact"}, Kind: AskText, Per: PerPerson},
		Question{ID: "org", Label: Text{Ko: "소속", En: "Affiliation"}, Kind: AskText, Per: PerPerson},
		Question{ID: "sum", Label: Text{Ko: "=합계", En: "=Sum"}, Kind: AskText, Per: PerPerson},
		Question{ID: "once", Label: Text{Ko: "한 번", En: "Once"}, Kind: AskText, Per: PerOrder}, Question{ID: "cv", Label: Text{Ko: "이력서", En: "CV"}, Kind: AskFile, Per: PerPerson})
	for _, l := range []Lang{Korean, English} {
		titles := ListTitles(e, l)
		r := NewOrderReader(e)
		columns := r.headers.columns(titles)
		_, unknown := columnNames([][]string{titles}, 0, columns)
		if len(columns) != len(titles) || len(columns) != len(r.headers) || len(unknown) > 0 || columns["answer.org"] == columns[listOrg] || columns["answer.phone"] == columns[listPhone] {
			t.Errorf("%q: %d of %d are read, not %q", titles, len(columns), len(r.headers), unknown)
		}
	}
	if headerWord("'=Sum") != headerWord("=Sum") {
		t.Error("a title that is kept from being run is not read")
	}
}

func TestOptionsWithCommasAreReadInListsOfStaff(t *testing.T) {
	e := listEvent()
	e.Questions = append(e.Questions, *drinks())
	list, _ := NewOrderReader(e).Read([][]string{{"name", "email", "category", "drinks"}, {"A", "a@example.org", "member", "Tea / coffee; Wine, beer"}})
	if len(list.Entries) != 1 || !slices.Equal(list.Entries[0].Answers["drinks"], []string{"hot", "wine"}) {
		t.Errorf("read %+v with %v", list.Entries, list.Problems)
	}
}
