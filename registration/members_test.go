package registration

import (
	"slices"
	"strings"
	"testing"
)

func TestEveryMistakeOfALineOfMembersIsNamed(t *testing.T) {
	list, _, wrong, ok := ReadMembers([][]string{
		{"number", "name"},
		{"M-1", "홍길동"},
		{"", strings.Repeat("가", 81)},
		{"m1", ""},
		{"4242424242424242", ""},
		{},
		{"M-2", "김철수"},
		{"m 2", "이영희"},
	})
	var got []string
	for _, p := range told(wrong) {
		got = append(got, strings.Replace(p, "console.members.wrong.", "", 1))
	}
	want := []string{"3 number " + strings.Repeat("가", 80), "3 long " + strings.Repeat("가", 80), "4 name m1", "4 twice m1", "5 name …", "5 card …", "8 twice m 2 이영희"}
	if !ok || !slices.Equal(got, want) || len(list) != 2 {
		t.Errorf("found %q, want %q; %v", got, want, list)
	}
}
