package main

import (
	"context"
	"slices"

	"foyer/documents"
	"foyer/notify"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// change finds the newest change of the letter's order in a state; nil when there is none.
func (l *letter) change(ctx context.Context, s *store.Store, state registration.AmendmentState) (*store.Amendment, error) {
	list, err := s.Amendments(ctx, l.order.ID)
	if err != nil {
		return nil, err
	}
	var found *store.Amendment
	for i := range list {
		if a := &list[i]; a.State == state && (found == nil || !a.EndedAt.Before(found.EndedAt)) {
			found = a
		}
	}
	return found, nil
}

// amended says what a paid order holds since its newest change.
func (l *letter) amended(ctx context.Context, s *store.Store) (notify.Mail, bool, error) {
	a, err := l.change(ctx, s, registration.AmendmentApplied)
	if err != nil || a == nil || l.order.State != registration.OrderPaid {
		return notify.Mail{}, false, err
	}
	m := notify.Amended{Addressing: l.Addressing, About: l.About, Holds: registration.LinesOf(l.order.Parts()), Total: registration.Money{Cur: l.order.Currency}}
	if m.Total.Cur == "" {
		m.Total.Cur = registration.KRW
		for _, cur := range l.order.Prices.Currencies() {
			m.Total.Cur = cur
		}
	}
	m.Total.Minor = l.order.Prices[m.Total.Cur]
	m.Asks = slices.ContainsFunc(l.order.Registrations, func(r registration.Registration) bool { return len(l.Event.Unanswered(l.order, &r)) > 0 })
	for _, r := range l.refunds {
		if r.Nonce == "amend-"+a.ID && r.State != payments.RefundRefused {
			m.Refund = registration.Money{Minor: m.Refund.Minor + r.Amount.Minor, Cur: r.Amount.Cur}
			m.Account = m.Account || l.intoAccount(r.PaymentID)
		}
	}
	for _, p := range l.payments {
		if p.ChargeID == a.ChargeID && p.State == payments.Confirmed {
			m.Paid = p.Captured
			m.ReceiptNo, m.Attachments, err = l.receiptOf(p.ID)
		}
	}
	return m.Mail(), true, err
}

// receiptOf is the receipt of a payment, as a file.
func (l *letter) receiptOf(paymentID string) (no string, files []notify.Attachment, err error) {
	for _, r := range l.receipts {
		if r.PaymentID != paymentID || r.Kind != string(documents.KindReceipt) {
			continue
		}
		file, err := paperFile(r)
		return r.No, []notify.Attachment{file}, err
	}
	return "", nil, nil
}

// amendDue asks for the difference of a change that waits for its money; nothing once it does not any more.
func (l *letter) amendDue(ctx context.Context, s *store.Store) (notify.Mail, bool, error) {
	a, err := l.change(ctx, s, registration.AmendmentPending)
	if err != nil || a == nil {
		return notify.Mail{}, false, err
	}
	m := notify.AmendDue{Addressing: l.Addressing, About: l.About, Holds: registration.LinesOf(a.After), Moves: l.order.MovesOf(a.Before, a.After), Until: a.HoldUntil, Reason: a.Reason}
	due := a.Due()
	for _, cur := range due.Currencies() {
		m.Due = append(m.Due, registration.Money{Minor: due[cur], Cur: cur})
	}
	return m.Mail(), true, nil
}

// amendOver says that the difference of a change is not asked for any more; nothing once it was paid after all, or another is asked for.
func (l *letter) amendOver(ctx context.Context, s *store.Store, id string) (notify.Mail, bool, error) {
	list, err := s.Amendments(ctx, l.order.ID)
	i := slices.IndexFunc(list, func(a store.Amendment) bool { return a.ID == id })
	waits := slices.ContainsFunc(list, func(a store.Amendment) bool { return a.State == registration.AmendmentPending })
	if err != nil || i < 0 || waits || l.order.State != registration.OrderPaid || list[i].State == registration.AmendmentApplied {
		return notify.Mail{}, false, err
	}
	m := notify.AmendOver{Addressing: l.Addressing, About: l.About, Holds: registration.LinesOf(l.order.Parts()), Lapsed: list[i].State == registration.AmendmentLapsed}
	return m.Mail(), true, nil
}

// transferred tells whoever had the order that it is somebody else's now.
func (l *letter) transferred(what store.Mail) notify.Mail {
	m := notify.Transferred{Addressing: l.Addressing, About: l.About, Name: l.order.Payer.Name}
	m.To = registration.Person{Name: what.Name, Email: what.Email}
	return m.Mail()
}
