package sandbox

import (
	"bytes"
	"cmp"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"foyer/registration"
)

//go:embed assets/pages
var pageFiles embed.FS

//go:embed assets/sandbox.css
var styleSheet []byte

//go:embed assets/icon.svg
var icon []byte

// pages holds one template set per page, each with the common frame.
var pages = func() map[string]*template.Template {
	set := map[string]*template.Template{}
	for _, name := range []string{"home", "payment", "window", "problem"} {
		set[name] = template.Must(template.ParseFS(pageFiles, "assets/pages/frame.html", "assets/pages/"+name+".html"))
	}
	return set
}()

// page is what every page has.
type page struct {
	Lang    registration.Lang
	Title   string
	Path    string   // for the language switch
	Targets []string // other origins that this page's forms may lead to
	Framers []string // other origins whose pages may hold this one in a frame
	Script  bool     // the page has a script of the sandbox's own
	Notice  string   // one sentence about what was just done
	Wrong   bool     // the notice is about something that was not done
}

// T is a text in the page's language.
func (p page) T(key string) string { return text(p.Lang, key) }

// When is a moment as the pages show it, in Korean time.
func (p page) When(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(kst).Format("2006-01-02 15:04:05")
}

func (s *Sandbox) newHandler() http.Handler {
	mux := http.NewServeMux()
	for _, d := range s.dialects {
		d.routes(mux)
	}
	s.consoleRoutes(mux)
	s.controlRoutes(mux)
	mux.HandleFunc("GET /_sandbox/sandbox.css", file("text/css; charset=utf-8", styleSheet))
	mux.HandleFunc("GET /_sandbox/icon.svg", file("image/svg+xml", icon))
	mux.HandleFunc("GET /favicon.ico", file("image/svg+xml", icon))
	// Browsers may post to us from our own pages only; programs, which send neither Origin nor Sec-Fetch-Site, may always.
	guard := http.NewCrossOriginProtection()
	guard.AddInsecureBypassPattern("POST /servlet/") // AllatPay's window is opened by a post of the merchant's page
	return headers(guard.Handler(s.doors(mux)))
}

// headers sets what every answer carries; pages replace the policy by their own.
func headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

func file(contentType string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(body)
	}
}

func (s *Sandbox) page(r *http.Request, lang registration.Lang, title string) page {
	return page{Lang: lang, Title: text(lang, title), Path: r.URL.Path}
}

// render writes a page, or a plain 500 when its template fails; never half of it.
func (s *Sandbox) render(w http.ResponseWriter, status int, name string, view any, p page) {
	var buf bytes.Buffer
	if err := pages[name].ExecuteTemplate(&buf, "frame", view); err != nil {
		s.cfg.Log.Error("page not rendered", "page", name, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(p.Lang))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors "+
		cmp.Or(strings.Join(p.Framers, " "), "'none'")+"; form-action "+strings.TrimSpace("'self' "+strings.Join(p.Targets, " ")))
	if p.Script {
		h.Set("Content-Security-Policy", h.Get("Content-Security-Policy")+"; script-src 'self'")
	}
	if len(p.Framers) > 0 {
		h.Del("X-Frame-Options")
	}
	if p.Path != "" {
		w.Header().Add("Vary", "Accept-Language, Cookie")
	}
	w.WriteHeader(status)
	_, _ = w.Write(buf.Bytes())
}

// problem is a page that says in one sentence why there is no other.
func (s *Sandbox) problem(w http.ResponseWriter, r *http.Request, status int, key string) {
	p := s.page(r, s.lang(r, ""), "problem.title")
	p.Notice, p.Wrong = p.T(key), true
	s.render(w, status, "problem", struct{ page }{p}, p)
}

const langCookie = "sandbox_lang"

// lang is the language of a page: the reader's switch, what the merchant asked for, an earlier switch, the browser's wish, Korean.
func (s *Sandbox) lang(r *http.Request, merchants registration.Lang) registration.Lang {
	wishes := []string{r.URL.Query().Get("lang"), string(merchants)}
	if c, err := r.Cookie(langCookie); err == nil {
		wishes = append(wishes, c.Value)
	}
	for _, wish := range append(wishes, strings.Split(r.Header.Get("Accept-Language"), ",")...) {
		switch tag, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(wish)), "-"); {
		case strings.HasPrefix(tag, "ko"):
			return registration.Korean
		case strings.HasPrefix(tag, "en"):
			return registration.English
		}
	}
	return registration.Korean
}

// baseURL is where the browser reaches the sandbox.
func (s *Sandbox) baseURL(r *http.Request) string {
	if s.cfg.BaseURL != "" {
		return strings.TrimRight(s.cfg.BaseURL, "/")
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]_-]+$`)

// originOf is the scheme and host of an absolute http address, "" for anything else.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil || !plainHost.MatchString(u.Host) {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
