package handlers

import (
	"net/url"
	"strings"
	"testing"
)

func TestTheLanguageOfARefusedFormChangesWithWhatWasTyped(t *testing.T) {
	s := newSite(t)
	base := "/e/" + slug
	refuse := map[string]struct {
		open   func(*browser) answer
		fields url.Values
		field  string // still holds what was typed
	}{
		"category": {func(b *browser) answer { return b.get(base + "/register") }, url.Values{"category": {""}, "extra.banquet": {"2"}}, "extra.banquet"},
		"person": {func(b *browser) answer {
			return b.get(b.submit(b.get(base+"/register"), "main", url.Values{"category": {"student"}}).to())
		}, url.Values{"name": {"홍길동"}, "email": {"gildong"}, "organization": {"한국대 & <b>"}}, "organization"},
		"check": {func(b *browser) answer { return b.fill("student", nil) }, url.Values{"consent.order": {"1"}}, "consent.order"},
		"find":  {func(b *browser) answer { return b.get("/find") }, url.Values{"email": {"gildong@"}}, "email"},
	}
	for name, tc := range refuse {
		t.Run(name, func(t *testing.T) {
			b := s.browser()
			page := b.submit(tc.open(b), "main", tc.fields).want(422)
			shown := page.switched(b).want(422)
			if l, _ := shown.doc().Find("html").Attr("lang"); l != "ko" {
				t.Fatalf("the page is in %s", l)
			}
			_, before := page.form("main")
			_, after := shown.form("main")
			if got, want := after.Get(tc.field), tc.fields.Get(tc.field); got != want || before.Get(tc.field) != want {
				t.Errorf("%s holds %q, want %q", tc.field, got, want)
			}
			if shown.doc().Find("#problems li").Length() != page.doc().Find("#problems li").Length() {
				t.Error("what was refused is not told again")
			}
			back := shown.switched(b).want(422)
			if l, _ := back.doc().Find("html").Attr("lang"); l != "en" {
				t.Errorf("switching back gives %s", l)
			}
			if l, _ := b.get("/").doc().Find("html").Attr("lang"); l != "en" {
				t.Errorf("the choice is not kept: %s", l)
			}
		})
	}
}

func TestTheLanguageSwitchOfARefusedFormTakesNothing(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	page := b.fill("student", nil)
	_, fields := page.form("main")
	for name, values := range consents {
		fields[name] = values
	}
	fields.Set("again", "1")
	shown := b.post("/e/"+slug+"/register/check?lang=ko", fields).want(422)
	if s.count("orders") != 0 || shown.doc().Find("#problems").Length() != 0 {
		t.Errorf("%d orders", s.count("orders"))
	}
	refused := b.post("/find", url.Values{"email": {"4242 4242 4242 4242"}}).want(422)
	if refused.doc().Find(".masthead form").Length() != 1 || strings.Contains(refused.body, "4242") {
		t.Error("the page sends a card number back, or has no switch")
	}
}

func TestAQuestionAskedOnceMoreHasALanguageSwitchThatTakesNothing(t *testing.T) {
	s := newSite(t)
	s.apply(openToChange(sampleEvent()))
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	for name, page := range map[string]answer{
		"cancel": b.submit(b.get(order), "cancel", nil).want(200),
		"change": b.submit(b.get(order+"/change"), "main", url.Values{"extra.banquet": {"1"}, "category": {"student"}}).want(200),
	} {
		shown := page.switched(b).want(200)
		if l, _ := shown.doc().Find("html").Attr("lang"); l != "ko" {
			t.Errorf("%s: the page is in %s", name, l)
		}
		before, _ := page.form("main")
		if after, _ := shown.form("main"); after != before {
			t.Errorf("%s: the form leads to %s, before to %s", name, after, before)
		}
		shown.switched(b).want(200)
	}
	if state := b.status(order)["order"]; state != "paid" || s.count("amendments") != 0 {
		t.Errorf("the order is %v", state)
	}
}

// switched presses the language switch of a refused form.
func (a answer) switched(b *browser) answer {
	a.t.Helper()
	f := a.doc().Find(".masthead form")
	fields := url.Values{"again": {"1"}}
	for _, input := range f.Find("input").EachIter() {
		name, _ := input.Attr("name")
		value, _ := input.Attr("value")
		fields.Add(name, value)
	}
	action, _ := f.Attr("action")
	if f.Length() != 1 || f.Find("button[name=again]").Length() != 1 {
		a.t.Fatal("the page has no language switch that posts")
	}
	return b.post(action, fields)
}
