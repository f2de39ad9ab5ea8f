package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// nasty are values that somebody may put into any field.
var nasty = map[string]string{
	"empty":                 "",
	"NUL":                   "a\x00b",
	"invalid UTF-8":         "a\xff\xfe\xc3\x28",
	"half a surrogate":      "\xed\xa0\x80",
	"markup":                `"><script>alert(1)</script>`,
	"SQL":                   `'; DROP TABLE orders; --`,
	"mail header":           "a@example.org\r\nBcc: b@example.org",
	"formula":               "=HYPERLINK(\"http://evil.example\")",
	"reversed text":         "abc\u202egnp.exe",
	"stacked marks":         "e" + strings.Repeat("\u0301", 500),
	"very long":             strings.Repeat("가", 20_000),
	"very long ASCII":       strings.Repeat("a", 30_000),
	"number too large":      "99999999999999999999999999",
	"negative number":       "-1",
	"decimal number":        "1.5",
	"exponent":              "1e9",
	"card number":           "4111 1111 1111 1111",
	"full-width card":       "４１１１-１１１１-１１１１-１１１１",
	"template":              "{{.}} ${x} %s %d",
	"path":                  "../../etc/passwd",
	"only spaces":           " \t\u3000 ",
	"emoji and joiner":      "👩‍👩‍👧",
	"noncharacter":          "\uffff\ufdd0",
	"private use, language": "\U000e0001\ue000",
}

func TestNoFieldTakesTheServerDown(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	pay := b.start(order, "korea")
	check := b.fill("student", nil)
	_, checkFields := check.form("main")
	base := "/e/" + slug
	forms := map[string]url.Values{
		base + "/register":        {"category": {"student"}, "extra.banquet": {"1"}, "revision": {"early"}, "nonsense": {"1"}},
		base + "/register/person": {"name": {"Kim"}, "email": {"kim@example.org"}, "organization": {"X"}, "again": {"1"}},
		base + "/register/check":  {"consent.order": {"1"}, "consent.terms": {"1"}, "revision": checkFields["revision"], "nonce": {""}},
		order + "/pay":            {"channel": {"korea"}, "attempt": {"1"}},
		order + "/cancel":         {"nonce": {"1"}},
		order + "/renew":          {"revision": {"1"}},
		pay + "/fallback":         {"x": {"1"}},
		"/find":                   {"email": {"kim@example.org"}},
	}
	for path, fields := range forms {
		for field := range fields {
			for name, value := range nasty {
				sent := maps.Clone(fields)
				sent[field] = []string{value}
				a := b.post(path, sent)
				if a.status >= 500 || strings.Contains(a.body, "<script>alert") || strings.Contains(a.body, "\x00") {
					t.Errorf("%s with %s in %s: %d %.300s", path, name, field, a.status, a.body)
				}
			}
		}
	}
	for _, field := range []string{"name", "email", "affiliation", "search"} {
		var text string
		row := s.store.Row(t.Context(), "SELECT COALESCE(MAX("+field+"), '') FROM orders WHERE "+field+" LIKE '%4111%'")
		if err := row.Scan(&text); err != nil || text != "" {
			t.Errorf("a card number is kept in %s: %q (%v)", field, text, err)
		}
	}
}

func TestBodiesThatAreNoForms(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.fill("student", nil)
	for _, path := range []string{"/e/" + slug + "/register", "/e/" + slug + "/register/person", "/e/" + slug + "/register/check", "/find"} {
		for name, tc := range map[string]struct {
			contentType, body string
			statuses          []int
		}{
			"broken escape": {"application/x-www-form-urlencoded", "name=%zz", []int{400}},
			"semicolons":    {"application/x-www-form-urlencoded", "a;b;c", []int{400}},
			"JSON":          {"application/json", `{"name":"x"}`, []int{400}},
			"multipart":     {"multipart/form-data; boundary=x", "--x--", []int{400, 422}},
			"too long":      {"application/x-www-form-urlencoded", "name=" + strings.Repeat("a", 300_000), []int{413}},
			"many fields":   {"application/x-www-form-urlencoded", strings.Repeat("a=1&", 5_000), []int{422}},
			"nothing":       {"application/x-www-form-urlencoded", "", []int{422}},
			"no type":       {"", "", []int{422}},
		} {
			a := b.do("POST", path, tc.contentType, tc.body, nil)
			if !slices.Contains(tc.statuses, a.status) {
				t.Errorf("%s, %s: %d, want %v", path, name, a.status, tc.statuses)
			}
		}
	}
}

