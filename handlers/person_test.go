package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/registration"
	"foyer/store"
)

// askingEvent asks everything of a person.
func askingEvent() registration.Event {
	e := sampleEvent()
	e.Person = registration.PersonForm{
		PassportName: registration.AskAlways, Affiliation: registration.AskAlways, AffiliationEn: registration.AskIfWanted, Title: registration.AskIfWanted,
		Country: registration.AskAlways, Phone: registration.AskAlways, BadgeName: registration.AskIfWanted,
	}
	return e
}

// wholePerson fills in every field.
var wholePerson = url.Values{
	"name": {"홍길동"}, "email": {"gildong@example.org"}, "family_name": {"HONG"}, "given_name": {"Gildong"}, "title": {"교수"}, "organization": {"예시대학교"},
	"organization_en": {"Example University"}, "country": {"KR"}, "phone": {"010-1234-5678"}, "badge_name": {"Gil"},
}

func TestWhatAnEventAsksOfAPersonIsKeptAndShownEverywhere(t *testing.T) {
	s := newSite(t)
	s.apply(askingEvent())
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()).want(200)
	for field, token := range map[string]string{"family_name": "family-name", "given_name": "given-name", "organization": "organization", "country": "country", "phone": "tel", "title": "organization-title"} {
		if got := page.doc().Find("#"+field).AttrOr("autocomplete", ""); got != token {
			t.Errorf("%s has the token %q, want %q", field, got, token)
		}
	}
	page = b.get(b.submit(page, "main", wholePerson).to()).want(200)
	order := b.submit(page, "main", consents).to()
	for what, text := range map[string]string{"check page": page.doc().Text(), "order page": b.get(order).want(200).doc().Text()} {
		for _, want := range []string{"HONG", "Gildong", "교수", "예시대학교", "Example University", "South Korea", "010-1234-5678", "Gil"} {
			if !strings.Contains(text, want) {
				t.Errorf("the %s lacks %s", what, want)
			}
		}
	}
	var kept string
	if err := s.store.Row(t.Context(), `SELECT person FROM registrations`).Scan(&kept); err != nil || !strings.Contains(kept, `"phone":"+821012345678"`) {
		t.Errorf("kept: %s (%v)", kept, err)
	}
	desk := s.staff(store.RoleOrganizer, "")
	list := desk.get("/console/" + slug + "/export?format=csv").want(200).body
	if !strings.Contains(list, "HONG") || !strings.Contains(list, "010-1234-5678") || !strings.Contains(list, "Example University") {
		t.Errorf("the export lacks fields: %s", list)
	}
}

func TestEachFieldOfAPersonSaysWhatToDo(t *testing.T) {
	s := newSite(t)
	s.apply(askingEvent())
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	to := b.submit(page, "main", url.Values{"category": {"student"}}).to()
	for name, c := range map[string]struct {
		change url.Values
		field  string // of which something is said; "" when it is taken
	}{
		"all is well":            {url.Values{}, ""},
		"one name only":          {url.Values{"family_name": {""}}, ""},
		"a number of elsewhere":  {url.Values{"phone": {"+1 (212) 555-0100"}}, ""},
		"letters in a number":    {url.Values{"phone": {"010-1234-567O"}}, "phone"},
		"full-width digits only": {url.Values{"phone": {"０１０１２３４５６７８"}}, ""},
		"no passport name":       {url.Values{"family_name": {""}, "given_name": {" "}}, "family_name"},
		"Hangul in the passport": {url.Values{"given_name": {"길동"}}, "given_name"},
		"no country":             {url.Values{"country": {""}}, "country"},
		"a country of no code":   {url.Values{"country": {"XX"}}, "country"},
		"no phone":               {url.Values{"phone": {""}}, "phone"},
		"words for a phone":      {url.Values{"phone": {"없음"}}, "phone"},
		"no affiliation":         {url.Values{"organization": {""}}, "organization"},
		"a card for a title":     {url.Values{"title": {"4111 1111 1111 1111"}}, "title"},
		"a long badge":           {url.Values{"badge_name": {strings.Repeat("가", 41)}}, "badge_name"},
		"no text":                {url.Values{"organization_en": {"a\xff"}}, "organization_en"},
	} {
		a := b.submit(b.get(to).want(200), "main", with(wholePerson, c.change))
		if c.field == "" {
			a.want(http.StatusSeeOther)
			continue
		}
		link := a.want(http.StatusUnprocessableEntity).doc().Find(`#problems a[href="#` + c.field + `"]`)
		if link.Length() != 1 || a.doc().Find("#"+c.field+"-error").Length() != 1 {
			t.Errorf("%s: %s", name, a.doc().Find("#problems").Text())
		}
		if strings.Contains(a.body, "4111 1111") {
			t.Error("a card number is sent back")
		}
	}
}
