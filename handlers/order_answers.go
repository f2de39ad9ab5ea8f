package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// changesAnswers reports whether the payer of a group may change now what was answered once for all of its people.
func (f *folder) changesAnswers(now time.Time) bool {
	return len(f.order.Registrations) > 1 && f.mayChange(f.deadlines().Details, now) && len(f.askedOnce(f.order.Answers)) > 0
}

// askedOnce are the questions that are asked once for a group. What takes places stays as it was agreed to.
func (f *folder) askedOnce(given registration.Answers) []registration.Question {
	return slices.DeleteFunc(f.event.Asked(registration.PerOrder, "", given), func(q registration.Question) bool { return f.event.TakesPlaces(&q) })
}

// answering opens the order of a group whose answers can be changed; nil after leading elsewhere.
func (s *Server) answering(c echo.Context) (*folder, error) {
	f, err := s.folder(c)
	if err != nil {
		return nil, err
	}
	until, now := f.deadlines().Details, s.cfg.Now()
	switch {
	case len(f.order.Registrations) == 1:
		return nil, goTo(c, f.path()+"/details")
	case f.mayChange(until, now):
		return f, nil
	case c.Request().Method == http.MethodPost && f.waits() != nil:
		if _, err := readForm(c); err != nil { // for the language switch
			return nil, err
		}
		return nil, s.unmade(c, views.Problem{Field: "change", Key: "unmade.pending"})
	}
	return nil, f.tooLate(c, until, now)
}

// showAnswers handles GET /o/{code}/{secret}/answers: what was answered once for the people of a group.
func (s *Server) showAnswers(c echo.Context) error {
	f, err := s.answering(c)
	if f == nil {
		return err
	}
	return s.renderAnswers(c, http.StatusOK, f, f.order.Answers, nil)
}

func (s *Server) renderAnswers(c echo.Context, status int, f *folder, given registration.Answers, problems []views.Problem) error {
	page := views.OrderAnswersPage{
		Page: frame(c, f.event, f.path()+"/answers", "changes.answers"), Path: f.path(),
		Asked: views.QuestionList{Questions: f.askedOnce(given), Answers: withoutCards(given), Problems: problems},
	}
	page.Page.Private, page.Page.Error, page.Page.Refused = true, len(problems) > 0, refusedForm(c, page.Page.Path)
	return s.render(c, status, views.OrderAnswers(page))
}

// submitAnswers handles POST of the same address.
func (s *Server) submitAnswers(c echo.Context) error {
	f, err := s.answering(c)
	if f == nil {
		return err
	}
	posted, files, err := readFilesForm(c)
	if err != nil {
		return err
	}
	given := f.answersTyped(posted)
	changed, problems, err := s.changedFiles(c, f.askedOnce(given), f.order.Answers, posted, files)
	if err != nil {
		return err
	}
	if len(changed) > 0 { // kept at once: a form that is refused for another reason does not lose them
		if err := s.keepAnswers(c, f, f.order.Answers, changed); err != nil {
			return err
		}
		given = f.answersTyped(posted)
	}
	questions := f.askedOnce(given)
	kept, wrong := answerProblems(questions, given)
	if problems = firstOfEach(slices.Concat(problems, opened(questions, given, posted), wrong)); len(problems) > 0 || posted.onlyShow() {
		return s.renderAnswers(c, http.StatusUnprocessableEntity, f, given, problems)
	}
	for id, values := range given {
		if q := f.event.Question(id); q == nil || f.event.TakesPlaces(q) {
			kept[id] = values
		}
	}
	err = s.keepAnswers(c, f, kept, nil)
	if isCode(err, registration.CodeConflict) {
		o, readErr := s.cfg.Store.Order(c.Request().Context(), f.order.ID)
		if readErr != nil {
			return fmt.Errorf("read order again: %w", readErr)
		}
		if !o.Answers.Equal(kept) { // else the same form has kept them
			return s.renderAnswers(c, http.StatusConflict, f, given, []views.Problem{unmadeProblem("main", err)})
		}
		err = nil
	}
	if err != nil {
		return err
	}
	return goTo(c, f.path()+"?notice="+noticeChanged)
}

// answersTyped are the answers of a form, with what it does not ask: files, what takes places, and answers to questions that are gone.
func (f *folder) answersTyped(posted form) registration.Answers {
	given := answered(f.event, posted)
	for id := range given {
		if q := f.event.Question(id); q.Per != registration.PerOrder || f.event.TakesPlaces(q) {
			delete(given, id)
		}
	}
	for id, values := range f.order.Answers {
		if q := f.event.Question(id); q == nil || q.Kind == registration.AskFile || f.event.TakesPlaces(q) {
			given[id] = values
		}
	}
	return given
}

// keepAnswers writes the answers of the order, and reads it again. It fails like store.Correct.
func (s *Server) keepAnswers(c echo.Context, f *folder, answers registration.Answers, files map[string]*store.NewFile) error {
	err := s.cfg.Store.Correct(c.Request().Context(), f.event, f.order, store.Correction{Answers: answers, Files: files, Actor: payments.ActorAttendee})
	if err != nil {
		return fmt.Errorf("keep answers: %w", err)
	}
	if f.order, err = s.cfg.Store.Order(c.Request().Context(), f.order.ID); err != nil {
		return fmt.Errorf("read order again: %w", err)
	}
	return nil
}
