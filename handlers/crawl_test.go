package handlers

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/PuerkitoBio/goquery"
)

// crawler follows every link of a site, and puts into every form what nobody should type.
type crawler struct {
	t     *testing.T
	b     *browser
	under []string       // what paths begin with
	seen  map[string]int // kinds of pages, by how often they were looked at
	posts int
}

var (
	oneOfMany = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z0-9]{4}-[A-Z0-9]{4}|[a-z2-7]{24,}|\d+`)
	noPage    = regexp.MustCompile(`sign-out|/export|\.(csv|xlsx|json|pdf|png|svg|ics)|/files/|lang=`)
)

// odd is what the crawler types: one of each kind of trouble, none so long that the form is refused as a whole.
var odd = slices.Concat([]string{
	"\u1112\u1161\u11ab\u1100\u1173\u11af", "２０２７－０７－２２", "\u202eabc\u200f", "'; DROP TABLE orders; --", strings.Repeat("가", 2_000), "99999999999999999999999999", "-1", "1.5", "2027-02-30",
	"a@example.org, b@example.org", "${FOYER_SECRET_KEY}", "9999-12-31T23:59:59",
}, slices.Collect(func(yield func(string) bool) {
	for _, name := range []string{"empty", "NUL", "invalid UTF-8", "half a surrogate", "markup", "formula", "card number", "stacked marks", "only spaces", "noncharacter", "emoji and joiner"} {
		if !yield(nasty[name]) {
			return
		}
	}
}))

// walk goes from these pages on.
func (c *crawler) walk(paths ...string) {
	c.t.Helper()
	for len(paths) > 0 {
		path := paths[0]
		paths = paths[1:]
		kind, _, _ := strings.Cut(oneOfMany.ReplaceAllString(path, "*"), "?")
		if c.seen[kind] >= 3 || noPage.MatchString(path) || !slices.ContainsFunc(c.under, func(p string) bool { return strings.HasPrefix(path, p) }) {
			continue
		}
		c.seen[kind]++
		page := c.b.get(path)
		if page.status >= 500 {
			c.t.Errorf("GET %s: %d", path, page.status)
		}
		if page.status != http.StatusOK || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
			continue
		}
		doc := page.doc()
		doc.Find("main a[href], nav a[href]").Each(func(_ int, a *goquery.Selection) {
			if u, err := url.Parse(a.AttrOr("href", "")); err == nil && u.Host == "" && u.Path != "" {
				paths = append(paths, u.RequestURI())
			}
		})
		if c.seen[kind] == 1 {
			doc.Find("main form").Each(func(_ int, f *goquery.Selection) { c.fill(path, f) })
		}
	}
}

// fill types something odd into each field of a form, so that each field has had everything in the end.
func (c *crawler) fill(page string, f *goquery.Selection) {
	action, method := f.AttrOr("action", page), strings.ToUpper(f.AttrOr("method", "get"))
	fields, typed := url.Values{}, []string(nil)
	f.Find("input[name], select[name], textarea[name], button[name]").Each(func(_ int, in *goquery.Selection) {
		name, kind := in.AttrOr("name", ""), in.AttrOr("type", "")
		fields.Set(name, in.AttrOr("value", ""))
		if kind != "hidden" && kind != "file" && !in.Is("button") {
			typed = append(typed, name)
		}
	})
	if len(typed) == 0 || strings.Contains(action, "sign-out") {
		return
	}
	for round := range odd {
		sent := url.Values{}
		for k, v := range fields {
			sent[k] = slices.Clone(v)
		}
		for i, name := range typed {
			sent.Set(name, odd[(i+round)%len(odd)])
		}
		c.check(action, sent, c.send(f, method, action, sent))
	}
}

func (c *crawler) send(f *goquery.Selection, method, action string, sent url.Values) answer {
	c.posts++
	switch {
	case method == http.MethodGet:
		return c.b.get(action + "?" + sent.Encode())
	case f.AttrOr("enctype", "") == "multipart/form-data":
		return c.b.multi(action, sent)
	}
	return c.b.post(action, sent)
}

// check wants no failure of ours, no markup of theirs, and a refused page whose summary leads to its fields.
func (c *crawler) check(action string, sent url.Values, a answer) {
	c.t.Helper()
	if script, null := strings.Contains(a.body, "<script>alert"), strings.Contains(a.body, "\x00"); a.status >= 500 || script || null {
		c.t.Errorf("%s: %d, script %v, NUL %v, with %.500q; %s", action, a.status, script, null, sent, lastLine(c.b.s.log.String()))
		return
	}
	if a.status != http.StatusUnprocessableEntity {
		return
	}
	doc := a.doc()
	if doc.Find("h1").Length() != 1 || doc.Find("main form").Length() == 0 {
		c.t.Errorf("%s: a refused form does not come back: %.500s", action, doc.Find("main").Text())
	}
	var ids, there []string
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) { ids = append(ids, e.AttrOr("id", "")) })
	doc.Find("#problems a[href^='#']").Each(func(_ int, link *goquery.Selection) {
		id := strings.TrimPrefix(link.AttrOr("href", ""), "#")
		if there = append(there, id); doc.Find("[id='"+id+"']").Length() != 1 {
			c.t.Errorf("%s: %q leads to #%s, which is not there", action, link.Text(), id)
		}
	})
	if !slices.IsSortedFunc(there, func(a, b string) int { return slices.Index(ids, a) - slices.Index(ids, b) }) {
		c.t.Errorf("%s: the summary is not in the order of the page: %v", action, there)
	}
}

// everythingEvent has all that an event can ask for, and is open.
func everythingEvent() registration.Event {
	e := ruledEvent()
	approving, late := approvingEvent(), time.Date(2027, 7, 1, 0, 0, 0, 0, time.UTC)
	e.Categories = append(e.Categories, approving.Categories[len(approving.Categories)-2:]...)
	e.Questions = append(e.Questions, approving.Questions...)
	e.Person = askingEvent().Person
	e.Groups = groupEvent().Groups
	e.Papers = papersEvent().Papers
	e.Waiting = registration.WaitingList{Offer: 24 * time.Hour}
	e.Changes = registration.Changes{Cancel: late, Details: late, Order: late, Transfer: late}
	return e
}

// openToChange is an event with a waiting list, whose orders can be changed.
func openToChange(e registration.Event) registration.Event {
	late := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	e.Waiting = registration.WaitingList{Offer: 24 * time.Hour}
	e.Changes = registration.Changes{Cancel: late, Details: late, Order: late, Transfer: late}
	return e
}

func TestEveryFormOfAnAttendeeTakesWhateverIsTyped(t *testing.T) {
	s := newSite(t)
	s.apply(openToChange(sampleEvent()))
	b := s.browser()
	paid, pending := b.register("student"), b.register("student")
	b.pay(paid, "korea", "kr")
	b.register("few")
	waiting := b.join("waits@example.org")
	s.apply(openToChange(groupEvent()))
	group, o := b.group()
	s.apply(everythingEvent())
	c := &crawler{t: t, b: b, under: []string{"/"}, seen: map[string]int{}}
	for _, category := range []string{"pupil", "fellow", "student"} {
		b.proofPage(category)
		delete(c.seen, "/e/sample-*/register/person")
		c.walk("/e/" + slug + "/register/person")
	}
	c.walk("/e/"+slug, paid, pending, waiting, group, s.own(o, 1), "/find")
	t.Logf("%d forms sent to %d kinds of pages: %v", c.posts, len(c.seen), slices.Sorted(maps.Keys(c.seen)))
	s.healthy()
}

func TestEveryFormOfStaffTakesWhateverIsTyped(t *testing.T) {
	s := newSite(t)
	s.apply(openToChange(sampleEvent()))
	order, _ := s.paid("student")
	s.browser().register("few")
	s.browser().join("waits@example.org")
	s.apply(everythingEvent())
	s.accepted("12", "45")
	c := &crawler{t: t, b: s.staff(store.RoleOwner, ""), under: []string{"/console", "/admin/"}, seen: map[string]int{}}
	c.walk(order, "/console/"+slug+"/orders", "/console", "/console/"+slug+"/setup/basics")
	t.Logf("%d forms sent to %d kinds of pages: %v", c.posts, len(c.seen), slices.Sorted(maps.Keys(c.seen)))
	s.healthy()
}

// lastLine is where the cause of a failure is.
func lastLine(log string) string {
	log = strings.TrimSpace(log)
	return log[strings.LastIndexByte(log, '\n')+1:]
}
