package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// groupFolder opens an order of several people; CodeNotFound for others.
func (s *Server) groupFolder(c echo.Context) (*folder, error) {
	f, err := s.folder(c)
	if err == nil && len(f.order.Registrations) < 2 {
		return nil, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	return f, err
}

// showPeople handles GET /o/{code}/{secret}/people: the people of an order, and who has looked through their details.
func (s *Server) showPeople(c echo.Context) error {
	f, err := s.groupFolder(c)
	if err != nil {
		return err
	}
	page := views.PeoplePage{
		Page: frame(c, f.event, f.path()+"/people", "people.title"), Event: f.event, Order: f.order, Path: f.path(), Done: c.QueryParam("done"),
	}
	if !slices.Contains([]string{"", "link", "replaced", "late"}, page.Done) {
		page.Done = ""
	}
	page.Page.Private = true
	if page.Evidence, err = s.evidence(c, f); err != nil {
		return err
	}
	if page.Unproved, err = unprovedOf(c.Request().Context(), s.cfg.Store, f.event, f.order); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, views.People(page))
}

// unprovedOf are the people of a group who have still to prove the telephone that they have told, by their registrations.
func unprovedOf(ctx context.Context, st *store.Store, e *registration.Event, o *registration.Order) (map[string]bool, error) {
	if !e.Person.VerifyPhone || len(o.Registrations) < 2 {
		return nil, nil
	}
	proved, err := st.PhonesProved(ctx, o.ID)
	open := map[string]bool{}
	for _, r := range o.Registrations {
		open[r.ID] = r.Person.Phone != "" && !proved[store.PhoneOf{Registration: r.ID, Phone: r.Person.Phone}]
	}
	return open, err
}

// unprovedShown says on the staff's page that somebody's telephone is not proved.
func unprovedShown(l registration.Lang, open bool) []views.AdminAnswer {
	if !open {
		return nil
	}
	return []views.AdminAnswer{{Question: views.PersonLabel(l, registration.FieldPhone), Answer: views.T(l, "people.phone")}}
}

// member is one of the people of an order as its payer sees them.
type member struct {
	*folder
	reg *registration.Registration
	no  int // counted from 1
}

