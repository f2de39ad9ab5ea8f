package store

import (
	"fmt"
	"slices"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

const askGateway = "Compare the payment with the gateway's own books and settle it by hand there; then run foyer reconcile."

const reportFault = "Keep a backup and report this: rows have been changed by something other than Foyer, or Foyer has a fault."

// orderChecks are the checks of single orders.
var orderChecks = []orderCheck{
	{Check{
		"I1", "A confirmed payment is one that the gateway has shown to be captured, with our amount and currency and in the event's mode.",
		askGateway,
	}, verified},
	{Check{
		"I2", "Captured money belongs to a confirmed payment, or to a surplus one that is refunded or on the attention list.",
		askGateway,
	}, conserved},
	{Check{
		"I3", "A refund whose end is not known within a day is on the attention list.",
		"Run foyer reconcile, and look the refund up in the gateway's console.",
	}, refundsKnown},
	{Check{
		"I4", "What is refunded of a payment, or on its way back, is never more than was captured.",
		askGateway,
	}, refundsFit},
	{Check{
		"I5", "A charge has at most one confirmed payment.",
		"Refund the later one on the order's page, and report this.",
	}, oneConfirmed},
	{Check{
		"I8", "A payment asks for what its charge says.",
		reportFault,
	}, asksTheCharge},
	{Check{
		"I10", "An order is paid when confirmed payments cover its charges, and only then.",
		"Run foyer reconcile; if it stays, compare the order with the gateway's books.",
	}, paidIsCovered},
	{Check{
		"I11", "A free order has no payment.",
		reportFault,
	}, freeHasNone},
	{Check{
		"I12", "Orders, payments and refunds move only as their states allow.",
		reportFault,
	}, legalMoves},
	{Check{
		"I15", "A payment that is not known to be settled is looked up, or on the attention list.",
		"Run foyer reconcile, and look the payment up in the gateway's console.",
	}, unknownIsSeen},
	{checkCount, holdsAsStateSays},
	{checkAmendments, amendmentsFit},
	{checkVouchers, voucherFits},
	{checkDeposits, depositFits},
	{checkEvidence, evidenceFits},
	{checkSeries, oneReceipt},
	{Check{
		"I22", "A receipt has its payment's amount, and each refund of a confirmed payment that was carried out has one correction of its own.",
		reportFault,
	}, receiptsFit},
	{Check{
		"I23", "Each change of state, and each receipt, has exactly one audit row, and the last row of each tells its state.",
		reportFault,
	}, auditFits},
	{Check{
		"I23", "Money that no gateway sees was declared by staff, when it came and when it went back.",
		"Ask whoever keeps the organizer's bank statement, and report this.",
	}, declaredByStaff},
}

// verified is I1.
func verified(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		if x.Mode != p.mode {
			find(fmt.Sprintf("The payment is in %s mode and its event in %s.", x.Mode, p.mode), x.ID)
		}
		if !x.State.HasMoney() {
			continue
		}
		if x.GatewayID == "" || x.VerifiedAt.IsZero() {
			find(fmt.Sprintf("The payment is %s and the gateway has never shown it.", x.State), x.ID)
		} else if x.State == payments.Confirmed && x.Captured != x.Amount {
			find(fmt.Sprintf("The payment is confirmed with %s captured instead of %s.", moneyText(x.Captured), moneyText(x.Amount)), x.ID)
		}
	}
}

func moneyText(m registration.Money) string { return m.Format(registration.English) }

// conserved is I2.
func conserved(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		if !x.State.HasMoney() && x.Captured.Minor > 0 {
			find(fmt.Sprintf("The payment is %s although %s was captured.", x.State, moneyText(x.Captured)), x.ID)
		}
		if x.State == payments.Surplus && !x.Attention && payments.Refundable(&x.Payment, x.Refunds).Minor > 0 && !closedByHand(p, x.ID) {
			find("The surplus is neither refunded nor on the attention list.", x.ID)
		}
	}
}

// closedByHand reports whether a person has closed an entry about the payment.
func closedByHand(p patient, paymentID string) bool {
	return slices.ContainsFunc(p.Audit, func(a AuditRow) bool { return a.To == closedAttention && a.PaymentID == paymentID })
}

// refundsKnown is I3.
func refundsKnown(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		for _, r := range x.Refunds {
			if r.State.Open() && p.now.Sub(r.CreatedAt) > patience && !x.Attention {
				find(fmt.Sprintf("The refund has been %s for more than a day.", r.State), r.ID)
			}
		}
	}
}

// refundsFit is I4.
func refundsFit(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		var sum int64
		for _, r := range x.Refunds {
			if r.Amount.Cur != x.Captured.Cur {
				find("The refund is in another currency than what was captured.", r.ID)
			}
			if r.State != payments.RefundRefused {
				sum += r.Amount.Minor
			}
		}
		if sum > x.Captured.Minor {
			find(fmt.Sprintf("Of %s captured, %s is refunded or on its way back.", moneyText(x.Captured),
				moneyText(registration.Money{Minor: sum, Cur: x.Captured.Cur})), x.ID)
		}
	}
}

// oneConfirmed is I5.
func oneConfirmed(p patient, find func(string, ...string)) {
	byCharge := map[string][]string{}
	for _, x := range p.Payments {
		if x.State == payments.Confirmed {
			byCharge[x.ChargeID] = append(byCharge[x.ChargeID], x.ID)
		}
	}
	for _, ids := range byCharge {
		if len(ids) > 1 {
			find("More than one payment of the same charge is confirmed.", ids...)
		}
	}
}

