package handlers

import (
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showPrivacy handles GET /e/{event}/privacy; ?version= shows what it said before.
func (s *Server) showPrivacy(c echo.Context) error {
	page, err := s.legal(c, store.TextPrivacy, (*registration.Event).PrivacyVersion)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.Privacy(page))
}

// showTerms handles GET /e/{event}/terms; ?version= shows what they said before.
func (s *Server) showTerms(c echo.Context) error {
	page, err := s.legal(c, store.TextTerms, (*registration.Event).TermsVersion)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.Terms(page))
}

// legal is the page of a text as it stands, or in the version that is asked for. A version that there never was is not found.
func (s *Server) legal(c echo.Context, kind string, version func(*registration.Event) string) (views.LegalPage, error) {
	e, err := s.shown(c)
	if err != nil {
		return views.LegalPage{}, err
	}
	versions, err := s.cfg.Store.Texts(c.Request().Context(), e.ID, kind)
	if err != nil {
		return views.LegalPage{}, fmt.Errorf("read versions: %w", err)
	}
	path, key := views.PrivacyPath(e.Slug), "layout.privacy"
	if kind == store.TextTerms {
		path, key = views.TermsPath(e.Slug), "setup.terms.title"
	}
	page := views.LegalPage{Page: frame(c, e, path, key), Event: e, Codes: s.cfg.Messenger, Path: path, Shown: version(e)}
	for _, v := range versions {
		page.Versions = append(page.Versions, views.LegalVersion{Version: v.Version, Since: v.Since})
	}
	asked := c.QueryParam("version")
	if asked == "" || asked == page.Shown {
		return page, nil
	}
	for _, v := range versions {
		if v.Version == asked {
			old := *e
			old.RefundRule, old.Refunds, old.Texts = v.RefundRule, v.Refunds, registration.Texts{Terms: v.Text, Privacy: v.Text}
			page.Event, page.Shown, page.Old = &old, v.Version, true
			page.Page.Path = path + "?version=" + v.Version
			return page, nil
		}
	}
	return page, registration.Fail(registration.CodeNotFound, "http.404.body")
}
