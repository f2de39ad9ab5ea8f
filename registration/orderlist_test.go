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
		Extras:     []Extra{{ID: "banquet", Name: Text{"만찬", "Banquet"}, Max: 2}},
		Questions: []Question{
			{ID: "diet", Label: Text{"식사", "Diet"}, Kind: AskChoice, Per: PerPerson, Options: []Option{{ID: "all", Label: Text{"일반식", "Anything"}}, {ID: "veg", Label: Text{"채식", "Vegetarian"}}}},
			{ID: "bill", Label: Text{"청구", "Bill"}, Kind: AskText, Per: PerOrder},
		},
		Papers: Papers{Categories: []string{"member"}, PerRegistration: 1},
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
			{"홍길동", "Gildong@example.org", "예시대학교", "Invited speaker", "2", "vegetarian", "+82 10 0000 0000", "ko", ""},
			{"Jane Doe", "jane@example.net", "", "MEMBER", "0", "", "", "English", "#12 7"},
		},
	}
	want := []string{
		"홍길동 Gildong@example.org 예시대학교 +821000000000 ko speaker map[banquet:2] map[diet:[veg]] []",
		"Jane Doe jane@example.net   en member map[] map[] [12 7]",
	}
	for name, rows := range lists {
		entries, problems, ok := NewOrderReader(listEvent()).Read(rows)
		var got []string
		for _, e := range entries {
			p := e.Person
			got = append(got, fmt.Sprint(strings.Join([]string{p.Name, p.Email, p.Affiliation, p.Phone, string(e.Lang), e.Cart.Category}, " "), " ", e.Cart.Extras, " ", e.Answers, " ", e.Papers))
		}
		if !ok || len(problems) > 0 || !slices.Equal(got, want) {
			t.Errorf("%s: %q with %v", name, got, problems)
		}
	}
}

func TestRowsOfPeopleThatCannotBeTakenAreNamed(t *testing.T) {
	rows := [][]string{
		{"name", "email", "category", "banquet", "diet", "phone", "country", "lang", "papers"},
		{"", "a@example.org", "member"},
		{"A", "not an address", "member"},
		{"A", "a@example.org", "student"},
		{"A", "a@example.org", "member", "3"},
		{"A", "a@example.org", "member", "-1"},
		{"A", "a@example.org", "member", "", "fish"},
		{"A", "a@example.org", "member", "", "", "12"},
		{"A", "a@example.org", "member", "", "", "", "Korea"},
		{"A", "a@example.org", "member", "", "", "", "", "fr"},
		{"A", "a@example.org", "member", "", "", "", "", "", "<b>"},
		{"4242424242424242", "a@example.org", "member"},
		{strings.Repeat("가", 61), "a@example.org", "member"},
		{"=cmd|'/c calc'", "b@example.org", "member"},
		{"\u1112\u1169\u11bc\u0000\u202e", "B@example.org", "member"},
		{"홍", "c@example.org", "회원"},
	}
	entries, problems, _ := NewOrderReader(listEvent()).Read(rows)
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d %s", p.Row, strings.TrimPrefix(p.Key, "import.")))
	}
	want := []string{"2 order.name", "3 paper.email", "4 order.category", "5 order.extra", "6 order.extra", "7 order.answer", "8 order.phone", "9 order.country", "10 order.lang",
		"11 paper.number", "12 card", "13 long", "15 order.twice"}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if len(entries) != 2 || entries[1].Person.Name != "홍" || entries[1].Row != 16 {
		t.Errorf("read %+v", entries)
	}
	if _, _, ok := NewOrderReader(listEvent()).Read([][]string{{"name", "email"}, {"A", "a@example.org"}}); ok {
		t.Error("a list without categories was taken")
	}
}
