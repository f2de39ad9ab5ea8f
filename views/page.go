package views

import (
	"net/url"

	"foyer/registration"
)

// Page is what the frame around every page needs.
type Page struct {
	Lang      registration.Lang
	Title     string                  // of this page alone; the event's name is added
	Error     bool                    // the form below was refused: the title says so first
	Test      bool                    // the event's money is not real
	Path      string                  // a GET address of this page with its query, for the language switch
	Event     registration.Text       // name of the event that the page belongs to, may be empty
	Slug      string                  // of that event
	Organizer *registration.Organizer // for the footer; nil outside an event
	Preview   bool                    // of a form that nobody can use now: nothing is kept
	Private   bool                    // keep it out of search engines
	Script    []string                // names of static scripts besides the one of all pages
	Refresh   string                  // goes on there at once, without script; for the hand-over only
	Refused   url.Values              // what was posted to Path and refused: the language switch posts it once more; nil for a link
	NoSwitch  bool                    // the page has no address that could be asked for in the other language
	Staff     *StaffBar               // somebody is signed in
	Saved     string                  // what staff have just done, one of SavedWords; "" for nothing
}

// StaffBar is who is signed in to the console.
type StaffBar struct{ Email, Role string }

// answersPost reports whether the page answers a post of staff, so that it has no address: Back and Reload lead to Path instead.
func (p Page) answersPost() bool { return p.Staff != nil && (p.Error || p.NoSwitch) }

// title is the text of the title element.
func (p Page) title() string {
	t := p.Title
	if name := p.Event.In(p.Lang); name != "" && name != t {
		t += " · " + name
	}
	if p.Test {
		t = T(p.Lang, "layout.test.prefix") + " " + t
	}
	if p.Error {
		t = T(p.Lang, "error.prefix") + " " + t
	}
	return t
}

// otherLang is the language that the switch leads to.
func (p Page) otherLang() registration.Lang {
	if p.Lang == registration.Korean {
		return registration.English
	}
	return registration.Korean
}

// switchURL is this page in the other language.
func (p Page) switchURL() string {
	u, err := url.Parse(p.Path)
	if err != nil || u.IsAbs() || u.Host != "" {
		u = &url.URL{Path: "/"}
	}
	q := u.Query()
	q.Set("lang", string(p.otherLang()))
	u.RawQuery = q.Encode()
	return u.String()
}
