package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"foyer/store"
)

// bareKey is a message key where its text should be.
var bareKey = regexp.MustCompile(`\b(console|admin|signin|form|refund|payment|order|layout)\.[a-z_]+(\.[a-z_]+)*`)

func TestStaffPagesHaveWordsInBothLanguages(t *testing.T) {
	s := newSite(t)
	s.crowd()
	order, p := s.paid("student")
	pending := s.browser()
	pending.start(pending.register("student"), "korea")
	unpaid := s.admin(s.newest().OrderID)
	email := s.hire(store.RoleOwner, "")
	reason := url.Values{"reason": {"x"}, "amount": {"1000"}}
	for _, lang := range []string{"ko", "en"} {
		b := s.browser()
		b.header = http.Header{"Accept-Language": {lang}}
		pages := map[string]answer{"sign-in": b.get("/sign-in"), "refused": b.signIn(email, "x"), "link gone": b.get("/sign-in/link")}
		b.signIn(email, password).want(303)
		for name, path := range map[string]string{
			"events": "/console", "orders": "/console/" + slug + "/orders?test=1", "filtered": "/console/" + slug + "/orders?state=paid", "none": "/console/" + slug + "/orders?q=nobody",
			"attention": "/console/" + slug + "/attention", "audit": "/console/" + slug + "/audit", "order": order, "unpaid": unpaid, "unknown": "/console/nowhere/orders",
		} {
			pages[name] = b.get(path)
		}
		pages["refund"], pages["cancel"] = b.post(order+"/refund/"+p.ID, reason), b.post(order+"/cancel", reason)
		pages["refused refund"], pages["refused cancel"] = b.post(order+"/refund/"+p.ID, nil), b.post(order+"/cancel", nil)
		for name, a := range pages {
			doc := a.doc()
			if doc.Find("html").AttrOr("lang", "") != lang {
				t.Errorf("%s, %s: the page is in %q", name, lang, doc.Find("html").AttrOr("lang", ""))
			}
			if key := bareKey.FindString(doc.Find("title, body").Text()); key != "" {
				t.Errorf("%s, %s: the page shows %q", name, lang, key)
			}
			if !strings.Contains(doc.Find("meta[name=robots]").AttrOr("content", ""), "noindex") {
				t.Errorf("%s, %s: search engines may keep it", name, lang)
			}
		}
		header, _ := b.exported("", "csv")
		if key := bareKey.FindString(strings.Join(header, " ")); key != "" {
			t.Errorf("%s: the export shows %q", lang, key)
		}
	}
}
