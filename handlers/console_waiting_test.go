package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"foyer/store"
)

func TestOrganizersGiveOutPlacesOfTheWaitingList(t *testing.T) {
	s, order := sellOut(t)
	first, second := s.browser().join("first@example.org"), s.browser().join("second@example.org")
	list := "/console/" + slug + "/waiting"
	for _, lang := range []string{"ko", "en"} {
		b := s.browser()
		b.header = http.Header{"Accept-Language": {lang}}
		b.signIn(s.hire(store.RoleOrganizer, ""), password).want(303)
		page := b.get(list).want(200)
		if n := page.doc().Find("tbody tr").Length(); n != 2 {
			t.Fatalf("%d rows, want 2", n)
		}
		for _, path := range []string{list + "?all=1", "/console/" + slug + "/audit", list + "?after=nobody"} {
			page = b.get(path).want(200)
			if key := bareKey.FindString(page.doc().Find("body").Text()); key != "" {
				t.Errorf("%s shows the key %q", path, key)
			}
		}
	}
	b := s.browser()
	b.signIn(s.hire(store.RoleOrganizer, ""), password).want(303)
	page := b.get(list).want(200)
	if refused := b.submit(page, "offer-1", nil).want(409); !strings.Contains(refused.body, "no free place") {
		t.Errorf("nothing says why: %s", refused.doc().Find("main").Text())
	}
	b.post(list+"/pause", url.Values{"paused": {"1"}}).to()
	holder := s.browser()
	holder.submit(holder.submit(holder.get(order).want(200), "cancel", nil).want(200), "main", nil).to()
	s.offers()
	if page := holder.get(first).want(200); !strings.Contains(page.body, "You are next") {
		t.Error("a place was offered while offers are paused")
	}
	b.submit(b.get(list).want(200), "offer-1", nil).to()
	if page := holder.get(second).want(200); page.doc().Find("form#main").Length() != 1 {
		t.Error("the second has no offer")
	}
	b.submit(b.get(list).want(200), "remove-1", nil).to()
	b.post(list+"/pause", nil).to()
	if page := holder.get(first).want(200); page.doc().Find("form#main").Length() != 1 {
		t.Error("the first has no offer after offers were resumed")
	}
	b.post(list+"/offer", url.Values{"id": {"x\x00"}}).want(404)
	csv := b.get(list + ".csv").want(200)
	if !strings.HasPrefix(csv.body, "\ufeffState,") || strings.Count(csv.body, "@example.org") != 2 {
		t.Errorf("the table is %q", csv.body)
	}
	s.browser().get(list).want(303) // to sign in
}
