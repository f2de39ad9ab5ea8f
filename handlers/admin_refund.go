package handlers

import (
	"fmt"
	"net/http"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// refundForm is what both steps of a refund take. The amount is written in the payment's currency.
type refundForm struct {
	Amount string `form:"amount" validate:"required"`
	Reason string `form:"reason" validate:"required,max=200,text,nocard"`
}

// refundStep is one post of a refund's form.
type refundStep struct {
	*visit
	file     *orderFile
	payment  *store.PaymentView
	form     refundForm
	nonce    string
	account  payments.Account // where the money goes, when it was asked for
	amount   registration.Money
	problems []views.Problem // with the form itself, whatever is left of the payment
}

// readRefund reads the form of either step.
func (o *office) readRefund(v *visit) (*refundStep, error) {
	posted, err := readForm(v)
	if err != nil {
		return nil, err
	}
	file, err := o.openFile(v)
	if err != nil {
		return nil, err
	}
	p, err := file.payment(v)
	if err != nil {
		return nil, err
	}
	r := &refundStep{visit: v, file: file, payment: p, nonce: posted.line("nonce"), form: refundForm{posted.line("amount"), posted.line("reason")}}
	r.account = payments.Account{Bank: posted.line("bank"), Number: digits(posted.line("number")), Holder: posted.line("holder")}
	if r.problems, err = staffProblems("admin.refund", r.form); err != nil {
		return nil, err
	}
	if r.form.Amount != "" && p.State.HasMoney() {
		r.amount, err = registration.ParseMoney(r.form.Amount, p.Captured.Cur)
		if err != nil || r.amount.Minor == 0 {
			r.wrongAmount(views.Problem{Field: "amount", Key: "admin.refund.amount_wrong", Args: []any{"example", p.Captured.Decimal()}})
		}
	}
	if gateway, _, err := o.cfg.Cashier.Gateway(v.Request().Context(), p.ChannelID); err == nil && gateway.Capabilities().WantsAccount(&p.Payment) && !r.account.Complete() {
		r.problems = append(r.problems, views.Problem{Field: "number", Key: "admin.account.missing"})
	}
	return r, nil
}

// left is what can still be given back.
func (r *refundStep) left() registration.Money {
	return payments.Refundable(&r.payment.Payment, r.payment.Refunds)
}

// tooMuch is the problem with an amount that is more than what is left.
func (r *refundStep) tooMuch() views.Problem {
	return views.Problem{Field: "amount", Key: "admin.refund.amount_over", Args: []any{"max", r.left()}}
}

// wrongAmount adds what is wrong with the amount, which stands first in the form.
func (r *refundStep) wrongAmount(problem views.Problem) {
	r.problems = append([]views.Problem{problem}, r.problems...)
}

// newNonce names this refund for the second step. As long as nothing has changed, the same refund has the same name: asked for twice,
// in two tabs or by a double click, it is one refund.
func (r *refundStep) newNonce() string {
	return store.Hash(fmt.Sprintf("%s/%d/%s", r.payment.ID, len(r.payment.Refunds), r.amount.Decimal()))
}

// checkRefund handles POST /admin/{event}/orders/{code}/refund/{payment}, the first step of a refund: its answer is the second step.
// Nothing moves yet.
func (o *office) checkRefund(v *visit) error {
	r, err := o.readRefund(v)
	if err != nil {
		return err
	}
	if r.amount.Minor > r.left().Minor {
		r.wrongAmount(r.tooMuch())
	}
	switch {
	case !r.payment.State.HasMoney():
		return o.refuseRefund(r, http.StatusConflict, views.Problem{Field: "amount", Key: "refund.no_money"})
	case underWay(r.payment.Refunds):
		return o.refuseRefund(r, http.StatusConflict, views.Problem{Field: "amount", Key: "refund.under_way"})
	case len(r.problems) > 0:
		return o.refuseRefund(r, http.StatusUnprocessableEntity, r.problems...)
	}
	return o.renderRefund(r, http.StatusOK, "")
}

// refuseRefund shows the order's page again with the form as it was filled in.
func (o *office) refuseRefund(r *refundStep, status int, problems ...views.Problem) error {
	r.file.refund[r.payment.ID] = views.AdminRefundForm{Amount: r.form.Amount, Reason: r.form.Reason, Bank: r.account.Bank, Number: r.account.Number, Holder: r.account.Holder, Problems: problems}
	return o.renderFile(r.visit, status, r.file)
}

// renderRefund shows the second step; problem is the key of why it cannot be taken after all, "" when it can.
func (o *office) renderRefund(r *refundStep, status int, problem string) error {
	nav, err := o.nav(r.visit, "")
	if err != nil {
		return err
	}
	p, left := r.payment, r.left()
	page := views.AdminRefundPage{
		Page: r.page(r.file.path(r.visit)), Nav: nav, Code: r.file.Order.Code, State: r.file.Order.State, Name: r.file.Order.Payer.Name,
		PaymentID: p.ID, ByHand: p.Gateway == "transfer", Surplus: p.State == payments.Surplus, Channel: p.Channel, Card: p.Card, Captured: p.Captured,
		Refunded: registration.Money{Minor: p.Captured.Minor - left.Minor, Cur: left.Cur}, Max: left, Amount: r.amount, Reason: r.form.Reason, Nonce: r.newNonce(),
		Bank: r.account.Bank, Number: r.account.Number, Holder: r.account.Holder,
	}
	if problem != "" {
		page.Problem = views.T(r.lang(), problem)
	}
	return o.render(r, status, views.AdminRefund(page))
}
