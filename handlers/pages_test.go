package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/registration"
)

// everyPath are paths of every kind of page, with an order that is not paid.
func (s *site) everyPath(b *browser) []string {
	s.t.Helper()
	order := b.register("student")
	pay := b.start(order, "korea")
	b.fill("student", nil) // a draft for the pages of the form
	return []string{
		"/", "/find", "/e/" + slug, "/e/" + slug + "/privacy", "/e/" + slug + "/register", "/e/" + slug + "/register/person",
		"/e/" + slug + "/register/check", order, order + "/status", order + "/calendar.ics", pay, pay + "/status", pay + "/back",
		"/healthz", "/readyz", "/robots.txt", "/favicon.ico", "/static/none.css",
		"/nowhere", "/e/none", "/o/AAAA-AAAA/" + strings.Repeat("a", 32), "/pay/" + strings.Repeat("a", 26),
	}
}

func TestEveryResponseHasTheFixedHeaders(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	for _, path := range s.everyPath(b) {
		a := b.get(path)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cross-Origin-Resource-Policy": "same-origin"} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		csp := a.header.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || a.header.Get("Permissions-Policy") == "" ||
			a.header.Get("Cross-Origin-Opener-Policy") == "" || a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s: headers %v", path, a.header)
		}
		secret := strings.HasPrefix(path, "/o/") || strings.HasPrefix(path, "/pay/")
		if got := a.header.Get("Referrer-Policy"); (got == "no-referrer") != secret {
			t.Errorf("%s: referrer policy %q", path, got)
		}
		if got := a.header.Get("Cache-Control"); secret && got != "no-store" || got == "" {
			t.Errorf("%s: cache control %q", path, got)
		}
		if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && (strings.Contains(a.body, " style=") || strings.Contains(a.body, " onclick=")) {
			t.Errorf("%s has inline style or script", path)
		}
	}
}

func TestReadingChangesNothing(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	paths := append(s.everyPath(b), "/webhooks/"+slug+"/korea")
	counts := func() (all [5]int) {
		for i, table := range []string{"orders", "payments", "drafts", "audit", "webhooks"} {
			all[i] = s.count(table)
		}
		return all
	}
	before, jobs := counts(), s.count("jobs")
	for _, path := range paths {
		for _, method := range []string{"HEAD", "OPTIONS"} {
			if a := b.do(method, path, "", "", nil); a.status >= 500 || (method == "HEAD" && a.body != "") {
				t.Errorf("%s %s: %d %q", method, path, a.status, a.body)
			}
		}
	}
	if s.count("jobs") != jobs {
		t.Error("HEAD or OPTIONS queued work")
	}
	for _, path := range paths {
		b.get(path)
	}
	if after := counts(); after != before {
		t.Errorf("rows %v became %v", before, after)
	}
	token := "/pay/" + s.newest().Token
	for _, path := range []string{"/return", "/fail"} {
		b.do("HEAD", token+path+"?paymentKey=x", "", "", nil).want(http.StatusMethodNotAllowed)
	}
}

func TestWrongSecretAndWrongCodeAreAlike(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order, other := b.register("student"), s.browser().register("student")
	parts, others := strings.Split(order, "/"), strings.Split(other, "/")
	wrong := map[string]string{
		"another order's secret": "/o/" + parts[2] + "/" + others[3],
		"invented secret":        "/o/" + parts[2] + "/" + strings.Repeat("a", 32),
		"short secret":           "/o/" + parts[2] + "/a",
		"upper case":             "/o/" + parts[2] + "/" + strings.ToUpper(parts[3]),
		"no such code":           "/o/AAAA-AAAA/" + parts[3],
		"odd code":               "/o/%00%ff'/" + parts[3],
	}
	var first string
	for name, path := range wrong {
		for _, rest := range []string{"", "/calendar.ics", "/qr.svg", "/qr.png", "/receipt/TEST-" + slug + "-R-000001.pdf"} {
			a := b.get(path + rest).want(404)
			text := a.doc().Find("main").Text()
			text = strings.ReplaceAll(text, a.header.Get("X-Request-Id"), "")
			if first == "" {
				first = text
			}
			if text != first {
				t.Errorf("%s%s answers differently: %q", name, rest, text)
			}
		}
		b.get(path + "/status").want(404)
		for _, action := range []string{"/pay", "/cancel", "/cancel/confirm", "/renew"} {
			b.post(path+action, url.Values{"channel": {"korea"}}).want(404)
		}
	}
	if n := s.count("payments"); n != 0 {
		t.Errorf("%d payments", n)
	}
}

