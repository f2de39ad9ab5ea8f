package handlers

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// Ways of staff with the money of a change that they make for an attendee.
const (
	changeDifference = "difference" // asked for until a day, or given back
	changeSame       = "same"       // nothing is asked for and nothing goes back
)

// staffChange is a change of one person's registration that staff make.
type staffChange struct {
	*visit
	*altering
	file  *orderFile
	until time.Time // a difference is to be paid by then
	form  views.AdminChangeForm
}

// path is the address of the form.
func (c *staffChange) path() string {
	return views.AdminChangePath(c.visit.event.Slug, c.order.Code, c.person.ID)
}

// openChange opens the order of a path for a change of the person in it. It gives nil, after the answer was given, when the order is not
// paid, another change of it waits, or the person is gone.
func (o *office) openChange(v *visit) (*staffChange, error) {
	file, err := o.openFile(v)
	if err != nil {
		return nil, err
	}
	f := &folder{event: v.event, order: file.Order, changes: file.Amendments}
	for _, p := range file.Payments {
		f.payments, f.refunds = append(f.payments, p.Payment), append(f.refunds, p.Refunds...)
	}
	c := &staffChange{visit: v, altering: &altering{folder: f, person: file.Order.Registration(v.Param("registration"))}, file: file}
	switch {
	case c.person == nil:
		return nil, registration.Fail(registration.CodeNotFound, "order.unknown")
	case file.Order.State != registration.OrderPaid || file.Order.Check || c.person.Gone || f.waits() != nil:
		return nil, o.barredChange(c)
	}
	if err := o.papersHad(v.Request().Context(), c.altering); err != nil {
		return nil, err
	}
	c.form = views.AdminChangeForm{Money: changeDifference, Until: o.cfg.Now().In(v.event.Location()).AddDate(0, 0, differenceWait).Format(time.DateOnly)}
	return c, nil
}

// barredChange answers for an order that cannot be changed: what was posted in vain is told so, unless the same form has asked for it before.
func (o *office) barredChange(c *staffChange) (err error) {
	v, w := c.visit, c.waits()
	if v.Request().Method != http.MethodPost {
		return goTo(v, c.file.path(v))
	}
	if c.posted, err = readForm(v); err != nil {
		return err
	}
	switch {
	case w != nil && c.awaits(w):
		return saved(v, c.file.path(v), "due")
	case w != nil:
		return o.notDone(v, views.Problem{Field: "change", Key: "admin.unmade.pending"})
	}
	return o.notDone(v, views.Problem{Field: "content", Key: "admin.unmade.moved"})
}

// staffUnmade shows the form of a change again that the order did not take, with what was chosen. When the person has it by now, it was made
// by the same form.
func (o *office) staffUnmade(was *staffChange, cart registration.Cart, cause error) error {
	c, err := o.openChange(was.visit)
	if c == nil {
		return err
	}
	if takes(c.person.Lines, cart) {
		return saved(c.visit, c.file.path(c.visit), "change")
	}
	c.form = was.form
	return o.renderStaffChange(c, http.StatusConflict, cart, nil, staffUnmadeProblem("category", cause))
}

// staffUnmadeProblem tells staff that something was not done, and why.
func staffUnmadeProblem(field string, cause error) views.Problem {
	p := unmadeProblem(field, cause)
	p.Key = "admin." + p.Key
	return p
}

// showStaffChange handles GET /admin/{event}/orders/{code}/change/{registration}: category and extras of one person, to be chosen anew.
func (o *office) showStaffChange(v *visit) error {
	c, err := o.openChange(v)
	if c == nil {
		return err
	}
	return o.renderStaffChange(c, http.StatusOK, c.person.Cart(), nil)
}

func (o *office) renderStaffChange(c *staffChange, status int, cart registration.Cart, typed map[string]string, problems ...views.Problem) error {
	nav, err := o.nav(c.visit, "")
	if err != nil {
		return err
	}
	page := c.page(c.path())
	page.Error = len(problems) > 0
	form, err := o.choiceOf(c.Request().Context(), page, c.altering, staffOffer(c.visit.event, c.person, o.cfg.Now()), cart, typed, problems)
	if err != nil {
		return err
	}
	c.form.Problems = problems
	return o.render(c.visit, status, views.AdminChange(views.AdminChangePage{
		Page: page, Nav: nav, Code: c.order.Code, Person: c.person, Form: c.form, Choice: form, Money: c.staff.MayRefund(), Papers: o.moreField(c.altering, form.Event, true),
	}))
}

