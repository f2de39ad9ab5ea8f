package registration

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPaperNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	tests := map[string]struct {
		want []string
		bad  string
	}{
		"":                                       {nil, ""},
		"12":                                     {[]string{"12"}, ""},
		"12, 45":                                 {[]string{"12", "45"}, ""},
		"#12 ＃45;7":                              {[]string{"12", "45", "7"}, ""},
		"# 12":                                   {[]string{"12"}, ""},
		"１２，０４５":                                 {[]string{"12", "45"}, ""},
		"12번, 12":                                {[]string{"12"}, ""},
		"a-12 A-12":                              {[]string{"A-12"}, ""},
		"0":                                      {[]string{"0"}, ""},
		"12/45":                                  {nil, "12/45"},
		"=1+1":                                   {nil, "=1+1"},
		"<b>":                                    {nil, "<b>"},
		"😀":                                      {nil, "😀"},
		"12, " + strings.Repeat("9", 21):         {[]string{"12"}, strings.Repeat("9", 21)},
		"\u202e12":                               {[]string{"12"}, ""},
		"논문-3":                                   {[]string{"논문-3"}, ""},
		"\u1102\u1169\u11ab\u1106\u116e\u11ab-3": {[]string{"논문-3"}, ""}, // NFD
	}
	for typed, tc := range tests {
		got, bad := PaperNumbers(typed)
		if !slices.Equal(got, tc.want) || bad != tc.bad {
			t.Errorf("%q: %q and %q, want %q and %q", typed, got, bad, tc.want, tc.bad)
		}
	}
}

func TestPapersSortAsPeopleCount(t *testing.T) {
	want := []string{"9", "10", "101", "A-2", "A-10", "B-1"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, ComparePapers)
	if !slices.Equal(got, want) {
		t.Errorf("sorted %q, want %q", got, want)
	}
}

func TestALimitGrowsWithTheExtra(t *testing.T) {
	p := Papers{Categories: []string{"author"}, PerRegistration: 2, ExtraPaper: "paper", Deadline: time.Date(2027, 5, 1, 0, 0, 0, 0, time.UTC)}
	if got := p.Limit(map[string]int64{"paper": 3, "page": 9}); got != 5 {
		t.Errorf("limit %d, want 5", got)
	}
	if !p.OpenAt(p.Deadline.Add(999*time.Millisecond)) || p.OpenAt(p.Deadline.Add(time.Second)) {
		t.Error("the deadline does not end with its second")
	}
}
