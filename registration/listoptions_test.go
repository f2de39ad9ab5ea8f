package registration

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func drinks() *Question {
	return &Question{ID: "drinks", Kind: AskMany, Options: []Option{
		{ID: "hot", Label: Text{"차 / 커피", "Tea / coffee"}}, {ID: "wine", Label: Text{"와인, 맥주", "Wine, beer"}}, {ID: "beer", Label: Text{"맥주", "Beer"}},
		{ID: "c", Label: Text{"C", "C"}}, {ID: "cpp", Label: Text{"C++", "C++"}}, {ID: "all", Label: Text{"와인, 맥주; 기타", "Wine, beer; more"}},
	}}
}

func TestOptionsWhoseLabelsHoldTheSignsThatPartThemAreRead(t *testing.T) {
	for cell, want := range map[string][]string{
		"Tea / coffee": {"hot"}, "Tea / coffee; Wine, beer": {"hot", "wine"}, "wine,beer/TEA/COFFEE": {"wine", "hot"}, "차/커피, 맥주": {"hot", "beer"},
		"Wine, beer; more, c": {"all", "c"}, "Beer; Wine, beer": {"beer", "wine"}, "tea coffee, beer, Beer": {"hot", "beer"}, "Tea, coffee": {"hot"},
		"C++; C": {"cpp", "c"}, "hot,wine": {"hot", "wine"}, "Tea / juice": {"Tea", "juice"}, " , beer;; ": {"beer"}, ",": {","}, "": {""},
	} {
		if got := drinks().OptionsIn(cell); !slices.Equal(got, want) {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
	one := drinks()
	one.Kind = AskChoice
	for cell, want := range map[string]string{"와인, 맥주": "wine", "c++": "cpp", "tea/coffee": "hot", "Beer, C": "Beer, C"} {
		if got := one.OptionsIn(cell); !slices.Equal(got, []string{want}) {
			t.Errorf("%q is read as %q, want %q", cell, got, want)
		}
	}
}

func TestWhateverOptionsAreCalledTheirLabelsAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.StringMatching(`[ab](( ?[,;/] ?)[abc]){0,3}`)
		labels := rapid.SliceOfNDistinct(label, 1, 4, squeezed).Draw(t, "labels")
		q := &Question{Kind: AskMany}
		for i, l := range labels {
			q.Options = append(q.Options, Option{ID: "id-" + string(rune('0'+i)), Label: Text{Ko: l, En: strings.ToUpper(l)}})
		}
		for _, o := range q.Options {
			if got := q.OptionsIn(o.Label.En); !slices.Equal(got, []string{o.ID}) {
				t.Fatalf("%q of %q is read as %q", o.Label.En, labels, got)
			}
		}
	})
}
