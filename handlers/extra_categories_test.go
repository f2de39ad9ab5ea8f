package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAnExtraIsForItsCategoriesOnly(t *testing.T) {
	s := newSite(t)
	e := openToChange(groupEvent())
	e.Extras[0].Categories = []string{"student"}
	s.apply(e)
	b := s.browser()
	page := b.get("/e/" + slug + "/register").want(200)
	for _, path := range []string{"/e/" + slug, "/e/" + slug + "/register"} {
		if !strings.Contains(b.get(path).want(200).body, "Only for: Student") {
			t.Errorf("%s does not say whom the banquet is for", path)
		}
	}
	refused := b.submit(page, "main", url.Values{"category": {"guest"}, "extra.banquet": {"1"}}).want(http.StatusUnprocessableEntity).doc()
	if told := refused.Find("#problems li"); told.Length() != 1 || !strings.HasPrefix(told.Text(), "Banquet: ") {
		t.Errorf("the summary says %q", told.Text())
	}
	if got := refused.Find("#extra-banquet-error").Text(); !strings.Contains(got, "does not include this") || refused.Find("#extra-banquet option[selected]").AttrOr("value", "") != "1" {
		t.Errorf("a guest's banquet is answered with %q", got)
	}
	row := b.submit(b.get(groupPath).want(200), "main", list("Name,Email,Banquet,Category", "홍길동,gildong@example.org,1,guest")).want(http.StatusUnprocessableEntity)
	if got := row.doc().Find("#problems").Text(); !strings.Contains(got, "Row 2, Banquet") {
		t.Errorf("a list with a guest's banquet is answered with %q", got)
	}
	order, _ := b.group()
	student := b.s.groupOrder().Registrations[0]
	change := b.get(order + "/change?person=" + student.ID).want(200)
	b.submit(change, "main", url.Values{"category": {"student"}, "extra.banquet": {"1"}}).want(200)
	change = b.get(order + "/change?person=" + student.ID).want(200)
	b.submit(change, "main", url.Values{"category": {"guest"}, "extra.banquet": {"1"}}).want(http.StatusUnprocessableEntity)
	if n := s.count("orders"); n != 1 {
		t.Errorf("%d orders", n)
	}
}
