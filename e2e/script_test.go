package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"foyer/payments"
	"foyer/payments/gatewaytest"

	"github.com/PuerkitoBio/goquery"
)

// script is somebody who registers without a browser: it knows only the public contract of forms and paths.
type script struct {
	t      *testing.T
	site   *site
	client *http.Client
}

func newScript(s *site) *script {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	stop := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &script{t: s.t, site: s, client: &http.Client{Jar: jar, CheckRedirect: stop}}
}

// page is one answer, read.
type page struct {
	status   int
	path     string // of the request
	location string
	html     string
}

func (c *script) do(req *http.Request) page {
	c.t.Helper()
	res, err := c.client.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return page{status: res.StatusCode, path: req.URL.RequestURI(), location: res.Header.Get("Location"), html: string(body)}
}

func (c *script) abs(path string) string {
	if strings.HasPrefix(path, "http") {
		return path
	}
	return c.site.url + path
}

func (c *script) get(path string) page {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodGet, c.abs(path), nil)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.do(req)
}

func (c *script) post(path string, form url.Values) page {
	c.t.Helper()
	req, err := http.NewRequest(http.MethodPost, c.abs(path), strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return c.do(req)
}

// form reads the form with that id as a browser would send it, filled with more.
func (c *script) form(p page, id string, more map[string]string) (action string, values url.Values) {
	c.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(p.html))
	if err != nil {
		c.t.Fatal(err)
	}
	form := doc.Find(`form[id="` + id + `"]`)
	if form.Length() != 1 {
		c.t.Fatalf("%s has %d forms with id %q (status %d):\n%s", p.path, form.Length(), id, p.status, p.html)
	}
	action = form.AttrOr("action", p.path)
	values = url.Values{}
	form.Find("input, select, textarea").Each(func(_ int, f *goquery.Selection) {
		name, ok := f.Attr("name")
		if kind := f.AttrOr("type", "text"); !ok || ((kind == "radio" || kind == "checkbox") && f.AttrOr("checked", "no") == "no") {
			return
		}
		values.Set(name, f.AttrOr("value", f.Find("option[selected]").AttrOr("value", "")))
		if token := f.AttrOr("autocomplete", ""); more["~"+token] != "" {
			values.Set(name, more["~"+token])
		}
	})
	for k, v := range more {
		if !strings.HasPrefix(k, "~") {
			values.Set(k, v)
		}
	}
	form.Find(`input[type=checkbox][aria-required=true]`).Each(func(_ int, f *goquery.Selection) {
		values.Set(f.AttrOr("name", ""), f.AttrOr("value", "on"))
	})
	return action, values
}

// register fills every page until the order's own, and gives its path.
func (c *script) register(category string, more map[string]string) string {
	c.t.Helper()
	fill := map[string]string{"~name": "홍길동", "~email": "gildong@example.org", "~organization": "표본대학교"}
	for k, v := range more {
		fill[k] = v
	}
	p := c.get("/e/apsys-2027/register")
	for range 6 {
		step := map[string]string{}
		for k, v := range fill {
			if strings.HasPrefix(k, "~") {
				step[k] = v
			}
		}
		if strings.Contains(p.html, `name="category"`) {
			step["category"] = category
			for k, v := range fill {
				if !strings.HasPrefix(k, "~") {
					step[k] = v
				}
			}
		}
		action, values := c.form(p, "main", step)
		after := c.post(action, values)
		if after.status != http.StatusSeeOther {
			c.t.Fatalf("POST %s: status %d\n%s", action, after.status, after.html)
		}
		if path := c.path(after.location); strings.HasPrefix(path, "/o/") {
			return path
		}
		p = c.get(after.location)
	}
	c.t.Fatal("no order after six pages")
	return ""
}

func (c *script) path(location string) string { return strings.TrimPrefix(location, c.site.url) }

// choose starts a payment through a channel and reads its hand-over page.
func (c *script) choose(order, channel string) (token string, l payments.Launch) {
	c.t.Helper()
	action, values := c.form(c.get(order), "pay", map[string]string{"channel": channel})
	after := c.post(action, values)
	if after.status != http.StatusSeeOther || !strings.HasPrefix(c.path(after.location), "/pay/") {
		c.t.Fatalf("POST %s: status %d to %q\n%s", action, after.status, after.location, after.html)
	}
	return strings.TrimPrefix(c.path(after.location), "/pay/"), c.handOver(c.path(after.location))
}

// handOver reads what a hand-over page gives to the gateway's script, or where its link leads.
func (c *script) handOver(path string) payments.Launch {
	c.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(c.get(path).html))
	if err != nil {
		c.t.Fatal(err)
	}
	if href, ok := doc.Find("a#launch").Attr("href"); ok {
		return payments.Launch{Href: href}
	}
	l, err := gatewaytest.ReadLaunch([]byte(doc.Find("script#launch").Text()))
	if err != nil {
		c.t.Fatalf("launch data: %v", err)
	}
	return l
}

// state is what the status page polls.
type state struct {
	Order    string
	Payment  *string
	Due      int64
	Currency string
}

func (c *script) state(order string) (st state) {
	c.t.Helper()
	p := c.get(order + "/status")
	if err := json.Unmarshal([]byte(p.html), &st); err != nil {
		c.t.Fatalf("status %d: %v\n%s", p.status, err, p.html)
	}
	return st
}
