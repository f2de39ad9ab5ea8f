package handlers

import (
	"context"
	"fmt"
	"time"

	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// Bounds of how long staff can wait for a difference.
const (
	differenceWait    = 14 // days, unless staff say otherwise
	differenceLongest = 400 * 24 * time.Hour
)

// askDifference asks for the price of another category after somebody's evidence was refused; problem is the key of what is wrong with
// the form.
func (o *office) askDifference(ctx context.Context, v *visit, f form, order *registration.Order) (problem string, err error) {
	who, now := f.line("registration"), o.cfg.Now()
	until, err := registration.ParseMoment(f.line("until"), v.event.Location(), true)
	if err != nil || !until.After(now) || until.Sub(now) > differenceLongest {
		return "console.evidence.difference.until_wrong", nil
	}
	for i := range order.Registrations {
		r := &order.Registrations[i]
		if r.ID != who {
			continue
		}
		want := r.Cart()
		voucher, err := o.cfg.Store.UsedVoucher(ctx, v.event.ID, want.Voucher) // of this person: others of the order may use one alone
		if err != nil {
			return "", err
		}
		want.Category = f.line("category")
		if to := v.event.Category(want.Category); to == nil || to.AsksMore() {
			return "console.evidence.difference.category_wrong", nil
		}
		lines, err := v.event.Amend(r, want, voucher, now)
		if isCode(err, registration.CodeInvalid) {
			return "console.evidence.difference.category_wrong", nil
		}
		if err != nil {
			return "", err
		}
		parts := []registration.Part{{ID: r.ID, Lines: lines}}
		if !dearer(order, parts) {
			return "console.evidence.difference.cheaper", nil
		}
		err = o.cfg.Store.AskDifference(ctx, order.ID, who, f.line("version"), store.NewAmendment{
			Parts: parts, Seen: order.Parts(), Actor: v.staff.Actor(), Reason: f.line("reason"), Hold: until.Sub(now), Max: until.Sub(now) + 2*time.Hour,
		})
		switch {
		case isCode(err, registration.CodeFull):
			return "console.evidence.difference.full", nil
		case hasKey(err, "change.pending"):
			return "console.evidence.difference.pending", nil
		case err != nil:
			return "", fmt.Errorf("ask for the difference: %w", err)
		}
		return "", nil
	}
	return "", registration.Fail(registration.CodeNotFound, "order.unknown")
}

// dearer reports whether an order would cost more after a change, in each currency in which it can be paid.
func dearer(order *registration.Order, parts []registration.Part) bool {
	after, ok := registration.Replaced(order.Parts(), parts)
	if !ok {
		return false
	}
	more, ok := order.Difference(after)
	for _, n := range more {
		ok = ok && n > 0
	}
	return ok
}

// dearerCategories are those that staff can ask the price of, none that has to be proved itself, and until when unless they say otherwise.
func (o *office) dearerCategories(l registration.Lang, e *registration.Event, own string) (list []views.ConsoleOption, until string) {
	now := o.cfg.Now()
	phase := e.Phase(now)
	if phase == nil {
		return nil, ""
	}
	for _, c := range e.Categories {
		if c.ID != own && c.Prices[phase.ID] != nil && !c.Hidden && !c.AsksMore() {
			list = append(list, views.ConsoleOption{Value: c.ID, Name: c.Name.In(l)})
		}
	}
	return list, now.In(e.Location()).AddDate(0, 0, differenceWait).Format(time.DateOnly)
}
