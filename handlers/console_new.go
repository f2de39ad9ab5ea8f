package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// handmadeRoutes are the pages on which staff make orders, one by one and from lists.
func (o *office) handmadeRoutes(see func(store.Staff) bool) {
	o.page("/console/:event/orders/new", private(o.at(see, o.showNewOrder)))
	o.echo.POST("/console/:event/orders/new", private(o.at(see, o.submitNewOrder)))
	const list = "/console/:event/import"
	o.page(list, private(o.at(see, o.showImports)))
	o.echo.POST(list, private(o.at(see, o.uploadOrders)))
	o.page(list+"/template.csv", private(o.at(see, o.showImportTemplate)))
	o.page(list+"/:import", private(o.at(see, o.showOrderImport)))
	o.echo.POST(list+"/:import", private(o.at(see, o.submitOrderImport)))
	o.page(list+"/:import/status", private(o.at(see, o.importStatus)))
}

// showNewOrder handles GET /console/{event}/orders/new.
func (o *office) showNewOrder(v *visit) error {
	return o.renderNewOrder(v, http.StatusOK, views.NewOrderForm{Lang: string(v.lang())}, store.Token(), nil)
}

func (o *office) renderNewOrder(v *visit, status int, f views.NewOrderForm, nonce string, problems []views.Problem) error {
	nav, err := o.nav(v, "orders")
	if err != nil {
		return err
	}
	return o.render(v, status, views.NewOrder(views.NewOrderPage{
		Page: v.page(views.ConsoleNewOrderPath(v.event.Slug)), Nav: nav, Event: v.event, Form: f, Ways: wordWays(v.lang(), v.event), Money: v.staff.MayRefund(),
		Nonce: nonce, Problems: problems,
	}))
}

// newPersonForm is for whom an order is made.
type newPersonForm struct {
	Name         string `form:"name" validate:"required,text,max=60,nocard"`
	Email        string `form:"email" validate:"required,text,max=254,mail,nocard"`
	Organization string `form:"organization" validate:"text,max=120,nocard"`
}

// submitNewOrder handles the POST of the same address. The same form again leads to the same order.
func (o *office) submitNewOrder(v *visit) error {
	f, err := readForm(v)
	if err != nil {
		return err
	}
	nonce := f.raw("nonce")
	if !isToken(nonce) {
		return echo.NewHTTPError(http.StatusBadRequest)
	}
	w, h, typed, problems, err := o.newOrderOf(v, f)
	if err != nil {
		return err
	}
	w.draftID = "staff-" + store.DraftID(nonce)
	if len(problems) > 0 {
		return o.renderNewOrder(v, http.StatusUnprocessableEntity, typed, nonce, problems)
	}
	placed, err := o.maker().make(v.Request().Context(), v.event, w, h)
	if key, known := madeKey(err); known {
		field := "category"
		if hasKey(err, "channel.currency") {
			field = "way"
		}
		return o.renderNewOrder(v, http.StatusConflict, typed, nonce, []views.Problem{{Field: field, Key: key}})
	}
	if err != nil {
		return fmt.Errorf("make order: %w", err)
	}
	return goTo(v, views.AdminOrderPath(v.event.Slug, placed.Code))
}

// maker makes orders for staff.
func (o *office) maker() maker { return maker{o.cfg.Store, o.cfg.Cashier, o.cfg.Now} }

// newOrderOf reads the form: for whom an order is wanted, how it is made, and what is wrong.
func (o *office) newOrderOf(v *visit, f form) (w wanted, h handMade, typed views.NewOrderForm, problems []views.Problem, err error) {
	person := newPersonForm{Name: f.line("name"), Email: f.email("email"), Organization: f.line("organization")}
	typed = views.NewOrderForm{Category: f.line("category"), Name: person.Name, Email: person.Email, Organization: person.Organization, Prices: map[registration.Currency]string{}}
	if problems, err = problemsOf(another, person); err != nil {
		return w, h, typed, nil, err
	}
	cart, extras, wrong := cartOf(v.event, f)
	cart.Voucher, typed.Extras = "", extras
	problems = append(problems, wrong...)
	if v.event.Category(cart.Category) == nil {
		problems = append([]views.Problem{{Field: "category", Key: "register.category.choose"}}, problems...)
	}
	w = wanted{cart: cart, lang: registration.Lang(f.raw("lang")), person: registration.Person{Name: person.Name, Email: person.Email, Affiliation: person.Organization}}
	var more []views.Problem
	if w.set, more = o.setPrices(v, f, &typed); len(more) > 0 {
		problems = append(problems, more...)
	}
	h, more, err = o.handMadeOf(v, f, len(w.set) > 0)
	typed.Lang, typed.How, typed.Until, typed.Way, typed.Came, typed.Reason = f.line("lang"), f.line("how"), f.line("until"), f.line("way"), f.line("came"), f.line("reason")
	hideCards(&typed.Name, &typed.Email, &typed.Organization, &typed.Came, &typed.Reason)
	return w, h, typed, append(problems, more...), err
}

