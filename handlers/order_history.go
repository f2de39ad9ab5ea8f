package handlers

import (
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
		rows = append(rows, views.OrderRefund{Amount: r.Amount, State: r.State, At: at, Auto: r.Source == payments.ByAutomatic, ToAccount: f.toAccount(&r)})
	}
	return rows
}

// toAccount reports whether a refund goes to a bank account.
func (f *folder) toAccount(r *payments.Refund) bool {
	p := f.payment(r.PaymentID)
	return p != nil && p.IntoAccount()
}

// papers lists the numbered documents for the page.
func (f *folder) papers() []views.OrderPaper {
	var papers []views.OrderPaper
	for _, r := range f.receipts {
		papers = append(papers, views.OrderPaper{Kind: r.Kind, No: r.No, Path: f.path() + "/receipt/" + r.No + ".pdf", Amount: r.Amount, At: r.IssuedAt})
	}
	return papers
}

// timeline tells what has happened, the first thing first, as far as it concerns an attendee: every attempt to pay with how it ended.
// Attempts to pay the same that follow each other with nothing to tell of the one before are one line.
func (f *folder) timeline() []views.OrderStep {
	var steps []views.OrderStep
	newest := ""
	for _, a := range f.audit {
		begun := a.What == "payment" && payments.State(a.To) == payments.Started
		if begun {
			newest = a.PaymentID
		}
		key := views.TimelineKey(a.What, a.From, a.To)
		if key == "" || payments.State(a.To) == payments.Abandoned && a.PaymentID != newest {
			continue // the end of one that another had followed already tells nothing of that one
		}
		step := views.OrderStep{At: a.At, Key: key}
		if a.Amount != nil && a.What != "order" {
			step.Amount = *a.Amount
		}
		if a.What == "payment" && payments.State(a.To) == payments.Failed {
			step.Reason = f.reasonOf(a.PaymentID)
		}
		if last := len(steps) - 1; begun && last >= 0 && steps[last].Key == key && steps[last].Amount == step.Amount {
			step.Times = max(steps[last].Times, 1) + 1
			steps[last] = step
			continue
		}
		steps = append(steps, step)
	}
	return steps
}

// reasonOf is the message key of why a payment did not work; "" when nobody said.
func (f *folder) reasonOf(paymentID string) string {
	for _, p := range f.payments {
		if p.ID == paymentID {
			return p.Reason
		}
	}
	return ""
}
