package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// ClearJob does the jobs of kind store.JobClear: it cancels one order, whatever the refund rule says, with all its money back. Doing it
// twice is harmless: an order that is cancelled asks for no second refund.
func ClearJob(s *store.Store, cashier *payments.Cashier) store.JobFunc {
	return func(ctx context.Context, job store.Job) error {
		var j store.ClearingJob
		if err := json.Unmarshal(job.Payload, &j); err != nil {
			return store.Never(fmt.Errorf("read job: %w", err))
		}
		refunds, err := cashier.Cancel(ctx, j.Order, j.Actor, j.Reason, payments.Back{All: true})
		if isCode(err, registration.CodeConflict) || isCode(err, registration.CodeNotFound) {
			return s.EndClearing(ctx, j, wrongEnd(ctx, s, j.Order, err))
		}
		if err != nil {
			return fmt.Errorf("cancel order: %w", err)
		}
		for _, r := range refunds {
			if _, err := cashier.SendRefund(ctx, r.ID); err != nil {
				cashier.Wake() // what is not finished the reconciler finishes
			}
		}
		return s.EndClearing(ctx, j, "")
	}
}

// wrongEnd says why an order was not cancelled; "" when its hold has just ended, so that there is nothing to cancel.
func wrongEnd(ctx context.Context, s *store.Store, orderID string, err error) string {
	if o, readErr := s.Order(ctx, orderID); readErr == nil && o.State == registration.OrderExpired {
		return ""
	}
	return err.Error()
}

// clearingRoutes are the pages of a cancelled event on which all orders are cancelled.
func (o *office) clearingRoutes() {
	const path = "/admin/:event/clearing"
	o.page(path, private(o.at(store.Staff.MayRefund, o.showClearing)))
	o.echo.POST(path, private(o.at(store.Staff.MayRefund, o.checkClearing)))
	o.echo.POST(path+"/confirm", private(o.at(store.Staff.MayRefund, o.confirmClearing)))
}

// showClearing handles GET /admin/{event}/clearing: what would be cancelled, and how far it is.
func (o *office) showClearing(v *visit) error {
	return o.renderClearing(v, http.StatusOK, views.ClearingPage{})
}

func (o *office) renderClearing(v *visit, status int, page views.ClearingPage) error {
	ctx := v.Request().Context()
	page.Page, page.Cancelled = v.page(views.ClearingPath(v.event.Slug)), v.event.State == registration.StateCancelled
	page.Page.Error, page.Page.NoSwitch = len(page.Problems) > 0, page.Sure || status != http.StatusOK
	var err error
	if page.Orders, err = o.cfg.Store.CountClearable(ctx, v.event.ID); err != nil {
		return err
	}
	sums, err := o.cfg.Store.Totals(ctx, store.OrderFilter{EventID: v.event.ID, State: registration.OrderPaid, TestToo: true})
	if err != nil {
		return fmt.Errorf("add up what was paid: %w", err)
	}
	for _, s := range sums {
		if s.Net() > 0 {
			page.Back = append(page.Back, registration.Money{Minor: s.Net(), Cur: s.Currency})
		}
	}
	c, found, err := o.cfg.Store.Clearing(ctx, v.event.ID)
	if err != nil {
		return fmt.Errorf("read clearing: %w", err)
	}
	if found {
		page.Begun = &views.ClearingState{At: c.At, Waiting: c.Waiting, Done: c.Done, Failed: c.Failed, Refunded: c.Refunded, Underway: c.Underway, Refused: c.Refused}
		for _, t := range c.Trouble {
			page.Begun.Trouble = append(page.Begun.Trouble, t.Code)
		}
	}
	if page.Nav, err = o.nav(v, "setup"); err != nil {
		return err
	}
	return o.render(v, status, views.Clearing(page))
}

// readClearing reads the form of both steps.
func (o *office) readClearing(v *visit) (views.ClearingPage, error) {
	f, err := readForm(v)
	if err != nil {
		return views.ClearingPage{}, err
	}
	page := views.ClearingPage{Reason: f.line("reason")}
	page.Problems, err = staffProblems("admin.cancel", cancelForm{page.Reason})
	return page, err
}

// checkClearing handles POST /admin/{event}/clearing, the first step: its answer is the second step. Nothing ends yet.
func (o *office) checkClearing(v *visit) error {
	page, err := o.readClearing(v)
	switch {
	case err != nil:
		return err
	case v.event.State != registration.StateCancelled:
		return o.renderClearing(v, http.StatusConflict, page)
	case len(page.Problems) > 0:
		return o.renderClearing(v, http.StatusUnprocessableEntity, page)
	}
	page.Sure = true
	return o.renderClearing(v, http.StatusOK, page)
}

// confirmClearing handles POST /admin/{event}/clearing/confirm, the second step: every order gets its job. The same form again is harmless.
func (o *office) confirmClearing(v *visit) error {
	page, err := o.readClearing(v)
	switch {
	case err != nil:
		return err
	case v.event.State != registration.StateCancelled:
		return o.renderClearing(v, http.StatusConflict, page)
	case len(page.Problems) > 0:
		return o.renderClearing(v, http.StatusUnprocessableEntity, page)
	}
	if err := o.cfg.Store.Clear(v.Request().Context(), v.event.ID, v.staff.Actor(), page.Reason); err != nil {
		return fmt.Errorf("begin clearing: %w", err)
	}
	return goTo(v, views.ClearingPath(v.event.Slug))
}
