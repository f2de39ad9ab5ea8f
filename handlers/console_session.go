package handlers

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
	"foyer/store"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

const (
	staffCookie = "foyer_staff"
	// sessionLife is how long somebody stays signed in.
	sessionLife = 12 * time.Hour
)

// Keys of a staff session.
const (
	staffID    = "id"
	staffEmail = "email"
	staffRole  = "role"
	staffEvent = "event"
)

// staffRows keeps staff sessions in the store. A session names a person; what that person may do is read with it every time.
type staffRows struct{ store *store.Store }

// Load gives the person of a session as they are now, nil when it is unknown, ended or over.
func (s staffRows) Load(ctx context.Context, token string) (map[string]string, error) {
	st, err := s.store.Session(ctx, token)
	switch {
	case isCode(err, registration.CodeNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return map[string]string{staffID: st.ID, staffEmail: st.Email, staffRole: string(st.Role), staffEvent: st.EventID}, nil
}

// Save makes a session of the person under a new token. A session that has a token never changes.
func (s staffRows) Save(ctx context.Context, token string, values map[string]string, life time.Duration) (string, error) {
	if token != "" {
		return token, nil
	}
	return s.store.CreateSession(ctx, values[staffID], life)
}

// Drop ends the session.
func (s staffRows) Drop(ctx context.Context, token string) error {
	return s.store.EndSession(ctx, token)
}

// who is signed in, as the store has them now; ok is false when nobody is.
func (o *office) who(c echo.Context) (st store.Staff, ok bool, err error) {
	session, err := o.sessions.New(c.Request(), staffCookie)
	if err != nil || session.IsNew {
		return store.Staff{}, false, err
	}
	st = staffOf(session)
	return st, st.ID != "", nil
}

// staffOf is the person whom a session names.
func staffOf(session *sessions.Session) store.Staff {
	text := func(key string) string { v, _ := session.Values[key].(string); return v }
	return store.Staff{ID: text(staffID), Email: text(staffEmail), Role: store.Role(text(staffRole)), EventID: text(staffEvent)}
}

// letIn makes a new session for a person and ends the one that the browser had.
func (o *office) letIn(c echo.Context, st store.Staff, how string) error {
	ctx := c.Request().Context()
	err := o.cfg.Store.NoteStaff(ctx, store.StaffAct{Actor: st.Actor(), Act: "signed_in", EventID: st.EventID, Reason: how})
	if err != nil {
		return fmt.Errorf("note sign-in: %w", err)
	}
	session, err := o.sessions.New(c.Request(), staffCookie)
	if err != nil {
		return err
	}
	if !session.IsNew {
		if err := o.cfg.Store.EndSession(ctx, session.ID); err != nil {
			return fmt.Errorf("end the session before: %w", err)
		}
	}
	session.ID, session.IsNew, session.Values = "", true, map[any]any{staffID: st.ID}
	return session.Save(c.Request(), c.Response())
}

// submitSignOut handles POST /sign-out: the session ends at once, everywhere. A second call is harmless.
func (o *office) submitSignOut(c echo.Context) error {
	session, err := o.sessions.New(c.Request(), staffCookie)
	if err != nil {
		return err
	}
	if !session.IsNew {
		st := staffOf(session)
		act := store.StaffAct{Actor: st.Actor(), Act: "signed_out", EventID: st.EventID}
		if err := o.cfg.Store.NoteStaff(c.Request().Context(), act); err != nil {
			return fmt.Errorf("note sign-out: %w", err)
		}
	}
	session.Options.MaxAge = -1
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	return goTo(c, signedOutPath)
}
