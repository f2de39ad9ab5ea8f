package main

import (
	"context"
	"time"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
)

// composePapers writes to a contact author about the papers that nobody covers by now; ok is false when there are none left.
func (m *mailer) composePapers(ctx context.Context, job string, what store.Mail) (notify.Mail, bool, error) {
	e, err := m.store.EventByID(ctx, what.EventID)
	if err != nil {
		return notify.Mail{}, false, err
	}
	papers, err := m.store.UncoveredOf(ctx, e.ID, what.Email)
	if err != nil || len(papers) == 0 {
		return notify.Mail{}, false, err
	}
	to := registration.Person{Name: what.Name, Email: what.Email}
	return notify.PapersMissing{
		Addressing: m.addressing(job, e, to, registration.Lang(what.Lang)), Event: e, Papers: papers, Deadline: e.Papers.Deadline,
		Over: !e.Papers.OpenAt(time.Now()), Link: m.links.Event(e.Slug),
	}.Mail(), true, nil
}

// payLink gives the address of an order that staff have made; nothing once it does not wait for its payment any more.
func (l *letter) payLink() (notify.Mail, bool, error) {
	if l.order.State != registration.OrderPending {
		return notify.Mail{}, false, nil
	}
	return notify.PayLink{Addressing: l.Addressing, About: l.About, Prices: l.order.Prices, Until: l.order.HoldUntil}.Mail(), true, nil
}
