package handlers

import (
	"net/url"
	"path"
	"strings"

	"foyer/views"
)

// maxNext is the longest address that signing in leads back to.
const maxNext = 1000

// staffPath gives text when it is the address of a staff page of ours, without scheme and host; "" for anything else.
func staffPath(text string) string {
	if text == "" || len(text) > maxNext || strings.ContainsFunc(text, oddInPath) {
		return ""
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Path != path.Clean(u.Path) {
		return ""
	}
	if u.Path != views.ConsolePath && !strings.HasPrefix(u.Path, views.ConsolePath+"/") && !strings.HasPrefix(u.Path, "/admin/") {
		return ""
	}
	return u.RequestURI()
}

// oddInPath reports whether a character has no business in an address; browsers take a backslash for a slash.
func oddInPath(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }
