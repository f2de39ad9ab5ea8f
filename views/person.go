package views

import "foyer/registration"

func isPassport(f registration.PersonField) bool {
	return f.Name == registration.FieldFamilyName || f.Name == registration.FieldGivenName
}

// PersonLabel is the short name of a field of a person.
func PersonLabel(l registration.Lang, field string) string { return T(l, "person."+field) }

// PersonText writes a field of a person for a reader; "" when it is empty.
func PersonText(l registration.Lang, p registration.Person, field string) string {
	text := *p.Field(field)
	switch {
	case text == "":
		return ""
	case field == registration.FieldCountry:
		return CountryName(l, text)
	case field == registration.FieldPhone:
		return registration.PhoneText(text)
	}
	return text
}

// personTokens are the autocomplete tokens of a person's fields.
var personTokens = map[string]string{
	registration.FieldFamilyName: "family-name", registration.FieldGivenName: "given-name", registration.FieldTitle: "organization-title",
	registration.FieldAffiliation: "organization", registration.FieldCountry: "country", registration.FieldPhone: "tel",
}

// personInput is the control of a field of a person.
func personInput(l registration.Lang, f registration.PersonField, p registration.Person, problems []Problem) textInput {
	in := textInput{
		name: f.Name, autocomplete: personTokens[f.Name], required: f.Required, value: *p.Field(f.Name),
		label: PersonLabel(l, f.Name), error: problemText(l, problems, f.Name),
	}
	if f.Optional {
		in.label = T(l, "answer.optional", "question", in.label)
	}
	if hint := "person." + f.Name + ".hint"; Has(l, hint) {
		in.hint = T(l, hint)
	}
	if f.Proved {
		in.hint = T(l, "phone.hint")
	}
	if f.Name == registration.FieldPhone {
		in.kind, in.value = "tel", registration.PhoneText(in.value)
	}
	return in
}

// PersonFieldNames are the fields of a person besides name and e-mail address, in the order in which they are shown.
var PersonFieldNames = registration.PersonFieldNames
