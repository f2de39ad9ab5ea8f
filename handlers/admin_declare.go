package handlers

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"
)

// declareForm is what both steps of staff's word about a payment or a refund take.
type declareForm struct {
	Outcome string `form:"outcome" validate:"required"` // came or never of a payment, done or refused of a refund
	Amount  string `form:"amount" validate:"max=40"`
	Approve string `form:"approve" validate:"max=60,text,nocard"`
	Reason  string `form:"reason" validate:"required,max=200,text,nocard"`
	Came    string // day on which the money came; "" is today
}

// declareStep is one post of such a form.
type declareStep struct {
	*visit
	file     *orderFile
	form     declareForm
	payment  string // id; "" when it is about a refund
	refund   string
	amount   registration.Money
	came     time.Time // zero: now
	problems []views.Problem
}

// readDeclare reads the form of either step.
func (o *office) readDeclare(v *visit) (*declareStep, error) {
	posted, err := readForm(v)
	if err != nil {
		return nil, err
	}
	file, err := o.openFile(v)
	if err != nil {
		return nil, err
	}
	s := &declareStep{visit: v, file: file, form: declareForm{
		Outcome: posted.line("outcome"), Amount: posted.line("amount"), Approve: posted.line("approve"), Reason: posted.line("reason"), Came: posted.line("came"),
	}}
	if s.problems, err = staffProblems("admin.declare", s.form); err != nil {
		return nil, err
	}
	of := []string{"came", "never"}
	if v.Param("refund") != "" {
		of = []string{"done", "refused"}
	}
	if s.form.Outcome != "" && !slices.Contains(of, s.form.Outcome) {
		s.problems = append(s.problems, views.Problem{Field: "outcome", Key: "admin.declare.outcome_missing"})
	}
	if v.Param("refund") != "" {
		s.refund, err = file.refundID(v.Param("refund"))
		return s, err
	}
	p, err := file.payment(v)
	if err != nil {
		return nil, err
	}
	s.payment = p.ID
	if s.form.Outcome == "came" {
		s.amount, err = registration.ParseMoney(s.form.Amount, p.Amount.Cur)
		if err != nil || s.amount.Minor == 0 {
			s.problems = append(s.problems, views.Problem{Field: "amount", Key: "admin.refund.amount_wrong", Args: []any{"example", p.Amount.Decimal()}})
		}
		var ok bool
		if s.came, ok = o.cameOn(v.event, s.form.Came); !ok {
			s.problems = append(s.problems, views.Problem{Field: "came", Key: "handmade.came_wrong"})
		}
	}
	return s, nil
}

// refundID finds a refund among those of the order; CodeNotFound when it is none of its.
func (f *orderFile) refundID(id string) (string, error) {
	for _, p := range f.Payments {
		for _, r := range p.Refunds {
			if r.ID == id {
				return id, nil
			}
		}
	}
	return "", registration.Fail(registration.CodeNotFound, "refund.unknown")
}

// checkDeclare handles the first step: its answer is the second step. Nothing is written yet.
func (o *office) checkDeclare(v *visit) error {
	s, err := o.readDeclare(v)
	if err != nil {
		return err
	}
	if len(s.problems) > 0 {
		return o.refuseDeclare(s)
	}
	return o.renderDeclare(s, http.StatusOK, "")
}

// typed is the form as it was filled in.
func (s *declareStep) typed() views.AdminDeclareForm {
	return views.AdminDeclareForm{Outcome: s.form.Outcome, Amount: s.form.Amount, Approve: s.form.Approve, Reason: s.form.Reason, Came: s.form.Came}
}

// refuseDeclare shows the order's page again with the form as it was filled in.
func (o *office) refuseDeclare(s *declareStep) error {
	typed := s.typed()
	typed.Problems = s.problems
	hideCards(&typed.Came)
	s.file.declared[s.payment+s.refund] = typed
	return o.renderFile(s.visit, http.StatusUnprocessableEntity, s.file)
}

