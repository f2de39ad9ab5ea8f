package store

import (
	"slices"
	"time"

	"foyer/payments"
)

// Movements lists the movements of the order's money in the order of time.
func (v *OrderView) Movements() []Movement {
	var all []Movement
	for _, p := range v.Payments {
		if !p.State.HasMoney() {
			continue
		}
		m := Movement{
			At: p.VerifiedAt, Kind: "payment", OrderCode: v.Order.Code, Name: v.Order.Payer.Name, Email: v.Order.Payer.Email, Category: v.Category,
			Channel: p.Channel, Gateway: p.Gateway, Mode: p.Mode, State: p.State, Amount: p.Captured, ReceiptNo: p.ReceiptNo,
			OrderNo: p.OrderNo, GatewayID: p.GatewayID, PaymentID: p.ID, Approve: p.Approve, PaidAt: p.PaidAt,
		}
		all = append(all, m)
		for _, r := range p.Refunds {
			if r.State != payments.RefundDone {
				continue
			}
			back := m
			back.At, back.Kind, back.Amount, back.ReceiptNo = r.DoneAt, "refund", r.Amount, r.ReceiptNo
			back.RefundID, back.Source, back.PaidAt = r.ID, r.Source, time.Time{}
			all = append(all, back)
		}
	}
	slices.SortStableFunc(all, func(a, b Movement) int { return a.At.Compare(b.At) })
	return all
}
