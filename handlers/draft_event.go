package handlers

import (
	"fmt"

	"foyer/registration"

	"github.com/labstack/echo/v4"
)

// shown is the event of a public page. An event that is still a draft is there for its own staff alone; for everybody else there is none.
func (s *Server) shown(c echo.Context) (*registration.Event, error) {
	if s.previewed != nil {
		return s.previewed, nil
	}
	e, err := s.event(c.Request().Context(), c.Param("event"))
	if err != nil || e.State != registration.StateDraft {
		return e, err
	}
	st, ok, err := s.office.who(c)
	if err != nil {
		return nil, fmt.Errorf("ask who previews: %w", err)
	}
	if !ok || !st.MaySee(e.ID) || !st.MayEdit() {
		return nil, registration.Fail(registration.CodeNotFound, "event.unknown")
	}
	c.Response().Header()["Cache-Control"] = noStore
	return e, nil
}
