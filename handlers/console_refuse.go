package handlers

import (
	"fmt"
	"slices"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// refusePerson refuses one person of an order that waits for approval: they are taken out, with the order when nobody else is in it, or get
// the category that the form names instead. problem is the key of what is wrong with the form.
func (o *office) refusePerson(v *visit, f form, order *registration.Order) (problem string, err error) {
	r := order.Registration(f.line("registration"))
	if r == nil || r.Gone {
		return "", registration.Fail(registration.CodeNotFound, "order.unknown")
	}
	refusal := store.PersonRefusal{RegistrationID: r.ID, Version: f.line("version"), Reason: f.line("reason"), Actor: v.staff.Actor()}
	if f.raw("move") != "" {
		if v.event.ApprovalOf(f.line("category")) != registration.ApprovalDesk {
			return "console.evidence.difference.category_wrong", nil
		}
		want := r.Cart()
		voucher, err := o.cfg.Store.UsedVoucher(v.Request().Context(), v.event.ID, want.Voucher)
		if err != nil {
			return "", err
		}
		want.Category = f.line("category")
		refusal.Lines, err = v.event.Amend(r, want, voucher, o.cfg.Now())
		if isCode(err, registration.CodeInvalid) {
			return "console.evidence.difference.category_wrong", nil
		}
		if err != nil {
			return "", err
		}
		if after, _ := registration.Replaced(order.Parts(), []registration.Part{{ID: r.ID, Lines: refusal.Lines}}); len(registration.Total(registration.LinesOf(after))) == 0 {
			return "console.evidence.move.currency", nil
		}
	}
	err = o.cfg.Store.RefusePerson(v.Request().Context(), order, refusal)
	if isCode(err, registration.CodeFull) {
		return "console.evidence.difference.full", nil
	}
	if err != nil && !isCode(err, registration.CodeConflict) {
		err = fmt.Errorf("refuse person: %w", err)
	}
	return "", err
}

// refusedWord is what the page says after a person of an order was refused.
func refusedWord(f form, order *registration.Order) string {
	left := slices.DeleteFunc(order.Parts(), func(p registration.Part) bool { return p.Cancelled })
	switch {
	case f.raw("move") != "":
		return "moved"
	case len(left) > 1:
		return "out"
	}
	return "refused"
}

// openCategories are those on sale that nobody has to approve.
func (o *office) openCategories(l registration.Lang, e *registration.Event) (list []views.ConsoleOption) {
	phase := e.Phase(o.cfg.Now())
	if phase == nil {
		return nil
	}
	for _, c := range e.Categories {
		if c.Approval == registration.ApprovalDesk && c.Prices[phase.ID] != nil && !c.Hidden {
			list = append(list, views.ConsoleOption{Value: c.ID, Name: c.Name.In(l)})
		}
	}
	return list
}
