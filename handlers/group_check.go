package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// checkGroup prices the draft's group as it stands; CodeInvalid when its list has to be looked at again first.
func (s *Server) checkGroup(c echo.Context, e *registration.Event, d *draft) (*checked, error) {
	if len(d.Group.People) == 0 || e.Groups.Max == 0 {
		return nil, registration.Fail(registration.CodeInvalid, "register.incomplete")
	}
	if _, open := answerProblems(onceOfGroup(e, d.categories(), d.ForOrder), d.ForOrder); len(open) > 0 {
		return nil, registration.Fail(registration.CodeInvalid, "register.questions")
	}
	quotes, _, err := s.groupQuotes(c.Request().Context(), e, d.Group)
	if err != nil {
		return nil, err
	}
	wrong, err := s.groupProofs(c.Request().Context(), langOf(c), e, d.Group)
	if err == nil && len(wrong) > 0 {
		err = registration.Fail(registration.CodeInvalid, "register.papers") // somebody else was faster
	}
	if err != nil {
		return nil, err
	}
	people, err := json.Marshal(d.Group.People)
	if err != nil {
		return nil, fmt.Errorf("write group: %w", err)
	}
	k := &checked{event: e, draft: d, quote: registration.Quote{Phase: quotes[0].Phase, Prices: quotes.Prices()}, quotes: quotes, lang: langOf(c)}
	k.terms = termsVersion(e)
	k.revision = revisionOfAll(quotes, d.Group.Payer, k.terms+string(people), d.ForOrder)
	return k, nil
}

// roster is the group as the check page shows it; nil for one person.
func (k *checked) roster() *views.GroupRoster {
	if k.quotes == nil {
		return nil
	}
	r := &views.GroupRoster{Payer: k.draft.Group.Payer, Asked: onceOfGroup(k.event, k.draft.categories(), k.draft.ForOrder)}
	for i, p := range k.draft.Group.People {
		r.Rows = append(r.Rows, views.RosterRow{Person: p.Person, Lines: k.quotes[i].Lines, Sum: k.quotes[i].Prices, Papers: p.papersText()})
	}
	return r
}

// group makes an order of one person that of the whole group.
func (k *checked) group(n store.NewOrder) store.NewOrder {
	g := k.draft.Group
	first := g.People[0]
	n.Person, n.Quote, n.Answers, n.Papers, n.Proof, n.Payer = first.Person, k.quotes[0], first.Answers, first.Papers, first.Proof, &g.Payer
	for i, p := range g.People[1:] {
		n.More = append(n.More, store.NewPerson{Person: p.Person, Quote: k.quotes[i+1], Answers: p.Answers, Papers: p.Papers, Proof: p.Proof})
	}
	return n
}

// groupAgain shows the group's page with why its order was not made: places or uses of the code went meanwhile, or its list does not fit any more.
func (s *Server) groupAgain(c echo.Context, e *registration.Event, d *draft, err error) error {
	if wrong, perr := s.groupProofs(c.Request().Context(), langOf(c), e, d.Group); perr != nil || len(wrong) > 0 {
		if perr != nil {
			return perr
		}
		return s.renderGroup(c, http.StatusConflict, e, d, nil, wrong)
	}
	if isCode(err, registration.CodeInvalid) && !hasKey(err, "register.full") {
		return goTo(c, views.RegisterGroupPath(e.Slug))
	}
	if key, is := aboutVoucher(err); is {
		return s.renderGroup(c, http.StatusConflict, e, d, []views.Problem{{Field: "voucher", Key: key}}, nil)
	}
	if !isCode(err, registration.CodeFull) {
		return err
	}
	quotes, _, qerr := s.groupQuotes(c.Request().Context(), e, d.Group)
	if qerr != nil {
		return err
	}
	listed, lerr := s.groupMissing(c.Request().Context(), e, d, quotes)
	if lerr != nil {
		return lerr
	}
	if len(listed) == 0 {
		return err // they have come back in this moment
	}
	return s.renderGroup(c, http.StatusConflict, e, d, nil, listed)
}
