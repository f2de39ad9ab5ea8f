package handlers

import (
	"slices"

	"foyer/payments"
	"foyer/views"
)

// refundRows lists the refunds for the page.
func (f *folder) refundRows() []views.OrderRefund {
	var rows []views.OrderRefund
	for _, r := range f.refunds {
		at := r.DoneAt
		if at.IsZero() {
			at = r.CreatedAt
		}
		rows = append(rows, views.OrderRefund{Amount: r.Amount, State: r.State, At: at, Auto: r.Source == payments.ByAutomatic})
	}
	return rows
}

// papers lists the numbered documents for the page.
func (f *folder) papers() []views.OrderPaper {
	var papers []views.OrderPaper
	for _, r := range f.receipts {
		papers = append(papers, views.OrderPaper{Kind: r.Kind, No: r.No, Path: f.path() + "/receipt/" + r.No + ".pdf", Amount: r.Amount, At: r.IssuedAt})
	}
	return papers
}

// timeline tells what has happened, the first thing first, as far as it has words for an attendee.
func (f *folder) timeline() []views.OrderStep {
	steps := []views.OrderStep{{At: f.order.PlacedAt, Key: views.TimelineKey("order", "", "pending")}}
	for _, p := range f.payments {
		steps = append(steps, views.OrderStep{At: p.StartedAt, Key: views.TimelineKey("payment", "", "started"), Amount: p.Amount})
		if p.State == payments.Confirmed {
			steps = append(steps, views.OrderStep{At: p.ConfirmedAt, Key: views.TimelineKey("payment", "confirming", "confirmed"), Amount: p.Captured})
		}
	}
	for _, r := range f.refunds {
		steps = append(steps, views.OrderStep{At: r.CreatedAt, Key: views.TimelineKey("refund", "", "requested"), Amount: r.Amount})
		if r.State == payments.RefundDone {
			steps = append(steps, views.OrderStep{At: r.DoneAt, Key: views.TimelineKey("refund", "sending", "done"), Amount: r.Amount})
		}
	}
	steps = slices.DeleteFunc(steps, func(s views.OrderStep) bool { return s.Key == "" || s.At.IsZero() })
	slices.SortStableFunc(steps, func(a, b views.OrderStep) int { return a.At.Compare(b.At) })
	return steps
}
