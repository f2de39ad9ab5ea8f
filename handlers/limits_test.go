package handlers

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"foyer/static"
	"foyer/store"
)

func TestLimiterGivesEachAddressItsShare(t *testing.T) {
	l, now := newLimiter(60), time.Unix(1_800_000_000, 0)
	for i := range 60 {
		if !l.allow("a", now) {
			t.Fatalf("request %d refused", i)
		}
	}
	if l.allow("a", now) {
		t.Error("a 61st request at once is allowed")
	}
	if !l.allow("b", now) {
		t.Error("another address pays for the first")
	}
	if !l.allow("a", now.Add(time.Second)) || l.allow("a", now.Add(time.Second)) {
		t.Error("a second later not exactly one more is allowed")
	}
}

func TestLimiterForgetsQuietAddresses(t *testing.T) {
	l, now := newLimiter(60), time.Unix(1_800_000_000, 0)
	l.allow("a", now)
	l.forget(now)
	if len(l.buckets) != 1 {
		t.Error("a busy address was forgotten")
	}
	l.forget(now.Add(2 * time.Second))
	if len(l.buckets) != 0 {
		t.Error("a quiet address is still known")
	}
}

func TestTooManyPostsAreRefused(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Rate = true })
	s.server.posts = newLimiter(3)
	b := s.browser()
	for range 3 {
		b.post("/find", url.Values{}).want(422)
	}
	if a := b.post("/find", url.Values{}).want(429); a.header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	forged := http.Header{"X-Forwarded-For": {"203.0.113.9"}}
	b.do("POST", "/find", "application/x-www-form-urlencoded", "", forged).want(429)
	b.get("/find").want(200)
	b.do("POST", "/webhooks/"+slug+"/korea", "application/json", "{}", nil).want(200)
}

func TestAddressOfAVisitor(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	tests := map[string]struct {
		trusted         []netip.Prefix
		remote, forward string
		want            string
	}{
		"no proxy configured":       {nil, "198.51.100.1:5", "203.0.113.9", "198.51.100.1"},
		"through the proxy":         {proxies, "10.1.2.3:5", "203.0.113.9", "203.0.113.9"},
		"forged in front of it":     {proxies, "10.1.2.3:5", "1.1.1.1, 203.0.113.9", "203.0.113.9"},
		"past the proxy":            {proxies, "198.51.100.1:5", "203.0.113.9", "198.51.100.1"},
		"from loopback, no trust":   {proxies, "127.0.0.1:5", "203.0.113.9", "127.0.0.1"},
		"through two trusted hops":  {proxies, "10.1.2.3:5", "203.0.113.9, 10.9.9.9", "203.0.113.9"},
		"proxy that names nobody":   {proxies, "10.1.2.3:5", "", "10.1.2.3"},
		"IPv6 visitor, direct line": {nil, "[2001:db8::1]:5", "", "2001:db8::1"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), "POST", "/", nil)
			r.RemoteAddr = tc.remote
			if tc.forward != "" {
				r.Header.Set("X-Forwarded-For", tc.forward)
			}
			if got := addressOf(tc.trusted)(r); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
	if a, b := bucketOf("2001:db8::1"), bucketOf("2001:db8::2:3"); a != b || a == bucketOf("2001:db8:0:1::1") {
		t.Errorf("IPv6 buckets %s and %s", a, b)
	}
}

func TestStaticFilesAreKeptForEver(t *testing.T) {
	s := newSite(t)
	address := s.url + static.URL("app.css")
	for encoding, zipped := range map[string]bool{"gzip, br": true, "identity": false, "gzip;q=0": false} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", encoding)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := res.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") || (res.Header.Get("Content-Encoding") == "gzip") != zipped {
			t.Errorf("%s: %v", encoding, res.Header)
		}
		body := io.Reader(res.Body)
		if zipped {
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(body)
		if err != nil || !strings.Contains(string(text), "@layer") {
			t.Errorf("%s: %v %.50s", encoding, err, text)
		}
		if err := res.Body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestHealth(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Version, c.Jobs = "v1", []string{store.JobLook, store.JobMail} })
	b := s.browser()
	if a := b.get("/healthz").want(200); !strings.Contains(a.body, `"v1"`) {
		t.Errorf("healthz answers %s", a.body)
	}
	b.get("/readyz").want(200)
	b.submit(b.get("/find"), "main", url.Values{"email": {"a@example.org"}}).want(200)
	b.get("/readyz").want(200)
	s.clock.Pass(time.Hour)
	if a := b.get("/readyz").want(503); !strings.Contains(a.body, "jobs") || a.header.Get("Retry-After") == "" {
		t.Errorf("with jobs that nobody does it answers %s", a.body)
	}
}

func TestMetricsCountRoutesAndNotAddresses(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	b.get(order)
	b.do("BREW", "/nowhere-"+order[3:7], "", "", nil)
	w := httptest.NewRecorder()
	Metrics().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	text := w.Body.String()
	if !strings.Contains(text, `route="/o/:code/:secret"`) || strings.Contains(text, order) || strings.Contains(text, "BREW") || strings.Contains(text, "nowhere") {
		t.Error("metrics name addresses, or lack the route")
	}
}
