package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"foyer/registration"

	"github.com/labstack/echo/v4"
)

const (
	langCookie = "foyer_lang"
	langKey    = "lang" // of the request's context in Echo
)

// langOf is the visitor's language: as asked for in the address, as chosen before, as the browser prefers, Korean.
func langOf(c echo.Context) registration.Lang {
	if l, ok := c.Get(langKey).(registration.Lang); ok {
		return l
	}
	l := chooseLang(c.Request())
	c.Set(langKey, l)
	return l
}

func chooseLang(r *http.Request) registration.Lang {
	if r.URL.RawQuery != "" {
		if l, ok := knownLang(r.URL.Query().Get("lang")); ok {
			return l
		}
	}
	if strings.Contains(r.Header.Get("Cookie"), langCookie) { // most have none, and reading cookies takes time
		if cookie, err := r.Cookie(langCookie); err == nil {
			if l, ok := knownLang(cookie.Value); ok {
				return l
			}
		}
	}
	return preferredLang(r.Header.Get("Accept-Language"))
}

// keepLang remembers a language that the address asks for.
func (s *Server) keepLang(c echo.Context) {
	if c.Request().URL.RawQuery == "" {
		return
	}
	if l, ok := knownLang(c.QueryParam("lang")); ok {
		c.SetCookie(&http.Cookie{
			Name: langCookie, Value: string(l), Path: "/", MaxAge: 365 * 24 * 60 * 60, Secure: s.https, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		})
	}
}

func knownLang(text string) (registration.Lang, bool) {
	l := registration.Lang(text)
	return l, l == registration.Korean || l == registration.English
}

// preferredLang reads an Accept-Language header. Who asks for other languages only is answered in English; who asks for none, in Korean.
func preferredLang(header string) registration.Lang {
	if first, _, _ := strings.Cut(header, ","); len(first) < len(header) && !strings.Contains(first, ";") {
		if tag, _, _ := strings.Cut(first, "-"); tag == "ko" || tag == "en" {
			return registration.Lang(tag) // what comes first and is not weighed counts most
		}
	}
	best, bestQ := registration.Korean, 0.0
	for i := 0; header != "" && i < 20; i++ {
		var part string
		part, header, _ = strings.Cut(header, ",")
		tag, params, _ := strings.Cut(part, ";")
		tag, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		l, known := knownLang(tag)
		q := quality(params)
		switch {
		case !isLangTag(tag) || q <= 0:
		case known && q > bestQ:
			best, bestQ = l, q
		case !known && bestQ == 0:
			best = registration.English
		}
	}
	return best
}

// isLangTag reports whether a text can be the first part of a language's tag.
func isLangTag(tag string) bool {
	return len(tag) >= 2 && len(tag) <= 3 && strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz") == ""
}

// quality reads the weight of a language, 1 when there is none.
func quality(params string) float64 {
	_, text, found := strings.Cut(params, "q=")
	if !found {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return 0
	}
	return q
}
