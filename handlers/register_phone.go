package handlers

import (
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// unproved is the failure of an order whose telephone has not been proved yet.
const unproved = "phone.unproved"

// mustProve reports whether the draft's telephone has to be proved by a code before the order is made. Where no message can be sent, in
// countries that the sender does not reach, it is taken as it is. A preview sends none.
func (s *Server) mustProve(e *registration.Event, d *draft) bool {
	return s.previewed == nil && e.Person.VerifyPhone && d.Person.Phone != "" && d.Verified != d.Person.Phone && (s.cfg.Reaches == nil || s.cfg.Reaches(d.Person.Phone))
}

// phoneProblems refuses a telephone that can get no message where the event wants one that can.
func phoneProblems(e *registration.Event, p registration.Person) []views.Problem {
	if e.Person.VerifyPhone && !registration.IsMobile(p.Phone) {
		return []views.Problem{{Field: registration.FieldPhone, Key: "phone.mobile"}}
	}
	return nil
}

// leavePerson goes on from the page about the person: to the code where the telephone has to be proved, else to the check page. A code
// is sent at once, unless one was a moment ago: then that one is asked for.
func (s *Server) leavePerson(c echo.Context, e *registration.Event, d *draft) error {
	if !s.mustProve(e, d) {
		return goTo(c, views.RegisterCheckPath(e.Slug))
	}
	if err := s.sendCode(c, d.calling(e)); err != nil && !isCode(err, registration.CodeConflict) {
		return err
	}
	return goTo(c, views.RegisterPhonePath(e.Slug))
}

// calling is a telephone that is to be proved, and the page on which that is done.
type calling struct {
	event *registration.Event
	draft string // id of the draft, or what stands for one
	phone string
	path  string // of the page
	back  string // where the number can be changed
}

// calling is the draft's telephone.
func (d *draft) calling(e *registration.Event) *calling {
	return &calling{event: e, draft: store.DraftID(d.session.ID), phone: d.Person.Phone, path: views.RegisterPhonePath(e.Slug), back: views.RegisterPersonPath(e.Slug)}
}

// sendCode has a code sent to a telephone.
func (s *Server) sendCode(c echo.Context, to *calling) error {
	q := store.PhoneCode{EventID: to.event.ID, DraftID: to.draft, Phone: to.phone, Lang: langOf(c)}
	if s.cfg.Rate {
		q.Address = store.Hash(bucketOf(c.RealIP()))
	}
	if err := s.cfg.Store.SendCode(c.Request().Context(), q); err != nil {
		return fmt.Errorf("send code: %w", err)
	}
	return nil
}

// phoneDraft is the draft whose telephone is to be proved; to is where to go instead when there is nothing to prove.
func (s *Server) phoneDraft(c echo.Context) (e *registration.Event, d *draft, to string, err error) {
	if e, err = s.openEvent(c); err != nil {
		return e, nil, "", err
	}
	if d, err = s.openDraft(c, e, true); err != nil {
		return e, nil, "", err
	}
	switch {
	case !d.hasCart():
		to = views.RegisterPath(e.Slug)
	case !d.hasPerson():
		to = views.RegisterPersonPath(e.Slug)
	case !s.mustProve(e, d):
		to = views.RegisterCheckPath(e.Slug)
	case d.id() == "":
		to = views.RegisterPersonPath(e.Slug) // a copy of what has become an order: saved there
	}
	return e, d, to, nil
}

// showPhone handles GET /e/{event}/register/phone.
func (s *Server) showPhone(c echo.Context) error {
	e, d, to, err := s.phoneDraft(c)
	switch {
	case err != nil:
		return s.closedOr(c, e, err)
	case to != "":
		return goTo(c, to)
	}
	return s.renderPhone(c, http.StatusOK, d.calling(e), nil)
}

func (s *Server) renderPhone(c echo.Context, status int, to *calling, problems []views.Problem) error {
	sent, err := s.cfg.Store.CodeSent(c.Request().Context(), to.draft, to.phone)
	if err != nil {
		return fmt.Errorf("find code: %w", err)
	}
	page := registerFrame(c, to.event, to.path, "phone.title", problems)
	page.Private = true
	waiting := s.cfg.Now().Sub(sent) < store.CodeLife
	for i := range problems {
		if over := problems[i].Key == "phone.over"; over || !waiting && problems[i].Field == "code" { // also what was typed at the last try
			waiting, problems[i] = false, views.Problem{Field: "again", Key: "phone.over"}
		}
	}
	return s.render(c, status, views.RegisterPhone(views.RegisterPhonePage{
		Page: page, Phone: registration.PhoneText(to.phone), Waiting: waiting, Problems: problems,
		Path: to.path, Back: to.back, Registering: to.path == views.RegisterPhonePath(to.event.Slug),
	}))
}

// checkCode compares what was typed with the newest code; wrong is the key of what is wrong with it.
func (s *Server) checkCode(c echo.Context, to *calling, f form) (wrong string, err error) {
	typed := digits(f.line("code"))
	if typed == "" || f.onlyShow() {
		return "phone.code_missing", nil
	}
	err = s.cfg.Store.CheckCode(c.Request().Context(), to.draft, to.phone, typed)
	for _, key := range []string{"phone.wrong", "phone.over"} {
		if hasKey(err, key) {
			return key, nil
		}
	}
	return "", err
}

// callAgain sends another code and leads to the page, or says why not yet.
func (s *Server) callAgain(c echo.Context, to *calling) error {
	err := s.sendCode(c, to)
	for _, key := range []string{"phone.wait", "phone.too_many"} {
		if hasKey(err, key) {
			return s.renderPhone(c, http.StatusUnprocessableEntity, to, []views.Problem{{Field: "again", Key: key}})
		}
	}
	if err != nil {
		return err
	}
	return goTo(c, to.path)
}

// submitPhone handles POST /e/{event}/register/phone: the code as it was typed.
func (s *Server) submitPhone(c echo.Context) error {
	f, err := readForm(c)
	if err != nil {
		return err
	}
	e, d, to, err := s.phoneDraft(c)
	if err != nil {
		return err
	}
	if to != "" {
		return goTo(c, to)
	}
	wrong, err := s.checkCode(c, d.calling(e), f)
	if err != nil {
		return fmt.Errorf("check code: %w", err)
	}
	if wrong != "" {
		return s.renderPhone(c, http.StatusUnprocessableEntity, d.calling(e), []views.Problem{{Field: "code", Key: wrong}})
	}
	d.Verified = d.Person.Phone
	if err := s.saveDraft(c, e, d); err != nil {
		return err
	}
	return goTo(c, views.RegisterCheckPath(e.Slug))
}

// submitPhoneAgain handles POST /e/{event}/register/phone/again: another code.
func (s *Server) submitPhoneAgain(c echo.Context) error {
	e, d, to, err := s.phoneDraft(c)
	if err != nil {
		return err
	}
	if to != "" {
		return goTo(c, to)
	}
	return s.callAgain(c, d.calling(e))
}

// showPhoneInstead answers who reloads the address of a form: its page.
func (s *Server) showPhoneInstead(c echo.Context) error {
	e, err := s.event(c.Request().Context(), c.Param("event"))
	if err != nil {
		return err
	}
	return goTo(c, views.RegisterPhonePath(e.Slug))
}

// phoneShown is the payer's telephone for staff, with whether it was proved where the event asks for that.
func (o *office) phoneShown(v *visit, order *registration.Order) (string, error) {
	text := registration.PhoneText(order.Payer.Phone)
	if text == "" || !v.event.Person.VerifyPhone {
		return text, nil
	}
	at, err := o.cfg.Store.PhoneVerified(v.Request().Context(), order.ID, order.Payer.Phone)
	if err != nil {
		return text, fmt.Errorf("read whether the telephone was proved: %w", err)
	}
	if at.IsZero() {
		return text + " (" + views.T(v.lang(), "admin.phone.unverified") + ")", nil
	}
	return text + " (" + views.T(v.lang(), "admin.phone.verified", "date", views.DateTime(v.lang(), at, v.event.Location())) + ")", nil
}
