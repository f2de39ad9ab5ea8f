package handlers

import (
	"fmt"
	"net/http"
	"slices"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// cancelForm is what both steps of a cancellation take.
type cancelForm struct {
	Reason string `form:"reason" validate:"required,max=200,text,nocard"`
}

// cancelStep is one post of a cancellation's form.
type cancelStep struct {
	*visit
	file     *orderFile
	form     cancelForm
	refund   string // rest or none
	shown    string // what the second step said that the order keeps
	nonce    string
	problems []views.Problem
}

func (o *office) readCancel(v *visit) (*cancelStep, error) {
	posted, err := readForm(v)
	if err != nil {
		return nil, err
	}
	file, err := o.openFile(v)
	if err != nil {
		return nil, err
	}
	s := &cancelStep{
		visit: v, file: file, form: cancelForm{posted.line("reason")}, refund: posted.line("refund"), shown: posted.line("kept"), nonce: posted.line("nonce"),
	}
	s.problems, err = staffProblems("admin.cancel", s.form)
	return s, err
}

// rest is what a cancellation can give back, one sum per currency.
func (s *cancelStep) rest() []registration.Money {
	var sums []registration.Money
	for i := range s.file.Payments {
		p := &s.file.Payments[i]
		if left := payments.Refundable(&p.Payment, p.Refunds); p.State == payments.Confirmed && left.Minor > 0 {
			sums = addSum(sums, left)
		}
	}
	return sums
}

// kept is what confirmed payments have brought and no refund gives back; without currency when there is none.
func (s *cancelStep) kept() (sum registration.Money) {
	for i := range s.file.Payments {
		p := &s.file.Payments[i]
		if p.State == payments.Confirmed {
			left := payments.Refundable(&p.Payment, p.Refunds)
			sum = registration.Money{Minor: sum.Minor + left.Minor, Cur: left.Cur}
		}
	}
	return sum
}

// open reports whether money may still come through a payment that was begun.
func (s *cancelStep) open() bool {
	return slices.ContainsFunc(s.file.Payments, func(p store.PaymentView) bool { return !p.State.Settled() })
}

// keptText is a sum as the second step's form carries it.
func keptText(m registration.Money) string { return m.Decimal() + string(m.Cur) }

// checkCancel handles POST /admin/{event}/orders/{code}/cancel, the first step of a cancellation: its answer is the second step.
// Nothing ends yet.
func (o *office) checkCancel(v *visit) error {
	s, err := o.readCancel(v)
	if err != nil {
		return err
	}
	switch {
	case s.file.Order.State == registration.OrderCancelled:
		return saved(v, s.file.path(v), "cancelled")
	case !s.file.Order.State.CanBecome(registration.OrderCancelled):
		return o.refuseCancel(s, http.StatusConflict, views.Problem{Field: "reason", Key: "order.moved"})
	case len(s.problems) > 0:
		return o.refuseCancel(s, http.StatusUnprocessableEntity, s.problems...)
	}
	return o.renderCancel(s, http.StatusOK, "")
}

// confirmStaffCancel handles POST /admin/{event}/orders/{code}/cancel/confirm, the second step: the order ends, its places are free, and
// the rest of its money goes back unless told otherwise. The same form again is harmless.
func (o *office) confirmStaffCancel(v *visit) error {
	s, err := o.readCancel(v)
	if err != nil {
		return err
	}
	if len(s.problems) > 0 {
		return o.refuseCancel(s, http.StatusUnprocessableEntity, s.problems...)
	}
	kept := s.kept()
	switch {
	case s.file.Order.State == registration.OrderCancelled:
		return saved(v, s.file.path(v), "cancelled")
	case s.nonce != s.file.Order.ID || (s.refund != "rest" && s.refund != "none"):
		return o.renderCancel(s, http.StatusUnprocessableEntity, "")
	case s.shown != keptText(kept):
		s.refund = "" // chosen for another sum
		return o.renderCancel(s, http.StatusConflict, "admin.cancel.changed")
	}
	refunds, err := o.cfg.Cashier.Cancel(v.Request().Context(), s.file.Order.ID, v.staff.Actor(), s.form.Reason, payments.Back{All: s.refund == "rest", Kept: &kept})
	if isCode(err, registration.CodeConflict) {
		return o.renderCancel(s, http.StatusConflict, "order.moved")
	}
	if err != nil {
		return fmt.Errorf("cancel order: %w", err)
	}
	o.carryOut(v.Request().Context(), refunds...)
	return saved(v, s.file.path(v), "cancelled")
}

// refuseCancel shows the order's page again with the form as it was filled in.
func (o *office) refuseCancel(s *cancelStep, status int, problems ...views.Problem) error {
	s.file.cancel = views.AdminCancelForm{Reason: s.form.Reason, Problems: problems}
	return o.renderFile(s.visit, status, s.file)
}

// renderCancel shows the second step; problem is the key of why it cannot be taken after all, "" when it can.
func (o *office) renderCancel(s *cancelStep, status int, problem string) error {
	nav, err := o.nav(s.visit, "")
	if err != nil {
		return err
	}
	order := s.file.Order
	page := views.AdminCancelPage{
		Page: s.page(s.file.path(s.visit)), Nav: nav, Code: order.Code, Name: order.Payer.Name, People: len(order.Registrations),
		Rest: s.rest(), Kept: keptText(s.kept()), Open: s.open(), Reason: s.form.Reason, Nonce: order.ID, Refund: s.refund,
	}
	if problem != "" {
		page.Problem = views.T(s.lang(), problem)
	}
	return o.render(s, status, views.AdminCancel(page))
}
