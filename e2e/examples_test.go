package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"foyer/payments/gatewaytest"
)

var (
	opening     = regexp.MustCompile(`(?m)^  opens: .*$`)
	credentials = regexp.MustCompile(`(?m)^    credentials: \{client_key: "\$\{(TOSS\w*)_CLIENT_KEY\}".*$`)
)

// example is an event file of the documentation, moved to next year, open since the beginning of this one, with its channels at an
// outside server.
func example(t *testing.T, file, gateway string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "docs", "examples", file))
	if err != nil {
		t.Fatal(err)
	}
	year := time.Now().Year()
	text := strings.ReplaceAll(string(data), "2027-", strconv.Itoa(year+1)+"-")
	text = opening.ReplaceAllString(text, fmt.Sprintf("  opens: %d-01-01", year))
	return credentials.ReplaceAllStringFunc(text, func(line string) string {
		name := strings.ToLower(credentials.FindStringSubmatch(line)[1])
		return fmt.Sprintf("    credentials: {client_key: test_ck_%s, secret_key: test_sk_%s}\n    api_url: %s\n    script_url: %s/v2/standard", name, name, gateway, gateway)
	})
}

// answerAll answers every question of the page: the first option that can be chosen, some text, the first country.
const answerAll = `(() => {
	const form = document.querySelector('form#main');
	for (const set of form.querySelectorAll('fieldset')) set.querySelector('input[name^="answer."]:not(:disabled)')?.click();
	for (const box of form.querySelectorAll('input[type=text][name^="answer."], input:not([type])[name^="answer."]')) box.value = '17';
	for (const list of form.querySelectorAll('select[name^="answer."]')) list.value = list.options[1].value;
})()`

func TestTheExamplesOfTheDocumentationTakeRegistrationsInBothLanguages(t *testing.T) {
	s := openSite(t, gatewaytest.Toss)
	s.serve(eventFile(s.gateway.url))
	for _, tc := range []struct {
		file, slug, category, extra string
		card, channel               map[string]string // by language
	}{
		{"symposium.yaml", "isex-2027", "author", "banquet", map[string]string{"ko": "kr", "en": "visa"}, map[string]string{"ko": "korea", "en": "abroad"}},
		{"society.yaml", "kses-spring-2027", "student-member", "dinner", map[string]string{"ko": "kr", "en": "kr"}, map[string]string{"ko": "card", "en": "card"}},
		{"workshop.yaml", "example-day-2027", "participant", "banquet", map[string]string{"ko": "kr", "en": "visa"}, map[string]string{"ko": "card", "en": "abroad"}},
	} {
		s.apply(example(t, tc.file, s.gateway.url))
		for lang, w := range words {
			t.Run(tc.file+" "+lang, func(t *testing.T) {
				b := s.browse(t, lang)
				b.open("/e/" + tc.slug)
				b.accessible()
				b.open("/e/" + tc.slug + "/register")
				b.click(`input[name=category][value="` + tc.category + `"]`)
				b.eval(`document.querySelector('[name="extra.` + tc.extra + `"]').value = "1"`)
				b.submit("main")
				b.comesTo("/e/" + tc.slug + "/register/person")
				b.fill(`input[autocomplete=name]`, "홍길동")
				b.fill(`input[autocomplete=email]`, lang+"@example.org")
				b.eval(answerAll)
				b.accessible()
				b.submit("main")
				b.comesTo("/e/" + tc.slug + "/register/check")
				b.accessible()
				b.click(`input[name="consent.order"]`)
				b.click(`input[name="consent.terms"]`)
				b.submit("main")
				b.comesTo("/o/")
				b.chooses(tc.channel[lang])
				b.presses(tc.card[lang])
				b.comesTo("/o/")
				b.sees(w.paid)
			})
		}
	}
}
