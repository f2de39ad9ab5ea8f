package views

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestPagesHaveNoScriptOrStyleOfTheirOwn(t *testing.T) {
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		if n := doc.Find(`script:not([src]):not([type="application/json"]), style, [style]`).Length(); n > 0 {
			t.Errorf("%d inline scripts or styles", n)
		}
		doc.Find("script[src]").Each(func(_ int, s *goquery.Selection) {
			if _, deferred := s.Attr("defer"); !deferred || !strings.HasPrefix(s.AttrOr("src", ""), "/static/") {
				t.Errorf("script %s", s.AttrOr("src", ""))
			}
		})
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") || a.Key == "required" {
					t.Errorf("<%s %s=%q>", s.Nodes[0].Data, a.Key, a.Val)
				}
			}
		})
	})
}

func TestPagesCanBeReadAloud(t *testing.T) {
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		ids := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if ids[id] {
				t.Errorf("id %s is there twice", id)
			}
			ids[id] = true
		})
		if doc.Find("h1").Length() != 1 || doc.Find("main").Length() != 1 || doc.Find("title").Text() == "" {
			t.Error("a page needs one title, one main part and one h1")
		}
		if doc.Find(`a.skip[href="#content"]`).Length() != 1 || !ids["content"] {
			t.Error("no way past the header")
		}
		doc.Find("input:not([type=hidden]), select").Each(func(_ int, s *goquery.Selection) {
			if doc.Find(`label[for="`+s.AttrOr("id", "")+`"]`).Length() != 1 {
				t.Errorf("field %s has no label", s.AttrOr("name", ""))
			}
		})
		doc.Find("[aria-describedby], [aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
				if !ids[id] {
					t.Errorf("nothing has the id %s", id)
				}
			}
		})
		level := 0
		doc.Find("h1, h2, h3").Each(func(_ int, h *goquery.Selection) {
			n := int(h.Nodes[0].Data[1] - '0')
			if n > level+1 && h.Closest(".problems").Length() == 0 {
				t.Errorf("%q skips a level", h.Text())
			}
			level = n
		})
	})
}

func TestHostileTextStaysText(t *testing.T) {
	shown := 0
	eachPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		if doc.Find(`script:not([type="application/json"]):contains(alert)`).Length() > 0 {
			t.Error("a text became a script")
		}
		shown += strings.Count(doc.Find("body").Text(), hostile)
	})
	if shown == 0 {
		t.Error("no page shows the hostile text, so this test looks at too little")
	}
}

func TestLanguageSwitchKeepsThePage(t *testing.T) {
	tests := map[string]string{
		"/e/a/register?x=1&lang=ko": "/e/a/register?lang=en&x=1",
		"":                          "?lang=en",
		"https://evil.example/":     "/?lang=en",
		"//evil.example/":           "/?lang=en",
	}
	for path, want := range tests {
		if got := (Page{Lang: "ko", Path: path}).switchURL(); got != want {
			t.Errorf("from %q to %q, want %q", path, got, want)
		}
	}
}

func TestTestModeIsSaidOnEveryPageOfATestEvent(t *testing.T) {
	eachPage(t, func(t *testing.T, name string, doc *goquery.Document) {
		ofEvent := doc.Find(".colophon-organizer").Length() > 0
		live := strings.HasSuffix(name, "-free")
		if said := doc.Find(".test-banner").Length() == 1; said != (ofEvent && !live) {
			t.Errorf("test mode said: %v", said)
		}
	})
}

func TestPagesAreLight(t *testing.T) {
	const most = 14 << 10
	for _, l := range bothLanguages {
		for name, c := range attendeePages(l) {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			if _, err := w.Write([]byte(renderHTML(t, c))); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if b.Len() > most {
				t.Errorf("%s in %s weighs %d bytes compressed, more than %d", name, l, b.Len(), most)
			}
		}
	}
}
