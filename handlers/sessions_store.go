package handlers

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
)

// sessionRows keeps sessions on the server, where they can be revoked, under tokens of which the browser has the only copy.
type sessionRows interface {
	// Load gives the values of a session, nil when there is none or it is over.
	Load(ctx context.Context, token string) (map[string]string, error)
	// Save keeps the values for life from now and gives the token: a new one when token is "".
	Save(ctx context.Context, token string, values map[string]string, life time.Duration) (string, error)
	// Drop ends a session. A second call is harmless.
	Drop(ctx context.Context, token string) error
}

var _ sessions.Store = (*serverSessions)(nil)

// serverSessions is a gorilla/sessions Store whose cookie is an opaque token and whose values are a row on the server. Keys and
// values are strings. It needs no signature: a token that nobody has been given finds no row.
type serverSessions struct {
	rows    sessionRows
	options sessions.Options // MaxAge is the life of the row, too
}

// newServerSessions makes a Store whose cookies are out of reach of scripts and of other sites' posts.
func newServerSessions(rows sessionRows, path string, life time.Duration, secure bool) *serverSessions {
	return &serverSessions{rows: rows, options: sessions.Options{
		Path: path, MaxAge: int(life.Seconds()), Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}}
}

// Get gives the request's session of that name, read at most once per request.
func (s *serverSessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New reads the session that the request's cookie names, or makes an empty one. Its error is the store's; a session comes with it.
func (s *serverSessions) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := s.options
	session.Options, session.IsNew = &options, true
	cookie, err := r.Cookie(name)
	if err != nil || !isToken(cookie.Value) {
		return session, nil
	}
	values, err := s.rows.Load(r.Context(), cookie.Value)
	if err != nil {
		return session, fmt.Errorf("read session: %w", err)
	}
	if values == nil {
		return session, nil
	}
	session.ID, session.IsNew = cookie.Value, false
	for k, v := range values {
		session.Values[k] = v
	}
	return session, nil
}

// Save keeps the session and sets its cookie; with a MaxAge below zero it ends the session. Saving again is harmless.
func (s *serverSessions) Save(r *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	if session.Options.MaxAge < 0 {
		if session.ID != "" {
			if err := s.rows.Drop(r.Context(), session.ID); err != nil {
				return fmt.Errorf("end session: %w", err)
			}
		}
		http.SetCookie(w, sessions.NewCookie(session.Name(), "", session.Options))
		return nil
	}
	values := make(map[string]string, len(session.Values))
	for k, v := range session.Values {
		key, okKey := k.(string)
		value, okValue := v.(string)
		if !okKey || !okValue {
			return fmt.Errorf("save session: %v is not a pair of strings", k)
		}
		values[key] = value
	}
	token, err := s.rows.Save(r.Context(), session.ID, values, time.Duration(session.Options.MaxAge)*time.Second)
	if err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	session.ID = token
	http.SetCookie(w, sessions.NewCookie(session.Name(), token, session.Options))
	return nil
}

// isToken reports whether a text has the shape of our tokens and secrets: lower-case base32 of 128 bits or more.
func isToken(s string) bool {
	if len(s) < 26 || len(s) > 64 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '2' || c > '7') {
			return false
		}
	}
	return true
}
