package handlers

import (
	"net/http"
	"strings"

	"foyer/payments"

	"github.com/labstack/echo/v4"
)

// cspBase allows our own files and nothing else; no page has inline script or style.
const cspBase = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// fixedHeaders are on every response. The slices are shared between responses and must not be changed.
var fixedHeaders = http.Header{
	"Content-Security-Policy":      {cspBase},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), geolocation=(), microphone=()"},
	"Referrer-Policy":              {"same-origin"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
}

var (
	noStore    = []string{"no-store"}
	revalidate = []string{"private, no-cache"}
	noReferrer = []string{"no-referrer"}
	strictTLS  = []string{"max-age=31536000"}
)

// secure sets the headers that every response carries. Pages whose address is a secret are kept out of caches and referrers.
func (s *Server) secure(h http.Header, path string) {
	for name, value := range fixedHeaders {
		h[name] = value
	}
	if s.https {
		h["Strict-Transport-Security"] = strictTLS
	}
	switch {
	case strings.HasPrefix(path, "/o/"), strings.HasPrefix(path, "/pay/"), strings.HasPrefix(path, "/p/"):
		h["Referrer-Policy"], h["Cache-Control"] = noReferrer, noStore
	case strings.HasPrefix(path, "/console"), strings.HasPrefix(path, "/admin"), strings.HasPrefix(path, "/sign-in"):
		h["Cache-Control"] = noStore
	default: // the pages of the form too: Back must find a refused form again, which no-store forbids
		h["Cache-Control"] = revalidate
	}
}

// allowGateway opens the hand-over page, and no other, to the origins that its gateway's script needs.
func allowGateway(h http.Header, hosts payments.Hosts) {
	list := func(name, own string, origins []string) string {
		return strings.Join(append([]string{name, own}, origins...), " ") + "; "
	}
	reach := func(name string, origins []string) string { // the gateway's script shall not reach our own pages
		if len(origins) == 0 {
			return ""
		}
		return name + " " + strings.Join(origins, " ") + "; "
	}
	styles := "style-src 'self'; "
	if hosts.Styled {
		styles += "style-src-attr 'unsafe-inline'; "
	}
	csp := "default-src 'none'; " + styles + "img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		list("script-src", "'self'", hosts.Script) + reach("connect-src", hosts.Connect) + reach("frame-src", hosts.Frame) + list("form-action", "'self'", hosts.Form)
	h.Set("Content-Security-Policy", strings.TrimSuffix(csp, "; "))
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
}

// allowReceive lets the receive page live in the pop-up or frame of a gateway's window, and reach the hand-over page from there.
func allowReceive(h http.Header, hosts payments.Hosts) {
	h.Set("Content-Security-Policy", strings.Replace(cspBase, "frame-ancestors 'none'", "frame-ancestors "+strings.Join(hosts.Frame, " "), 1))
	h.Del("X-Frame-Options")
	h.Set("Cross-Origin-Opener-Policy", "unsafe-none")
}

// fromElsewhere are the addresses to which gateways post, and send browsers, from their own sites; nothing that comes there is believed.
func fromElsewhere(path string) bool {
	if strings.HasPrefix(path, "/webhooks/") {
		return true
	}
	last := path[strings.LastIndexByte(path, '/')+1:]
	return strings.HasPrefix(path, "/pay/") && strings.Count(path, "/") == 3 && (last == "return" || last == "fail" || last == "receive")
}

// ours reports whether a request that changes something comes from our own pages, or from no browser. A browser says where from: what it
// says must be us, by the configured address and not by the Host header. Pages that send no referrer have the origin "null"; then
// the browser's own word that the post is of the same origin counts.
func (s *Server) ours(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	switch site {
	case "":
		return origin == "" || origin == s.origin
	case "same-origin", "none":
		return origin == "" || origin == "null" || origin == s.origin
	}
	return false
}

// sameOrigin refuses posts that another site's page has made.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r := c.Request(); !s.ours(r) && !fromElsewhere(r.URL.Path) {
			return echo.NewHTTPError(http.StatusForbidden)
		}
		return next(c)
	}
}
