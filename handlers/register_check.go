package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"foyer/documents"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// checked is what the check page is about.
type checked struct {
	event    *registration.Event
	draft    *draft
	quote    registration.Quote
	lang     registration.Lang
	terms    string // version of the texts
	revision string // of everything that is shown
	papers   paperChoice
	quotes   registration.Quotes // of each person of a group; nil for one person
}

// showCheck handles GET /e/{event}/register/check: everything once more. A draft that has become an order leads to it.
func (s *Server) showCheck(c echo.Context) error {
	e, err := s.openEvent(c)
	if err != nil {
		return s.closedOr(c, e, err)
	}
	d, err := s.readDraft(c, e)
	if err != nil {
		return err
	}
	placed, err := s.placedFrom(c.Request().Context(), d)
	if err != nil {
		return err
	}
	if placed != nil {
		return s.goToOrder(c, *placed)
	}
	k, err := s.check(c, e, d)
	if err != nil {
		return s.backTo(c, e, d, err)
	}
	return s.renderCheck(c, http.StatusOK, k, nil, nil, nil)
}

// check prices the draft as it stands; CodeClosed when the event takes no registrations now, CodeInvalid when an earlier page has to be filled in first.
func (s *Server) check(c echo.Context, e *registration.Event, d *draft) (*checked, error) {
	if d.Group != nil && e.WindowAt(s.cfg.Now()) == registration.WindowOpen {
		return s.checkGroup(c, e, d)
	}
	if !d.hasCart() || !d.hasPerson() {
		if e.WindowAt(s.cfg.Now()) != registration.WindowOpen {
			return nil, registration.Fail(registration.CodeClosed, "register.closed")
		}
		return nil, registration.Fail(registration.CodeInvalid, "register.incomplete")
	}
	if _, open := answerProblems(e.Asked(registration.PerAny, d.Cart.Category, d.Answers.With(d.ForOrder)), d.Answers.With(d.ForOrder)); len(open) > 0 || !d.proves(e) {
		return nil, registration.Fail(registration.CodeInvalid, "register.questions") // the category, or the event, has changed since
	}
	if len(e.Person.Lacks(d.Person)) > 0 {
		return nil, registration.Fail(registration.CodeInvalid, "register.questions") // the event asks more since
	}
	papers, err := s.papersOf(c.Request().Context(), e, d)
	if err == nil && len(papers.problems) > 0 {
		err = registration.Fail(registration.CodeInvalid, "register.papers") // somebody else was faster, or the extras have changed since
	}
	if err != nil {
		return nil, err
	}
	if s.mustProve(e, d) {
		return nil, registration.Fail(registration.CodeInvalid, unproved)
	}
	quote, err := s.price(c.Request().Context(), e, d.Cart)
	if err != nil {
		return nil, err
	}
	k := &checked{papers: papers, event: e, draft: d, quote: quote, lang: langOf(c)}
	k.terms = termsVersion(e)
	k.revision = revisionOf(quote, d.Person, k.terms, d.Answers, d.ForOrder, papers.revised(), d.shownProof())
	return k, nil
}

// backTo leads to the first page that has to be filled in; other failures stay what they are.
func (s *Server) backTo(c echo.Context, e *registration.Event, d *draft, err error) error {
	switch {
	case d.Group != nil:
		return s.groupAgain(c, e, d, err)
	case !isCode(err, registration.CodeInvalid):
		return err
	case d.hasCart() && (!d.hasPerson() || hasKey(err, "register.questions") || hasKey(err, "register.papers")):
		return goTo(c, views.RegisterPersonPath(e.Slug))
	case hasKey(err, unproved):
		return goTo(c, views.RegisterPhonePath(e.Slug))
	}
	return goTo(c, views.RegisterPath(e.Slug))
}

func (s *Server) renderCheck(c echo.Context, status int, k *checked, f form, changed *views.PriceChange, problems []views.Problem) error {
	waits, err := s.waits(c.Request().Context(), k.event, k.draft.categories())
	if err != nil {
		return err
	}
	offer, err := s.offerIn(c.Request().Context(), k.event, k.draft)
	if err != nil {
		return err
	}
	return s.render(c, status, views.RegisterCheck(views.RegisterCheckPage{
		Offer: offerEnd(offer), Codes: s.cfg.Messenger,
		Proof: k.draft.Proof, Wants: k.event.Category(k.draft.Cart.Category).Wants(), Waits: waits,
		Page:  registerFrame(c, k.event, views.RegisterCheckPath(k.event.Slug), "check.title", problems),
		Event: k.event, Quote: k.quote, Person: k.draft.Person, Asked: k.event.Asked(registration.PerAny, k.draft.Cart.Category, k.answers()), Answers: k.answers(), Hold: s.cfg.Hold, Now: s.cfg.Now(), Revision: k.revision,
		Order: ticked(f, views.ConsentOrder), Terms: ticked(f, views.ConsentTerms), Agreed: agreed(k.event, f), Changed: changed, Problems: problems, Papers: k.papers.rows(),
		Group: k.roster(), Lacking: s.unprintable(c, k),
	}))
}

// unprintable are the characters of what was typed that a receipt cannot show; "" too when nobody knows.
func (s *Server) unprintable(c echo.Context, k *checked) string {
	text, err := documents.Unprintable(k.draft.Person.Name + k.draft.Person.Affiliation)
	if err != nil {
		s.cfg.Log.ErrorContext(c.Request().Context(), "read the font", "error", err)
	}
	return text
}

func ticked(f form, consent string) bool { return f.raw("consent."+consent) != "" }