// confirmDeclare handles the second step: staff's word counts from now on. The same form again is harmless.
func (o *office) confirmDeclare(v *visit) error {
	s, err := o.readDeclare(v)
	if err != nil {
		return err
	}
	if len(s.problems) > 0 {
		return o.refuseDeclare(s)
	}
	ctx := v.Request().Context()
	if s.refund != "" {
		_, err = o.cfg.Cashier.DeclareRefund(ctx, s.refund, s.form.Outcome == "done", s.form.Reason, v.staff.Actor())
	} else {
		_, err = o.cfg.Cashier.Declare(ctx, s.payment, payments.Declaration{
			Captured: s.form.Outcome == "came", Amount: s.amount, At: s.came, Approve: s.form.Approve, Reason: s.form.Reason, Actor: v.staff.Actor(),
		})
	}
	if isCode(err, registration.CodeConflict) {
		return o.renderDeclare(s, http.StatusConflict, "declare.moved")
	}
	if err != nil {
		return fmt.Errorf("declare: %w", err)
	}
	return saved(v, s.file.path(v), "declared")
}

// renderDeclare shows the second step; problem is the key of why it cannot be taken after all, "" when it can.
func (o *office) renderDeclare(s *declareStep, status int, problem string) error {
	nav, err := o.nav(s.visit, "")
	if err != nil {
		return err
	}
	page := views.AdminDeclarePage{
		Page: s.page(s.file.path(s.visit)), Nav: nav, Code: s.file.Order.Code, Name: s.file.Order.Payer.Name, PaymentID: s.payment, RefundID: s.refund,
		Form: s.typed(), Amount: s.amount, Came: s.came, Zone: s.event.Location(),
	}
	if problem != "" {
		page.Problem = views.T(s.lang(), problem)
	}
	return o.render(s, status, views.AdminDeclare(page))
}

// setRefundAccount handles POST /admin/{event}/orders/{code}/refund-account/{refund}: where the money of a refund goes.
func (o *office) setRefundAccount(v *visit) error {
	posted, err := readForm(v)
	if err != nil {
		return err
	}
	file, err := o.openFile(v)
	if err != nil {
		return err
	}
	id, err := file.refundID(v.Param("refund"))
	if err != nil {
		return err
	}
	typed := payments.Account{Bank: posted.line("bank"), Number: posted.line("number"), Holder: posted.line("holder")}
	hideCards(&typed.Bank, &typed.Holder)
	to := typed
	to.Number = digits(typed.Number)
	err = o.keepAccount(v.Request().Context(), id, to)
	if isCode(err, registration.CodeInvalid) {
		file.declared["account"+id] = views.AdminDeclareForm{Account: typed, Problems: []views.Problem{{Field: "number", Key: "admin.account.missing"}}}
		return o.renderFile(v, http.StatusUnprocessableEntity, file)
	}
	if isCode(err, registration.CodeConflict) {
		return o.notDone(v, views.Problem{Field: "content", Key: "admin.unmade.account"})
	}
	if err != nil {
		return fmt.Errorf("keep the refund's account: %w", err)
	}
	return saved(v, file.path(v), "account")
}

// offerWord adds to a payment's page what staff may say about it and its refunds.
func (o *office) offerWord(v *visit, f *orderFile, i int, out *views.AdminPayment) error {
	p := &f.Payments[i]
	gateway, _, err := o.cfg.Cashier.Gateway(v.Request().Context(), p.ChannelID)
	if err != nil {
		o.cfg.Log.WarnContext(v.Request().Context(), "connect channel", "channel", p.ChannelID, "error", err)
		return nil // a channel whose keys no longer fit offers nothing
	}
	caps := gateway.Capabilities()
	out.WantsAccount = caps.WantsAccount(&p.Payment) && p.State.HasMoney()
	if caps.Declarable(p.State, true) {
		form := f.declared[p.ID]
		out.Declare = &form
	}
	for k, r := range p.Refunds {
		if caps.RefundDeclarable(&p.Payment, &p.Refunds[k]) {
			form := f.declared[r.ID]
			out.Refunds[k].Declare = &form
		}
		if r.State == payments.RefundRequested && (caps.Manual || caps.WantsAccount(&p.Payment)) {
			kept, err := o.cfg.Store.Refund(v.Request().Context(), r.ID)
			if err != nil {
				return fmt.Errorf("read refund: %w", err)
			}
			form := f.declared["account"+r.ID]
			out.Refunds[k].Account, out.Refunds[k].To = &form, kept.Account
			if len(form.Problems) > 0 {
				out.Refunds[k].To = form.Account
			}
		}
	}
	return nil
}
