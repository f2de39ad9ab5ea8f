package store

import (
	"context"
	"fmt"
	"slices"

	"foyer/payments"
	"foyer/registration"
)

var checkAmendments = Check{
	"I8", "A paid order holds and costs what its last change says, and a change holds places only while it waits for its money.", reportFault,
}

func (v *views) amendments(ctx context.Context, q queryer) error {
	return fill(ctx, q, v, "amendments", scanAmendment, `SELECT `+amendmentColumns+` FROM amendments WHERE order_id IN (`+v.in+`) ORDER BY order_id, id`,
		func(a Amendment) { v.byID[a.OrderID].Amendments = append(v.byID[a.OrderID].Amendments, a) })
}

// amendmentOf finds the change that a charge is for, or nil.
func (v *OrderView) amendmentOf(chargeID string) *Amendment {
	if i := slices.IndexFunc(v.Amendments, func(a Amendment) bool { return a.ChargeID == chargeID }); i >= 0 {
		return &v.Amendments[i]
	}
	return nil
}

// amendmentsFit is I8, I16 and I17 for changes of a paid order.
func amendmentsFit(p patient, find func(string, ...string)) {
	for i := range p.Amendments {
		a := &p.Amendments[i]
		settling := slices.ContainsFunc(p.Payments, func(x PaymentView) bool {
			return x.ChargeID == a.ChargeID && (x.State == payments.Confirming || x.State == payments.Unknown || x.State == payments.AwaitingDeposit)
		})
		held := a.Places == placesHeld
		takes := map[string]int64{}
		registration.TakePapers(takes, registration.AddedPapers(a.After))
		if !slices.Equal(registration.PapersIn(a.Takes), registration.PapersIn(takes)) {
			find("The change takes the places of other papers than it adds.", a.ID)
		}
		switch a.State {
		case registration.AmendmentPending:
			if !held || p.Order.State != registration.OrderPaid {
				find(fmt.Sprintf("The change waits for its money, its places are %s and its order is %s.", a.Places, p.Order.State), a.ID)
			}
			if !settling && p.now.Sub(a.HoldUntil) > patience {
				find("The change's hold ended more than a day ago and its places were not given back.", a.ID)
			}
		case registration.AmendmentLapsed:
			if held && !settling {
				find("The change has lapsed and holds places.", a.ID)
			}
		case registration.AmendmentApplied, registration.AmendmentWithdrawn:
			if held {
				find(fmt.Sprintf("The change is %s and holds places.", a.State), a.ID)
			}
		}
	}
	lastApplied(p, find)
	for _, c := range p.Charges {
		if c.No > 1 && p.amendmentOf(c.ID) == nil {
			find("The charge is for no change of its order.", c.ID)
		}
	}
}

// lastApplied checks that the order is what its last change made of it. Which of two was applied last shows by its end.
func lastApplied(p patient, find func(string, ...string)) {
	var last *Amendment
	for i := range p.Amendments {
		if a := &p.Amendments[i]; a.State == registration.AmendmentApplied && (last == nil || !a.EndedAt.Before(last.EndedAt)) {
			last = a
		}
	}
	if last == nil {
		return
	}
	if !registration.SameParts(last.After, p.Order.Parts()) {
		find("The order does not hold what its last change says.", last.ID)
	}
	if total := registration.Total(registration.LinesOf(p.Order.Parts())); !total.Equal(p.Order.Prices) {
		find("The order's price is not the sum of what it holds.", last.ID)
	}
}

// changesAudited checks the audit of an order's changes: each was begun once, and as many stand in each state as came there and did
// not leave.
func (p patient) changesAudited(find func(string, ...string)) {
	states := map[string]int{}
	for _, a := range p.Amendments {
		states[string(a.State)]++
		states[""]--
	}
	for _, r := range p.Audit {
		if r.What == "amendment" {
			states[r.To]--
			states[r.From]++
		}
	}
	for state, n := range states {
		if n != 0 {
			find(fmt.Sprintf("The audit does not lead to the order's changes that are %q.", state))
		}
	}
	for _, r := range p.Audit {
		if r.What == "amendment" && !registration.AmendmentState(r.From).CanBecome(registration.AmendmentState(r.To)) {
			find(fmt.Sprintf("A change went from %q to %q.", r.From, r.To))
		}
	}
}
