package registration

import (
	"strings"
	"time"
	"unicode"
)

// Ask says how a field of a person is asked. The zero value does not ask.
type Ask string

// The ways to ask.
const (
	AskNot      Ask = "none"
	AskIfWanted Ask = "optional"
	AskAlways   Ask = "required"
	AskLoosely  Ask = "loosely" // of attendees always; staff who correct it may leave it empty. No event file says it
)

// PersonForm says which fields an event asks of a person besides name and e-mail address. The zero value asks the affiliation, which may
// be left out, and nothing else.
type PersonForm struct {
	PassportName  Ask `json:"passport_name,omitempty"` // family and given name as in the passport; one of them may be empty
	Affiliation   Ask `json:"affiliation,omitempty"`   // "" is optional
	AffiliationEn Ask `json:"affiliation_en,omitempty"`
	Title         Ask `json:"title,omitempty"`
	Country       Ask `json:"country,omitempty"`
	Phone         Ask `json:"phone,omitempty"`
	BadgeName     Ask `json:"badge_name,omitempty"`

	VerifyPhone bool `json:"verify_phone,omitempty"` // the telephone is proved by a code before the order is made
}

// The fields of a person that an event may ask, by the names that they have in forms.
const (
	FieldFamilyName    = "family_name"
	FieldGivenName     = "given_name"
	FieldTitle         = "title"
	FieldAffiliation   = "organization"
	FieldAffiliationEn = "organization_en"
	FieldCountry       = "country"
	FieldPhone         = "phone"
	FieldBadgeName     = "badge_name"
)

// PersonFieldNames are the fields of a person besides name and e-mail address, in the order in which they are shown.
var PersonFieldNames = []string{
	FieldFamilyName, FieldGivenName, FieldTitle, FieldAffiliation, FieldAffiliationEn, FieldCountry, FieldPhone, FieldBadgeName,
}

// PersonField is one field that is asked.
type PersonField struct {
	Name     string // one of the constants
	Required bool
	Optional bool // the label says so: either passport name may be left empty, but not both where they are required
	Proved   bool // by a code that is sent to it
}

// PersonFields lists what the event asks of a person besides name and e-mail address, in the order of the form. Of the two passport names
// neither is required alone.
func (e *Event) PersonFields() []PersonField {
	f := e.Person
	affiliation := f.Affiliation
	if affiliation == "" {
		affiliation = AskIfWanted
	}
	var all []PersonField
	for _, one := range [...]struct {
		name string
		ask  Ask
	}{
		{FieldFamilyName, f.PassportName}, {FieldGivenName, f.PassportName}, {FieldTitle, f.Title}, {FieldAffiliation, affiliation},
		{FieldAffiliationEn, f.AffiliationEn}, {FieldCountry, f.Country}, {FieldPhone, f.Phone}, {FieldBadgeName, f.BadgeName},
	} {
		if one.ask == AskIfWanted || one.ask == AskAlways || one.ask == AskLoosely {
			passport := one.name == FieldFamilyName || one.name == FieldGivenName
			all = append(all, PersonField{one.name, one.ask == AskAlways && !passport, one.ask == AskIfWanted, f.VerifyPhone && one.name == FieldPhone})
		}
	}
	return all
}

// Field is the place of one of the fields in the person; nil for a name that is none of them.
func (p *Person) Field(name string) *string {
	switch name {
	case FieldFamilyName:
		return &p.FamilyName
	case FieldGivenName:
		return &p.GivenName
	case FieldTitle:
		return &p.Title
	case FieldAffiliation:
		return &p.Affiliation
	case FieldAffiliationEn:
		return &p.AffiliationEn
	case FieldCountry:
		return &p.Country
	case FieldPhone:
		return &p.Phone
	case FieldBadgeName:
		return &p.BadgeName
	}
	return nil
}

// Lacks lists the required fields that a person has left empty. Where the passport name is required and both parts are empty, it is the
// family name that lacks.
func (f PersonForm) Lacks(p Person) []string {
	if f == (PersonForm{}) {
		return nil // what most events ask
	}
	var all []string
	for _, one := range (&Event{Person: f}).PersonFields() {
		if one.Required && *p.Field(one.Name) == "" {
			all = append(all, one.Name)
		}
	}
	if f.PassportName == AskAlways && p.FamilyName == "" && p.GivenName == "" {
		all = append([]string{FieldFamilyName}, all...)
	}
	return all
}

// IsPassportName reports whether s can stand in a passport's name: Latin letters with spaces, hyphens, apostrophes, dots and commas.
func IsPassportName(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.Is(unicode.Latin, r) && !unicode.IsMark(r) && !strings.ContainsRune(" -'’.,", r)
	})
}

// Groups says whether one payer may register many people. The zero value does not allow it.
type Groups struct {
	Max     int       `json:"max,omitempty"`    // most people of one order; 0: groups are off
	Replace time.Time `json:"replace,omitzero"` // until when the payer may put another person in somebody's place; zero: staff only
}
