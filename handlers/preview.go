package handlers

import (
	"fmt"
	"net/http"
	"time"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

const (
	previewCookie = "foyer_preview" // of a preview's draft, apart from that of a real one
	previewLife   = 2 * time.Hour   // of what was typed in a preview that nobody ended
	previewKey    = "preview"       // marks a request as one of a preview
)

// orPreview lets staff of an event that takes no registrations now go through its form: in serves them. Everybody else, and everybody once
// the event takes registrations, gets h.
func (s *Server) orPreview(h echo.HandlerFunc, in func(*Server, echo.Context) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := c.Cookie(staffCookie); err != nil {
			return h(c)
		}
		p, err := s.preview(c)
		if err != nil {
			return err
		}
		if p == nil {
			return h(c)
		}
		c.Set(previewKey, true)
		c.Response().Header()["Cache-Control"] = noStore
		return in(p, c)
	}
}

// preview is a Server for whom the event is open, with drafts of its own; nil where there is nothing to preview for this visitor.
func (s *Server) preview(c echo.Context) (*Server, error) {
	e, err := s.event(c.Request().Context(), c.Param("event"))
	if err != nil {
		return nil, err
	}
	w := e.WindowAt(s.cfg.Now())
	if w == registration.WindowOpen {
		ready, err := s.opened(c.Request().Context(), e)
		if err != nil || ready {
			return nil, err
		}
	} else if !previews(w) {
		return nil, nil
	}
	st, ok, err := s.office.who(c)
	if err != nil {
		return nil, fmt.Errorf("ask who previews: %w", err)
	}
	if !ok || !st.MaySee(e.ID) || !st.MayEdit() {
		return nil, nil
	}
	open := *e
	open.State = registration.StateOpen
	p, at := *s, previewTime(&open, s.cfg.Now())
	p.previewed, p.drafts = &open, s.previews
	p.cfg.Now = func() time.Time { return at }
	return &p, nil
}

// previews reports whether the form of an event in this stage is there for its staff to look at, and for nobody to use.
func previews(w registration.Window) bool {
	return w != registration.WindowOpen && w != registration.WindowCancelled
}

// previewTime is now, or the moment of the event's registration window that is nearest to it.
func previewTime(e *registration.Event, now time.Time) time.Time {
	last := e.ClosesAt()
	if n := len(e.Phases); n > 0 && !e.Phases[n-1].Until.IsZero() && e.Phases[n-1].Until.Before(last) {
		last = e.Phases[n-1].Until
	}
	if over := e.Ends.In(e.Location()).AddDate(0, 0, 1).Add(-time.Second); over.Before(last) {
		last = over
	}
	if now.Before(e.Opens) {
		now = e.Opens
	}
	if now.After(last) {
		now = last
	}
	return now
}

// endPreview takes the post of the check page in a preview. It makes no order and holds no places; what was typed is dropped.
func (s *Server) endPreview(c echo.Context) error {
	e := s.previewed
	f, err := readForm(c)
	if err != nil {
		return err
	}
	d, err := s.readDraft(c, e)
	if err != nil {
		return err
	}
	k, err := s.check(c, e, d)
	if err != nil {
		return s.backTo(c, e, d, err)
	}
	if problems := consentProblems(e, f, views.ConsentOrder, views.ConsentTerms); len(problems) > 0 || f.onlyShow() {
		return s.renderCheck(c, http.StatusUnprocessableEntity, k, f, nil, problems)
	}
	d.session.Options.Path, d.session.Options.MaxAge = views.RegisterPath(e.Slug), -1
	if err := d.session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	page := registerFrame(c, e, views.RegisterPath(e.Slug), "preview.end.title", nil)
	page.NoSwitch = true
	return s.render(c, http.StatusOK, views.PreviewEnd(page, e))
}

// draftName is the cookie of the drafts that s fills in.
func (s *Server) draftName() string {
	if s.previewed != nil {
		return previewCookie
	}
	return draftCookie
}
