package handlers

import (
	"fmt"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// submitExtend handles POST /o/{code}/{secret}/extend: the order's places are kept one hold longer. The form names the end that it was
// shown with, so that posting it twice is harmless.
func (s *Server) submitExtend(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	posted, err := readForm(c)
	if err != nil {
		return err
	}
	shown, err := strconv.ParseInt(posted.line("until"), 10, 64)
	if err != nil {
		return goTo(c, f.path()) // no form of ours; the page shows how things stand
	}
	if err := s.cfg.Store.ExtendHold(c.Request().Context(), f.order.ID, time.UnixMilli(shown).UTC(), s.cfg.Hold); err != nil {
		return fmt.Errorf("extend hold: %w", err)
	}
	return goTo(c, f.path())
}
