package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"foyer/store"
)

func TestSignInAndOut(t *testing.T) {
	s := newSite(t)
	b, email := s.browser(), s.hire(store.RoleAdmin, "")
	a := b.signIn(strings.ToUpper(email[:1])+email[1:], password)
	if to := a.to(); to != "/console" {
		t.Errorf("leads to %s", to)
	}
	cookie := a.header.Get("Set-Cookie")
	for _, part := range []string{"foyer_staff=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
	if page := b.get("/console").want(200); !strings.Contains(page.body, "Sample 2027") || !strings.Contains(page.body, email) {
		t.Error("the console lacks the event or the person")
	}
	if to := b.get("/sign-in").to(); to != "/console" {
		t.Errorf("signing in again leads to %s", to)
	}
	if to := b.post("/sign-out", nil).to(); to != "/sign-in?signed_out=1" {
		t.Errorf("signing out leads to %s", to)
	}
	b.post("/sign-out", nil).want(303)
	if to := b.get("/console").to(); to != "/sign-in" {
		t.Errorf("signed out, the console leads to %s", to)
	}
	if s.count("sessions") != 0 || s.acts("signed_in") != 1 || s.acts("signed_out") != 1 {
		t.Errorf("%d sessions, %d signed in, %d signed out", s.count("sessions"), s.acts("signed_in"), s.acts("signed_out"))
	}
}

func TestSignInCookieIsSecureOnHTTPS(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BaseURL = "https://register.example.org" })
	b, email := s.browser(), s.hire(store.RoleAdmin, "")
	if a := b.signIn(email, password).want(303); !strings.Contains(a.header.Get("Set-Cookie"), "Secure") {
		t.Errorf("cookie %q", a.header.Get("Set-Cookie"))
	}
}

func TestSignInMakesANewSessionAndEndsTheOneBefore(t *testing.T) {
	s := newSite(t)
	email := s.hire(store.RoleAdmin, "")
	b := s.browser()
	first := b.signIn(email, password).want(303).header.Get("Set-Cookie")
	second := b.post("/sign-in", url.Values{"email": {email}, "password": {password}}).want(303).header.Get("Set-Cookie")
	if first == second || s.count("sessions") != 1 {
		t.Errorf("%d sessions", s.count("sessions"))
	}
	planted := s.browser()
	planted.header.Set("Cookie", staffCookie+"="+store.Token())
	if a := planted.signIn(email, password).want(303); strings.Contains(a.header.Get("Set-Cookie"), planted.header.Get("Cookie")) {
		t.Error("a token that somebody else chose became a session")
	}
}

func TestSignInRefusesAllAlike(t *testing.T) {
	s := newSite(t)
	email := s.hire(store.RoleOwner, "")
	wrong := map[string]url.Values{
		"wrong password": {"email": {email}, "password": {"wrong password!"}},
		"nobody":         {"email": {"owner.00000000@example.org"}, "password": {password}},
		"no address":     {"email": {"' OR 1=1 --"}, "password": {password}},
		"long password":  {"email": {email}, "password": {strings.Repeat("x", 5000)}},
		"odd bytes":      {"email": {"a\xff\x00@example.org"}, "password": {"\xff\x00"}},
	}
	text := ""
	for name, fields := range wrong {
		b := s.browser()
		a := b.post("/sign-in", fields)
		if a.status != http.StatusUnprocessableEntity || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %q", name, a.status, a.header.Get("Set-Cookie"))
		}
		if got := a.doc().Find("main").Text(); text == "" {
			text = got
		} else if got != text {
			t.Errorf("%s: another answer:\n%s\n%s", name, got, text)
		}
		if strings.Contains(a.body, fields.Get("password")) {
			t.Errorf("%s: the page holds the password", name)
		}
	}
	if n := s.acts("sign_in_refused"); n != len(wrong) {
		t.Errorf("%d refusals written down", n)
	}
	if log := s.log.String(); strings.Contains(log, email) || strings.Contains(log, password) {
		t.Error("the log holds address or password")
	}
	s.healthy()
}

func TestSignInSaysWhatIsMissing(t *testing.T) {
	s := newSite(t)
	a := s.browser().post("/sign-in", url.Values{"email": {"someone@example.org"}, "next": {"/console/x/orders"}}).want(422)
	if !strings.Contains(a.body, "Enter your password.") || a.doc().Find("#email").AttrOr("value", "") != "someone@example.org" {
		t.Error("what is missing is not said, or what was typed is gone")
	}
	if a.doc().Find("input[name=next]").AttrOr("value", "") != "/console/x/orders" {
		t.Error("the way back is lost")
	}
}