// asksTheCharge is I8. A charge is priced anew when an expired order takes its places again, so only money counts.
func asksTheCharge(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		i := slices.IndexFunc(p.Charges, func(c payments.Charge) bool { return c.ID == x.ChargeID })
		if i < 0 {
			find("The payment's charge does not belong to its order.", x.ID)
			continue
		}
		if price := p.Charges[i].Prices[x.Amount.Cur]; x.State == payments.Confirmed && x.Amount.Minor > price {
			find(fmt.Sprintf("The payment asked for %s and its charge is %s.", moneyText(x.Amount),
				moneyText(registration.Money{Minor: price, Cur: x.Amount.Cur})), x.ID)
		}
	}
}

// paidIsCovered is I10.
func paidIsCovered(p patient, find func(string, ...string)) {
	open, money := false, false
	for _, c := range p.Charges {
		if a := p.amendmentOf(c.ID); a != nil && a.State != registration.AmendmentApplied {
			if paidBy(p, c.ID) {
				find(fmt.Sprintf("The change is %s although its charge is paid.", a.State), a.ID)
			}
			continue // not owed yet, or not any more
		}
		covered := (&registration.Order{Prices: c.Prices}).Free()
		for _, x := range p.Payments {
			if x.ChargeID == c.ID && x.State == payments.Confirmed && x.Amount.Minor >= c.Prices[x.Amount.Cur] {
				covered, money = true, true
			}
		}
		if price, ok := c.Prices[p.Order.Currency]; ok && price == 0 {
			covered = true
		}
		open = open || !covered
	}
	switch p.Order.State {
	case registration.OrderPaid:
		if open {
			find("The order is paid and no confirmed payment covers its charge.")
		}
	case registration.OrderPending, registration.OrderExpired:
		if !open && money {
			find(fmt.Sprintf("The order is %s although confirmed payments cover it.", p.Order.State))
		}
	case registration.OrderAwaiting:
		if money {
			find("The order waits for approval although a payment of it is confirmed.")
		}
	case registration.OrderCancelled:
	}
}

// paidBy reports whether a charge has a confirmed payment.
func paidBy(p patient, chargeID string) bool {
	return slices.ContainsFunc(p.Payments, func(x PaymentView) bool { return x.ChargeID == chargeID && x.State == payments.Confirmed })
}

// freeHasNone is I11. What is free after a change may have had a price before.
func freeHasNone(p patient, find func(string, ...string)) {
	priced := func(c payments.Charge) bool { return !(&registration.Order{Prices: c.Prices}).Free() }
	if !p.Order.Free() || slices.ContainsFunc(p.Charges, priced) {
		return
	}
	for _, x := range p.Payments {
		find("The order is free and has a payment.", x.ID)
	}
}

// manyLooks is after how many look-ups in vain a person is told of a payment.
const manyLooks = 6

// unknownIsSeen is I15.
func unknownIsSeen(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		if x.Attention || x.State.Settled() {
			continue
		}
		unsure := x.State == payments.Confirming || x.State == payments.Unknown
		switch {
		case unsure && p.now.Sub(x.StartedAt) > patience && p.now.Sub(x.LastCapture) > patience:
			find(fmt.Sprintf("The payment has been %s for more than a day and is not on the attention list.", x.State), x.ID)
		case unsure && x.Looks > manyLooks:
			find(fmt.Sprintf("The payment was looked up %d times in vain and is not on the attention list.", x.Looks), x.ID)
		case x.NextLook.IsZero() && !x.Leased(p.now) && !x.Endless():
			find(fmt.Sprintf("The payment is %s and nobody will look it up.", x.State), x.ID)
		}
	}
}

// oneReceipt is I21 for one order.
func oneReceipt(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		n := 0
		for _, r := range p.Receipts {
			if r.PaymentID == x.ID && r.Kind == kindReceipt {
				n++
			}
		}
		switch {
		case x.State == payments.Confirmed && n != 1:
			find(fmt.Sprintf("The confirmed payment has %d receipts.", n), x.ID)
		case x.State != payments.Confirmed && n != 0:
			find(fmt.Sprintf("The payment is %s and has a receipt.", x.State), x.ID)
		}
	}
	for _, r := range p.Receipts {
		if strings.HasPrefix(r.No, "TEST-") != (p.mode == registration.Test) {
			find(fmt.Sprintf("The number does not belong to an event in %s mode.", p.mode), r.No)
		}
	}
}

// receiptsFit is I22.
func receiptsFit(p patient, find func(string, ...string)) {
	for _, x := range p.Payments {
		first := p.receiptOf(x.ID)
		if first != nil && first.Amount != x.Amount {
			find(fmt.Sprintf("The receipt says %s and its payment was %s.", moneyText(first.Amount), moneyText(x.Amount)), first.No)
		}
		for _, r := range x.Refunds {
			due := x.State == payments.Confirmed && r.State == payments.RefundDone
			c := p.correctionOf(r.ID)
			switch {
			case due && c == nil:
				find("The refund was carried out and has no correction.", r.ID)
			case !due && c != nil:
				find("The correction belongs to a refund that has none coming.", c.No)
			case c != nil && (c.Amount != r.Amount || first == nil || c.Corrects != first.No):
				find("The correction does not fit its refund and receipt.", c.No)
			}
		}
	}
}
