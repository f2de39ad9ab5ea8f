package handlers

import (
	"slices"
	"strings"

	"foyer/payments"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// moneyOf adds an order's money up: what it owes, what confirmed payments took and gave back, and what surplus payments still hold.
func moneyOf(f *orderFile) views.AdminMoney {
	var m views.AdminMoney
	for _, cur := range currenciesOf(f.Order) {
		owed := registration.Money{Cur: cur}
		for _, c := range f.Charges {
			if !dropped(f.Amendments, c.ID) {
				owed.Minor += c.Prices[cur]
			}
		}
		m.Charged = append(m.Charged, owed)
		m.Price = append(m.Price, registration.Money{Minor: registration.Total(registration.LinesOf(f.Order.Parts()))[cur], Cur: cur})
	}
	for i := range f.Payments {
		p := &f.Payments[i]
		gone := payments.Refunded(&p.Payment, p.Refunds)
		m.Checking = m.Checking || p.State == payments.Confirming || p.State == payments.Unknown
		switch {
		case p.State == payments.Confirmed:
			m.Received, m.Refunded = plus(m.Received, p.Captured), plus(m.Refunded, gone)
			for _, r := range p.Refunds {
				if r.State.Open() {
					m.Underway = plus(m.Underway, r.Amount)
				}
			}
		case p.State == payments.Surplus && p.Captured.Minor > gone.Minor:
			m.Surplus = addSum(m.Surplus, registration.Money{Minor: p.Captured.Minor - gone.Minor, Cur: p.Captured.Cur})
		}
	}
	return m
}

// dropped reports whether a charge is of a change that has ended unpaid.
func dropped(changes []store.Amendment, charge string) bool {
	return slices.ContainsFunc(changes, func(a store.Amendment) bool {
		return a.ChargeID == charge && (a.State == registration.AmendmentLapsed || a.State == registration.AmendmentWithdrawn)
	})
}

// plus adds money of the same currency; a zero sum takes the currency of what is added.
func plus(sum, m registration.Money) registration.Money {
	return registration.Money{Minor: sum.Minor + m.Minor, Cur: m.Cur}
}

// addSum adds money to the sum of its currency.
func addSum(sums []registration.Money, m registration.Money) []registration.Money {
	if i := slices.IndexFunc(sums, func(s registration.Money) bool { return s.Cur == m.Cur }); i >= 0 {
		sums[i].Minor += m.Minor
		return sums
	}
	return append(sums, m)
}

// adminPayment is a payment as the order's page shows it. attendee is the path of the attendee's page, below which documents are.
func adminPayment(l registration.Lang, p *store.PaymentView, attendee string) views.AdminPayment {
	out := views.AdminPayment{
		ID: p.ID, State: string(p.State), Method: p.Asked, Gateway: p.Gateway, Channel: p.Channel, OrderNo: p.OrderNo, GatewayID: p.GatewayID, Amount: p.Amount,
		Captured: p.Captured, Card: p.Card, Approval: p.Approve, StartedAt: p.StartedAt, Confirmed: p.ConfirmedAt, ReceiptNo: p.ReceiptNo,
		Slip: p.Proof, Unsettled: true, UnderWay: underWay(p.Refunds),
	}
	if p.PaidAt.Before(p.VerifiedAt) && p.Gateway == "transfer" {
		out.Came = p.PaidAt
	}
	if p.State == payments.AwaitingDeposit {
		out.Account, out.Deadline = strings.TrimSpace(p.Account.Bank+" "+p.Account.Number), p.Deadline
	}
	if !p.State.HasMoney() {
		out.Reason = worded(l, p.Reason)
	} else {
		out.Rest = payments.Refundable(&p.Payment, p.Refunds)
	}
	if p.ReceiptNo != "" && attendee != "" {
		out.Receipt = attendee + "/receipt/" + p.ReceiptNo + ".pdf"
	}
	out.Unsettled = out.Unsettled || out.UnderWay
	for _, r := range p.Refunds {
		out.Refunds = append(out.Refunds, refundLine(l, r))
	}
	return out
}

// underWay reports whether one of the refunds has not ended.
func underWay(refunds []payments.Refund) bool {
	return slices.ContainsFunc(refunds, func(r payments.Refund) bool { return r.State.Open() })
}

func refundLine(l registration.Lang, r payments.Refund) views.AdminRefundLine {
	at := r.DoneAt
	if at.IsZero() {
		at = r.CreatedAt
	}
	return views.AdminRefundLine{
		ID:    r.ID,
		State: string(r.State), Amount: r.Amount, Source: string(r.Source), Actor: r.Actor, Reason: r.Reason, Note: worded(l, r.Note), At: at, ReceiptNo: r.ReceiptNo,
	}
}
