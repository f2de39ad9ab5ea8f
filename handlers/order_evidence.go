package handlers

import (
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
	if !f.event.Approves() {
		return nil, nil
	}
	all, err := s.cfg.Store.EvidenceOf(c.Request().Context(), f.order.ID)
	if err != nil {
		return nil, fmt.Errorf("read the order's evidence: %w", err)
	}
	var list []views.OrderEvidence
	for _, x := range all {
		if x.Kind != f.event.Category(x.Category).Wants() && x.State != registration.EvidenceAccepted {
			continue // the person has another category since
		}
		if f.typed.RegistrationID == x.RegistrationID {
			x.Number = f.typed.Number
		}
		list = append(list, views.OrderEvidence{
			Registration: x.RegistrationID, Name: x.Name, Kind: x.Kind, State: x.State, Number: x.Number, File: x.FileName, Reason: x.Reason, Difference: x.Difference,
			Until: f.event.EvidenceUntil(), Open: x.Kind != "" && x.State.Open() && f.takesEvidence() && f.event.TakesEvidence(s.cfg.Now()),
		})
	}
	return list, nil
}

// takesEvidence reports whether an order of that state still wants proof.
func (f *folder) takesEvidence() bool {
	switch f.order.State {
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
	given, wrong := givenEvidence(list[i], posted, files)
	if wrong == "" {
		if given.File != nil {
			if err := s.mayUpload(c); err != nil {
				return err
			}
		}
		err = s.cfg.Store.GiveEvidence(c.Request().Context(), f.order.ID, given)
		switch {
		case err == nil || isCode(err, registration.CodeConflict):
			return goTo(c, f.path()) // its page says how it stands
		case isCode(err, registration.CodeInvalid):
			wrong = "evidence.number.wrong"
		default:
			return fmt.Errorf("give evidence: %w", err)
		}
	}
	f.typed = given
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
