package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// setupPages are the topics of the setup.
var setupPages = []string{"basics", "dates", "prices", "extras", "person", "questions", "quotas", "groups", "waiting", "approval", "papers", "changes", "refunds", "organizer", "legal", "file"}

func TestAnOrganizerSetsAnEventUpInABrowserAndOpensIt(t *testing.T) {
	s := exampleSite(t, "symposium.yaml", "isex-2027")
	inBothLanguages(t, func(t *testing.T, lang string) {
		b := s.staffIn(t, lang)
		for _, topic := range setupPages {
			b.open("/console/isex-2027/setup/" + topic)
			b.looks("setup-" + topic)
		}
		slug := "autumn-" + lang
		b.makes(slug)
		b.saves(slug, "prices", map[string]string{"categories.0.name.ko": "일반 참가자", "categories.0.name.en": "Attendee", "categories.0.prices.regular.KRW": "0"})
		b.saves(slug, "questions", map[string]string{
			"questions.0.label.ko": "점심", "questions.0.label.en": "Lunch", "questions.0.kind": "choice", "questions.0.options.more": "신청 | Yes | 30\n신청하지 않음 | No",
		})
		stranger := s.browse(t, lang)
		if p := newScript(s).get("/e/" + slug); p.status != 404 {
			t.Errorf("strangers see the draft: status %d", p.status)
		}
		b.saves(slug, "dates", map[string]string{"event.state": "open"})
		stranger.open("/e/" + slug + "/register")
		stranger.says("layout.test.title")
		stranger.looks("setup-register")
		stranger.click(`input[name=category]`)
		stranger.submit("main")
		stranger.comesTo("/e/" + slug + "/register/person")
		stranger.tells(map[string]string{"~name": "홍길동", "~email": "first-" + lang + "@example.org", "answer.lunch": "yes"})
		stranger.submit("main")
		stranger.comesTo("/e/" + slug + "/register/check")
		stranger.agrees()
		stranger.sees(words[lang].paid)
		b.open("/console/" + slug + "/orders")
		b.sees("first-" + lang + "@example.org")
		b.looks("setup-orders")
		b.copies()
	})
}

// makes makes an event from nothing, after a mistake.
func (b *tab) makes(slug string) {
	b.t.Helper()
	b.open("/console")
	b.click(`a[href^="/console/new"]`)
	b.comesTo("/console/new")
	b.looks("new")
	b.sets(`[name="name.ko"]`, "가을 워크숍")
	b.sets(`[name="name.en"]`, "Autumn Workshop")
	b.sets(`[name=slug]`, slug)
	b.submit("main")
	b.refused("new-refused")
	b.sets(`[name=starts]`, fmt.Sprintf("%d-10-29", time.Now().Year()+1))
	b.submit("main")
	b.comesTo("/console/" + slug + "/setup/")
	b.looks("setup-new")
}

// saves changes some values of a topic.
func (b *tab) saves(slug, topic string, values map[string]string) {
	b.t.Helper()
	b.open("/console/" + slug + "/setup/" + topic)
	for name, value := range values {
		b.sets(`[name="`+name+`"]`, value)
	}
	b.submit("main")
	b.comesTo("/console/" + slug + "/setup/" + topic + "?saved=1")
	b.looks("setup-saved-" + topic)
}

// copies copies the symposium for the year after and looks at what still says last year.
func (b *tab) copies() {
	b.t.Helper()
	b.open("/console/new?from=isex-2027")
	b.looks("new-copy")
	b.sets(`[name=slug]`, "isex-copy-"+b.lang)
	b.submit("main")
	b.comesTo("/console/isex-copy-" + b.lang + "/leftovers")
	if !strings.Contains(b.text(), "ISEX 2027") {
		b.t.Errorf("the list of what says last year lacks the statement:\n%s", b.text())
	}
	b.looks("leftovers")
}
