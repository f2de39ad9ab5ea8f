package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// changeRoutes are the addresses at which an order's owner changes what was paid for.
func (s *Server) changeRoutes() {
	const order = "/o/:code/:secret"
	s.page(order+"/change", s.showChange)
	s.page(order+"/details", s.showDetails)
	s.form(order+"/details", s.submitDetails)
	s.page(order+"/answers", s.showAnswers)
	s.form(order+"/answers", s.submitAnswers)
	s.page(order+"/transfer", s.showTransfer)
	s.form(order+"/transfer", s.submitTransfer)
	for path, post := range map[string]echo.HandlerFunc{
		"/change": s.submitChange, "/change/confirm": s.confirmChange, "/change/withdraw": s.submitWithdraw,
		"/cancel-person": s.submitCancelPerson, "/cancel-person/confirm": s.confirmCancelPerson,
	} {
		s.form(order+path, post)
		if path != "/change" {
			s.page(order+path, s.showOrderInstead)
		}
	}
}

// attendeeChanged is the reason in the audit of a change that the order's owner has made.
const attendeeChanged = "change.by_attendee"

// altering is an order of which one person's registration is to be changed.
type altering struct {
	*folder
	person  *registration.Registration
	several bool // people are left in the order
	papers  paperChoice
	posted  form
	files   uploads
}

// altered opens the order of a path for a change of one of its people, named by the field person. It gives nil, after leading to the
// order's page, when the order cannot be changed: it is not paid, the deadline is over, or another change waits.
func (s *Server) altered(c echo.Context, until func(registration.Changes) time.Time) (*altering, error) {
	f, err := s.cancelling(c)
	if err != nil {
		return nil, err
	}
	a, named := &altering{folder: f}, c.QueryParam("person")
	if c.Request().Method == http.MethodPost {
		if a.posted, a.files, err = readFilesForm(c); err != nil {
			return nil, err
		}
		named = a.posted.line("person")
	}
	people := f.people()
	a.several = len(people) > 1
	for i := range people {
		if r := people[i]; r.ID == named || (named == "" && !a.several) {
			a.person = r
		}
	}
	if a.person == nil || !f.mayChange(until(f.deadlines()), s.cfg.Now()) {
		return nil, s.barred(c, a, named, until(f.deadlines()))
	}
	return a, s.papersHad(c.Request().Context(), a)
}

// people are the registrations of the order that are not cancelled.
func (f *folder) people() (people []*registration.Registration) {
	for i := range f.order.Registrations {
		if r := &f.order.Registrations[i]; !r.Gone {
			people = append(people, r)
		}
	}
	return people
}

// mayChange reports whether attendees may still do what has that deadline.
func (f *folder) mayChange(until, now time.Time) bool {
	return f.order.State == registration.OrderPaid && f.waits() == nil && f.event.MayChange(until, now)
}

// keeps is what confirmed payments have brought and no refund has given or will give back.
func (f *folder) keeps() (sum registration.Money) {
	for i := range f.payments {
		p := &f.payments[i]
		if p.State != payments.Confirmed {
			continue
		}
		mine := slices.DeleteFunc(slices.Clone(f.refunds), func(r payments.Refund) bool { return r.PaymentID != p.ID })
		left := payments.Refundable(p, mine)
		sum = registration.Money{Minor: sum.Minor + left.Minor, Cur: left.Cur}
	}
	return sum
}

// alteration is a change with what follows from it.
type alteration struct {
	parts []registration.Part
	lines []registration.Line // of the person
	more  registration.Prices // what the order costs more
	back  registration.Money  // what goes back
}

// alter prices a change of the person's choice.
func (s *Server) alter(ctx context.Context, a *altering, cart registration.Cart) (*alteration, error) {
	v, err := s.cfg.Store.UsedVoucher(ctx, a.event.ID, a.person.Cart().Voucher)
	if err != nil {
		return nil, err
	}
	now := s.cfg.Now()
	lines, err := a.event.Amend(a.person, cart, v, now)
	if err != nil {
		return nil, err
	}
	d, err := a.follow(lines)
	if err == nil && d.back.Minor > 0 {
		d.back = a.event.Refunds.ChangeRefund(a.person.Category(), d.back, now)
	}
	return d, err
}

// follow reckons what follows from other lines of the person. What goes back is the whole difference, as far as the order keeps so much.
func (a *altering) follow(lines []registration.Line) (*alteration, error) {
	d := &alteration{lines: lines, parts: []registration.Part{{ID: a.person.ID, Lines: lines, Papers: a.papers.numbers}}}
	after, _ := registration.Replaced(a.order.Parts(), d.parts)
	if registration.SameParts(a.order.Parts(), after) && len(a.papers.numbers) == 0 {
		return nil, registration.Fail(registration.CodeInvalid, "change.nothing")
	}
	more, priced := a.order.Difference(after)
	if !priced {
		return nil, registration.Fail(registration.CodeInvalid, "change.currency")
	}
	if d.more = more; a.order.Currency != "" && more[a.order.Currency] < 0 {
		d.back = registration.Money{Minor: min(-more[a.order.Currency], max(a.keeps().Minor, 0)), Cur: a.order.Currency}
	}
	return d, nil
}

