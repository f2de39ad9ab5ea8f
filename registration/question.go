package registration

import (
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Question is an organizer's own field in the form.
type Question struct {
	ID         string       `json:"id"`
	Label      Text         `json:"label"`
	Hint       Text         `json:"hint"`
	Kind       QuestionKind `json:"kind"`
	Per        Per          `json:"per"`
	Required   bool         `json:"required"`
	Options    []Option     `json:"options,omitempty"`    // of choice and many
	Min        int64        `json:"min,omitempty"`        // number: least; many: fewest choices
	Max        int64        `json:"max,omitempty"`        // number: most; many: most choices; text: characters; 0: the kind's own limit
	If         *Condition   `json:"if,omitempty"`         // asked only then
	Categories []string     `json:"categories,omitempty"` // asked of these only; empty: of all
}

// QuestionKind is what kind of answer a question takes.
type QuestionKind string

// The kinds of questions.
const (
	AskText    QuestionKind = "text"
	AskNumber  QuestionKind = "number"
	AskChoice  QuestionKind = "choice" // one of the options
	AskMany    QuestionKind = "many"   // some of the options
	AskDate    QuestionKind = "date"
	AskCountry QuestionKind = "country"
	AskPhone   QuestionKind = "phone"
	AskFile    QuestionKind = "file" // an answer is a FileAnswer
)

// Per says of whom a question is asked.
type Per string

// Questions are asked of each person, or once for the order.
const (
	PerPerson Per = "person"
	PerOrder  Per = "order"
	PerAny    Per = "" // whichever, where questions are looked for
)

// Option is one answer to choose.
type Option struct {
	ID     string `json:"id"`
	Label  Text   `json:"label"`
	Places int64  `json:"places,omitempty"` // how many may choose it; 0: any number
}

// Condition is met when another question was answered with one of these options.
type Condition struct {
	Question string   `json:"question"`
	Is       []string `json:"is"`
}

// Answers holds what was answered, by question id. Only many has more than one value; an empty answer has none.
type Answers map[string][]string

// With are these answers and others in one, the others where both have one.
func (a Answers) With(others Answers) Answers {
	all := make(Answers, len(a)+len(others))
	maps.Copy(all, a)
	maps.Copy(all, others)
	return all
}

// Limits of answers.
const (
	maxAnswerText   = 500
	maxAnswerNumber = 1_000_000_000
)

// Question finds a question by its id, or nil.
func (e *Event) Question(id string) *Question {
	if i := slices.IndexFunc(e.Questions, func(q Question) bool { return q.ID == id }); i >= 0 {
		return &e.Questions[i]
	}
	return nil
}

// Asked lists the questions that are asked of somebody of a category who has answered so, in the order of the event, so that each stands
// behind what its condition names: those of the category whose condition is met.
// A condition on a question that is itself not asked is not met.
func (e *Event) Asked(per Per, category string, given Answers) []Question {
	return e.asked(per, []string{category}, given)
}

// AskedOnce lists the questions that are asked once for an order with people of these categories, as Asked does: one that is limited to
// categories when somebody is of one of them. given are the answers that were given once for the order, so that a condition on a question
// per person is not met.
func (e *Event) AskedOnce(categories []string, given Answers) []Question {
	return e.asked(PerOrder, categories, given)
}

func (e *Event) asked(per Per, categories []string, given Answers) []Question {
	var all []Question
	for _, q := range e.Questions {
		if (q.Per == per || per == PerAny) && e.asks(&q, categories, given, len(e.Questions)) {
			all = append(all, q)
		}
	}
	return all
}

// AskedOf lists the questions that one person of an order is asked who has answered so. What was answered once for the order counts for
// conditions.
func (e *Event) AskedOf(o *Order, r *Registration, given Answers) []Question {
	return e.Asked(PerPerson, r.Category(), o.Answers.With(given))
}

// Unanswered lists the questions that one person of an order has to answer and has not, as after a change of category; of somebody alone
// also those that are asked once for the order. None for somebody who is cancelled.
func (e *Event) Unanswered(o *Order, r *Registration) []Question {
	if r.Gone {
		return nil
	}
	given := o.Answers.With(r.Answers)
	per := PerPerson
	if len(o.Registrations) == 1 {
		per = PerAny
	}
	return slices.DeleteFunc(e.Asked(per, r.Category(), given), func(q Question) bool { return !q.Required || len(given[q.ID]) > 0 })
}

// UnansweredOnce lists the questions that are asked once for an order that somebody has to answer and has not.
func (e *Event) UnansweredOnce(o *Order) []Question {
	given := o.Answers
	if len(o.Registrations) == 1 {
		given = given.With(o.Registrations[0].Answers)
	}
	return slices.DeleteFunc(e.AskedOnce(o.Categories(), given), func(q Question) bool { return !q.Required || len(given[q.ID]) > 0 })
}

// Categories are those of the order's people who are not cancelled.
func (o *Order) Categories() []string {
	var all []string
	for _, r := range o.Registrations {
		if !r.Gone && !slices.Contains(all, r.Category()) {
			all = append(all, r.Category())
		}
	}
	return all
}

// Late lists the unanswered questions that were not asked when somebody last told about themselves: since they were changed to another
// category, or, of a group whose people have looked through their details, for what the payer has answered. What takes places is asked late
// only after a change.
func (e *Event) Late(o *Order, r *Registration) []Question {
	changed := o.Changed > 0
	if looked := len(o.Registrations) > 1 && !r.CompletedAt.IsZero(); !changed && !looked {
		return nil
	}
	return slices.DeleteFunc(e.Unanswered(o, r), func(q Question) bool { return !changed && e.TakesPlaces(&q) })
}

// asks reports whether a question is asked of people of any of these categories; depth ends conditions that go in a circle, which an event
// file cannot hold.
func (e *Event) asks(q *Question, categories []string, given Answers, depth int) bool {
	if len(q.Categories) > 0 && !slices.ContainsFunc(categories, func(c string) bool { return slices.Contains(q.Categories, c) }) {
		return false
	}
	if q.If == nil {
		return true
	}
	on := e.Question(q.If.Question)
	if on == nil || depth == 0 || !e.asks(on, categories, given, depth-1) {
		return false
	}
	return slices.ContainsFunc(given[on.ID], func(v string) bool { return slices.Contains(q.If.Is, v) })
}

// Check says what is wrong with an answer, as a message key of the form, or "" when it is fine. values are clean lines without empty ones.
func (q *Question) Check(values []string) (key string) {
	switch {
	case len(values) == 0 && q.Required && q.Kind == AskFile:
		return "answer.file"
	case len(values) == 0 && q.Required:
		return "answer.required"
	case len(values) == 0:
		return ""
	case len(values) > 1 && q.Kind != AskMany:
		return "answer.one"
	}
	switch q.Kind {
	case AskChoice, AskMany:
		return q.checkOptions(values)
	case AskNumber:
		return q.checkNumber(values[0])
	case AskDate:
		if _, err := ParseDate(values[0]); err != nil {
			return "answer.date"
		}
	case AskText:
		return q.checkText(values[0])
	case AskCountry, AskPhone, AskFile:
	}
	return ""
}

func (q *Question) checkOptions(values []string) string {
	for _, v := range values {
		if q.Option(v) == nil {
			return "answer.option"
		}
	}
	if q.Kind != AskMany {
		return ""
	}
	switch n := int64(len(values)); {
	case n < q.Min:
		return "answer.few"
	case q.Max > 0 && n > q.Max:
		return "answer.many"
	}
	return ""
}

func (q *Question) checkNumber(value string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil {
		return "answer.number"
	}
	if n < q.Min || n > q.MaxNumber() {
		return "answer.range"
	}
	return ""
}

// MaxNumber is the highest number that a number answer may be.
func (q *Question) MaxNumber() int64 {
	if q.Max > 0 {
		return q.Max
	}
	return maxAnswerNumber
}

func (q *Question) checkText(value string) string {
	switch {
	case HoldsCardNumber(value):
		return "form.nocard"
	case int64(utf8.RuneCountInString(value)) > q.MaxText():
		return "answer.long"
	}
	return ""
}

// MaxText is the most characters that a text answer may have.
func (q *Question) MaxText() int64 {
	if q.Max > 0 {
		return q.Max
	}
	return maxAnswerText
}

// Option finds an option by its id, or nil.
func (q *Question) Option(id string) *Option {
	if i := slices.IndexFunc(q.Options, func(o Option) bool { return o.ID == id }); i >= 0 {
		return &q.Options[i]
	}
	return nil
}

// OptionQuota is the id of the quota that counts how often an option was chosen. A quota of the event file may also name
// question.option among what it counts.
func OptionQuota(question, option string) string { return question + "." + option }

// takePlaces adds what the chosen options take from each quota of the event.
func (a Answers) takePlaces(e *Event, taken map[string]int64) {
	for question, values := range a {
		for _, v := range values {
			id := OptionQuota(question, v)
			for _, q := range e.Quotas {
				if slices.Contains(q.Of, id) {
					taken[q.ID]++
				}
			}
		}
	}
}

// Equal reports whether both say the same. No answer and an empty one are the same.
func (a Answers) Equal(b Answers) bool {
	for _, x := range [][2]Answers{{a, b}, {b, a}} {
		for id, values := range x[0] {
			if !slices.Equal(values, x[1][id]) {
				return false
			}
		}
	}
	return true
}

// MovedPlaces is what it takes of each quota of the event, and what it gives back, when these answers become others.
func (a Answers) MovedPlaces(e *Event, to Answers) (takes, gives map[string]int64) {
	return MovedPlaces(e, []Answers{a}, []Answers{to})
}

// MovedPlaces is Answers.MovedPlaces of several in one.
func MovedPlaces(e *Event, from, to []Answers) (takes, gives map[string]int64) {
	diff, was := map[string]int64{}, map[string]int64{}
	for _, a := range to {
		a.takePlaces(e, diff)
	}
	for _, a := range from {
		a.takePlaces(e, was)
	}
	for quota, n := range was {
		diff[quota] -= n
	}
	return takenAndGiven(diff)
}

// TakesPlaces reports whether an option of the question shares places with anything.
func (e *Event) TakesPlaces(q *Question) bool {
	return slices.ContainsFunc(q.Options, func(o Option) bool {
		id := OptionQuota(q.ID, o.ID)
		return slices.ContainsFunc(e.Quotas, func(quota Quota) bool { return slices.Contains(quota.Of, id) })
	})
}
