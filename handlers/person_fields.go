package handlers

import (
	"strings"

	"foyer/registration"
	"foyer/views"
)

// personForm is what a form asks of a person. It asks for nothing that an event does not need.
type personForm struct {
	Name           string `form:"name" validate:"required,text,max=60,nocard"`
	Email          string `form:"email" validate:"required,text,max=254,mail,nocard"`
	FamilyName     string `form:"family_name" validate:"text,max=60,nocard,passport"`
	GivenName      string `form:"given_name" validate:"text,max=60,nocard,passport"`
	Title          string `form:"title" validate:"text,max=60,nocard"`
	Organization   string `form:"organization" validate:"text,max=120,nocard"`
	OrganizationEn string `form:"organization_en" validate:"text,max=120,nocard"`
	Country        string `form:"country" validate:"country"`
	Phone          string `form:"phone" validate:"text,max=40,nocard,phone"`
	BadgeName      string `form:"badge_name" validate:"text,max=40,nocard"`
}

// formOf is a person as the rules look at it.
func formOf(p registration.Person) personForm {
	return personForm{
		Name: p.Name, Email: p.Email, FamilyName: p.FamilyName, GivenName: p.GivenName, Title: p.Title, Organization: p.Affiliation,
		OrganizationEn: p.AffiliationEn, Country: p.Country, Phone: p.Phone, BadgeName: p.BadgeName,
	}
}

// personOf reads a person: name, e-mail address, and what else the event asks. value gives a field of the form as one clean line.
func personOf(e *registration.Event, value func(field string) string) registration.Person {
	p := registration.Person{Name: value("name"), Email: value("email")}
	for _, f := range e.PersonFields() {
		text := value(f.Name)
		switch f.Name {
		case registration.FieldPhone:
			text, _ = registration.CleanPhone(text) // as it was typed when it is no number; the rules find it
		case registration.FieldCountry:
			text = strings.ToUpper(text)
		}
		*p.Field(f.Name) = text
	}
	return p
}

// value reads a field as one clean line, an e-mail address as one.
func (f form) value(name string) string {
	if name == "email" {
		return f.email(name)
	}
	return f.line(name)
}

// personProblems says what is wrong with a person, one sentence for each field at most.
func personProblems(e *registration.Event, p registration.Person) ([]views.Problem, error) {
	list, err := problemsOf("register", formOf(p))
	if err != nil {
		return nil, err
	}
	for _, field := range e.Person.Lacks(p) {
		key := "person." + field + ".required"
		if field == registration.FieldFamilyName {
			key = "person.passport.required"
		}
		list = append(list, views.Problem{Field: field, Key: key})
	}
	return firstOfEach(list), nil
}

// shown is a refused person as the form shows it again: a card number is not sent back.
func shown(p registration.Person) registration.Person {
	texts := []*string{&p.Name, &p.Email}
	for _, f := range views.PersonFieldNames {
		texts = append(texts, p.Field(f))
	}
	for _, text := range texts {
		*text = registration.WithoutCardNumbers(*text)
	}
	return p
}
