package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"foyer/registration"
)

// MailRefusedPerson tells of one person of an order who was not approved: its payer, and, with an Email, that person.
const MailRefusedPerson = "person_not_approved"

// PersonRefusal ends what one person of a group has applied for, while nothing of their order can be paid yet.
type PersonRefusal struct {
	RegistrationID string
	Version        string              // Evidence.Version of what was seen
	Lines          []registration.Line // of another category that the person has instead; nil: they are taken out
	Reason         string              // mailed to the payer and the person
	Actor          string
}

// RefusePerson refuses one person of an order that waits for approval; o is the order as it was seen. They are taken out, with their places, papers and use of a code, or
// get another category at the price in Lines; the others stay, and the order has its new total. When nothing else is waited for it can be
// paid. The last person of an order takes it with them; see RefuseApproval.
//
// It fails with CodeConflict when the evidence or the order has changed since they were seen, or the order does not wait any more, and with
// CodeFull when the other category has no places.
func (s *Store) RefusePerson(ctx context.Context, o *registration.Order, r PersonRefusal) error {
	after, ok := registration.Replaced(o.Parts(), []registration.Part{{ID: r.RegistrationID, Lines: r.Lines, Cancelled: r.Lines == nil}})
	if !ok {
		return moved("order")
	}
	if len(registration.LinesOf(after)) == 0 {
		return s.RefuseApproval(ctx, o.ID, r.RegistrationID, r.Version, r.Reason, r.Actor)
	}
	around, locks, err := s.aroundOrder(ctx, o.ID)
	if err != nil {
		return err
	}
	a := &Amendment{OrderID: o.ID, Before: o.Parts(), After: after, Reason: r.Reason, told: answersIn(o)}
	a.Takes, a.Gives = o.MovedPlaces(around.event, after)
	if err := s.givePapers(ctx, o, a); err != nil {
		return err
	}
	locks.Quotas = append(locks.Quotas, quotaIDs(around.event.ID, a.Takes)...)
	slices.Sort(locks.Quotas)
	locks.Quotas = slices.Compact(locks.Quotas)
	return s.Write(ctx, locks, func(tx *Tx) error {
		d, err := r.seen(tx, around, a)
		if err != nil {
			return err
		}
		return r.take(d, a)
	})
}

// seen opens the order, as it must still be.
func (r *PersonRefusal) seen(tx *Tx, around around, a *Amendment) (*decision, error) {
	if err := tx.NeedOrder(a.OrderID); err != nil {
		return nil, err
	}
	o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, a.OrderID))
	if err != nil {
		return nil, err
	}
	if o.Registrations, err = registrationsIn(tx, o.ID); err != nil {
		return nil, err
	}
	if o.State != registration.OrderAwaiting || !a.planned(o) {
		return nil, moved("order")
	}
	if err := a.samePapers(tx); err != nil {
		return nil, err
	}
	return &decision{tx: tx, a: around, order: o}, nil
}

// take makes the order what it is without the person, or with them in another category.
func (r *PersonRefusal) take(d *decision, a *Amendment) error {
	x, err := d.read(r.RegistrationID)
	if err != nil {
		return err
	}
	if err := d.settle(x, r.Version, registration.EvidenceRefused, r.Actor, r.Reason); err != nil {
		return err
	}
	if _, err := d.tx.Exec(`UPDATE evidence SET before_payment = FALSE WHERE registration_id = $1 AND order_id = $2`, x.RegistrationID, d.order.ID); err != nil {
		return fmt.Errorf("close evidence: %w", err)
	}
	if err := takePlaces(d.tx, d.order.EventID, a.Takes, false); err != nil {
		return err
	}
	b := &book{tx: d.tx, around: d.a, orderPlaces: orderPlaces{order: d.order}}
	if err := b.readPlaces(); err != nil {
		return err
	}
	if _, err := applyAmendment(d.tx, d.a.event, d.order, a, b.taken); err != nil {
		return err
	}
	if _, err := d.tx.Exec(`UPDATE charges SET prices = $2 WHERE order_id = $1 AND no = 1`, d.order.ID, toJSON(d.order.Prices)); err != nil {
		return fmt.Errorf("price order: %w", err)
	}
	return r.tell(d, x)
}

// tell writes down what became of the person, mails it, and lets the order be paid when nothing else is missing.
func (r *PersonRefusal) tell(d *decision, x Evidence) error {
	to := "taken_out"
	if r.Lines != nil {
		to = "moved"
	}
	err := auditRow(d.tx, audit{actor: r.Actor, what: "registration", eventID: d.order.EventID, orderID: d.order.ID, to: to, reason: x.Name + ": " + r.Reason})
	if err != nil {
		return err
	}
	if err := findAgain(d.tx, d.order.ID); err != nil {
		return err
	}
	i := slices.IndexFunc(d.order.Registrations, func(p registration.Registration) bool { return p.ID == r.RegistrationID })
	mails := []string{"", d.order.Registrations[i].Person.Email}
	if d.order.Payer == (registration.Person{}) { // they pay for themselves
		mails = mails[:1]
	}
	for _, email := range mails {
		if err := addMail(d.tx, Mail{Kind: MailRefusedPerson, OrderID: d.order.ID, Registration: r.RegistrationID, Email: email}); err != nil {
			return err
		}
	}
	return d.open(r.Actor)
}

// samePapers refuses a change when those whom it cancels cover other papers than when it was planned.
func (a *Amendment) samePapers(tx *Tx) error {
	planned := maps.Clone(a.Gives)
	maps.DeleteFunc(planned, func(key string, _ int64) bool { return !registration.IsPaperQuota(key) })
	now := map[string]int64{}
	for _, position := range a.leaving() {
		numbers, err := coveredBy(tx, a.OrderID, position)
		if err != nil {
			return err
		}
		registration.TakePapers(now, numbers)
	}
	if !maps.Equal(planned, now) {
		return moved("papers")
	}
	return nil
}
