package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
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

// owesAnswers reports whether the payer of a group has to answer what somebody's new category asks once for the order.
func (f *folder) owesAnswers() bool {
	return len(f.order.Registrations) > 1 && f.order.Changed > 0 && slices.ContainsFunc(f.event.UnansweredOnce(f.order), func(q registration.Question) bool { return !f.event.TakesPlaces(&q) })
}

// askedOnce are the questions that are asked once for a group. What takes places stays as it was agreed to.
func (f *folder) askedOnce(given registration.Answers) []registration.Question {
	return slices.DeleteFunc(f.event.AskedOnce(f.order.Categories(), given), func(q registration.Question) bool { return f.event.TakesPlaces(&q) })
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
	case f.changesAnswers(now):
		return f, nil
	case f.mayChange(until, now): // nothing is asked
		return nil, goTo(c, f.path())
	case c.Request().Method == http.MethodPost && f.waits() != nil:
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
	given = filed(f.event, given, f.order.Answers)
	page := views.OrderAnswersPage{
		Page: frame(c, f.event, f.path()+"/answers", "changes.answers"), Path: f.path(), Shown: f.shownAnswers(),
		Asked: views.QuestionList{Questions: f.askedOnce(given), Answers: withoutCards(given), Problems: problems},
	}
	page.Page.Private, page.Page.Error, page.Page.Refused = true, len(problems) > 0, refusedForm(c, page.Page.Path)
	return s.render(c, status, views.OrderAnswers(page))
}

// shownAnswers names what the form is filled with.
func (f *folder) shownAnswers() string {
	return markOf(registration.Person{}, f.order.Answers)
}

// submitAnswers handles POST of the same address. A form that was filled with something else than what stands there by now is shown again.
func (s *Server) submitAnswers(c echo.Context) error {
	posted, files, err := readFilesForm(c)
	if err != nil {
		return err
	}
	f, err := s.answering(c)
	if f == nil {
		return err
	}
	moved := posted.raw("shown") != "" && posted.raw("shown") != f.shownAnswers()
	problems, err := s.keepFiles(c, f.askedOnce(f.answersTyped(posted)), posted, files, func(q *registration.Question, file store.NewFile) (err error) {
		f.order.Answers, err = s.cfg.Store.AnswerFile(c.Request().Context(), f.order, nil, q.ID, file)
		return err
	})
	if err != nil {
		return err
	}
	given := f.answersTyped(posted)
	questions := f.askedOnce(given)
	kept, wrong := answerProblems(questions, given)
	for id, values := range f.order.Answers {
		if !slices.Contains(strings.Fields(posted.raw("asked")), id) { // the form has not shown it
			kept[id] = values
		}
	}
	problems = firstOfEach(slices.Concat(problems, opened(questions, given, posted), wrong))
	switch {
	case moved && !posted.onlyShow() && len(problems) == 0 && f.order.Answers.Equal(filed(f.event, kept, f.order.Answers)): // as it is, perhaps by the same form
	case moved:
		return s.renderAnswers(c, http.StatusConflict, f, given, []views.Problem{{Field: "main", Key: "own.moved"}})
	case len(problems) > 0 || posted.onlyShow():
		return s.renderAnswers(c, http.StatusUnprocessableEntity, f, given, problems)
	default:
		if done, err := s.keepAnswers(c, f, given, kept); !done {
			return err
		}
	}
	return goTo(c, f.path()+"?notice="+noticeChanged)
}

// keepAnswers writes the answers of the order; done, or the form was shown again.
func (s *Server) keepAnswers(c echo.Context, f *folder, given, kept registration.Answers) (done bool, err error) {
	err = s.cfg.Store.Correct(c.Request().Context(), f.event, f.order, store.Correction{Answers: kept, Actor: payments.ActorAttendee})
	if !isCode(err, registration.CodeConflict) {
		return err == nil, err
	}
	again, readErr := s.cfg.Store.Order(c.Request().Context(), f.order.ID)
	if readErr != nil {
		return false, fmt.Errorf("read order again: %w", readErr)
	}
	f.order = again
	if again.Answers.Equal(filed(f.event, kept, again.Answers)) {
		return true, nil // by the same form
	}
	return false, s.renderAnswers(c, http.StatusConflict, f, given, []views.Problem{unmadeProblem("main", err)})
}

// answersTyped are the answers of a form, with what it does not ask: files that stay, and what takes places.
func (f *folder) answersTyped(posted form) registration.Answers {
	given := answered(f.event, posted)
	for id := range given {
		if q := f.event.Question(id); q.Per != registration.PerOrder || f.event.TakesPlaces(q) {
			delete(given, id)
		}
	}
	for id, values := range f.order.Answers {
		if q := f.event.Question(id); q != nil && ((q.Kind == registration.AskFile && !posted.removes(q)) || f.event.TakesPlaces(q)) {
			given[id] = values
		}
	}
	return given
}
