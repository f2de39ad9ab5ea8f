package registration

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnAnswerMustFitItsQuestion(t *testing.T) {
	size := []Option{{ID: "s"}, {ID: "m"}, {ID: "l"}}
	tests := map[string]struct {
		question Question
		values   []string
		want     string
	}{
		"needed, empty":         {Question{Kind: AskText, Required: true}, nil, "answer.required"},
		"not needed, empty":     {Question{Kind: AskNumber, Min: 3}, nil, ""},
		"a text":                {Question{Kind: AskText}, []string{"채식"}, ""},
		"a long text":           {Question{Kind: AskText, Max: 3}, []string{"네 글자"}, "answer.long"},
		"a card number":         {Question{Kind: AskText}, []string{"4242 4242 4242 4242"}, "form.nocard"},
		"a number":              {Question{Kind: AskNumber, Min: 1, Max: 5}, []string{"5"}, ""},
		"a number out of range": {Question{Kind: AskNumber, Min: 1, Max: 5}, []string{"6"}, "answer.range"},
		"no number":             {Question{Kind: AskNumber}, []string{"5.5"}, "answer.number"},
		"one option":            {Question{Kind: AskChoice, Options: size}, []string{"m"}, ""},
		"two where one fits":    {Question{Kind: AskChoice, Options: size}, []string{"m", "l"}, "answer.one"},
		"no such option":        {Question{Kind: AskChoice, Options: size}, []string{"xl"}, "answer.option"},
		"too few":               {Question{Kind: AskMany, Options: size, Min: 2}, []string{"s"}, "answer.few"},
		"too many":              {Question{Kind: AskMany, Options: size, Max: 1}, []string{"s", "m"}, "answer.many"},
		"a day":                 {Question{Kind: AskDate}, []string{"2027-02-28"}, ""},
		"no such day":           {Question{Kind: AskDate}, []string{"2027-02-29"}, "answer.date"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := tc.question.Check(tc.values); got != tc.want {
				t.Errorf("says %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAConditionOnAQuestionThatIsNotAskedIsNotMet(t *testing.T) {
	e := &Event{Questions: []Question{
		{ID: "banquet", Kind: AskChoice, Per: PerPerson, Options: []Option{{ID: "yes"}, {ID: "no"}}, Categories: []string{"member"}},
		{ID: "diet", Kind: AskChoice, Per: PerPerson, Options: []Option{{ID: "all"}, {ID: "other"}}, If: &Condition{"banquet", []string{"yes"}}},
		{ID: "which", Kind: AskText, Per: PerPerson, If: &Condition{"diet", []string{"other"}}},
		{ID: "invoice", Kind: AskText, Per: PerOrder},
	}}
	ids := func(category string, given Answers) (ids []string) {
		for _, q := range e.Asked(PerPerson, category, given) {
			ids = append(ids, q.ID)
		}
		return ids
	}
	all := Answers{"banquet": {"yes"}, "diet": {"other"}}
	tests := map[string]struct {
		category string
		given    Answers
		want     []string
	}{
		"nothing answered":      {"member", nil, []string{"banquet"}},
		"first answered":        {"member", Answers{"banquet": {"yes"}}, []string{"banquet", "diet"}},
		"all answered":          {"member", all, []string{"banquet", "diet", "which"}},
		"answered otherwise":    {"member", Answers{"banquet": {"no"}, "diet": {"other"}}, []string{"banquet"}},
		"not of their category": {"student", all, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := ids(tc.category, tc.given); !slices.Equal(got, tc.want) {
				t.Errorf("asks %v, want %v", got, tc.want)
			}
		})
	}
}

func TestWhatIsAskedOnceGoesByTheCategoriesOfEverybody(t *testing.T) {
	e := &Event{Questions: []Question{
		{ID: "room", Kind: AskChoice, Per: PerPerson, Options: []Option{{ID: "yes"}, {ID: "no"}}},
		{ID: "bill", Kind: AskChoice, Per: PerOrder, Options: []Option{{ID: "yes"}, {ID: "no"}}, Categories: []string{"member"}},
		{ID: "advisor", Kind: AskText, Per: PerOrder, Categories: []string{"student", "pupil"}},
		{ID: "where", Kind: AskText, Per: PerOrder, Categories: []string{"student"}, If: &Condition{"bill", []string{"yes"}}},
		{ID: "keys", Kind: AskText, Per: PerOrder, If: &Condition{"room", []string{"yes"}}},
		{ID: "note", Kind: AskText, Per: PerOrder},
	}}
	for name, tc := range map[string]struct {
		categories []string
		given      Answers
		want       string
	}{
		"nobody":                           {nil, nil, "note"},
		"one category":                     {[]string{"student"}, Answers{"bill": {"yes"}}, "advisor note"},
		"both, a condition over the two":   {[]string{"student", "member"}, Answers{"bill": {"yes"}}, "bill advisor where note"},
		"both, answered otherwise":         {[]string{"member", "pupil"}, Answers{"bill": {"no"}}, "bill advisor note"},
		"a condition on a single person":   {[]string{"guest"}, Answers{"room": nil}, "note"},
		"the category of a condition only": {[]string{"member", "member"}, Answers{"bill": {"yes"}}, "bill note"},
	} {
		var ids []string
		for _, q := range e.AskedOnce(tc.categories, tc.given) {
			ids = append(ids, q.ID)
		}
		if got := strings.Join(ids, " "); got != tc.want {
			t.Errorf("%s: asks %q, want %q", name, got, tc.want)
		}
	}
}

// TestTextAnswersNeverPassTheirLimit: whatever is typed, what passes has no more characters than allowed and holds no card number.
func TestTextAnswersNeverPassTheirLimit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := Question{Kind: AskText, Max: rapid.Int64Range(1, 40).Draw(t, "max")}
		text := rapid.String().Draw(t, "text")
		if q.Check([]string{text}) == "" && (int64(len([]rune(text))) > q.Max || HoldsCardNumber(text)) {
			t.Fatalf("%q passes with at most %d", text, q.Max)
		}
	})
}
