package handlers

import (
	"net/http"

	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showEvent handles GET /e/{event}.
func (s *Server) showEvent(c echo.Context) error {
	ctx := c.Request().Context()
	e, err := s.shown(c)
	if err != nil {
		return err
	}
	left, err := s.left(ctx, e)
	if err != nil {
		return err
	}
	opened, err := s.opened(ctx, e)
	if err != nil {
		return err
	}
	page := frame(c, e, views.EventPath(e.Slug), "event.about")
	page.Title = e.Name.In(page.Lang)
	return s.render(c, http.StatusOK, views.EventHome(views.EventHomePage{Page: page, Event: e, Now: s.cfg.Now(), Left: left, Unready: !opened}))
}
