package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// answered reads the answers to the event's questions out of a form. Values are clean; empty ones are left out.
func answered(e *registration.Event, f form) registration.Answers {
	given := registration.Answers{}
	for _, q := range e.Questions {
		if q.Kind == registration.AskFile {
			continue // what was uploaded is with the draft
		}
		var values []string
		for i := range f["answer."+q.ID] {
			v := cleaned(f["answer."+q.ID][i][:min(len(f["answer."+q.ID][i]), maxField)], registration.CleanLine)
			if v = plainAnswer(q.Kind, v); v != "" && !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			given[q.ID] = values
		}
	}
	return given
}

// plainAnswer takes out of an answer what people write but do not mean: separators in numbers and telephone numbers.
func plainAnswer(kind registration.QuestionKind, v string) string {
	switch kind {
	case registration.AskNumber:
		return strings.NewReplacer(",", "", " ", "").Replace(v)
	case registration.AskPhone, registration.AskText, registration.AskChoice, registration.AskMany, registration.AskDate, registration.AskCountry, registration.AskFile:
	}
	return v
}

// answerProblems checks the answers to the questions that are asked, and gives only those.
func answerProblems(questions []registration.Question, given registration.Answers) (kept registration.Answers, problems []views.Problem) {
	kept = registration.Answers{}
	for i := range questions {
		q := &questions[i]
		if key := q.Check(given[q.ID]); key != "" {
			problems = append(problems, answerProblem(q, key))
		} else if key := wrongAnswer(q, given[q.ID]); key != "" {
			problems = append(problems, answerProblem(q, key))
		}
		if len(given[q.ID]) > 0 {
			kept[q.ID] = given[q.ID]
		}
	}
	return kept, problems
}

// wrongAnswer checks what registration cannot: names of countries, telephone numbers, and bytes that are no text.
func wrongAnswer(q *registration.Question, values []string) string {
	for _, v := range values {
		switch {
		case strings.Contains(v, badText):
			return "form.text"
		case q.Kind == registration.AskCountry && !views.IsCountry(v):
			return "answer.option"
		case q.Kind == registration.AskPhone && !registration.IsPhone(v):
			return "answer.phone"
		}
	}
	return ""
}

func answerProblem(q *registration.Question, key string) views.Problem {
	return views.Problem{Field: "answer-" + q.ID, Key: key, Args: []any{
		"n", q.MaxText(), "min", strconv.FormatInt(q.Min, 10), "max", strconv.FormatInt(q.MaxNumber(), 10),
	}}
}

// fullOptions lists the options among the answers that have no places left.
func fullOptions(questions []registration.Question, given registration.Answers, left views.Left) []views.Problem {
	var problems []views.Problem
	for i := range questions {
		for _, v := range given[questions[i].ID] {
			if n, counted := left[registration.OptionQuota(questions[i].ID, v)]; counted && n <= 0 {
				problems = append(problems, answerProblem(&questions[i], "answer.full"))
			}
		}
	}
	return problems
}

// optionsLeft counts the places left of each option that has places, as question.option.
func (s *Server) optionsLeft(ctx context.Context, e *registration.Event) (views.Left, error) {
	if len(e.Questions) == 0 {
		return nil, nil
	}
	free, err := s.cfg.Store.Left(ctx, e.ID)
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	left := views.Left{}
	for _, q := range e.Quotas {
		for _, of := range q.Of {
			if !strings.Contains(of, ".") {
				continue
			}
			if n, known := left[of]; !known || free[q.ID] < n {
				left[of] = free[q.ID]
			}
		}
	}
	return left, nil
}

// split parts the answers of a form into those of the person and those of the order.
func split(e *registration.Event, given registration.Answers) (person, order registration.Answers) {
	for id, values := range given {
		q := e.Question(id)
		switch {
		case q == nil:
		case q.Per == registration.PerOrder:
			if order == nil {
				order = registration.Answers{}
			}
			order[id] = values
		default:
			if person == nil {
				person = registration.Answers{}
			}
			person[id] = values
		}
	}
	return person, order
}

// opened lists the questions that an answer has just opened, so that the form did not show them. A form that does not tell what it
// showed has shown all.
func opened(questions []registration.Question, given registration.Answers, f form) []views.Problem {
	if f["asked"] == nil {
		return nil
	}
	shown := strings.Fields(f.raw("asked"))
	var problems []views.Problem
	for i := range questions {
		q := &questions[i]
		if !slices.Contains(shown, q.ID) && len(given[q.ID]) == 0 {
			key := "answer.also"
			if !q.Required {
				key = "answer.also.optional"
			}
			problems = append(problems, answerProblem(q, key))
		}
	}
	return problems
}

// firstOfEach keeps the first problem of each field.
func firstOfEach(problems []views.Problem) []views.Problem {
	var kept []views.Problem
	for _, p := range problems {
		if !slices.ContainsFunc(kept, func(k views.Problem) bool { return k.Field == p.Field }) {
			kept = append(kept, p)
		}
	}
	return kept
}

// withoutCards takes card numbers out of answers: none is sent back.
func withoutCards(given registration.Answers) registration.Answers {
	kept := registration.Answers{}
	for id, values := range given {
		for _, v := range values {
			kept[id] = append(kept[id], registration.WithoutCardNumbers(v))
		}
	}
	return kept
}
