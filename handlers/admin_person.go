package handlers

import (
	"fmt"
	"net/http"
	"strconv"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// correctPerson handles POST /admin/{event}/orders/{code}/person/{registration}: staff mend a name, an address or an affiliation that was
// misspelt. Places, prices, answers and documents that were issued stay. The form names the version of the person that it shows, so that
// nobody's change is lost.
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
	problems, err := problemsOf("register", formOf(person))
	if err != nil {
		return err
	}
	if version := strconv.FormatInt(r.Version, 10); posted.line("version") != version || person == r.Person {
		return goTo(v, file.path(v)) // somebody was first, or nothing was changed: the page shows how it stands
	}
	if len(problems) > 0 {
		file.person = map[string]views.AdminPersonForm{r.ID: {Person: person, Problems: problems}}
		return o.renderFile(v, http.StatusUnprocessableEntity, file)
	}
	err = o.cfg.Store.ChangePerson(v.Request().Context(), file.Order, store.PersonChange{
		Registration: r.ID, Version: r.Version, Person: person, Answers: r.Answers, Actor: v.staff.Actor(),
	})
	if isCode(err, registration.CodeConflict) {
		file.person = map[string]views.AdminPersonForm{r.ID: {Person: person, Problems: []views.Problem{{Field: "name", Key: "order.moved"}}}}
		return o.renderFile(v, http.StatusConflict, file)
	}
	if err != nil {
		return fmt.Errorf("correct person: %w", err)
	}
	return goTo(v, file.path(v))
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
	form.ID, form.Version = r.ID, r.Version
	return &form
}
