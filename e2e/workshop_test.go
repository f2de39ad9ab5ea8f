package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// tables is how many places the workshop's banquet has.
const tables = 40

func TestTheWorkshopGivesAFreedPlaceToWhoWaitsInBothLanguages(t *testing.T) {
	s := exampleSite(t, "workshop.yaml", "example-day-2027")
	staff := s.staffIn(t, "ko")
	for n := range (tables - 2) / 2 {
		s.banquet(fmt.Sprintf("guest-%d@example.org", n))
	}
	inBothLanguages(t, func(t *testing.T, lang string) {
		b := s.browse(t, lang)
		order := b.takesTheLastPlaces(s)
		w := s.browse(t, lang)
		mine := "waits-" + lang + "@example.org"
		w.waits(mine)
		staff.speaks(lang)
		staff.open("/console/example-day-2027/waiting")
		staff.sees(mine)
		staff.looks("waiting-list")
		b.open(order)
		b.submit("cancel")
		b.says("cancel.title")
		b.looks("cancel")
		b.submit("main")
		b.comesTo("/o/")
		b.looks("cancelled")
		s.eventually("the place is offered", 15*time.Second, func() bool { return len(s.mail.to(mine)) == 2 })
		w.open(link(t, s.mail.to(mine)[1], "/w/"))
		w.says("waiting.is.offered")
		w.looks("offer")
		w.submit("main")
		w.comesTo("/e/example-day-2027/register")
		w.looks("offer-form")
		w.submit("main")
		w.comesTo("/e/example-day-2027/register/person")
		w.tells(map[string]string{"~organization": "예시대학교", "answer.lunch": "no", "answer.talk": "no"})
		w.goesOn()
		w.paysBy("card", "kr")
		w.sees(words[lang].paid)
		staff.open("/console/example-day-2027/waiting")
		staff.looks("waiting-list-taken")
	})
	s.sameBooks()
}

// takesTheLastPlaces registers with an abstract and all that is left of the banquet, keeps the places longer and pays; it gives the order's
// address.
func (b *tab) takesTheLastPlaces(s *site) string {
	b.t.Helper()
	left := s.left("tables")
	b.looks("event")
	b.takes("participant", map[string]int{"banquet": int(left)})
	b.tells(map[string]string{"~name": "홍길동", "~email": "last-" + b.lang + "@example.org", "~organization": "예시대학교", "answer.lunch": "yes",
		"answer.diet": "vegetarian", "answer.talk": "yes"})
	b.submit("main")
	b.refused("asked-more")
	b.hands(`[name="answer.abstract"]`, written(b.t, "초록.pdf", []byte("%PDF-1.7\n%%EOF\n")))
	b.goesOn()
	b.looks("order")
	b.submit("extend")
	b.comesTo("/o/")
	b.looks("order-longer")
	b.paysBy("abroad", "visa")
	b.sees(words[b.lang].paid)
	return b.at()
}

// waits finds the banquet sold out and joins the waiting list.
func (b *tab) waits(email string) {
	b.t.Helper()
	b.open("/e/example-day-2027")
	b.looks("sold-out")
	b.open("/e/example-day-2027/register")
	b.looks("register-sold-out")
	b.click(`a[href^="/e/example-day-2027/waiting"]`)
	b.says("waiting.join.title")
	b.looks("waiting-join")
	b.click(`[name=category][value=participant]`)
	b.click(`[name="extra.banquet"]`)
	b.tells(map[string]string{"~name": "성춘향", "~email": email})
	b.submit("main")
	b.says("waiting.joined.title")
	b.looks("waiting-joined")
	b.site.eventually("the one who waits has a mail", 15*time.Second, func() bool { return len(b.site.mail.to(email)) == 1 })
	b.open(link(b.t, b.site.mail.to(email)[0], "/w/"))
	b.says("waiting.is.waiting")
	b.looks("waiting")
}

// left is how many places of a quota are free.
func (s *site) left(quota string) int64 {
	s.t.Helper()
	for _, q := range s.ledger().Quotas {
		if q.ID == quota {
			return q.Places - q.Held - q.Sold
		}
	}
	s.t.Fatalf("there is no quota %s", quota)
	return 0
}

// banquet makes an order of two banquet places without a browser.
func (s *site) banquet(email string) {
	s.t.Helper()
	c := newScript(s)
	fill := []map[string]string{
		{"category": "participant", "extra.banquet": "2"},
		{"~name": "임꺽정", "~email": email, "~organization": "예시대학교", "answer.lunch": "no", "answer.talk": "no"},
		{},
	}
	p := c.get("/e/" + s.slug + "/register")
	for _, step := range fill {
		action, values := c.form(p, "main", step)
		after := c.post(action, values)
		if after.status != http.StatusSeeOther {
			s.t.Fatalf("POST %s: status %d\n%s", action, after.status, after.html)
		}
		if p = c.get(after.location); strings.HasPrefix(p.path, "/o/") {
			return
		}
	}
	s.t.Fatalf("no order: %s", p.path)
}
