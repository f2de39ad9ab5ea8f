package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// showDetailsForm handles GET /admin/{event}/orders/{code}/details/{registration}, with order in the place of a registration for what is asked once.
func (o *office) showDetailsForm(v *visit) error {
	m, err := o.openMending(v)
	if m == nil {
		return err
	}
	person, answers := m.had()
	return o.renderMending(m, http.StatusOK, person, answers)
}

func (o *office) renderMending(m *mending, status int, who registration.Person, given registration.Answers, problems ...views.Problem) error {
	nav, err := o.nav(m.visit, "")
	if err != nil {
		return err
	}
	left, err := o.optionsLeft(m.Request().Context(), m.event)
	if err != nil {
		return err
	}
	page := views.AdminDetailsPage{
		Page: m.page(m.path()), Nav: nav, Code: m.file.Order.Code, Path: m.path(), Shown: m.shown(), Problems: problems,
		Asked: views.QuestionList{Questions: m.asked(given), Answers: withoutCards(given), Left: left, Problems: problems, Loose: m.loose()},
	}
	page.Page.Error = len(problems) > 0
	if m.reg != nil {
		who = shown(who)
		page.Name, page.Person, page.Event = m.reg.Person.Name, &who, openEvent(m.event, m.reg.Person)
	}
	return o.render(m.visit, status, views.AdminDetails(page))
}

// submitDetailsForm handles POST of the same address. What was filled in before somebody else changed the same comes back as it was typed.
func (o *office) submitDetailsForm(v *visit) error {
	m, err := o.openMending(v)
	if m == nil {
		return err
	}
	posted, files, err := readFilesForm(v)
	if err != nil {
		return err
	}
	if posted.line("shown") != m.shown() {
		who, given := m.typed(posted)
		if person, had := m.had(); who == person && given.Equal(had) && len(files) == 0 {
			return saved(v, m.file.path(v), "person") // as it is already, perhaps by the same form
		}
		return o.renderMending(m, http.StatusConflict, who, m.filed(given), views.Problem{Field: "main", Key: "admin.details.changed"})
	}
	wrong, err := o.mendFiles(m, posted, files)
	if isCode(err, registration.CodeConflict) {
		return o.againMoved(m, posted, err)
	}
	if err != nil {
		return err
	}
	return o.mend(m, posted, wrong)
}

// mend checks and keeps what was typed, or shows the form again.
func (o *office) mend(m *mending, posted form, problems []views.Problem) error {
	who, given := m.typed(posted)
	questions := m.asked(given)
	kept, wrong := answerProblems(questions, given)
	problems = slices.Concat(problems, opened(questions, given, posted), wrong)
	if m.reg != nil {
		list, err := problemsOf(another, formOf(who))
		if err != nil {
			return err
		}
		problems = append(list, problems...)
	}
	if problems = firstOfEach(problems); len(problems) > 0 {
		return o.renderMending(m, http.StatusUnprocessableEntity, who, m.filed(given), problems...)
	}
	_, had := m.had()
	for id, values := range had {
		if m.hides(id, questions) {
			kept[id] = values
		}
	}
	err := o.correct(m, who, kept, nil)
	if isCode(err, registration.CodeConflict) || isCode(err, registration.CodeFull) {
		return o.againMoved(m, posted, err)
	}
	if err != nil {
		return err
	}
	return saved(m.visit, m.file.path(m.visit), "person")
}

// againMoved shows the form again after the order was found to be another, or an option full.
func (o *office) againMoved(m *mending, posted form, cause error) error {
	who, given := m.typed(posted)
	problems := []views.Problem{{Field: "main", Key: "order.moved"}}
	switch {
	case hasKey(cause, "change.pending"):
		problems[0].Key = "admin.details.pending"
	case isCode(cause, registration.CodeFull):
		left, err := o.optionsLeft(m.Request().Context(), m.event)
		if err != nil {
			return err
		}
		_, had := m.had()
		added := registration.Answers{}
		for id, values := range given {
			added[id] = slices.DeleteFunc(slices.Clone(values), func(v string) bool { return slices.Contains(had[id], v) })
		}
		if problems = fullOptions(m.asked(given), added, left); len(problems) == 0 { // free again by now
			problems = []views.Problem{{Field: "main", Key: "order.moved"}}
		}
	}
	return o.renderMending(m, http.StatusConflict, who, m.filed(given), problems...)
}

// correct stores a correction.
func (o *office) correct(m *mending, who registration.Person, answers registration.Answers, files map[string]store.NewFile) error {
	c := store.Correction{Person: who, Answers: answers, Files: files, Actor: m.staff.Actor()}
	if m.reg != nil {
		c.Registration = m.reg.ID
	}
	if err := o.cfg.Store.Correct(m.Request().Context(), m.event, m.file.Order, c); err != nil {
		return fmt.Errorf("correct order: %w", err)
	}
	return nil
}

// mendFiles keeps the files of a form at once, so that one that is refused for another reason does not lose them, and says what is wrong
// with others. m is then what stands there now.
func (o *office) mendFiles(m *mending, posted form, files uploads) (problems []views.Problem, err error) {
	person, had := m.had()
	_, given := m.typed(posted)
	changed := map[string]store.NewFile{}
	problems, err = o.keepFiles(m, m.asked(given), posted, files, func(q *registration.Question, file store.NewFile) error {
		changed[q.ID] = file
		return nil
	})
	if err != nil || len(changed) == 0 {
		return problems, err
	}
	if err := o.correct(m, person, had, changed); err != nil {
		return problems, err
	}
	again, err := o.openMending(m.visit)
	if again != nil {
		*m = *again
	}
	return problems, err
}
