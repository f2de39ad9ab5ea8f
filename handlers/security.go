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
	case strings.HasPrefix(path, "/o/"), strings.HasPrefix(path, "/pay/"):
		h["Referrer-Policy"], h["Cache-Control"] = noReferrer, noStore
	case strings.HasPrefix(path, "/console"), strings.HasPrefix(path, "/admin"), strings.HasPrefix(path, "/sign-in"),
		strings.Contains(path, "/register"):
		h["Cache-Control"] = noStore
	default:
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
	csp := "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; " +
		list("script-src", "'self'", hosts.Script) + reach("connect-src", hosts.Connect) + reach("frame-src", hosts.Frame) + list("form-action", "'self'", hosts.Form)
	h.Set("Content-Security-Policy", strings.TrimSuffix(csp, "; "))
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
}

// newCrossOrigin makes the check that a browser's post comes from our own pages. Posts without the browser's own headers come from
// no browser and pass. Gateways post to the excepted addresses from their own sites; nothing that they send there is believed.
func newCrossOrigin(baseURL string) (*http.CrossOriginProtection, error) {
	p := http.NewCrossOriginProtection()
	if err := p.AddTrustedOrigin(baseURL); err != nil {
		return nil, err
	}
	for _, pattern := range []string{"/pay/{token}/return", "/pay/{token}/fail", "/pay/{token}/receive", "/webhooks/"} {
		p.AddInsecureBypassPattern(pattern)
	}
	return p, nil
}

// sameOrigin refuses posts that another site's page has made.
func (s *Server) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.origin.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden).SetInternal(err)
		}
		return next(c)
	}
}