func TestSignInIsThrottled(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Rate = true })
	email := s.hire(store.RoleOwner, "")
	wrong := func(email string) answer {
		return s.browser().post("/sign-in", url.Values{"email": {email}, "password": {"not the password"}})
	}
	for i := range triesPerAccount {
		if a := wrong(email); a.status != 422 {
			t.Fatalf("try %d: %d", i, a.status)
		}
	}
	if a := wrong(strings.ToUpper(email)).want(429); a.header.Get("Retry-After") != "60" {
		t.Errorf("Retry-After %q", a.header.Get("Retry-After"))
	}
	s.browser().post("/sign-in", url.Values{"email": {email}, "password": {password}}).want(429)
	for range triesPerAddress - triesPerAccount - 2 {
		wrong("other" + store.Token() + "@example.org").want(422)
	}
	wrong("last@example.org").want(429) // the address has tried often enough
	s.browser().post("/sign-in/link", url.Values{"token": {store.Token()}}).want(429)
	s.clock.Pass(time.Minute)
	s.browser().signIn(email, password).want(303)
}

func TestSignInLeadsBackOnlyToStaffPages(t *testing.T) {
	good := []string{"/console", "/console/apsys-2027/orders?q=%ED%99%8D&state=paid", "/admin/apsys-2027/orders/K7Q4-M2XD"}
	for _, path := range good {
		if got := staffPath(path); got != path {
			t.Errorf("%q became %q", path, got)
		}
	}
	bad := []string{
		"", "/", "/o/K7Q4-M2XD/secret", "/sign-out", "//evil.example/console", "https://evil.example/console", "/\\evil.example/console",
		"/console/../../evil", "/console//evil.example", "/console\r\nSet-Cookie: x=y", "\\\\evil.example", "javascript:alert(1)", "/consoles", "console",
		"/console/\u00e9", "/%2e%2e/console", "//user@evil.example/console", "/admin", "/console/x?" + strings.Repeat("y", maxNext),
	}
	for _, path := range bad {
		if got := staffPath(path); got != "" {
			t.Errorf("%q became %q", path, got)
		}
	}
	s := newSite(t)
	email := s.hire(store.RoleOwner, "")
	for next, want := range map[string]string{"/console/x/orders?q=a": "/console/x/orders?q=a", "//evil.example": "/console", "https://evil.example/": "/console"} {
		a := s.browser().post("/sign-in", url.Values{"email": {email}, "password": {password}, "next": {next}}).want(303)
		if got := a.header.Get("Location"); got != want {
			t.Errorf("next %q leads to %q", next, got)
		}
	}
}

func (s *site) link(email string) string {
	s.t.Helper()
	st, err := s.store.StaffByEmail(s.t.Context(), email)
	if err != nil {
		s.t.Fatal(err)
	}
	token, err := s.store.CreateSignInLink(s.t.Context(), st.ID, time.Hour)
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func TestSignInLinkWorksOnceAndOnlyByItsButton(t *testing.T) {
	s := newSite(t)
	email := s.hire(store.RoleOwner, "")
	token := s.link(email)
	for _, path := range []string{"/sign-in?token=", "/sign-in/link?token=", "/sign-in?token="} {
		if page := s.browser().get(path + token).want(200); !strings.Contains(page.body, email) || page.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: the page does not say whom it lets in, or lets in already", path)
		}
	}
	b := s.browser()
	page := b.get("/sign-in?token=" + token)
	if to := b.submit(page, "main", nil).to(); to != "/console" {
		t.Errorf("leads to %s", to)
	}
	b.get("/console").want(200)
	if to := b.submit(page, "main", nil).to(); to != "/console" {
		t.Errorf("the same button again leads to %s", to)
	}
	for name, a := range map[string]answer{
		"used": s.browser().get("/sign-in?token=" + token), "used by post": s.browser().post("/sign-in/link", url.Values{"token": {token}}),
		"never made": s.browser().get("/sign-in/link?token=" + store.Token()), "no token": s.browser().get("/sign-in/link"),
		"odd": s.browser().post("/sign-in/link", url.Values{"token": {"' OR 1=1"}}),
	} {
		if a.status != http.StatusGone || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	late := s.link(email)
	s.clock.Pass(2 * time.Hour)
	s.browser().post("/sign-in/link", url.Values{"token": {late}}).want(http.StatusGone)
}

func TestSignInLinkLetsOneOfManyIn(t *testing.T) {
	s := newSite(t)
	token := s.link(s.hire(store.RoleOwner, ""))
	var wg sync.WaitGroup
	statuses := make(chan int, 20)
	for range cap(statuses) {
		b := s.browser()
		wg.Go(func() { statuses <- b.post("/sign-in/link", url.Values{"token": {token}}).status })
	}
	wg.Wait()
	close(statuses)
	let := map[int]int{}
	for status := range statuses {
		let[status]++
	}
	if let[303] != 1 || let[410] != cap(statuses)-1 || s.count("sessions") != 1 {
		t.Errorf("answers %v, %d sessions", let, s.count("sessions"))
	}
}
