package handlers

import (
	"net/http"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// personForm is the second page's form. It asks for nothing that an event does not need.
type personForm struct {
	Name         string `form:"name" validate:"required,text,max=60,nocard"`
	Email        string `form:"email" validate:"required,text,max=254,mail,nocard"`
	Organization string `form:"organization" validate:"text,max=120,nocard"`
}

// person is the form as it is kept.
func (f personForm) person() registration.Person {
	return registration.Person{Name: f.Name, Email: f.Email, Affiliation: f.Organization}
}

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
	return s.renderPerson(c, http.StatusOK, e, d.Person, d.hasPerson(), nil)
}

func (s *Server) renderPerson(c echo.Context, status int, e *registration.Event, p registration.Person, known bool, problems []views.Problem) error {
	return s.render(c, status, views.RegisterPerson(views.RegisterPersonPage{
		Page:  registerFrame(c, e, views.RegisterPersonPath(e.Slug), "register.person.title", problems),
		Event: e, Person: p, Changing: known, Problems: problems,
	}))
}

// submitPerson handles POST /e/{event}/register/person. Whether an address has registered before is not told here: anybody may type
// anybody's address.
func (s *Server) submitPerson(c echo.Context) error {
	e, err := s.openEvent(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
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
	filled := personForm{Name: f.line("name"), Email: f.email("email"), Organization: f.line("organization")}
	problems, err := problemsOf("register", filled)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return s.renderPerson(c, http.StatusUnprocessableEntity, e, shown(filled.person()), d.hasPerson(), problems)
	}
	d.Person = filled.person()
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return goTo(c, views.RegisterCheckPath(e.Slug))
}

// shown is a refused person as the form shows it again: a card number is not sent back.
func shown(p registration.Person) registration.Person {
	for _, text := range []*string{&p.Name, &p.Email, &p.Affiliation} {
		if registration.HoldsCardNumber(*text) {
			*text = ""
		}
	}
	return p
}