func (s *Server) member(c echo.Context) (*member, error) {
	f, err := s.groupFolder(c)
	if err != nil {
		return nil, err
	}
	no, err := strconv.Atoi(c.Param("no"))
	if err != nil || no < 1 || no > len(f.order.Registrations) || f.order.Registrations[no-1].Gone {
		return nil, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	return &member{f, &f.order.Registrations[no-1], no}, nil
}

func (m *member) path() string { return m.folder.path() + "/people/" + strconv.Itoa(m.no) }

// mayReplace reports whether the payer may put somebody else in the person's place now.
func (s *Server) mayReplace(m *member) bool {
	return m.reg.State != registration.Cancelled && m.event.MayChange(m.event.Groups.Replace, s.cfg.Now())
}

// showMember handles GET /o/{code}/{secret}/people/{no}: one of the people, with a new link for them, and a form for somebody else.
func (s *Server) showMember(c echo.Context) error {
	m, err := s.member(c)
	if err != nil {
		return err
	}
	return s.renderMember(c, http.StatusOK, m, registration.Person{}, nil)
}

func (s *Server) renderMember(c echo.Context, status int, m *member, typed registration.Person, problems []views.Problem) error {
	page := views.MemberPage{
		Page: frame(c, m.event, m.path(), "people.title"), Event: m.event, Registration: m.reg, Path: m.path(), List: m.folder.path() + "/people", Order: m.folder.path(), Typed: typed,
		Mailable: m.order.State == registration.OrderPaid, Replaceable: s.mayReplace(m), Problems: problems,
	}
	page.Page.Private, page.Page.Error, page.Page.Refused = true, len(problems) > 0, refusedForm(c, m.path())
	proofs, err := s.evidence(c, m.folder)
	page.Evidence = slices.DeleteFunc(proofs, func(x views.OrderEvidence) bool { return x.Registration != m.reg.ID })
	if err != nil {
		return err
	}
	return s.render(c, status, views.Member(page))
}

// submitMember handles POST /o/{code}/{secret}/people/{no}: another person takes the place. The form names whose place it is, so that a
// second post of it changes nothing.
func (s *Server) submitMember(c echo.Context) error {
	m, err := s.member(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	who := registration.Person{Name: f.line("name"), Email: f.email("email")}
	switch {
	case !s.mayReplace(m):
		return goTo(c, m.folder.path()+"/people?done=late")
	case f.line("version") != strconv.FormatInt(m.reg.Version, 10):
		return s.memberUnmade(c, m, who)
	}
	problems, err := anotherProblems(who)
	if err != nil {
		return err
	}
	taken := slices.ContainsFunc(m.order.Registrations, func(r registration.Registration) bool {
		return !r.Gone && strings.EqualFold(r.Person.Email, who.Email)
	})
	if taken && len(problems) == 0 {
		problems = []views.Problem{{Field: "email", Key: "people.email.taken"}}
	}
	if len(problems) > 0 || f.onlyShow() {
		return s.renderMember(c, http.StatusUnprocessableEntity, m, shown(who), problems)
	}
	err = s.cfg.Store.ChangePerson(c.Request().Context(), m.order, store.PersonChange{
		Registration: m.reg.ID, Version: m.reg.Version, Person: who, Answers: keptAnswers(m.event, m.reg.Answers), Another: true, Actor: payments.ActorAttendee,
	})
	if isCode(err, registration.CodeConflict) {
		if m, err = s.member(c); err != nil {
			return err
		}
		return s.memberUnmade(c, m, who)
	}
	if err != nil {
		return fmt.Errorf("replace person: %w", err)
	}
	return goTo(c, m.folder.path()+"/people?done=replaced")
}

// memberUnmade shows the form again of a payer whose somebody else did not get the place, since it is not as the form was shown. When they
// have it, the same form has put them there.
func (s *Server) memberUnmade(c echo.Context, m *member, who registration.Person) error {
	if now := m.reg.Person; now.Name == who.Name && strings.EqualFold(now.Email, who.Email) {
		return goTo(c, m.folder.path()+"/people?done=replaced")
	}
	return s.renderMember(c, http.StatusConflict, m, shown(who), []views.Problem{{Field: "name", Key: "unmade.place", Args: []any{"name", m.reg.Person.Name}}})
}

// keptAnswers are the answers that go over to another person: those that take places.
func keptAnswers(e *registration.Event, had registration.Answers) registration.Answers {
	kept := registration.Answers{}
	for id, values := range had {
		if q := e.Question(id); q != nil && e.TakesPlaces(q) {
			kept[id] = values
		}
	}
	return kept
}

// submitMemberLink handles POST /o/{code}/{secret}/people/{no}/link: the person's link so far ends, and a new one is mailed.
func (s *Server) submitMemberLink(c echo.Context) error {
	m, err := s.member(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	if m.order.State == registration.OrderPaid && f.line("version") == strconv.FormatInt(m.reg.Version, 10) {
		if err := s.cfg.Store.MailPersonAgain(c.Request().Context(), m.order, m.reg, payments.ActorAttendee); err != nil {
			return fmt.Errorf("mail link: %w", err)
		}
	}
	return goTo(c, m.folder.path()+"/people?done=link")
}

// anotherProblems checks somebody who is to come instead, and speaks of them and not of whoever types.
func anotherProblems(who registration.Person) ([]views.Problem, error) {
	problems, err := problemsOf("register", formOf(who))
	for i := range problems {
		if problems[i].Key == "register.name.required" {
			problems[i].Key = "people.new.name.required"
		}
	}
	return problems, err
}
