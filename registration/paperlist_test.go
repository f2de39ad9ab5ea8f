package registration

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// table reads a sample whose fields are parted by bars.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "papers", name))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range strings.SplitSeq(strings.TrimSpace(string(data)), "\n") {
		rows = append(rows, strings.Split(line, "|"))
	}
	return rows
}

func TestListsOfPapersAreReadByTheirHeaders(t *testing.T) {
	tests := map[string]struct {
		want    []string
		titled  bool
		refused int
	}{
		"hotcrp-authors.txt": {[]string{
			`3 "Made-up Systems at Scale" [홍길동, Chulsu Kim] 홍길동<gildong@example.org> 이영희<younghee@example.com>`,
			`12 "A Sample of Nothing" [Jane Doe] Jane Doe<jane@example.net>`,
		}, true, 0},
		"hotcrp-list.txt": {[]string{`3 "Made-up Systems at Scale" []`, `7 "Another Example" []`}, true, 2},
		"easychair-submission.txt": {[]string{
			`1 "Beispiele im Kleinen" [홍길동 and Jane Doe]`, `4 "Examples of Examples" [김철수]`,
		}, true, 2},
		"easychair-author.txt": {[]string{
			`1 "" [길동 홍, Jane Doe] Jane Doe<jane@example.net>`, `2 "" [영희 이] 영희 이<younghee@example.com>`, `4 "" [철수 김] 철수 김<chulsu@example.org>`,
		}, false, 0},
		"plain.txt": {[]string{
			`12 "예시에 관한 연구" [홍길동, 김철수] <gildong@example.org>`, `45 "=1+1 은 2인가" [] <a@example.org> <b@example.org>`, `A-7 "포스터" []`,
		}, true, 0},
	}
	for name, tc := range tests {
		list, ok := ReadPapers(table(t, name))
		if !ok {
			t.Errorf("%s: no header was found", name)
		}
		var got []string
		for _, p := range list.Papers {
			text := fmt.Sprintf("%s %q [%s]", p.Number, p.Title, p.Authors)
			for _, c := range p.Contacts {
				text += fmt.Sprintf(" %s<%s>", c.Name, c.Email)
			}
			got = append(got, text)
		}
		if !slices.Equal(got, tc.want) || list.Titled != tc.titled || list.Refused != tc.refused || len(list.Problems) > 0 {
			t.Errorf("%s: %q, titled %t, %d refused, problems %v", name, got, list.Titled, list.Refused, list.Problems)
		}
	}
}

func TestRowsOfPapersThatCannotBeReadAreNamed(t *testing.T) {
	list, ok := ReadPapers([][]string{
		{"번호", "제목", "이메일"},
		{"12", "제목", "a@example.org"},
		{"", "번호 없음", "a@example.org"},
		{},
		{"13", "", "a@example.org"},
		{"14", "제목", "주소가 아님"},
		{"12", "다른 제목", "a@example.org"},
		{"15", strings.Repeat("가", 501), ""},
		{"16", "카드 4242 4242 4242 4242", ""},
		{"<b>", "제목", ""},
		{"17", "\u202e뒤집힘", "a@example.org\x00"},
	})
	var got []string
	for _, p := range list.Problems {
		got = append(got, fmt.Sprintf("%d %s", p.Row, strings.TrimPrefix(p.Key, "import.")))
	}
	want := []string{"3 paper.number_missing", "5 paper.title", "6 paper.email", "7 paper.twice", "8 long", "9 card", "10 paper.number"}
	if !ok || !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if len(list.Papers) != 2 || list.Papers[1].Title != "뒤집힘" || list.Papers[1].Contacts[0].Email != "a@example.org" {
		t.Errorf("read %+v", list.Papers)
	}
	if _, ok := ReadPapers([][]string{{"a", "b"}, {"1", "2"}}); ok {
		t.Error("a file without headers was taken")
	}
}

func TestEveryMistakeOfARowOfPapersIsNamed(t *testing.T) {
	list, _ := ReadPapers([][]string{
		{"number", "title", "email", "decision"},
		{"", "", "nowhere; a@example.org; here", ""},
		{"1", "One", "a@example.org", "accept"},
		{"1", "", "nobody", ""},
		{"<b>", strings.Repeat("x", 501), "4242424242424242", ""},
		{"2", "", "nobody", "reject"},
	})
	want := []string{"2 paper.number_missing ", "2 paper.title ", "2 paper.email nowhere", "2 paper.email here",
		"4 paper.title 1", "4 paper.email nobody", "4 paper.twice 1",
		"5 paper.number <b>", "5 long <B>", "5 card <B>", "5 paper.email …"}
	if got := told(list.Problems); !slices.Equal(got, want) {
		t.Errorf("found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(list.Papers) != 1 || list.Refused != 1 {
		t.Errorf("read %+v, %d refused", list.Papers, list.Refused)
	}
}
