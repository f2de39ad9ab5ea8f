package handlers

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"foyer/store"
)

func TestServerSessions(t *testing.T) {
	s := newSite(t)
	sessions := newServerSessions(draftRows{s.store}, "/here", time.Hour, true)
	request := func(cookie *http.Cookie) *http.Request {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		return r
	}
	r := request(nil)
	session, err := sessions.Get(r, "x")
	if err != nil || !session.IsNew {
		t.Fatalf("session %+v, %v", session, err)
	}
	session.Values[draftEvent], session.Values[draftData] = mustEvent(s).ID, "{}"
	w := httptest.NewRecorder()
	if err := session.Save(r, w); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/here" || cookie.MaxAge != 3600 || !isToken(cookie.Value) {
		t.Errorf("cookie %v", cookie)
	}
	again, err := sessions.Get(request(cookie), "x")
	if err != nil || again.IsNew || again.ID != cookie.Value || again.Values[draftData] != "{}" {
		t.Errorf("second request: %+v, %v", again, err)
	}
	again.Options.MaxAge = -1
	if err := again.Save(request(cookie), httptest.NewRecorder()); err != nil {
		t.Fatal(err)
	}
	if over, err := sessions.Get(request(cookie), "x"); err != nil || !over.IsNew {
		t.Errorf("a revoked session is still there: %+v, %v", over, err)
	}
	for _, odd := range []string{"", "short", strings.Repeat("A", 26), strings.Repeat("a", 100), store.Token()} {
		if got, err := sessions.Get(request(&http.Cookie{Name: "x", Value: odd}), "x"); err != nil || !got.IsNew {
			t.Errorf("cookie %q gives %+v, %v", odd, got, err)
		}
	}
	session.Values["number"] = 1
	if err := session.Save(r, httptest.NewRecorder()); err == nil {
		t.Error("a value that is no string was accepted")
	}
}
