package views

import (
	"slices"
	"strings"

	"foyer/registration"
)

// ids lists the questions, so that a post tells which ones its form has shown.
func (p QuestionList) ids() string {
	var ids []string
	for _, q := range p.Questions {
		ids = append(ids, q.ID)
	}
	return strings.Join(ids, " ")
}

// answerName is the name of a question's field.
func answerName(q *registration.Question) string { return "answer." + q.ID }

// label is a question as the form asks it: those that may be left open say so.
func (p QuestionList) label(l registration.Lang, q *registration.Question) string {
	if q.Required || slices.Contains(p.Loose, q.ID) {
		return q.Label.In(l)
	}
	return T(l, "answer.optional", "question", q.Label.In(l))
}

func answerKind(k registration.QuestionKind) string {
	switch k {
	case registration.AskDate:
		return "date"
	case registration.AskPhone:
		return "tel"
	case registration.AskText, registration.AskNumber, registration.AskChoice, registration.AskMany, registration.AskCountry, registration.AskFile:
	}
	return "text"
}

func answerMode(k registration.QuestionKind) string {
	if k == registration.AskNumber {
		return "numeric"
	}
	return ""
}

func optionKind(k registration.QuestionKind) string {
	if k == registration.AskMany {
		return "checkbox"
	}
	return "radio"
}

// firstOption is the option to which the summary of problems leads: the first that can be chosen.
func firstOption(left Left, q *registration.Question) string {
	for _, o := range q.Options {
		if !left.gone(registration.OptionQuota(q.ID, o.ID)) {
			return o.ID
		}
	}
	return ""
}

func optionID(field, option, first string) string {
	if option == first {
		return field
	}
	return field + "-" + option
}

// first is the first of some values, "" of none.
func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// AnswerText writes an answer for a reader: names of options and countries instead of their ids; "" when nothing was answered.
func AnswerText(l registration.Lang, q *registration.Question, values []string) string {
	var all []string
	for _, v := range values {
		switch q.Kind {
		case registration.AskChoice, registration.AskMany:
			if o := q.Option(v); o != nil {
				v = o.Label.In(l)
			}
		case registration.AskCountry:
			v = CountryName(l, v)
		case registration.AskFile:
			if _, name, ok := registration.CutFileAnswer(v); ok {
				v = name
			}
		case registration.AskText, registration.AskNumber, registration.AskDate, registration.AskPhone:
		}
		all = append(all, v)
	}
	return strings.Join(all, ", ")
}
