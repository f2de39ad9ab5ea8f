package main

import (
	"context"
	"slices"

	"foyer/notify"
	"foyer/registration"
	"foyer/store"
)

// group reports whether the people of the letter's order have pages of their own, because somebody else pays for them.
func (l *letter) group() bool {
	return len(l.order.Registrations) > 1 || l.order.Registrations[0].Person.Email != l.order.Payer.Email
}

// ownLink is a person's own address.
func (m *mailer) ownLink(l *letter, r *registration.Registration) string {
	return l.links.Person(l.order.Code, m.store.Keys().PersonSecret(r.ID, r.Version))
}

// evidenceOf is the evidence of one of the order's people; the zero value for nothing.
func (m *mailer) evidenceOf(ctx context.Context, l *letter, id string) (store.Evidence, error) {
	if !l.Event.Approves() {
		return store.Evidence{}, nil
	}
	all, err := m.store.EvidenceOf(ctx, l.order.ID)
	if i := slices.IndexFunc(all, func(x store.Evidence) bool { return x.RegistrationID == id }); i >= 0 {
		return all[i], err
	}
	return store.Evidence{}, err
}

// proof asks one of the people for what is missing, by their own link; nothing once it is there or nobody waits for it.
func (m *mailer) proof(ctx context.Context, l *letter, id string) (notify.Mail, bool, error) {
	r := l.order.Registration(id)
	x, err := m.evidenceOf(ctx, l, id)
	if err != nil || r == nil || r.State == registration.Cancelled || (x.State != registration.EvidenceMissing && x.State != registration.EvidenceRefused) {
		return notify.Mail{}, false, err
	}
	p := notify.Proof{
		Addressing: l.Addressing, About: l.About, Payer: l.order.Payer.Name, Until: l.Event.EvidenceUntil(), Reason: x.Reason,
		Different: x.State == registration.EvidenceRefused,
	}
	p.To, p.Link = r.Person, m.ownLink(l, r)
	return p.Mail(), true, nil
}

// refusedPerson tells of one person who was not approved: that person, where the job has an address, else the payer.
func (m *mailer) refusedPerson(ctx context.Context, l *letter, what store.Mail) (notify.Mail, bool, error) {
	r := l.order.Registration(what.Registration)
	x, err := m.evidenceOf(ctx, l, what.Registration)
	if err != nil || r == nil {
		return notify.Mail{}, false, err
	}
	n := notify.RefusedPerson{Addressing: l.Addressing, About: l.About, Person: r.Person.Name, Payer: l.order.Payer.Name, Own: what.Email != "", Reason: x.Reason}
	if c := l.Event.Category(r.Category()); c != nil && !r.Gone {
		n.Category = c.Name.In(l.Lang)
	}
	if n.Own {
		n.To, n.Link = registration.Person{Name: r.Person.Name, Email: what.Email}, ""
		return n.Mail(), true, nil
	}
	n.Own = !l.group()
	for _, cur := range l.order.Prices.Currencies() {
		n.Totals = append(n.Totals, registration.Money{Minor: l.order.Prices[cur], Cur: cur})
	}
	return n.Mail(), true, nil
}