func TestAReceiptBelongsToItsOrderOnly(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	paid := b.register("student")
	b.pay(paid, "korea", "kr")
	other := s.browser().register("student")
	file := "/receipt/TEST-" + slug + "-R-000001.pdf"
	b.get(paid + file).want(200)
	b.get(other + file).want(404)
	b.get(paid + "/receipt/TEST-" + slug + "-R-000001").want(404)
	b.get(other + "/qr.svg").want(404)
}

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	page := b.fill("student", nil)
	action, fields := page.form("main")
	for k, v := range consents {
		fields[k] = v
	}
	tests := map[string]struct {
		header http.Header
		status int
	}{
		"another site":             {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 403},
		"another site, no Origin":  {http.Header{"Sec-Fetch-Site": {"cross-site"}}, 403},
		"another port":             {http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://127.0.0.1:1"}}, 403},
		"old browser, other site":  {http.Header{"Origin": {"https://evil.example"}}, 403},
		"old browser, no origin":   {http.Header{"Origin": {"null"}}, 403},
		"our own page":             {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {s.url}}, 303},
		"old browser, our page":    {http.Header{"Origin": {s.url}}, 303},
		"no browser (no headers)":  {nil, 303},
		"our page, no-referrer":    {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"null"}}, 303},
		"forged Host of the other": {http.Header{"Sec-Fetch-Site": {"cross-site"}, "X-Forwarded-Host": {"evil.example"}}, 403},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			a := b.do("POST", action, "application/x-www-form-urlencoded", fields.Encode(), tc.header)
			a.t = t
			a.want(tc.status)
		})
	}
	if n := s.count("orders"); n != 1 {
		t.Errorf("%d orders, want 1", n)
	}
}

func TestAddressesComeFromTheConfiguration(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://conf.example.org/" })
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/e/"+slug, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "evil.example"
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if res.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security under https")
	}
	if got := s.server.links.Order("A", "b"); got != "https://conf.example.org/o/A/b" {
		t.Errorf("order link %s", got)
	}
}

func TestLanguage(t *testing.T) {
	s := newSite(t)
	for header, want := range map[string]string{
		"": "ko", "ko-KR,ko;q=0.9,en;q=0.8": "ko", "en-GB,en;q=0.9,ko;q=0.1": "en", "en;q=0.2,ko;q=0.7": "ko", "fr-FR,fr;q=0.9": "en",
		"de,ko;q=0.3": "ko", "*": "ko", ";;;,,,q=": "ko", "en;q=0": "ko",
	} {
		b := s.browser()
		b.header = http.Header{"Accept-Language": {header}}
		if got, _ := b.get("/").doc().Find("html").Attr("lang"); got != want {
			t.Errorf("Accept-Language %q gives %s, want %s", header, got, want)
		}
	}
	b := s.browser()
	b.get("/?lang=ko").want(200)
	if got, _ := b.get("/find").doc().Find("html").Attr("lang"); got != "ko" {
		t.Errorf("a chosen language is not kept: %s", got)
	}
	b.get("/?lang=xx").want(200)
	if got, _ := b.get("/").doc().Find("html").Attr("lang"); got != "ko" {
		t.Errorf("an unknown language replaces the chosen one: %s", got)
	}
}

