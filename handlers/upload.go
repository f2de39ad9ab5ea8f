package handlers

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/labstack/echo/v4"
)

// Bounds of a form with files. What is beyond one file's length is read and thrown away, so that the page can be shown again with all
// that was typed.
const (
	maxFilesForm = 64 << 20
	maxParts     = 200
	maxKept      = 4 * registration.MaxFile // of all files of a form together
	uploadTime   = 5 * time.Minute
)

// uploadsPerMinute is how many files one address may hand in: a campus shares one.
const uploadsPerMinute = 60

// upload is one file of a form.
type upload struct {
	name string // as the browser says it
	data []byte
	long bool // longer than a file may be
}

// uploads are the files of a form by field.
type uploads map[string]*upload

// readFilesForm reads a form that may hold files: a multipart body, or an urlencoded one as readForm does. A field of files that was
// left empty is not there. It fails with 413 when the whole is far too long, and with 400 when it cannot be read.
func readFilesForm(c echo.Context) (form, uploads, error) {
	kind := c.Request().Header.Get(echo.HeaderContentType)
	if !strings.HasPrefix(strings.ToLower(kind), echo.MIMEMultipartForm) {
		f, err := readForm(c)
		return f, nil, err
	}
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(uploadTime)) // a slow line may take longer than for a text
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, maxFilesForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	b := body{form: form{}, files: uploads{}}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			c.Set(formKey, b.form)
			return b.form, b.files, nil
		}
		if err == nil && n >= maxParts {
			err = errors.New("too many parts")
		}
		if err == nil {
			err = b.add(part)
		}
		if err != nil {
			return nil, nil, badBody(err)
		}
	}
}

// badBody is the answer to a body that cannot be read.
func badBody(err error) error {
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return echo.NewHTTPError(http.StatusRequestEntityTooLarge).SetInternal(err)
	}
	return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
}

// body is a multipart form that is being read.
type body struct {
	form  form
	files uploads
	text  int // bytes of texts so far
	kept  int // bytes of files so far
}

func (b *body) add(part *multipart.Part) error {
	field := part.FormName()
	if part.Header.Get(echo.HeaderContentType) == "" && part.FileName() == "" {
		text, err := io.ReadAll(io.LimitReader(part, maxForm+1))
		if err != nil {
			return fmt.Errorf("read field: %w", err)
		}
		if b.text += len(text) + len(field); b.text > maxForm {
			return &http.MaxBytesError{Limit: maxForm}
		}
		b.form[field] = append(b.form[field], string(text))
		return nil
	}
	u := &upload{name: part.FileName()}
	var err error
	if u.data, err = io.ReadAll(io.LimitReader(part, registration.MaxFile+1)); err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	if u.long = len(u.data) > registration.MaxFile || b.kept+len(u.data) > maxKept; u.long {
		u.data = nil
		if _, err := io.Copy(io.Discard, part); err != nil {
			return fmt.Errorf("read file: %w", err)
		}
	}
	b.kept += len(u.data)
	if u.name != "" || u.long || len(u.data) > 0 {
		b.files[field] = u
	}
	return nil
}

// file is an upload as it is kept, or the key of what is wrong with it.
func (u *upload) file(field string) (f store.NewFile, wrong string) {
	switch {
	case u.long:
		return f, "file.size"
	case len(u.data) == 0:
		return f, "file.empty"
	}
	kind, ok := registration.FileTypeOf(u.data)
	if !ok {
		return f, "file.kind"
	}
	return store.NewFile{Field: field, Name: registration.FileName(u.name, kind), Type: kind, Data: u.data}, ""
}

// mayUpload counts a file against the limit of its address.
func (s *Server) mayUpload(c echo.Context) error {
	if s.cfg.Rate && !s.files.allow(bucketOf(c.RealIP()), time.Now()) {
		return echo.NewHTTPError(http.StatusTooManyRequests)
	}
	return nil
}
