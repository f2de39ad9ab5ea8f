package handlers

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"

	"github.com/labstack/echo/v4"
)

// showAdminOrder handles GET /admin/{event}/orders/{code}: everything about one order.
func (o *office) showAdminOrder(v *visit) error {
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	return o.renderFile(v, http.StatusOK, file)
}

// orderFile is an order as staff see it, and what stands in the forms of its page.
type orderFile struct {
	*store.OrderView
	refund   map[string]views.AdminRefundForm // by payment, what was refused
	closed   map[string]views.AttentionForm   // by entry, what was refused
	cancel   views.AdminCancelForm
	declared map[string]views.AdminDeclareForm // by payment or refund, what was refused
	papers   views.AdminPapersForm             // what was refused
	person   map[string]views.AdminPersonForm  // by registration, what was refused
	unmade   []views.Problem                   // what was not done of what was posted, and why
}

// path is the address of the order's page.
func (f *orderFile) path(v *visit) string { return views.AdminOrderPath(v.event.Slug, f.Order.Code) }

// openFile reads the order of the path; CodeNotFound when this event has none of that code.
func (o *office) openFile(v *visit) (*orderFile, error) {
	code, ok := store.CodeOf(v.Param("code"))
	if !ok {
		return nil, registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	view, err := o.cfg.Store.OrderView(v.Request().Context(), v.event.ID, code)
	if err != nil {
		return nil, fmt.Errorf("read order: %w", err)
	}
	return &orderFile{OrderView: view, refund: map[string]views.AdminRefundForm{}, closed: map[string]views.AttentionForm{}, declared: map[string]views.AdminDeclareForm{}}, nil
}

// payment is the payment of the path; CodeNotFound when it is none of this order's.
func (f *orderFile) payment(c echo.Context) (*store.PaymentView, error) {
	for i := range f.Payments {
		if f.Payments[i].ID == c.Param("payment") {
			return &f.Payments[i], nil
		}
	}
	return nil, registration.Fail(registration.CodeNotFound, "payment.unknown")
}

// counting is the payment that says how the order stands: the confirmed one, else the newest; nil without any.
func (f *orderFile) counting() *store.PaymentView {
	if i := slices.IndexFunc(f.Payments, func(p store.PaymentView) bool { return p.State == payments.Confirmed }); i >= 0 {
		return &f.Payments[i]
	}
	return f.Newest()
}

func (o *office) renderFile(v *visit, status int, f *orderFile) error {
	page, err := o.orderPage(v, f)
	if err != nil {
		return err
	}
	return o.render(v, status, views.AdminOrder(page))
}

// notDone shows the order's page as it is by now, saying that what was posted was not done, and why.
func (o *office) notDone(v *visit, why views.Problem) error {
	f, err := o.openFile(v)
	if err != nil {
		return err
	}
	f.unmade = []views.Problem{why}
	return o.renderFile(v, http.StatusConflict, f)
}

func (o *office) orderPage(v *visit, f *orderFile) (views.AdminOrderPage, error) {
	l, order, may := v.lang(), f.Order, v.staff.MayRefund()
	attendee := "" // who has it may act as the attendee
	if may {
		attendee = orderPath(order.Code, o.cfg.Store.Keys().OrderSecret(order.ID, order.SecretVersion))
	}
	p := views.AdminOrderPage{
		Page: v.page(f.path(v)), Code: order.Code, State: order.State, PlacedAt: order.PlacedAt, HoldUntil: order.HoldUntil, Lang: order.Lang,
		Payer: order.Payer, Country: views.CountryName(l, order.Payer.Country), AttendeePath: attendee, Money: moneyOf(f), Timeline: timelineOf(f.OrderView),
		Mails: mailsOf(f.OrderView, v.event), Can: views.AdminCan{Refund: may, Cancel: may, Lookup: may, Close: may, Link: may && !order.Check, Mail: true}, Link: order.SecretVersion, Cancel: f.cancel, Unmade: f.unmade,
	}
	if counts := f.counting(); counts != nil {
		p.Payment = string(counts.State)
	}
	unproved, err := unprovedOf(v.Request().Context(), o.cfg.Store, v.event, order)
	if err != nil {
		return p, err
	}
	p.Open = f.openedChange()
	for _, r := range order.Registrations {
		p.Registrations = append(p.Registrations, views.AdminRegistration{Mend: f.correctable(&r), Details: f.detailsPath(v, &r), Change: f.changePath(v, &r), Name: r.Person.Name, State: r.State, Lines: r.Lines, Currency: currenciesOf(order),
			Answers: slices.Concat(personShown(l, order, r.Person), evidenceShown(l, v.event, f.Evidence, r.ID), unprovedShown(l, unproved[r.ID]), answersShown(l, v.event, r.Answers), unansweredShown(l, v.event.Unanswered(order, &r), registration.PerPerson))})
	}
	p.Answers, p.AnswersPath = slices.Concat(answersShown(l, v.event, order.Answers), unansweredShown(l, v.event.UnansweredOnce(order), registration.PerOrder)), f.detailsPath(v, nil)
	for i := range f.Payments {
		pay := adminPayment(l, &f.Payments[i], attendee)
		pay.Form, pay.Way = f.refund[pay.ID], wayOf(l, v.event, &f.Payments[i])
		if err := o.offerWord(v, f, i, &pay); err != nil {
			return p, err
		}
		p.Payments = append(p.Payments, pay)
	}
	p.Attention = attentionItems(l, f)
	if p.Phone, err = o.phoneShown(v, order); err != nil {
		return p, err
	}
	if p.Papers, err = o.adminPapers(v, f); err != nil {
		return p, err
	}
	if err = o.agreements(v, order, &p); err != nil {
		return p, err
	}
	p.Nav, err = o.nav(v, "")
	return p, err
}

// wayOf names what the payer chose; "" when the event has the channel no more.
func wayOf(l registration.Lang, e *registration.Event, p *store.PaymentView) string {
	ch := e.Channel(p.Channel)
	if ch == nil {
		return ""
	}
	way := *ch
	if m := cmp.Or(p.Method, string(p.Asked)); m != "" {
		way.Methods = []string{m}
	}
	return views.ChannelName(l, way)
}

// changePath is where staff choose somebody's category and extras anew; "" when that cannot be changed now.
func (f *orderFile) changePath(v *visit, r *registration.Registration) string {
	if f.Order.State != registration.OrderPaid || f.Order.Check || r.Gone || f.openedChange() != nil {
		return ""
	}
	return views.AdminChangePath(v.event.Slug, f.Order.Code, r.ID)
}

// personShown is what somebody has told about themselves; for one who pays alone without what the page says of the payer.
func personShown(l registration.Lang, o *registration.Order, p registration.Person) []views.AdminAnswer {
	alone := len(o.Registrations) == 1 && p == o.Payer
	var list []views.AdminAnswer
	if !alone {
		list = append(list, views.AdminAnswer{Question: views.T(l, "register.email.short"), Answer: p.Email})
	}
	for _, name := range views.PersonFieldNames {
		if text := views.PersonText(l, p, name); text != "" && (!alone || name != registration.FieldAffiliation) {
			list = append(list, views.AdminAnswer{Question: views.PersonLabel(l, name), Answer: text})
		}
	}
	return list
}

// answersShown are answers with the labels of their questions, in the order of the event; those whose question is gone come under its id.
func answersShown(l registration.Lang, e *registration.Event, given registration.Answers) []views.AdminAnswer {
	var list []views.AdminAnswer
	for i := range e.Questions {
		q := &e.Questions[i]
		if text := views.AnswerText(l, q, given[q.ID]); text != "" {
			a := views.AdminAnswer{Question: q.Label.In(l), Answer: text}
			if id, _, ok := registration.CutFileAnswer(slices.Concat(given[q.ID], []string{""})[0]); ok && q.Kind == registration.AskFile {
				a.Path = views.ConsoleFilePath(e.Slug, id)
			}
			list = append(list, a)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if e.Question(id) == nil {
			list = append(list, views.AdminAnswer{Question: id, Answer: strings.Join(given[id], ", ")})
		}
	}
	return list
}

// unansweredShown are the questions of one kind that somebody has to answer and has not.
func unansweredShown(l registration.Lang, open []registration.Question, per registration.Per) (list []views.AdminAnswer) {
	for _, q := range open {
		if q.Per == per {
			list = append(list, views.AdminAnswer{Question: q.Label.In(l), Answer: views.T(l, "admin.order.unanswered")})
		}
	}
	return list
}

// currenciesOf are the order's: the one that the first money fixed, before that all that it is priced in.
func currenciesOf(o *registration.Order) []registration.Currency {
	if o.Currency != "" {
		return []registration.Currency{o.Currency}
	}
	return o.Prices.Currencies()
}
