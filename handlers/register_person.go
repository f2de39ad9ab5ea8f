package handlers

import (
	"net/http"
	"slices"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showPerson handles GET /e/{event}/register/person.
func (s *Server) showPerson(c echo.Context) error {
	e, err := s.openEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	d, err := s.openDraft(c, e, true)
	if err != nil {
		return err
	}
	if !d.hasCart() {
		return goTo(c, views.RegisterPath(e.Slug))
	}
	d.changing = d.hasPerson()
	papers := paperChoice{}
	if d.changing {
		if papers, err = s.papersOf(c.Request().Context(), e, d); err != nil {
			return err
		}
	}
	return s.renderPerson(c, http.StatusOK, e, d, papers.problems)
}

// renderPerson shows the page with what the draft holds, as far as it was typed.
func (s *Server) renderPerson(c echo.Context, status int, e *registration.Event, d *draft, problems []views.Problem) error {
	left, err := s.optionsLeft(c.Request().Context(), e)
	if err != nil {
		return err
	}
	given := d.withFiles(e, d.Answers.With(d.ForOrder))
	return s.render(c, status, views.RegisterPerson(views.RegisterPersonPage{
		Wants: e.Category(d.Cart.Category).Wants(), Proof: d.Proof, Kept: d.keptEvidence(), HasFiles: len(fileFields(e, d.Cart.Category)) > 0,
		Page:  registerFrame(c, e, views.RegisterPersonPath(e.Slug), "register.person.title", problems),
		Event: e, Person: d.Person, Changing: d.changing, Problems: problems, Papers: s.paperField(e, d.Cart, d.papersShown()),
		Asked: views.QuestionList{Questions: e.Asked(registration.PerAny, d.Cart.Category, given), Answers: given, Left: left, Problems: problems},
	}))
}

// submitPerson handles POST /e/{event}/register/person. Whether an address has registered before is not told here: anybody may type
// anybody's address.
func (s *Server) submitPerson(c echo.Context) error {
	e, err := s.openEvent(c)
	if err != nil {
		return err
	}
	f, files, err := readFilesForm(c)
	if err != nil {
		return err
	}
	d, err := s.openDraft(c, e, true)
	if err != nil {
		return err
	}
	if !d.hasCart() {
		return goTo(c, views.RegisterPath(e.Slug))
	}
	filled := personOf(e, f.value)
	problems, err := personProblems(e, filled)
	if err != nil {
		return err
	}
	badFiles, err := s.takeFiles(c, e, d, f, files)
	if err != nil {
		return err
	}
	badProof, err := s.takeProof(c.Request().Context(), e, d, f, filled.Name)
	if err != nil {
		return err
	}
	given := d.withFiles(e, answered(e, f))
	problems = append(problems, phoneProblems(e, filled)...)
	questions := e.Asked(registration.PerAny, d.Cart.Category, given)
	kept, wrong := answerProblems(questions, given)
	left, err := s.optionsLeft(c.Request().Context(), e)
	if err != nil {
		return err
	}
	papers, err := s.papersTyped(c.Request().Context(), e, d.Cart, f.line("papers"))
	if err != nil {
		return err
	}
	problems = firstOfEach(slices.Concat(problems, badFiles, badProof, papers.problems, opened(questions, given, f), wrong, fullOptions(questions, kept, left)))
	d.changing, d.Person = d.hasPerson(), filled
	d.Papers, d.typed = papers.numbers, papers.typed
	d.Answers, d.ForOrder = split(e, kept)
	if len(problems) > 0 || f.onlyShow() {
		d.Person, d.Answers = shown(d.Person), withoutCards(d.Answers)
		d.ForOrder = withoutCards(d.ForOrder)
		return s.renderPerson(c, http.StatusUnprocessableEntity, e, d, problems)
	}
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return s.leavePerson(c, e, d)
}
