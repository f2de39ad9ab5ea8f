package handlers

import (
	"net/http"

	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showPrivacy handles GET /e/{event}/privacy.
func (s *Server) showPrivacy(c echo.Context) error {
	e, err := s.event(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.Privacy(views.PrivacyPage{
		Page: frame(c, e, views.PrivacyPath(e.Slug), "layout.privacy"), Event: e,
	}))
}