// staffOffer is the event as staff see it who change a registration: with every category that has a price now, also hidden ones and those
// that ask for a proof.
func staffOffer(e *registration.Event, r *registration.Registration, now time.Time) *registration.Event {
	all := *e
	all.Categories = nil
	for _, cat := range e.Categories {
		cat.Hidden, cat.Evidence, cat.Approval = false, "", registration.ApprovalDesk
		all.Categories = append(all.Categories, cat)
	}
	return offeredTo(&all, r, nil, now)
}

// checkStaffChange handles POST of the same address: it shows what the change comes to, and changes nothing.
func (o *office) checkStaffChange(v *visit) error {
	c, d, cart, err := o.readStaffChange(v)
	if d == nil {
		return err
	}
	return o.renderStaffCheck(c, http.StatusOK, d, cart, false)
}

// readStaffChange reads and prices what was chosen; nil when the answer was given.
func (o *office) readStaffChange(v *visit) (*staffChange, *alteration, registration.Cart, error) {
	c, err := o.openChange(v)
	if c == nil {
		return nil, nil, registration.Cart{}, err
	}
	if c.posted, err = readForm(v); err != nil {
		return nil, nil, registration.Cart{}, err
	}
	cart, typed, problems := cartOf(c.visit.event, c.posted)
	c.form = views.AdminChangeForm{Money: cmp.Or(c.posted.line("money"), changeDifference), Until: c.posted.line("until"), Reason: c.posted.line("reason")}
	wrong, err := staffProblems("handmade", reasonForm{c.form.Reason})
	if err != nil {
		return nil, nil, cart, err
	}
	problems = append(problems, wrong...)
	if wrong, err = o.papersAdded(v.Request().Context(), c.altering, cart, true); err != nil {
		return nil, nil, cart, err
	}
	problems = append(problems, wrong...)
	var d *alteration
	if len(problems) == 0 {
		if d, problems, err = o.priceStaffChange(c, cart); err != nil {
			return nil, nil, cart, err
		}
	}
	if len(problems) > 0 {
		return nil, nil, cart, o.renderStaffChange(c, http.StatusUnprocessableEntity, cart, typed, problems...)
	}
	if d == nil {
		return nil, nil, cart, saved(v, c.file.path(v), "change")
	}
	return c, d, cart, nil
}

