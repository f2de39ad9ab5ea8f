package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// statusOf is the HTTP status of every kind of failure that a visitor may be told about.
var statusOf = map[registration.Code]int{
	registration.CodeInvalid:     http.StatusUnprocessableEntity,
	registration.CodeNotFound:    http.StatusNotFound,
	registration.CodeConflict:    http.StatusConflict,
	registration.CodeFull:        http.StatusConflict,
	registration.CodeClosed:      http.StatusConflict,
	registration.CodeUnavailable: http.StatusServiceUnavailable,
}

// retryAfter is after how many seconds trying again is right.
var retryAfter = map[int]int{http.StatusTooManyRequests: 10, http.StatusServiceUnavailable: 5}

// statusAndKey picks the status and the message key of a failure; "" is the status' own sentence. Unknown errors stay opaque.
func statusAndKey(err error) (status int, key string) {
	if e, ok := errors.AsType[*registration.Error](err); ok {
		if status, known := statusOf[e.Code]; known {
			return status, e.Key
		}
		return http.StatusInternalServerError, ""
	}
	if e, ok := errors.AsType[*echo.HTTPError](err); ok {
		return e.Code, ""
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return http.StatusServiceUnavailable, ""
	}
	return http.StatusInternalServerError, ""
}

// handleError is the one door for failures: it answers with a status, a sentence in the visitor's language and the request's number,
// and never with the cause.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, key := statusAndKey(err)
	if seconds := retryAfter[status]; seconds > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(seconds))
	}
	if err := s.answerError(c, err, status, key); err != nil {
		s.cfg.Log.Error("error page not sent", "error", err)
		if !c.Response().Committed {
			_ = c.NoContent(http.StatusInternalServerError) // nobody is left to be told
		}
	}
}

func (s *Server) answerError(c echo.Context, err error, status int, key string) error {
	route := c.Path()
	switch {
	case c.Request().Method == http.MethodHead, strings.HasPrefix(route, "/webhooks/"):
		return c.NoContent(status)
	case route == "/o/:code/:secret/status":
		return c.JSON(status, map[string]string{"error": strconv.Itoa(status)})
	}
	e := s.eventOfPath(c)
	if e != nil && (isCode(err, registration.CodeFull) || isCode(err, registration.CodeClosed)) {
		page := frame(c, e, views.EventPath(e.Slug), key+".title")
		return s.render(c, status, views.Closed(views.ClosedPage{Page: page, Event: e, Key: key}))
	}
	page := frame(c, e, "/", titleOf(langOf(c), status))
	page.Private, page.NoSwitch = true, c.Request().Method != http.MethodGet
	if !page.NoSwitch {
		page.Path = c.Request().URL.Path
	}
	return s.render(c, status, views.Error(views.ErrorPage{
		Page: page, Status: status, Key: key, RequestID: c.Response().Header().Get(requestID), RetryAfter: retryAfter[status],
	}))
}

// titleOf is the message key of an error page's title.
func titleOf(l registration.Lang, status int) string {
	key := "http." + strconv.Itoa(status) + ".title"
	switch {
	case views.Has(l, key):
		return key
	case status >= http.StatusInternalServerError:
		return "http.500.title"
	}
	return "http.404.title"
}

// eventOfPath is the event that the path names, for the frame of its error page; nil when there is none or it cannot be read.
func (s *Server) eventOfPath(c echo.Context) *registration.Event {
	if !strings.HasPrefix(c.Path(), "/e/") {
		return nil
	}
	e, err := s.event(c.Request().Context(), c.Param("event"))
	if err != nil || e.State == registration.StateDraft {
		return nil
	}
	return e
}
