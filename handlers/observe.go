package handlers

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"foyer/registration"

	"github.com/labstack/echo/v4"
)

const requestID = "X-Request-Id"

// slowRequest is from when on a request that went well is worth a line in the log.
const slowRequest = time.Second

// noRoute stands in logs and metrics for addresses that are not ours: they may hold anything.
const noRoute = "(none)"

// observe is around every request: it sets the fixed headers, turns panics and errors into answers, and writes one log line with the
// route's pattern. Addresses are never logged: they hold secrets.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		h := c.Response().Header()
		s.secure(h, c.Request().URL.Path)
		id := strconv.FormatUint(rand.Uint64(), 36)
		h[requestID] = []string{id}
		s.keepLang(c)
		err := s.guard(next, c)
		if err != nil {
			c.Error(err)
		}
		s.record(c, id, time.Since(start), err)
		return nil
	}
}

// guard calls a handler; a panic becomes an error with its stack in the log.
func (s *Server) guard(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if cause, ok := p.(error); ok && errors.Is(cause, http.ErrAbortHandler) {
			panic(p)
		}
		s.cfg.Log.Error("handler panicked", "route", routeOf(c), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		err = fmt.Errorf("panic: %v", p)
	}()
	if path := c.Request().URL.Path; strings.ContainsRune(path, 0) || !utf8.ValidString(path) {
		return registration.Fail(registration.CodeNotFound, "order.unknown") // no name of ours holds it, and PostgreSQL would not look for it
	}
	return next(c)
}

func (s *Server) record(c echo.Context, id string, took time.Duration, err error) {
	route, method, status := routeOf(c), c.Request().Method, c.Response().Status
	observeRequest(route, method, status, took)
	level := slog.LevelDebug // what went well and quickly is counted, not written down
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	case status >= http.StatusBadRequest:
		level = slog.LevelWarn
	case took > slowRequest:
		level = slog.LevelInfo
	}
	ctx := c.Request().Context()
	if !s.cfg.Log.Enabled(ctx, level) {
		return
	}
	attrs := []slog.Attr{
		slog.String("route", route), slog.String("method", method), slog.Int("status", status),
		slog.Duration("took", took), slog.String("request", id),
	}
	if err != nil {
		attrs = append(attrs, slog.String("error", err.Error()))
	}
	s.cfg.Log.LogAttrs(ctx, level, "request", attrs...)
}

// routeOf is the pattern of the request's route.
func routeOf(c echo.Context) string {
	if p := c.Path(); p != "" {
		return p
	}
	return noRoute
}
