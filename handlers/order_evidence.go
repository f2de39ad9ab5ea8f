package handlers

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// evidence lists what is asked of the order's people, for its page; no question to the store for an event without approval.
func (s *Server) evidence(c echo.Context, f *folder) ([]views.OrderEvidence, error) {
	return s.evidenceOf(c.Request().Context(), f.event, f.order, f.typed)
}

// evidenceOf lists what is asked of an order's people; typed is what was refused of it.
func (s *Server) evidenceOf(ctx context.Context, e *registration.Event, o *registration.Order, typed store.Given) ([]views.OrderEvidence, error) {
	if !e.Approves() {
		return nil, nil
	}
	all, err := s.cfg.Store.EvidenceOf(ctx, o.ID)
	if err != nil {
		return nil, fmt.Errorf("read the order's evidence: %w", err)
	}
	var list []views.OrderEvidence
	for _, x := range all {
		no := slices.IndexFunc(o.Registrations, func(r registration.Registration) bool { return r.ID == x.RegistrationID && !r.Gone })
		if no < 0 || x.State == registration.EvidenceNone || (!e.Asks(x.Category, x.Kind) && x.State != registration.EvidenceAccepted) {
			continue // the person has left, or has another category since
		}
		if typed.RegistrationID == x.RegistrationID {
			x.Number = typed.Number
		}
		list = append(list, views.OrderEvidence{
			No: no + 1, Registration: x.RegistrationID, Name: x.Name, Kind: x.Kind, State: x.State, Number: x.Number, File: x.FileName, Reason: x.Reason, Difference: x.Difference,
			Until: e.EvidenceUntil(), Open: x.Kind != "" && x.State.Open() && takesEvidence(o) && e.TakesEvidence(s.cfg.Now()),
		})
	}
	return list, nil
}

// takesEvidence reports whether an order of that state still wants proof.
func takesEvidence(o *registration.Order) bool {
	switch o.State {
	case registration.OrderAwaiting, registration.OrderPending, registration.OrderPaid:
		return true
	case registration.OrderExpired, registration.OrderCancelled:
	}
	return false
}

// submitEvidence handles POST /o/{code}/{secret}/evidence: a file or a member number for one of the order's people. The same form again
// hands the same in once more.
func (s *Server) submitEvidence(c echo.Context) error {
	f, err := s.folder(c)
	if err != nil {
		return err
	}
	posted, files, err := readFilesForm(c)
	if err != nil {
		return err
	}
	list, err := s.evidence(c, f)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(x views.OrderEvidence) bool { return x.Registration == posted.line("registration") })
	if i < 0 || !list[i].Open {
		return goTo(c, f.path())
	}
	given, wrong, err := s.takeEvidence(c, f.order, list[i], posted, files)
	if err != nil {
		return err
	}
	several := len(f.order.Registrations) > 1
	switch {
	case wrong != "":
	case several:
		return goTo(c, f.path()+"/people")
	default:
		return goTo(c, f.path()) // its page says how it stands
	}
	f.typed = given
	if several {
		m := &member{f, f.order.Registration(given.RegistrationID), list[i].No}
		return s.renderMember(c, http.StatusUnprocessableEntity, m, registration.Person{}, []views.Problem{{Field: list[i].Field(), Key: wrong}})
	}
	return s.renderOrder(c, http.StatusUnprocessableEntity, f, []views.Problem{{Field: list[i].Field(), Key: wrong}})
}

// givenEvidence reads what was handed in, or says what is wrong with it.
func givenEvidence(x views.OrderEvidence, posted form, files uploads) (g store.Given, wrong string) {
	g = store.Given{RegistrationID: x.Registration, Name: x.Name}
	if x.Kind == registration.EvidenceMemberNumber {
		g.Number, wrong = memberNumber(posted)
		return g, wrong
	}
	u := files["evidence"]
	if u == nil {
		return g, "evidence.file.choose"
	}
	file, wrong := u.file("evidence")
	g.File = &file
	return g, wrong
}

// memberNumber reads the field member_number.
func memberNumber(f form) (number, wrong string) {
	number = f.line("member_number")
	err := rules.Var(number, "required,text,max=40,nocard")
	switch {
	case number == "":
		return "", "evidence.number.missing"
	case registration.HoldsCardNumber(number):
		return "", "form.nocard"
	case err != nil || registration.MemberKey(number) == "":
		return number, "evidence.number.wrong"
	}
	return number, ""
}
