package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"foyer/registration"

	"github.com/labstack/echo/v4"
)

func TestEveryFailureHasItsStatus(t *testing.T) {
	tests := map[string]struct {
		err    error
		status int
		key    string
	}{
		"invalid":               {registration.Fail(registration.CodeInvalid, "k"), 422, "k"},
		"not found":             {registration.Fail(registration.CodeNotFound, "k"), 404, "k"},
		"conflict":              {registration.Fail(registration.CodeConflict, "k"), 409, "k"},
		"full":                  {registration.Fail(registration.CodeFull, "k"), 409, "k"},
		"closed":                {registration.Fail(registration.CodeClosed, "k"), 409, "k"},
		"unavailable":           {registration.Fail(registration.CodeUnavailable, "k"), 503, "k"},
		"wrapped":               {fmt.Errorf("place: %w", registration.Fail(registration.CodeFull, "k")), 409, "k"},
		"code nobody knows":     {registration.Fail("strange", "k"), 500, ""},
		"echo's":                {echo.NewHTTPError(http.StatusTooManyRequests), 429, ""},
		"caller went away":      {context.Canceled, 503, ""},
		"took too long":         {fmt.Errorf("read: %w", context.DeadlineExceeded), 503, ""},
		"anything else":         {errors.New("disk on fire"), 500, ""},
		"nothing in particular": {fmt.Errorf("a: %w", errors.New("b")), 500, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if status, key := statusAndKey(tc.err); status != tc.status || key != tc.key {
				t.Errorf("%d %q, want %d %q", status, key, tc.status, tc.key)
			}
		})
	}
}

func TestErrorPagesTellNoCause(t *testing.T) {
	s := newSite(t)
	secret := errors.New("dial tcp 10.0.0.5: password=hunter2")
	for path, err := range map[string]error{
		"/x/plain":       secret,
		"/x/known":       &registration.Error{Code: registration.CodeUnavailable, Key: "error.busy", Err: secret},
		"/x/internal":    echo.NewHTTPError(http.StatusForbidden, "hunter2").SetInternal(secret),
		"/x/unknown-key": &registration.Error{Code: registration.CodeConflict, Key: "no.such.key", Err: secret},
	} {
		s.server.echo.GET(path, func(echo.Context) error { return err })
	}
	s.server.echo.GET("/x/panic", func(echo.Context) error { panic("hunter2") })
	b := s.browser()
	for path, status := range map[string]int{"/x/plain": 500, "/x/known": 503, "/x/internal": 403, "/x/unknown-key": 409, "/x/panic": 500} {
		a := b.get(path).want(status)
		if strings.Contains(a.body, "hunter2") || strings.Contains(a.body, "no.such.key") {
			t.Errorf("%s shows its cause: %s", path, a.body)
		}
		if !strings.Contains(a.body, a.header.Get("X-Request-Id")) {
			t.Errorf("%s does not show the request's number", path)
		}
		if (a.header.Get("Retry-After") != "") != (status == 503) {
			t.Errorf("%s: Retry-After %q", path, a.header.Get("Retry-After"))
		}
	}
	korean := s.browser()
	korean.header = http.Header{"Accept-Language": {"ko"}}
	if page := korean.get("/nowhere").want(404); !strings.Contains(page.body, `lang="ko"`) {
		t.Error("the error page is not in the visitor's language")
	}
}

func TestLogsHoldNoSecrets(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	order := b.register("student")
	b.pay(order, "korea", "kr")
	b.get("/pay/" + s.newest().Token + "/nowhere")
	b.get(order + "x")
	text := s.log.String()
	for _, secret := range []string{strings.Split(order, "/")[2], strings.Split(order, "/")[3], s.newest().Token, s.newest().GatewayID, "gildong", "홍길동"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(text, "route=/o/:code/:secret ") {
		t.Errorf("the log lacks the route's pattern:\n%.500s", text)
	}
}