// revision names everything that the page about a change shows.
func (d *alteration) revision(a *altering) string {
	b, err := json.Marshal([]any{a.order.Parts(), d.parts, d.more, d.back})
	if err != nil {
		return "" // our own types always can be written; an empty revision matches nothing
	}
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func changesOrder(c registration.Changes) time.Time { return c.Order }

// showChange handles GET /o/{code}/{secret}/change: category and extras of one person, to be chosen anew.
func (s *Server) showChange(c echo.Context) error {
	a, err := s.altered(c, changesOrder)
	if a == nil {
		return err
	}
	return s.renderChange(c, http.StatusOK, a, a.person.Cart(), nil, nil)
}

func (s *Server) renderChange(c echo.Context, status int, a *altering, cart registration.Cart, typed map[string]string, problems []views.Problem) error {
	page := frame(c, a.event, a.path()+"/change", "change.title")
	page.Private, page.Error, page.Refused = true, len(problems) > 0, refusedForm(c, a.path()+"/change")
	v, err := s.cfg.Store.UsedVoucher(c.Request().Context(), a.event.ID, a.person.Cart().Voucher)
	if err != nil {
		return err
	}
	choice, err := s.choiceOf(c.Request().Context(), page, a, offeredTo(a.event, a.person, v, s.cfg.Now()), cart, typed, problems)
	if err != nil {
		return err
	}
	return s.render(c, status, views.OrderChangeForm(views.OrderChangeFormPage{
		Page: page, Path: a.path(), Person: a.person, Several: a.several, Problems: problems,
		Form: choice, Had: a.had(), Papers: s.moreField(a, choice.Event, false),
	}))
}

// choiceOf is the choice of category and extras out of what is offered, with what was typed or what the person has. Nothing that they have
// is sold out for them.
func (s *Server) choiceOf(ctx context.Context, page views.Page, a *altering, offered *registration.Event, cart registration.Cart, typed map[string]string, problems []views.Problem) (views.RegisterCategoryPage, error) {
	left, err := s.left(ctx, a.event)
	if err != nil {
		return views.RegisterCategoryPage{}, err
	}
	if typed == nil {
		typed = map[string]string{}
		for id, n := range cart.Extras {
			typed[id] = strconv.FormatInt(n, 10)
		}
	}
	left = maps.Clone(left)
	for _, l := range a.person.Lines {
		delete(left, l.ID)
	}
	inCurrency(offered, a.order.Currency)
	return views.RegisterCategoryPage{Page: page, Event: offered, Now: s.cfg.Now(), Left: left, Category: cart.Category, Extras: typed, Problems: problems}, nil
}

// offeredTo is the event as somebody sees it who changes: with the categories that are on sale now, and the own one at its own price.
func offeredTo(e *registration.Event, r *registration.Registration, v *registration.Voucher, now time.Time) *registration.Event {
	offered := *e
	phase := e.Phase(now)
	if phase == nil {
		phase = &registration.Phase{ID: "over"}
		offered.Phases = []registration.Phase{*phase}
	}
	offered.Categories = nil
	for _, cat := range e.Categories {
		switch own := cat.ID == r.Category(); {
		case own:
			cat.Prices = map[string]registration.Prices{phase.ID: r.Lines[0].Unit}
			cat.Hidden = false
		case cat.Prices[phase.ID] == nil || (cat.Hidden && !v.Opens(cat.ID)) || !e.MayMove(r.Category(), &cat):
			continue
		default:
			cat.Hidden = false
		}
		offered.Categories = append(offered.Categories, cat)
	}
	return &offered
}

// inCurrency leaves the prices of an event in the currency in which an order was paid; all before any money.
func inCurrency(e *registration.Event, cur registration.Currency) {
	only := func(p registration.Prices) registration.Prices {
		if minor, priced := p[cur]; priced {
			return registration.Prices{cur: minor}
		}
		return p
	}
	for i := range e.Categories {
		prices := map[string]registration.Prices{}
		for phase, p := range e.Categories[i].Prices {
			prices[phase] = only(p)
		}
		e.Categories[i].Prices = prices
	}
	e.Extras = slices.Clone(e.Extras)
	for i := range e.Extras {
		e.Extras[i].Price = only(e.Extras[i].Price)
	}
}

// submitChange handles POST /o/{code}/{secret}/change: it shows what the change comes to, and changes nothing.
func (s *Server) submitChange(c echo.Context) error {
	a, d, cart, done, err := s.readChange(c)
	if done || err != nil {
		return err
	}
	return s.renderChangeCheck(c, http.StatusOK, a, d, cart, false)
}

// readChange reads what was chosen and prices it; done when the answer was given: the form again, or the way to the order.
func (s *Server) readChange(c echo.Context) (a *altering, d *alteration, cart registration.Cart, done bool, err error) {
	if a, err = s.altered(c, changesOrder); a == nil {
		return nil, nil, cart, true, err
	}
	cart, typed, problems := cartOf(a.event, a.posted)
	if cat := a.event.Category(cart.Category); cat != nil && !a.event.MayMove(a.person.Category(), cat) {
		problems = append(problems, views.Problem{Field: "category", Key: "register.category.choose"})
	}
	if len(problems) == 0 {
		problems = a.uncovering(cart)
	}
	wrong, err := s.papersAdded(c.Request().Context(), a, cart, false)
	if err != nil {
		return a, nil, cart, true, err
	}
	problems = append(problems, wrong...)
	if len(problems) == 0 {
		if d, err = s.alter(c.Request().Context(), a, cart); err == nil {
			problems, err = s.lacking(c.Request().Context(), a, d)
		} else if hasKey(err, "change.nothing") && a.hasMoved() {
			return a, nil, cart, true, goTo(c, a.path()+"?notice="+noticeChanged)
		} else if e, is := errors.AsType[*registration.Error](err); is && e.Code == registration.CodeInvalid {
			problems, err = []views.Problem{{Field: "category", Key: e.Key}}, nil
		}
		if err != nil {
			return a, nil, cart, true, err
		}
	}
	if len(problems) > 0 {
		return a, nil, cart, true, s.renderChange(c, http.StatusUnprocessableEntity, a, cart, typed, problems)
	}
	return a, d, cart, false, nil
}

// lacking lists what of a change has no places left.
func (s *Server) lacking(ctx context.Context, a *altering, d *alteration) ([]views.Problem, error) {
	free, err := s.cfg.Store.Left(ctx, a.event.ID)
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	after, _ := registration.Replaced(a.order.Parts(), d.parts)
	takes, _ := a.order.MovedPlaces(a.event, after)
	had := a.person.Cart()
	var problems []views.Problem
	for _, line := range d.lines {
		added := line.Kind == registration.LineCategory && line.ID != had.Category || line.Kind == registration.LineExtra && line.Quantity > had.Extras[line.ID]
		for quota := range registration.PlacesOf(a.event, []registration.Line{line}) {
			if added && takes[quota] > free[quota] {
				problems = append(problems, soldOut(line))
				break
			}
		}
	}
	return problems, nil
}

func (s *Server) renderChangeCheck(c echo.Context, status int, a *altering, d *alteration, cart registration.Cart, changed bool) error {
	page := frame(c, a.event, a.path()+"/change", "change.check.title")
	askedAgain(c, &page)
	return s.render(c, status, views.OrderChangeCheck(views.OrderChangeCheckPage{
		Page: page, Event: a.event, Path: a.path(), Person: a.person, Several: a.several, Cart: cart, Lines: d.lines, Currency: a.order.Currency,
		Was: registration.Total(a.person.Lines), More: d.more, Back: d.back, Hold: s.cfg.Hold, Revision: d.revision(a), Changed: changed,
		ToAccount: a.needsAccount(), Papers: a.papers.rows(),
	}))
}

// confirmChange handles POST /o/{code}/{secret}/change/confirm: the change is made as it was shown; one that costs more waits for its
// money on the order's page. When it would be another by now, it is shown again. The same post again is harmless.
func (s *Server) confirmChange(c echo.Context) error {
	a, d, cart, done, err := s.readChange(c)
	if done || err != nil {
		return err
	}
	if a.posted.raw("revision") != d.revision(a) {
		return s.renderChangeCheck(c, http.StatusUnprocessableEntity, a, d, cart, true)
	}
	want := store.NewAmendment{
		Parts: d.parts, Seen: a.order.Parts(), Actor: payments.ActorAttendee, Reason: attendeeChanged, Hold: s.cfg.Hold, Max: s.cfg.HoldMax,
	}
	if d.back.Minor > 0 {
		kept := a.keeps()
		want.Back = payments.Back{Some: d.back, Kept: &kept}
	}
	made, err := s.cfg.Store.Amend(c.Request().Context(), a.order.ID, want)
	switch {
	case hasKey(err, "papers.covered"):
		return s.renderChange(c, http.StatusConflict, a, cart, nil, a.papers.late())
	case isCode(err, registration.CodeFull):
		problems, err := s.lacking(c.Request().Context(), a, d)
		if err != nil {
			return err
		}
		if len(problems) == 0 { // free again by now
			problems = []views.Problem{{Field: "category", Key: "change.full"}}
		}
		return s.renderChange(c, http.StatusConflict, a, cart, nil, problems)
	case isCode(err, registration.CodeConflict):
		return s.changeUnmade(c, cart, err)
	case err != nil:
		return fmt.Errorf("change order: %w", err)
	}
	if len(made.Refunds) > 0 {
		s.cfg.Cashier.Wake()
	}
	if made.State == registration.AmendmentApplied {
		return goTo(c, a.path()+"?notice="+noticeChanged)
	}
	return goTo(c, a.path())
}