// priceStaffChange reckons what a change comes to, and says what is wrong with it; neither for one that has been made already.
func (o *office) priceStaffChange(c *staffChange, cart registration.Cart) (*alteration, []views.Problem, error) {
	ctx, now := c.Request().Context(), o.cfg.Now()
	voucher, err := o.cfg.Store.UsedVoucher(ctx, c.visit.event.ID, c.person.Cart().Voucher)
	if err != nil {
		return nil, nil, err
	}
	lines, err := staffOffer(c.visit.event, c.person, now).Amend(c.person, cart, voucher, now)
	var d *alteration
	if err == nil {
		if c.form.Money == changeSame {
			lines = registration.AtNoDifference(c.person, lines)
		}
		d, err = c.follow(lines)
	}
	if hasKey(err, "change.nothing") && c.posted.raw("revision") != "" {
		return nil, nil, nil // it has been made
	}
	if e, is := errors.AsType[*registration.Error](err); is && e.Code == registration.CodeInvalid {
		return nil, []views.Problem{{Field: "category", Key: e.Key}}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	if c.form.Money == changeSame {
		d.back = registration.Money{}
	}
	if problem := c.moneyProblem(d, now); problem != nil {
		return nil, []views.Problem{*problem}, nil
	}
	problems, err := o.lacking(ctx, c.altering, d)
	return d, problems, err
}

// moneyProblem refuses what this person may not decide, and a day that does not do.
func (c *staffChange) moneyProblem(d *alteration, now time.Time) *views.Problem {
	more, less := d.due(), false
	for _, v := range d.more {
		less = less || v < 0
	}
	switch {
	case c.form.Money != changeSame && c.form.Money != changeDifference:
		return &views.Problem{Field: "money", Key: "admin.change.money_missing"}
	case !c.staff.MayRefund() && (len(more) > 0 || less || c.form.Money == changeSame):
		return &views.Problem{Field: "category", Key: "admin.change.costs"}
	case len(more) == 0:
		return nil
	}
	until, err := registration.ParseMoment(c.form.Until, c.visit.event.Location(), true)
	if err != nil || !until.After(now) || until.Sub(now) > differenceLongest {
		return &views.Problem{Field: "until", Key: "console.evidence.difference.until_wrong"}
	}
	c.until = until
	return nil
}

// due is what is to be paid, in each currency in which the order costs more.
func (d *alteration) due() registration.Prices {
	due := registration.Prices{}
	for cur, v := range d.more {
		if v > 0 {
			due[cur] = v
		}
	}
	return due
}

func (o *office) renderStaffCheck(c *staffChange, status int, d *alteration, cart registration.Cart, changed bool) error {
	nav, err := o.nav(c.visit, "")
	if err != nil {
		return err
	}
	return o.render(c.visit, status, views.AdminChangeCheck(views.AdminChangeCheckPage{
		Page: c.page(c.path()), Nav: nav, Code: c.order.Code, Person: c.person, Form: c.form, Extras: c.visit.event.Extras, Cart: cart, Lines: d.lines, Currency: c.order.Currency,
		Was: registration.Total(c.person.Lines), Due: d.due(), Less: d.more[c.order.Currency] < 0, Back: d.back, ToAccount: c.needsAccount(),
		Until: c.until, Revision: d.revision(c.altering), Changed: changed, Papers: c.papers.rows(),
	}))
}

// confirmStaffChange handles POST …/confirm: the change is made as it was shown; one that costs more waits for its money. When it would be
// another by now, it is shown again. The same post again is harmless.
func (o *office) confirmStaffChange(v *visit) error {
	c, d, cart, err := o.readStaffChange(v)
	if d == nil {
		return err
	}
	if c.posted.raw("revision") != d.revision(c.altering) {
		return o.renderStaffCheck(c, http.StatusUnprocessableEntity, d, cart, true)
	}
	want := store.NewAmendment{Parts: d.parts, Seen: c.order.Parts(), Actor: v.staff.Actor(), Reason: c.form.Reason}
	done := "change"
	if len(d.due()) > 0 {
		done, want.Hold = "due", c.until.Sub(o.cfg.Now())
		want.Max = want.Hold + 2*time.Hour // a payment that begins at the last moment still has its time
	}
	if d.back.Minor > 0 {
		kept := c.keeps()
		want.Back = payments.Back{Some: d.back, Kept: &kept}
	}
	made, err := o.cfg.Store.Amend(v.Request().Context(), c.order.ID, want)
	switch {
	case hasKey(err, "papers.covered"):
		return o.renderStaffChange(c, http.StatusConflict, cart, nil, c.papers.late()...)
	case isCode(err, registration.CodeFull):
		return o.renderStaffChange(c, http.StatusConflict, cart, nil, views.Problem{Field: "category", Key: "change.full"})
	case isCode(err, registration.CodeConflict):
		return o.staffUnmade(c, cart, err)
	case err != nil:
		return fmt.Errorf("change order: %w", err)
	}
	o.carryOut(v.Request().Context(), made.Refunds...)
	return saved(v, c.file.path(v), done)
}

// withdrawChange handles POST /admin/{event}/orders/{code}/withdraw: the change that waits for its money is dropped. A second post is
// harmless.
func (o *office) withdrawChange(v *visit) error {
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	if n := len(file.Amendments); n > 0 && file.Amendments[n-1].State == registration.AmendmentApplied {
		return o.notDone(v, views.Problem{Field: "content", Key: "admin.unmade.paid"})
	}
	err = o.cfg.Store.Withdraw(v.Request().Context(), file.Order.ID, v.staff.Actor(), "")
	if isCode(err, registration.CodeConflict) {
		return o.notDone(v, staffUnmadeProblem("change", err))
	}
	if err != nil {
		return fmt.Errorf("withdraw change: %w", err)
	}
	return saved(v, file.path(v), "withdrawn")
}

// openedChange tells the order's page about the change that waits for its money; nil when there is none.
func (f *orderFile) openedChange() *views.AdminOpenChange {
	for _, a := range f.Amendments {
		if a.State == registration.AmendmentPending {
			return &views.AdminOpenChange{Lines: registration.LinesOf(a.After), Moves: f.Order.MovesOf(a.Before, a.After), Papers: namedPapers(a.After), Due: a.Due(), Until: a.HoldUntil, Reason: a.Reason}
		}
	}
	return nil
}
