package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"
)

const draftCookie = "foyer_draft"

// Keys of a draft's session.
const (
	draftEvent = "event" // id of the event
	draftData  = "data"  // draft as JSON
)

// draftRows keeps drafts in the store.
type draftRows struct{ store *store.Store }

// Load gives the draft of that token, nil when there is none.
func (d draftRows) Load(ctx context.Context, token string) (map[string]string, error) {
	data, eventID, err := d.store.Draft(ctx, token)
	switch {
	case isCode(err, registration.CodeNotFound):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return map[string]string{draftEvent: eventID, draftData: string(data)}, nil
}

// Save keeps the draft under its token, or under a new one.
func (d draftRows) Save(ctx context.Context, token string, values map[string]string, life time.Duration) (string, error) {
	if token == "" {
		token = store.TimedToken()
	}
	return token, d.store.SaveDraft(ctx, token, values[draftEvent], []byte(values[draftData]), life)
}

// Drop deletes the draft.
func (d draftRows) Drop(ctx context.Context, token string) error {
	return d.store.DropDraft(ctx, token)
}

// draft is what an attendee has filled in so far.
type draft struct {
	Cart   registration.Cart   `json:"cart"`
	Person registration.Person `json:"person"`

	Answers  registration.Answers `json:"answers,omitempty"` // of the person
	ForOrder registration.Answers `json:"for_order,omitempty"`
	Papers   []string             `json:"papers,omitempty"` // numbers that the person covers

	Group *groupDraft `json:"group,omitempty"` // instead of cart and person

	Files map[string]string  `json:"files,omitempty"` // that were uploaded, by field, as registration.FileAnswer writes them
	Proof registration.Proof `json:"proof,omitzero"`

	Offer string `json:"offer,omitempty"` // code of the entry of the waiting list whose places it takes

	Verified string `json:"verified,omitempty"` // the telephone that was proved by a code

	session  *sessions.Session
	changing bool   // was filled in before
	typed    string // of the field papers, when it was refused
}

// hasCart reports whether the first page has been filled in.
func (d *draft) hasCart() bool { return d.Cart.Category != "" }

// hasPerson reports whether the second page has been filled in.
func (d *draft) hasPerson() bool { return d.Person.Email != "" }

// id names the draft in the order that it becomes; "" while nothing has been saved.
func (d *draft) id() string {
	if d.session.IsNew {
		return ""
	}
	return store.DraftID(d.session.ID)
}

// readDraft gives the browser's draft for this event, an empty one when there is none.
func (s *Server) readDraft(c echo.Context, e *registration.Event) (*draft, error) {
	session, err := s.drafts.New(c.Request(), s.draftName())
	if err != nil {
		return nil, err
	}
	d := &draft{session: session}
	if !session.IsNew && session.Values[draftEvent] != e.ID {
		return s.freshDraft(e, d, false), nil
	}
	if data, ok := session.Values[draftData].(string); ok {
		if err := json.Unmarshal([]byte(data), d); err != nil {
			return nil, fmt.Errorf("read draft: %w", err)
		}
	}
	return d, nil
}

// readEventAndDraft is event and readDraft in one question to the store, for the post that makes the order. The draft can be read, not
// saved.
func (s *Server) readEventAndDraft(c echo.Context) (*registration.Event, *draft, error) {
	slug := c.Param("event")
	cookie, err := c.Request().Cookie(draftCookie)
	if err != nil || !isToken(cookie.Value) || !isName(slug) {
		e, err := s.event(c.Request().Context(), slug)
		return e, &draft{session: &sessions.Session{IsNew: true}}, err
	}
	e, data, eventID, err := s.cfg.Store.DraftAndEvent(c.Request().Context(), cookie.Value, slug)
	if err != nil {
		return nil, nil, fmt.Errorf("find event and draft: %w", err)
	}
	if data == nil || eventID != e.ID {
		return e, &draft{session: &sessions.Session{IsNew: true}}, nil
	}
	d := &draft{session: &sessions.Session{ID: cookie.Value}}
	var plain bool
	if d.Cart, d.Person, plain = registration.ReadChoice(string(data)); plain {
		return e, d, nil
	}
	d.Cart, d.Person = registration.Cart{}, registration.Person{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, nil, fmt.Errorf("read draft: %w", err)
	}
	return e, d, nil
}

// freshDraft is a draft that will be saved under a new token; it keeps what was filled in when keep is set, but for files.
func (s *Server) freshDraft(e *registration.Event, d *draft, keep bool) *draft {
	fresh := &draft{session: sessions.NewSession(s.drafts, s.draftName())}
	options := s.drafts.options
	fresh.session.Options, fresh.session.IsNew = &options, true
	if keep {
		fresh.Group, fresh.Cart, fresh.Person, fresh.Answers, fresh.ForOrder, fresh.Papers = d.Group, d.Cart, d.Person, d.Answers.WithoutFiles(e), d.ForOrder.WithoutFiles(e), d.Papers
		fresh.Proof.Number = d.Proof.Number
	}
	return fresh
}

// openDraft is readDraft for a page that goes on filling in. A draft that has become an order is not opened again: a fresh one is, as
// its copy when keep is set.
func (s *Server) openDraft(c echo.Context, e *registration.Event, keep bool) (*draft, error) {
	d, err := s.readDraft(c, e)
	if err != nil {
		return nil, err
	}
	placed, err := s.placedFrom(c.Request().Context(), d)
	if err != nil || placed == nil {
		return d, err
	}
	return s.freshDraft(e, d, keep), nil
}

// placedFrom gives the order that the draft has become, nil when it has not.
func (s *Server) placedFrom(ctx context.Context, d *draft) (*store.Placed, error) {
	if d.session.IsNew {
		return nil, nil
	}
	placed, err := s.cfg.Store.PlacedFrom(ctx, d.id())
	if isCode(err, registration.CodeNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the draft's order: %w", err)
	}
	return &placed, nil
}

// saveDraft keeps what was filled in and gives the browser its cookie, for this event's form only.
func (s *Server) saveDraft(c echo.Context, e *registration.Event, d *draft) error {
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	d.session.Values[draftEvent], d.session.Values[draftData] = e.ID, string(data)
	d.session.Options.Path = views.RegisterPath(e.Slug)
	return d.session.Save(c.Request(), c.Response())
}

// typedExtras are the quantities of the draft's cart as a form shows them.
func (d *draft) typedExtras() map[string]string {
	typed := map[string]string{}
	for id, n := range d.Cart.Extras {
		typed[id] = strconv.FormatInt(n, 10)
	}
	return typed
}

// hasKey reports whether err is a failure with this message key.
func hasKey(err error, key string) bool {
	e, ok := errors.AsType[*registration.Error](err)
	return ok && e.Key == key
}

// isCode reports whether err is a failure of this kind.
func isCode(err error, code registration.Code) bool {
	e, ok := errors.AsType[*registration.Error](err)
	return ok && e.Code == code
}
