package handlers

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// visit is a request of somebody who is signed in, to a page of an event that they may see.
type visit struct {
	echo.Context
	staff store.Staff // as the store has them now
	event *registration.Event
}

// private keeps a staff page out of caches and search engines.
func private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h["Cache-Control"] = noStore
		h.Set("X-Robots-Tag", "noindex, nofollow")
		return next(c)
	}
}

// signedIn lets nobody through who is not signed in; they are sent to sign in first, whatever the address.
func (o *office) signedIn(next func(echo.Context, store.Staff) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		st, ok, err := o.who(c)
		if err != nil {
			return err
		}
		if !ok {
			return goTo(c, signInFor(c.Request()))
		}
		return next(c, st)
	}
}

// at lets those through who may see the event of the path and do what may asks for. For everybody else the event does not exist.
func (o *office) at(may func(store.Staff) bool, next func(*visit) error) echo.HandlerFunc {
	return o.signedIn(func(c echo.Context, st store.Staff) error {
		e, err := o.event(c.Request().Context(), c.Param("event"))
		if err != nil {
			return err
		}
		if !st.MaySee(e.ID) || !may(st) {
			return registration.Fail(registration.CodeNotFound, "event.unknown")
		}
		return next(&visit{Context: c, staff: st, event: e})
	})
}

// signInFor is the sign-in page that leads back to what was asked for. A post is not repeated: it leads to the page of its form.
func signInFor(r *http.Request) string {
	back := r.URL.RequestURI()
	if r.Method == http.MethodPost {
		back = formPage(r.URL.Path)
	}
	if back = staffPath(back); back == "" || back == views.ConsolePath {
		return views.SignInPath
	}
	return views.SignInPath + "?" + url.Values{"next": {back}}.Encode()
}

// formPage is the page on which the form of a posted address stands: /admin/{event}/orders/{code}, without what follows.
func formPage(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[:min(5, len(parts))], "/")
}

// staffFrame is what every page of signed-in staff has around it. path is its GET address.
func staffFrame(c echo.Context, st store.Staff, path string) views.Page {
	return views.Page{Lang: langOf(c), Path: path, Private: true, Staff: &views.StaffBar{Email: st.Email, Role: string(st.Role)}, Saved: views.SavedWord(c.QueryParams())}
}

// saved leads to a staff page that says what was done.
func saved(v *visit, path, word string) error { return goTo(v, views.SavedPath(path, word)) }

// page is the frame of a page of the visited event.
func (v *visit) page(path string) views.Page {
	p := staffFrame(v, v.staff, path)
	p.Organizer = &v.event.Organizer
	return p
}

// lang is the language of the visit.
func (v *visit) lang() registration.Lang { return langOf(v) }

// nav is the navigation of a page of the visited event; at names the page, "" for an order's.
func (o *office) nav(v *visit, at string) (views.ConsoleNav, error) {
	waiting, err := o.cfg.Store.CountAttention(v.Request().Context(), v.event.ID)
	if err != nil {
		return views.ConsoleNav{}, fmt.Errorf("count what waits: %w", err)
	}
	evidence := map[registration.EvidenceState]int{}
	if v.event.Approves() {
		if evidence, err = o.cfg.Store.CountEvidence(v.Request().Context(), v.event.ID); err != nil {
			return views.ConsoleNav{}, err
		}
	}
	return views.ConsoleNav{
		Evidence: v.event.Approves(), Waiting: evidence[registration.EvidenceGiven],
		Event: v.event.Slug, Name: v.event.Name, Mode: v.event.Mode, Zone: v.event.Location(), At: at, Attention: int(waiting), Channels: v.staff.MayRefund(),
		Papers: v.event.Papers.Any(), Line: v.event.Waiting.On(),
	}, nil
}

// note writes down what the visitor did, about the event or one of its orders.
func (o *office) note(v *visit, act store.StaffAct) error {
	act.Actor, act.EventID = v.staff.Actor(), v.event.ID
	if err := o.cfg.Store.NoteStaff(v.Request().Context(), act); err != nil {
		return fmt.Errorf("note %s: %w", act.Act, err)
	}
	return nil
}
