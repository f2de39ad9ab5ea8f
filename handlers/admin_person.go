package handlers

import (
	"fmt"
	"net/http"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// correctPerson handles POST /admin/{event}/orders/{code}/person/{registration}: staff mend a name, an address or an affiliation that was
// misspelt. Places, prices, answers and documents that were issued stay. The form names what it was filled with, so that nobody's change is
// lost: when that is another by now, it comes back as it was typed, beside what stands there.
func (o *office) correctPerson(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	r := file.Order.Registration(v.Param("registration"))
	if r == nil {
		return registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	person := r.Person
	person.Name, person.Email, person.Affiliation = posted.line("name"), posted.email("email"), posted.line("organization")
	problems, err := problemsOf(another, formOf(person))
	if err != nil {
		return err
	}
	refuse := func(status int, problems ...views.Problem) error {
		file.person = map[string]views.AdminPersonForm{r.ID: {Person: person, Problems: problems}}
		return o.renderFile(v, status, file)
	}
	switch {
	case person == r.Person:
		return saved(v, file.path(v), "person") // as it is already, perhaps by the same form
	case posted.line("shown") != shownPerson(r.Person):
		return refuse(http.StatusConflict, views.Problem{Field: "name", Key: "admin.person.changed", Args: []any{"now", personText(r.Person)}})
	case len(problems) > 0:
		return refuse(http.StatusUnprocessableEntity, problems...)
	}
	err = o.cfg.Store.Correct(v.Request().Context(), v.event, file.Order, store.Correction{
		Registration: r.ID, Person: person, Answers: r.Answers, Actor: v.staff.Actor(),
	})
	if isCode(err, registration.CodeConflict) {
		return refuse(http.StatusConflict, views.Problem{Field: "name", Key: "order.moved"})
	}
	if err != nil {
		return fmt.Errorf("correct person: %w", err)
	}
	return saved(v, file.path(v), "person")
}

// shownPerson names what the form was filled with.
func shownPerson(p registration.Person) string { return store.Hash(personText(p)) }

func personText(p registration.Person) string {
	return strings.Join([]string{p.Name, p.Email, p.Affiliation}, " · ")
}

// correctable is the form in which staff mend what somebody has told, filled with what was refused or what is there.
func (f *orderFile) correctable(r *registration.Registration) *views.AdminPersonForm {
	if f.Order.Check || r.State == registration.Cancelled {
		return nil
	}
	form, refused := f.person[r.ID]
	if !refused {
		form.Person = r.Person
	}
	form.ID, form.Shown = r.ID, shownPerson(r.Person)
	return &form
}
