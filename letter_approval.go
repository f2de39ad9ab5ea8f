package main

import (
	"context"
	"slices"
	"time"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
)

// approval tells how an order that staff look at stands; nothing once it stands otherwise.
func (m *mailer) approval(ctx context.Context, l *letter, kind string) (notify.Mail, bool, error) {
	if kind == store.MailNotApproved && l.Event.CalledOff() {
		return l.cancelled() // nobody was refused
	}
	all, err := m.store.EvidenceOf(ctx, l.order.ID)
	if err != nil {
		return notify.Mail{}, false, err
	}
	a := notify.Approval{Addressing: l.Addressing, About: l.About, People: l.group()}
	refused := slices.IndexFunc(all, func(x store.Evidence) bool { return x.State == registration.EvidenceRefused })
	if refused >= 0 {
		a.Reason = all[refused].Reason
	}
	a.Wanted = slices.ContainsFunc(all, func(x store.Evidence) bool { return x.Kind != "" && x.State == registration.EvidenceMissing })
	ok := false
	switch kind {
	case store.MailAwaiting:
		a.Kind, ok = notify.ApprovalWaits, l.order.State == registration.OrderAwaiting
		a.Until = orNever(a.Wanted, l.Event.EvidenceUntil())
	case store.MailApproved:
		a.Reason = "" // of a proof that did not count in the end
		a.Kind, a.Prices, a.Until, ok = notify.ApprovalGiven, l.order.Prices, l.order.HoldUntil, l.order.State == registration.OrderPending
	case store.MailNotApproved:
		a.Kind, ok = notify.ApprovalRefused, l.order.State == registration.OrderCancelled
	case store.MailEvidence:
		a.Kind, a.Until, ok = notify.ApprovalAsks, l.Event.EvidenceUntil(), refused >= 0 && l.order.State != registration.OrderCancelled
	}
	return a.Mail(), ok, nil
}

// orNever is a time that is told only when it matters.
func orNever(matters bool, t time.Time) time.Time {
	if matters {
		return t
	}
	return time.Time{}
}
