package handlers

import (
	"net/http"
	"strings"
	"time"

	"foyer/static"

	"github.com/labstack/echo/v4"
)

// neglectedAge is how long a job that is due may wait while nobody does any of its kind.
const neglectedAge = 15 * time.Minute

// health handles GET /healthz: the process answers.
func (s *Server) health(c echo.Context) error {
	c.Response().Header()["Cache-Control"] = noStore
	return c.JSON(http.StatusOK, map[string]string{"status": "ok", "version": s.cfg.Version})
}

// ready handles GET /readyz: the database answers, its schema is ours (else it would not have opened), and jobs get done.
func (s *Server) ready(c echo.Context) error {
	ctx := c.Request().Context()
	c.Response().Header()["Cache-Control"] = noStore
	refuse := func(what string) error {
		c.Response().Header().Set("Retry-After", "5")
		return c.JSON(http.StatusServiceUnavailable, map[string]string{"status": what})
	}
	if err := s.cfg.Store.Ping(ctx); err != nil {
		s.cfg.Log.ErrorContext(ctx, "not ready", "error", err)
		return refuse("database")
	}
	neglected, err := s.cfg.Store.NeglectedJobs(ctx, neglectedAge, s.cfg.Jobs)
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "not ready", "error", err)
		return refuse("database")
	}
	if len(neglected) > 0 {
		s.cfg.Log.ErrorContext(ctx, "not ready: nobody does jobs that are due", "kinds", neglected)
		return refuse("jobs")
	}
	return c.JSON(http.StatusOK, map[string]string{"status": "ok"})
}

// immutable is for files whose address changes with their content.
var immutable = []string{"public, max-age=31536000, immutable"}

// staticFile handles GET /static/*.
func (s *Server) staticFile(c echo.Context) error {
	data, gz, contentType, ok := static.File(c.Param("*"))
	if !ok {
		return echo.NewHTTPError(http.StatusNotFound)
	}
	h := c.Response().Header()
	h["Cache-Control"] = immutable
	h.Set("Vary", "Accept-Encoding")
	if acceptsGzip(c.Request()) {
		h.Set("Content-Encoding", "gzip")
		data = gz
	}
	return c.Blob(http.StatusOK, contentType, data)
}

// favicon handles GET /favicon.ico for browsers that ask without being told.
func (s *Server) favicon(c echo.Context) error {
	return c.Redirect(http.StatusMovedPermanently, static.URL("favicon.svg"))
}

// robots handles GET /robots.txt: event pages may be found, private ones are not to be asked for.
func (s *Server) robots(c echo.Context) error {
	return c.String(http.StatusOK, "User-agent: *\nDisallow: /o/\nDisallow: /pay/\nDisallow: /console\nDisallow: /admin\nDisallow: /sign-in\n")
}

// acceptsGzip reports whether the browser takes gzip.
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name == "gzip" {
			return quality(params) > 0
		}
	}
	return false
}
