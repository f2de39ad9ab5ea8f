package main

import (
	"bytes"
	"context"
	"fmt"

	"foyer/documents"
	"foyer/handlers"
	"foyer/notify"
	"foyer/payments"
	"foyer/registration"
	"foyer/store"
)

// whole is what an order's payer has bought, as one registration where there are many.
func whole(o *registration.Order) []registration.Registration {
	if len(o.Registrations) < 2 {
		return o.Registrations
	}
	n := 0
	all := registration.Registration{}
	for _, r := range o.Registrations {
		if !r.Gone {
			n++
			all.Lines = registration.AddLines(all.Lines, r.Lines)
		}
	}
	all.Person.Name = fmt.Sprintf("%d people", n)
	if o.Lang == registration.Korean {
		all.Person.Name = fmt.Sprintf("%d명", n)
	}
	return []registration.Registration{all}
}

// person gives one of the people of a paid order their own link; nothing when the place is theirs no more.
func (m *mailer) person(ctx context.Context, l *letter, id string) (notify.Mail, bool, error) {
	r := l.order.Registration(id)
	if r == nil || r.State != registration.Confirmed {
		return notify.Mail{}, false, nil
	}
	own := notify.OwnLink{Addressing: l.Addressing, About: l.About, Payer: l.order.Payer.Name}
	own.To, own.Link = r.Person, m.ownLink(l, r)
	_, own.Agrees = l.order.Agreed(l.Event, r)
	x, err := m.evidenceOf(ctx, l, id)
	if err != nil {
		return notify.Mail{}, false, err
	}
	own.ProofUntil = orNever(x.Kind != "" && x.State == registration.EvidenceMissing, l.Event.EvidenceUntil())
	if c := l.Event.Category(r.Category()); c != nil {
		own.Category = c.Name.In(l.Lang)
	}
	var ics bytes.Buffer
	if err := handlers.EventCalendar(l.Event, l.order, l.Lang, l.links).Write(&ics); err != nil {
		return notify.Mail{}, false, err
	}
	png, err := documents.QR(r.CheckInToken, 480)
	if err != nil {
		return notify.Mail{}, false, err
	}
	own.Attachments = []notify.Attachment{
		{Name: l.Event.Slug + ".ics", ContentType: "text/calendar; charset=utf-8; method=PUBLISH", Data: ics.Bytes()},
		{Name: "check-in-" + l.Code + ".png", ContentType: "image/png", Data: png},
	}
	return own.Mail(), true, nil
}

// replaced tells the person who was replaced, or whose registration was cancelled.
func (l *letter) replaced(what store.Mail) notify.Mail {
	m := notify.Replaced{Addressing: l.Addressing, About: l.About, Payer: l.order.Payer.Name, Gone: what.Kind == payments.MailPersonGone}
	m.To = registration.Person{Name: what.Name, Email: what.Email}
	return m.Mail()
}
