package main

import (
	"context"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
	"foyer/views"
)

// waitingMails says which state of an entry each mail about the waiting list speaks of. In another state it has nothing to say any more.
var waitingMails = map[string]registration.WaitingState{
	store.MailWaiting: registration.InLine, store.MailWaitingOffer: registration.WaitingOffered, store.MailWaitingLapsed: registration.WaitingLapsed,
}

// composeWaiting writes a mail to somebody on a waiting list.
func (m *mailer) composeWaiting(ctx context.Context, job string, what store.Mail) (notify.Mail, bool, error) {
	w, err := m.store.WaitingEntryByID(ctx, what.WaitingID)
	if err != nil || w.State != waitingMails[what.Kind] {
		return notify.Mail{}, false, err
	}
	e, err := m.store.EventByID(ctx, w.EventID)
	if err != nil {
		return notify.Mail{}, false, err
	}
	to := registration.Person{Name: w.Name, Email: w.Email}
	message, ok := notify.Waiting{
		Addressing: m.addressing(job, e, to, w.Lang), Event: e, State: w.State, Wants: views.WaitingWants(w.Lang, e, w.Cart), Until: w.OfferUntil,
		Link: m.links.Waiting(w.Code, m.store.Keys().WaitingSecret(w.ID)),
	}.Mail()
	return message, ok, nil
}
