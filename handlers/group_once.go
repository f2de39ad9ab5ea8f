package handlers

import (
	"slices"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// onceOfGroup are the questions that are asked once for a group with people of these categories. Files are sent later, on the order's page.
func onceOfGroup(e *registration.Event, categories []string, given registration.Answers) []registration.Question {
	return slices.DeleteFunc(e.AskedOnce(categories, given), func(q registration.Question) bool { return q.Kind == registration.AskFile })
}

// listCategories are the categories that a list of people may name.
func listCategories(e *registration.Event) (ids []string) {
	for _, c := range e.Categories {
		if !c.Hidden {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// groupQuestions are those of the form, which are asked before the list is known: a question for some categories says whom it is for,
// and is not marked as needed: that is for the list to tell.
func groupQuestions(e *registration.Event, given registration.Answers, problems []views.Problem) views.QuestionList {
	all := listCategories(e)
	list := views.QuestionList{Questions: onceOfGroup(e, all, given), Answers: given, Problems: problems}
	for i := range list.Questions {
		q := &list.Questions[i]
		some := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !slices.Contains(q.Categories, id) })
		if len(q.Categories) == 0 || len(some) == len(all) {
			continue
		}
		if q.Required {
			q.Required, list.Loose = false, append(list.Loose, q.ID)
		}
		q.Hint = registration.Text{Ko: onlyFor(registration.Korean, e, some, q.Hint), En: onlyFor(registration.English, e, some, q.Hint)}
	}
	return list
}

// onlyFor is a hint of a question that is asked where somebody is of some categories.
func onlyFor(l registration.Lang, e *registration.Event, categories []string, hint registration.Text) string {
	var names []string
	for _, id := range categories {
		names = append(names, e.Category(id).Name.In(l))
	}
	only := views.T(l, "group.once", "categories", strings.Join(names, ", "))
	if hint.Empty() {
		return only
	}
	return hint.In(l) + " · " + only
}