// hideCards takes card numbers out of texts: none is sent back.
func hideCards(texts ...*string) {
	for _, t := range texts {
		*t = registration.WithoutCardNumbers(*t)
	}
}

// setPrices reads the prices in place of the category's; nil when none was typed, or this person may not set any.
func (o *office) setPrices(v *visit, f form, typed *views.NewOrderForm) (registration.Prices, []views.Problem) {
	if !v.staff.MayRefund() {
		return nil, nil
	}
	set := registration.Prices{}
	var problems []views.Problem
	for _, cur := range views.EventCurrencies(v.event) {
		text := f.line("price." + string(cur))
		if typed.Prices[cur] = text; text == "" {
			continue
		}
		n, wrong := typedAmount("price-"+string(cur), text, cur)
		set[cur], problems = n, append(problems, wrong...)
	}
	return set, problems
}

// handMadeOf reads how orders are made. A reason is needed for whatever departs from what everybody pays.
func (o *office) handMadeOf(v *visit, f form, priced bool) (h handMade, problems []views.Problem, err error) {
	h = handMade{How: f.raw("how"), Reason: f.line("reason"), Lang: f.raw("lang"), Actor: v.staff.Actor()}
	wrong := func(field, key string, args ...any) {
		problems = append(problems, views.Problem{Field: field, Key: key, Args: args})
	}
	if h.Lang != string(registration.Korean) && h.Lang != string(registration.English) {
		wrong("lang-ko", "handmade.lang_missing")
	}
	ways := wordWays(v.lang(), v.event)
	switch {
	case h.How == madeInvited:
	case h.How == madeLink:
		if h.Until, err = registration.ParseMoment(f.line("until"), v.event.Location(), true); err != nil || !o.untilFits(v.event, h.Until) {
			wrong("until", "handmade.until_wrong")
		}
	case h.How == madePaid && v.staff.MayRefund() && len(ways) > 0:
		way := f.raw("way")
		if !slices.ContainsFunc(ways, func(o views.ConsoleOption) bool { return o.Value == way }) {
			wrong("way", "handmade.way_missing")
		}
		h.Channel, h.Method, _ = strings.Cut(way, ".")
		var ok bool
		if h.Came, ok = o.cameOn(v.event, f.line("came")); !ok {
			wrong("came", "handmade.came_wrong")
		}
	default:
		wrong("how-invited", "handmade.how_missing")
	}
	if h.How != madeInvited && h.How != madePaid && !priced && h.Reason == "" {
		return h, problems, nil
	}
	more, err := staffProblems("handmade", reasonForm{h.Reason})
	return h, append(problems, more...), err
}

// cameOn reads the day on which money came: none, or one of the last two years up to today, in the event's zone.
func (o *office) cameOn(e *registration.Event, typed string) (time.Time, bool) {
	if typed == "" {
		return time.Time{}, true
	}
	day, err := registration.ParseDate(typed)
	if err != nil {
		return time.Time{}, false
	}
	at, now := day.In(e.Location()).UTC(), o.cfg.Now()
	return at, !at.After(now) && at.After(now.AddDate(-2, 0, 0))
}

// untilFits reports whether places can be held until then: from tomorrow to the end of the event.
func (o *office) untilFits(e *registration.Event, until time.Time) bool {
	return until.After(o.cfg.Now()) && until.Before(e.Ends.In(e.Location()).AddDate(0, 0, 1))
}
