package handlers

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"sync"

	"foyer/registration"
	"foyer/views"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"
)

// htmlType is the content type of every page.
const htmlType = "text/html; charset=utf-8"

// gzipFrom is the size from which compressing a page is worth the time.
const gzipFrom = 1400

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed); return w }}
)

// render writes a whole page: it is rendered first, so that a template that fails half way becomes an error and not half a page.
func (s *Server) render(c echo.Context, status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Render(c.Request().Context(), b); err != nil {
		return fmt.Errorf("render page: %w", err)
	}
	if status != http.StatusOK {
		sortProblems(b.Bytes())
	}
	h := c.Response().Header()
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if b.Len() < gzipFrom || c.Request().Method == http.MethodHead || !acceptsGzip(c.Request()) {
		return c.Blob(status, htmlType, b.Bytes())
	}
	return compressed(c, status, b.Bytes())
}

// compressed writes a page through gzip at its quickest level.
func compressed(c echo.Context, status int, page []byte) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(b)
	if _, err := w.Write(page); err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	if err := w.Close(); err != nil {
		return fmt.Errorf("compress page: %w", err)
	}
	c.Response().Header().Set("Content-Encoding", "gzip")
	return c.Blob(status, htmlType, b.Bytes())
}

// frame is what every attendee's page of an event has around it; key is the message key of its title.
func frame(c echo.Context, e *registration.Event, path, key string) views.Page {
	l := langOf(c)
	p := views.Page{Lang: l, Title: views.T(l, key), Path: path, Preview: c.Get(previewKey) != nil}
	if e != nil {
		p.Event, p.Slug, p.Organizer, p.Test = e.Name, e.Slug, &e.Organizer, e.Mode == registration.Test
	}
	return p
}

// goTo sends the browser on to a page of ours after a post.
func goTo(c echo.Context, path string) error { return c.Redirect(http.StatusSeeOther, path) }