func TestOddAddressesAreNotFound(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for _, odd := range []string{"%00", "%ff", "%2e%2e", "a%2fb", "%27", strings.Repeat("a", 3000), "%F0%9F%98%80", "a%0d%0ab"} {
		for _, path := range []string{"/e/" + odd, "/e/" + odd + "/register", "/o/" + odd + "/" + odd, "/pay/" + odd, "/pay/" + odd + "/return", "/static/" + odd, "/" + odd} {
			if a := b.get(path); a.status != 404 && a.status != 405 {
				t.Errorf("GET %.60s: %d", path, a.status)
			}
		}
	}
}

func TestRefusedFormsComeBackFilled(t *testing.T) {
	tests := map[string]struct {
		name, email, organization string
		field, sentence           string
	}{
		"no name":                 {"", "a@example.org", "", "name", "Enter your name."},
		"name of 61 characters":   {strings.Repeat("가", 61), "a@example.org", "", "name", "60 characters or fewer"},
		"no e-mail":               {"홍길동", "", "", "email", "Enter your email address."},
		"no e-mail address":       {"홍길동", "gildong", "", "email", "name@example.com"},
		"card number as name":     {"4111-1111-1111-1111", "a@example.org", "", "name", "looks like a card number was taken out"},
		"card number, full width": {"홍길동", "a@example.org", "４１１１１１１１１１１１１１１１", "organization", "looks like a card number was taken out"},
		"long affiliation":        {"홍길동", "a@example.org", strings.Repeat("x", 121), "organization", "120 characters or fewer"},
		"bytes that are no text":  {"Kim\xff", "a@example.org", "", "name", "cannot be read"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			b := s.browser()
			page := b.get("/e/" + slug + "/register").want(200)
			page = b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()).want(200)
			a := b.submit(page, "main", url.Values{"name": {tc.name}, "email": {tc.email}, "organization": {tc.organization}}).want(http.StatusUnprocessableEntity)
			doc := a.doc()
			if got := doc.Find("#" + tc.field + "-error").Text(); !strings.Contains(got, tc.sentence) {
				t.Errorf("the sentence beside %s is %q, want %q in it", tc.field, got, tc.sentence)
			}
			if !strings.HasPrefix(doc.Find("title").Text(), "Error: ") {
				t.Errorf("title %q", doc.Find("title").Text())
			}
			if got, _ := doc.Find("#email").Attr("value"); got != tc.email {
				t.Errorf("the form has e-mail %q, want %q", got, tc.email)
			}
			if strings.Contains(a.body, "4111") || strings.Contains(a.body, "４１１１") {
				t.Error("a card number is sent back")
			}
			if got := b.get("/e/" + slug + "/register/check").to(); got != "/e/"+slug+"/register/person" {
				t.Errorf("the check page leads to %s", got)
			}
		})
	}
}

func TestPersonIsKeptNormalised(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	page = b.get(b.submit(page, "main", url.Values{"category": {"student"}}).to()).want(200)
	page = b.get(b.submit(page, "main", url.Values{
		"name": {"  \u1112\u1169\u11bc길동\u202e  "}, "email": {" ｇildong@EXAMPLE.org "}, "organization": {"예시\r\n대학교　２"},
	}).to()).want(200)
	b.submit(page, "main", consents).to()
	var name, email, affiliation string
	if err := s.store.Row(t.Context(), "SELECT name, email, affiliation FROM orders").Scan(&name, &email, &affiliation); err != nil {
		t.Fatal(err)
	}
	if name != "홍길동" || email != "gildong@example.org" || affiliation != "예시 대학교 2" {
		t.Errorf("kept %q, %q, %q", name, email, affiliation)
	}
}
