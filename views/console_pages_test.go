package views

import (
	"context"
	"strings"
	"testing"

	"foyer/registration"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
)

var bothLanguages = []registration.Lang{registration.Korean, registration.English}

// renderStaff renders a staff page for reading; a text that is missing in its language fails the test.
func renderStaff(t *testing.T, c templ.Component) *goquery.Document {
	t.Helper()
	before := missing
	missing = func(l registration.Lang, key string) { t.Errorf("%s has no text for %s", l, key) }
	defer func() { missing = before }()
	var b strings.Builder
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// eachStaffPage runs check on every staff page in each of its states and both languages.
func eachStaffPage(t *testing.T, check func(t *testing.T, name string, doc *goquery.Document)) {
	for _, l := range bothLanguages {
		for name, c := range samplePages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) { check(t, name, renderStaff(t, c)) })
		}
	}
}

func TestStaffFormsChangeThingsByPostOnly(t *testing.T) {
	eachStaffPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, f *goquery.Selection) {
			id, method := f.AttrOr("id", f.AttrOr("class", "")), f.AttrOr("method", "get")
			if method != "post" && id != "search" {
				t.Errorf("form %s has method %s", id, method)
			}
			if n := f.Find("button[type=submit]").Length(); n != 1 {
				t.Errorf("form %s has %d submit buttons, want 1", id, n)
			}
			if f.Find("[type=submit][name]").Length() > 0 {
				t.Errorf("form %s has a submit button with a name", id)
			}
			if !strings.HasPrefix(f.AttrOr("action", ""), "/") {
				t.Errorf("form %s posts to %q", id, f.AttrOr("action", ""))
			}
		})
	})
}

func TestStaffPagesHaveNoScriptOfTheirOwn(t *testing.T) {
	eachStaffPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		if n := doc.Find("script:not([src]), style, [style]").Length(); n > 0 {
			t.Errorf("%d inline scripts or styles", n)
		}
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if strings.HasPrefix(a.Key, "on") || strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
					t.Errorf("<%s %s=%q>", s.Nodes[0].Data, a.Key, a.Val)
				}
			}
		})
	})
}

func TestStaffPagesShowHostileNamesAsText(t *testing.T) {
	shown := 0
	eachStaffPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		if doc.Find("script:contains(alert)").Length() > 0 {
			t.Error("a name became a script")
		}
		shown += strings.Count(doc.Find("body").Text(), hostile)
	})
	if shown < 10 {
		t.Errorf("the hostile name was shown %d times, so this test looks at too little", shown)
	}
}

func TestStaffPagesCanBeReadAloud(t *testing.T) {
	eachStaffPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("id", ""); seen[id] {
				t.Errorf("id %s is there twice", id)
			} else {
				seen[id] = true
			}
		})
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%d h1, want 1", n)
		}
		doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
			if doc.Find(`label[for="`+s.AttrOr("id", "")+`"]`).Length() != 1 {
				t.Errorf("field %s has no label", s.AttrOr("name", ""))
			}
		})
		doc.Find("[aria-describedby], [aria-labelledby]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr("aria-describedby", "") + " " + s.AttrOr("aria-labelledby", "")) {
				if !seen[id] {
					t.Errorf("nothing has the id %s", id)
				}
			}
		})
	})
}

func TestStaffPagesStayOutOfSearchEngines(t *testing.T) {
	eachStaffPage(t, func(t *testing.T, name string, doc *goquery.Document) {
		if doc.Find(`meta[name=robots][content=noindex]`).Length() != 1 {
			t.Error("no noindex")
		}
		refused := name == "signin-refused" || name == "signin-missing" || name == "order-refused" || name == "refund-problem"
		title := doc.Find("title").Text()
		if got := strings.HasPrefix(title, "오류:") || strings.HasPrefix(title, "Error:"); got != refused {
			t.Errorf("title %q, refused %v", title, refused)
		}
	})
}

func TestProblemsLeadToTheirFields(t *testing.T) {
	eachStaffPage(t, func(t *testing.T, _ string, doc *goquery.Document) {
		doc.Find(".problems a").Each(func(_ int, a *goquery.Selection) {
			field := doc.Find(`[id="` + strings.TrimPrefix(a.AttrOr("href", ""), "#") + `"]`)
			if field.Length() != 1 || field.AttrOr("aria-invalid", "") == "" {
				t.Errorf("%s leads to no refused field", a.AttrOr("href", ""))
			}
		})
	})
}

func TestAListWithNobodyToRegisterSaysWhatToDo(t *testing.T) {
	doc := renderStaff(t, OrderImport(OrderImportPage{Page: samplePage(registration.English, ""), Nav: sampleNav("orders"), File: "list.csv"}))
	if !strings.Contains(doc.Find("main").Text(), T(registration.English, "import.order.nobody")) || doc.Find("form#main").Length() > 0 {
		t.Errorf("an empty list: %s", doc.Find("main").Text())
	}
}

func TestMistakesInNumbersOfCodesNameTheirField(t *testing.T) {
	named := aboutVouchers(registration.English, []Problem{{Field: "uses", Key: "console.vouchers.wrong.number", Args: []any{"max", 9}}, {Field: "kind", Key: "console.vouchers.wrong.kind"}})
	if named[0].Of != "Uses of each code" || named[1].Of != "" {
		t.Errorf("they are about %q and %q", named[0].Of, named[1].Of)
	}
}

func TestWhatStillSaysLastYearIsNamedAsInItsForm(t *testing.T) {
	for path, want := range map[string]string{
		"extras[4].note.ko": "안내 한 줄", "questions[0].label.en": "질문", "registration.opens": "접수 시작", "vouchers[0].note": "vouchers[0].note",
	} {
		if got := SetupLabel(registration.Korean, path); got != want {
			t.Errorf("%s is named %q, want %q", path, got, want)
		}
	}
}

func TestACodeThatOnlyOpensACategoryTakesNothingOffInWords(t *testing.T) {
	v := registration.Voucher{Off: registration.Prices{registration.KRW: 0}, Reveals: []string{"speaker"}}
	if got := VoucherText(registration.English, &v); got != "This code opens a category that is not on show." {
		t.Errorf("the code is told as %q", got)
	}
}
