package e2e

import (
	"strings"
	"testing"
	"time"
)

// papersCSV is a list of accepted papers as a programme committee sends it.
const papersCSV = `Number,Title,Email
12,Examples at Scale,author@example.org
45,A Study of Studies,author@example.org
46,Testing What Is Told,author@example.org
47,Small Samples,author@example.org
`

// passport is what the symposium asks of everybody, and the answers to its questions.
func passport(lang string, more map[string]string) map[string]string {
	all := map[string]string{
		"~name": "홍길동", "~email": "author-" + lang + "@example.org", "~family-name": "Hong", "~given-name": "Gildong",
		"~organization": "Example University", "~country": "DE", "answer.visa": "no", "answer.diet": "vegetarian",
	}
	for k, v := range more {
		all[k] = v
	}
	return all
}

func TestTheSymposiumTakesAuthorsAndGuestsFromAbroadInBothLanguages(t *testing.T) {
	s := exampleSite(t, "symposium.yaml", "isex-2027")
	staff := s.staffIn(t, "ko")
	staff.uploadsPapers()
	papers := map[string]string{"ko": "12, 45", "en": "#46 47"}
	inBothLanguages(t, func(t *testing.T, lang string) {
		t.Run("an author covers two papers", func(t *testing.T) {
			b := s.browse(t, lang)
			b.looks("event")
			b.takes("author-nonmember", map[string]int{"extra-paper": 1, "extra-page": 2})
			b.tells(passport(lang, map[string]string{"papers": "12, 99"}))
			b.submit("main")
			b.refused("papers-refused")
			b.sees("99")
			b.fill(`form#main [name=papers]`, papers[lang])
			b.goesOn()
			b.looks("order")
			b.paysBy("abroad", "visa")
			b.sees(words[lang].paid)
			b.sees("1,400.00")
			for _, title := range map[string][]string{"ko": {"Examples at Scale", "A Study of Studies"}, "en": {"Testing What Is Told", "Small Samples"}}[lang] {
				b.sees(title)
			}
			b.looks("paid")
			if p := s.newest().Payments; len(p) != 1 || p[0].Currency != "USD" || p[0].Captured != 140000 {
				t.Errorf("payments %+v", p)
			}
		})
		t.Run("a guest from abroad changes and pays the difference", func(t *testing.T) {
			b := s.browse(t, lang)
			b.takes("one-day", nil)
			b.tells(passport(lang, map[string]string{"~email": "guest-" + lang + "@example.org", "answer.visa": "yes", "answer.days": "tuesday"}))
			b.submit("main") // the next question follows from this answer
			b.refused("asked-more")
			b.tells(map[string]string{"answer.embassy": "Berlin"})
			b.goesOn()
			b.paysBy("abroad", "visa")
			b.sees(words[lang].paid)
			b.changes("nonmember")
			b.paysBy("abroad", "visa")
			b.sees(map[string]string{"ko": "비회원", "en": "Non-member"}[lang])
			if p := s.newest().Payments; len(p) != 2 || p[0].Captured+p[1].Captured != 70000 {
				t.Errorf("payments %+v", p)
			}
		})
		s.eventually("the author has a mail", 15*time.Second, func() bool { return len(s.mail.to("author-"+lang+"@example.org")) > 0 })
	})
	staff.open("/console/isex-2027/papers")
	if text := staff.text(); !strings.Contains(text, "Small Samples") {
		t.Errorf("the list of papers says %s", text)
	}
	staff.looks("papers")
	s.sameBooks()
}

// changes chooses another category for what is paid, as far as the order's page with its second payment.
func (b *tab) changes(category string) {
	b.t.Helper()
	b.click(`a[href*="/change?person="]`)
	b.says("change.title")
	b.click(`input[name=category][value="` + category + `"]`)
	b.looks("change")
	b.submit("main")
	b.says("change.check.title")
	b.looks("change-check")
	b.submit("main")
	b.says("change.waits")
	b.looks("change-waits")
}

// uploadsPapers brings the list of accepted papers in.
func (b *tab) uploadsPapers() {
	b.t.Helper()
	b.open("/console/isex-2027/papers")
	b.looks("papers-empty")
	b.hands(`form#main [name=file]`, written(b.t, "accepted.csv", []byte(papersCSV)))
	b.submit("main")
	b.comesTo("/console/isex-2027/papers/import/")
	b.looks("papers-import")
	b.submit("main")
	b.sees("Small Samples")
}