// submitCheck handles POST /e/{event}/register/check: the order is made here, at the price that was shown. The same draft again
// leads to the same order. This is the busiest post: it reads its form by hand.
func (s *Server) submitCheck(c echo.Context) error {
	e, d, err := s.readEventAndDraft(c)
	if err != nil {
		return err
	}
	f, err := readForm(c)
	if err != nil {
		return err
	}
	k, err := s.check(c, e, d)
	if err != nil {
		return s.placedOr(c, e, d, err)
	}
	if err := s.mustBeOpened(c.Request().Context(), e); err != nil {
		return s.placedOr(c, e, d, err)
	}
	if problems := consentProblems(e, f, views.ConsentOrder, views.ConsentTerms); len(problems) > 0 || f.raw("revision") != k.revision || f.onlyShow() {
		return s.refuseCheck(c, k, f, problems)
	}
	order := k.order(s, f)
	if order.Offer, err = s.offerIn(c.Request().Context(), e, d); err != nil {
		return err
	}
	placed, err := s.cfg.Store.Place(c.Request().Context(), order)
	switch {
	case err == nil:
		return s.goToOrder(c, placed)
	case isCode(err, registration.CodeFull):
		return s.lateForPlaces(c, k, err)
	case isCode(err, registration.CodeInvalid):
		return s.refuseProof(c, k, err)
	}
	if hasKey(err, "waiting.over") {
		return goTo(c, s.entryPath(order.Offer)) // it says what became of the offer
	}
	if d.Group != nil {
		return s.backTo(c, e, d, err)
	}
	if hasKey(err, "papers.covered") {
		return s.lateForPapers(c, http.StatusConflict, e, d)
	}
	if key, is := aboutVoucher(err); is { // somebody else was faster
		return s.renderRegister(c, http.StatusConflict, e, d.Cart, d.typedExtras(), nil, []views.Problem{{Field: "voucher", Key: key}})
	}
	return fmt.Errorf("place order: %w", err)
}

// answers are all that was answered.
func (k *checked) answers() registration.Answers { return k.draft.Answers.With(k.draft.ForOrder) }

// order is what was agreed to.
func (k *checked) order(s *Server, f form) store.NewOrder {
	now := s.cfg.Now().UTC().Truncate(time.Millisecond)
	n := store.NewOrder{
		Event: k.event, DraftID: k.draft.id(), Lang: k.lang, Person: k.draft.Person, Quote: k.quote,
		Answers: k.draft.Answers, ForOrder: k.draft.ForOrder, Proof: k.draft.Proof, Papers: k.papers.numbers, Hold: s.cfg.Hold, HoldMax: s.cfg.HoldMax,
		Consents: consentsOf(k, f, now),
	}
	if k.quotes != nil {
		return k.group(n)
	}
	return n
}

// lateForPlaces shows the page again on which an extra or an option was chosen whose last place somebody else has taken meanwhile. Where
// the category itself is full, full says so.
func (s *Server) lateForPlaces(c echo.Context, k *checked, full error) error {
	ctx, e, d := c.Request().Context(), k.event, k.draft
	if d.Group != nil {
		return s.backTo(c, e, d, full)
	}
	w, err := s.offerIn(ctx, e, d)
	if err != nil {
		return err
	}
	gone, err := s.missing(ctx, e, k.quote, w)
	if err != nil {
		return err
	}
	left, err := s.optionsLeft(ctx, e)
	if err != nil {
		return err
	}
	options := fullOptions(e.Asked(registration.PerAny, d.Cart.Category, k.answers()), k.answers(), left)
	switch {
	case slices.ContainsFunc(gone, func(p views.Problem) bool { return p.Field == "category" }):
	case len(gone) > 0:
		return s.renderRegister(c, http.StatusConflict, e, d.Cart, d.typedExtras(), nil, gone)
	case len(options) > 0:
		d.changing = true
		return s.renderPerson(c, http.StatusConflict, e, d, options)
	}
	return s.backTo(c, e, d, full)
}

// placedOr leads to the order that the draft has become, for a form that comes again after the event has closed or sold out; else
// the failure stands, or leads back to the page that has to be filled in.
func (s *Server) placedOr(c echo.Context, e *registration.Event, d *draft, err error) error {
	placed, perr := s.placedFrom(c.Request().Context(), d)
	if perr != nil {
		return perr
	}
	if placed != nil {
		return s.goToOrder(c, *placed)
	}
	return s.backTo(c, e, d, err)
}

// refuseCheck shows the check page again: with what is missing, and with what has changed since it was shown. A form that comes again
// after its order was made gets the order.
func (s *Server) refuseCheck(c echo.Context, k *checked, f form, problems []views.Problem) error {
	placed, err := s.placedFrom(c.Request().Context(), k.draft)
	if err != nil {
		return err
	}
	if placed != nil {
		return s.goToOrder(c, *placed)
	}
	var changed *views.PriceChange
	if was := shownPrices(f.raw("revision")); was != nil && !was.Equal(k.quote.Prices) {
		changed = &views.PriceChange{Old: was, New: k.quote.Prices}
	}
	return s.renderCheck(c, http.StatusUnprocessableEntity, k, f, changed, problems)
}

// goToOrder sends the browser to its order's page. An address that was renewed since goes to the payer's mail only: whoever has this
// browser now may be the reason.
func (s *Server) goToOrder(c echo.Context, p store.Placed) error {
	if p.Version != 1 {
		return goTo(c, views.FindPath)
	}
	return goTo(c, orderPath(p.Code, s.cfg.Store.Keys().OrderSecret(p.OrderID, p.Version)))
}