func TestTestModeIsSaidOnEveryPage(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	pay := b.start(order, "korea")
	b.fill("student", nil)
	base := "/e/" + slug
	for _, path := range []string{base, base + "/privacy", base + "/register", base + "/register/person", base + "/register/check", order, pay, pay + "/status"} {
		if !strings.Contains(b.get(path).want(200).body, "Test mode") {
			t.Errorf("%s does not say that the event is in test mode", path)
		}
	}
}

func TestClosedEventTakesNothing(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	s.clock.Pass(mustEvent(s).ClosesAt().Sub(s.clock.Now()) - time.Hour)
	page := b.fill("student", nil)
	s.clock.Pass(2 * time.Hour)
	base := "/e/" + slug
	for _, path := range []string{base + "/register", base + "/register/person", base + "/register/check"} {
		if got := b.get(path).to(); got != base {
			t.Errorf("%s leads to %s, want the event's page", path, got)
		}
	}
	b.post(base+"/register", url.Values{"category": {"student"}}).want(409)
	b.submit(page, "main", consents).want(409)
	if n := s.count("orders"); n != 0 {
		t.Errorf("%d orders", n)
	}
}

func TestFindAnswersTheSameWhetherFoundOrNot(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.register("student")
	text := func(email string) string {
		a := b.submit(b.get("/find"), "main", url.Values{"email": {email}}).want(200)
		return strings.ReplaceAll(a.doc().Find("main").Text(), email, "ADDRESS")
	}
	if known, unknown := text("gildong@example.org"), text("nobody@example.org"); known != unknown {
		t.Errorf("answers differ:\n%s\n%s", known, unknown)
	}
	if n := s.count("jobs"); n != 2 {
		t.Errorf("%d mails are queued, want 2", n)
	}
	b.submit(b.get("/find"), "main", url.Values{"email": {"nobody"}}).want(422)
}

func TestSoldOutIsAConflict(t *testing.T) {
	s := newSite(t)
	first, second := s.browser(), s.browser()
	late := second.fill("few", nil)
	order := first.register("few")
	a := second.submit(late, "main", consents).want(409)
	if !strings.Contains(a.body, "Sold out") {
		t.Errorf("the page does not say that it is sold out: %s", a.body)
	}
	second.post("/e/"+slug+"/register", url.Values{"category": {"few"}}).want(409)
	if got := first.get(order).want(200).status; got != 200 {
		t.Error("the first order is gone")
	}
	if left, err := s.store.Left(t.Context(), mustEvent(s).ID); err != nil || left["corner"] != 0 {
		t.Errorf("places left %v, %v", left, err)
	}
}

func TestAnExtraThatSellsOutMeanwhileIsInNoTotal(t *testing.T) {
	s := newSite(t)
	e := sampleEvent()
	e.Quotas = append(e.Quotas, registration.Quota{ID: "tables", Places: 1, Of: []string{"banquet"}})
	s.apply(e)
	first, second := s.browser(), s.browser()
	late := second.fill("student", url.Values{"extra.banquet": {"1"}})
	first.submit(first.fill("student", url.Values{"extra.banquet": {"1"}}), "main", consents).to()
	alone, _ := e.Price(registration.Cart{Category: "student"}, s.clock.Now())
	shown := second.submit(late, "main", consents).want(http.StatusConflict).doc()
	if said := shown.Find("#problems li").Text(); !strings.HasPrefix(said, "Banquet: It has sold out") {
		t.Errorf("the summary says %q", said)
	}
	for _, cur := range alone.Prices.Currencies() {
		if want := (registration.Money{Minor: alone.Prices[cur], Cur: cur}).Format(registration.English); !strings.Contains(shown.Find("#total").Text(), want) {
			t.Errorf("the total is %q, want %s", shown.Find("#total").Text(), want)
		}
	}
}

func mustEvent(s *site) *registration.Event {
	s.t.Helper()
	e, err := s.store.Event(s.t.Context(), slug)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}
