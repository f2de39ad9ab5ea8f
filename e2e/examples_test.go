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

// exampleSite starts a Foyer with one event file of the documentation.
func exampleSite(t *testing.T, file, slug string) *site {
	t.Helper()
	s := openSite(t, gatewaytest.Toss)
	s.slug = slug
	s.serve(example(t, file, s.gateway.url))
	return s
}

// inBothLanguages goes a way once in each language: two people, one program.
func inBothLanguages(t *testing.T, way func(t *testing.T, lang string)) {
	for lang := range words {
		t.Run(lang, func(t *testing.T) { way(t, lang) })
	}
}

// takes fills the form's first page.
func (b *tab) takes(category string, extras map[string]int) {
	b.t.Helper()
	b.open("/e/" + b.site.slug + "/register")
	if b.has(`input[name=category][type=radio]`) {
		b.click(`input[name=category][value="` + category + `"]`)
	}
	for id, n := range extras {
		b.sets(`[name="extra.`+id+`"]`, strconv.Itoa(n))
	}
	b.looks("register")
	b.submit("main")
	b.comesTo("/e/" + b.site.slug + "/register/person")
}

// tells fills fields of the form's second page by their autocomplete token (~name) or their name, and answers questions by option.
func (b *tab) tells(fields map[string]string) {
	b.t.Helper()
	for name, value := range fields {
		sel := `form#main [name="` + name + `"]`
		if token, ok := strings.CutPrefix(name, "~"); ok {
			sel = `form#main [autocomplete="` + token + `"]`
		}
		switch b.eval(`(() => { const f = document.querySelector(` + quote(sel) + `); return f ? f.type : "" })()`) {
		case "radio", "checkbox":
			b.click(sel + `[value="` + value + `"]`)
		case "file":
			b.hands(sel, value)
		case "select-one":
			b.sets(sel, value)
		default:
			b.fill(sel, value)
		}
	}
}

// goesOn leaves the form's second page for the third, agrees there and orders.
func (b *tab) goesOn() {
	b.t.Helper()
	b.looks("person")
	b.submit("main")
	b.comesTo("/e/" + b.site.slug + "/register/check")
	b.agrees()
}

// agrees ticks what is needed on the form's last page and orders.
func (b *tab) agrees() {
	b.t.Helper()
	b.looks("check")
	b.click(`input[name="consent.order"]`)
	b.click(`input[name="consent.terms"]`)
	b.submit("main")
	b.comesTo("/o/")
}

// paysBy pays what the order's page asks for and comes back.
func (b *tab) paysBy(channel, card string) {
	b.t.Helper()
	b.chooses(channel)
	b.presses(card)
	b.comesTo("/o/")
}

// staffIn signs the administrator in.
func (s *site) staffIn(t *testing.T, lang string) *tab {
	t.Helper()
	b := s.browse(t, lang)
	b.open("/sign-in")
	b.fill(`input[autocomplete=username]`, "admin@example.org")
	b.fill(`input[autocomplete=current-password]`, "a-long-password-1")
	b.submit("main")
	b.comesTo("/console")
	return b
}

// speaks changes the language of a tab.
func (b *tab) speaks(lang string) {
	b.t.Helper()
	b.lang = lang
	b.open("/console?lang=" + lang)
}
