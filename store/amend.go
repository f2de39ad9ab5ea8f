package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// NewAmendment is what is to become of a paid order.
type NewAmendment struct {
	Parts  []registration.Part // of the registrations that change; registration.Event.Amend makes their lines
	Seen   []registration.Part // what the order was when this was decided, as Order.Parts gives it; nil: whatever it is
	Actor  string              // payments.ActorAttendee, or staff:ADDRESS
	Reason string              // for the audit; attendees read it where staff asks for the difference
	Hold   time.Duration       // places that it adds are held so long while the difference is unpaid
	Max    time.Duration       // starting payments never extends that hold past this; less than Hold: Hold
	Back   payments.Back       // what goes back when the order becomes cheaper
}

// Amended is what became of a NewAmendment.
type Amended struct {
	ID      string // of the amendment; "" when nothing was to be changed
	State   registration.AmendmentState
	Due     registration.Prices // what is to be paid, per currency that may be chosen; nil when nothing is
	Refunds []payments.Refund   // that were asked for; the caller wakes the Cashier
}

// Amend changes what a paid order holds.
//
// A change that costs nothing more is applied at once: the order has its new lines and places when Amend returns, and what Back says is
// asked back. One that costs more makes the order's next Charge: what it adds is held for Hold, and the order stays paid and as it was
// until a payment of the charge is confirmed; then it is applied in the same transaction. When the hold ends unpaid the amendment has
// lapsed and nothing has changed.
//
// Staff who ask for a difference, such as that of a refused student ID, call it with the lines of the dearer category, their own Actor,
// a Reason that the attendee reads, and a long Hold, days or weeks: the attendee gets a mail and pays on the order's page. An attendee's
// own change has the hold of an order.
//
// It fails with CodeFull when places are missing, with CodeInvalid when the order is to have something without a price in its currency,
// and with CodeConflict when the order is not paid or not as Seen, or another change of it waits for its money. Withdraw ends that one.
// Papers that it adds are taken like places, with CodeConflict, key papers.covered, when somebody else has one; whether they are listed is
// the caller's to look at.
func (s *Store) Amend(ctx context.Context, orderID string, c NewAmendment) (Amended, error) {
	return s.amendWith(ctx, orderID, c, func(*Tx) error { return nil })
}

// amendWith is Amend with something more in the same transaction.
func (s *Store) amendWith(ctx context.Context, orderID string, c NewAmendment, also func(*Tx) error) (Amended, error) {
	o, err := s.Order(ctx, orderID)
	if err != nil {
		return Amended{}, err
	}
	e, err := s.EventByID(ctx, o.EventID)
	if err != nil {
		return Amended{}, err
	}
	a, err := c.plan(e, o, s.Now())
	if err != nil || a == nil {
		return Amended{}, err
	}
	if err := s.givePapers(ctx, o, a); err != nil {
		return Amended{}, err
	}
	paid, err := s.Payments(ctx, orderID)
	if err != nil {
		return Amended{}, err
	}
	quotas := map[string]int64{}
	a.touch(quotas)
	if err := s.touchKept(ctx, orderID, quotas); err != nil {
		return Amended{}, err
	}
	locks := Locks{Quotas: quotaIDs(e.ID, quotas), Orders: []string{orderID}, Series: []string{seriesOf(e, kindCorrection)}}
	for _, p := range paid {
		locks.Payments = append(locks.Payments, p.ID)
	}
	var done Amended
	err = s.Write(ctx, locks, func(tx *Tx) error {
		fresh := *a
		var err error
		done, err = c.amend(tx, around{orderID: orderID, event: e, keys: s.keys, taken: map[string]int64{}}, &fresh)
		if err != nil {
			return err
		}
		return also(tx)
	})
	return done, err
}

// plan makes the amendment of a change of the order as it was read; nil when it changes nothing.
func (c *NewAmendment) plan(e *registration.Event, o *registration.Order, now time.Time) (*Amendment, error) {
	before := o.Parts()
	if c.Seen != nil && !registration.SameParts(before, c.Seen) {
		return nil, registration.Fail(registration.CodeConflict, "order.moved")
	}
	after, ok := registration.Replaced(before, c.Parts)
	if !ok {
		return nil, registration.Fail(registration.CodeConflict, "order.moved")
	}
	papers := registration.AddedPapers(c.Parts)
	if registration.SameParts(before, after) && len(papers) == 0 {
		return nil, nil
	}
	if len(registration.LinesOf(after)) == 0 {
		return nil, registration.Fail(registration.CodeInvalid, "change.nobody") // that is a cancellation of the order
	}
	more, ok := o.Difference(after)
	if !ok {
		return nil, registration.Fail(registration.CodeInvalid, "change.currency")
	}
	takes, gives := o.MovedPlaces(e, after)
	registration.TakePapers(takes, papers)
	return &Amendment{
		ID: newID(), OrderID: o.ID, State: registration.AmendmentApplied, Places: placesNone, Takes: takes, Gives: gives, Before: before, After: after,
		Prices: more, Actor: c.Actor, Reason: c.Reason, HoldUntil: now.Add(c.Hold), HoldLimit: now.Add(max(c.Hold, c.Max)), told: answersIn(o),
	}, nil
}

// answersIn are the answers of each registration of an order.
func answersIn(o *registration.Order) []registration.Answers {
	all := make([]registration.Answers, len(o.Registrations))
	for i := range o.Registrations {
		all[i] = o.Registrations[i].Answers
	}
	return all
}

// planned reports whether the order is still what the change was planned for.
func (a *Amendment) planned(o *registration.Order) bool {
	return registration.SameParts(o.Parts(), a.Before) && slices.EqualFunc(answersIn(o), a.told, registration.Answers.Equal)
}

// costsMore reports whether the amendment asks for money in a currency.
func (a *Amendment) costsMore() bool {
	for _, v := range a.Prices {
		if v > 0 {
			return true
		}
	}
	return false
}

// amend is Amend under the order's lock.
func (c *NewAmendment) amend(tx *Tx, around around, a *Amendment) (Amended, error) {
	o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, a.OrderID))
	if err != nil {
		return Amended{}, err
	}
	if o.Registrations, err = registrationsIn(tx, o.ID); err != nil {
		return Amended{}, err
	}
	if o.State != registration.OrderPaid || !a.planned(o) {
		return Amended{}, registration.Fail(registration.CodeConflict, "order.moved")
	}
	if err := mayAmend(tx, o); err != nil {
		return Amended{}, err
	}
	a.CreatedAt = tx.Now()
	if a.costsMore() {
		return c.ask(tx, o, a)
	}
	return c.apply(tx, around, o, a)
}

// mayAmend refuses a change while another one waits for its money, or money is on its way that nobody knows of yet.
func mayAmend(tx *Tx, o *registration.Order) error {
	open, err := openAmendment(tx, o.ID)
	if err != nil {
		return err
	}
	if open != nil {
		return registration.Fail(registration.CodeConflict, "change.pending")
	}
	var busy int64
	if err := tx.Row(`SELECT COUNT(*) FROM payments WHERE order_id = $1 AND state IN ('confirming', 'unknown')`, o.ID).Scan(&busy); err != nil {
		return fmt.Errorf("look for payments: %w", err)
	}
	if busy > 0 {
		return registration.Fail(registration.CodeConflict, "change.paying")
	}
	return nil
}

// ask holds what the amendment adds and makes the charge of the difference.
func (c *NewAmendment) ask(tx *Tx, o *registration.Order, a *Amendment) (Amended, error) {
	if err := takePlaces(tx, o.EventID, a.Takes, false); err != nil {
		return Amended{}, err
	}
	last, err := openCharge(tx, o.ID)
	if err != nil {
		return Amended{}, err
	}
	due := a.Due()
	a.State, a.Places, a.ChargeID = registration.AmendmentPending, placesHeld, newID()
	if _, err := insertCharges.run(tx, []any{a.ChargeID, o.ID, int64(last.No + 1), toJSON(due), ms(tx.Now())}); err != nil {
		return Amended{}, fmt.Errorf("insert charge: %w", err)
	}
	if err := insertAmendment(tx, a); err != nil {
		return Amended{}, err
	}
	if c.Actor != payments.ActorAttendee {
		if err := addMail(tx, Mail{Kind: payments.MailAmendDue, OrderID: o.ID}); err != nil {
			return Amended{}, err
		}
	}
	return Amended{ID: a.ID, State: a.State, Due: due}, a.audit(tx, o.EventID, "", c.Actor, c.Reason)
}

// apply makes a change that costs nothing more.
func (c *NewAmendment) apply(tx *Tx, around around, o *registration.Order, a *Amendment) (Amended, error) {
	paid, err := booksOf(tx, around)
	if err != nil {
		return Amended{}, err
	}
	if c.Back.Kept != nil && keeps(paid) != *c.Back.Kept {
		return Amended{}, registration.Fail(registration.CodeConflict, "order.moved")
	}
	if err := a.samePapers(tx); err != nil {
		return Amended{}, err
	}
	if err := takePlaces(tx, o.EventID, a.Takes, true); err != nil {
		return Amended{}, err
	}
	b := &book{tx: tx, around: around, orderPlaces: orderPlaces{order: o}}
	if err := b.readPlaces(); err != nil {
		return Amended{}, err
	}
	a.EndedAt = tx.Now()
	if err := insertAmendment(tx, a); err != nil {
		return Amended{}, err
	}
	if err := a.audit(tx, o.EventID, "", c.Actor, c.Reason); err != nil {
		return Amended{}, err
	}
	if _, err := applyAmendment(tx, around.event, o, a, b.taken); err != nil {
		return Amended{}, err
	}
	asked, err := refundRest(around, paid, c.Actor, c.Reason, "amend-"+a.ID, c.Back)
	if err != nil {
		return Amended{}, err
	}
	if err := a.mailLeaving(tx, o); err != nil {
		return Amended{}, err
	}
	return Amended{ID: a.ID, State: a.State, Refunds: asked}, addMail(tx, Mail{Kind: payments.MailAmended, OrderID: o.ID})
}

// openAmendment reads the change of an order that waits for its money; nil when there is none.
func openAmendment(tx *Tx, orderID string) (*Amendment, error) {
	rows, err := tx.Rows(`SELECT `+amendmentColumns+` FROM amendments WHERE order_id = $1 AND state = 'pending'`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read amendment: %w", err)
	}
	all, err := scanAll(rows, scanAmendment)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Withdraw ends the change of an order that waits for its money, and gives back what it holds, once. A second call is harmless.
//
// It fails with CodeConflict while a payment of it is being confirmed or a deposit may be on its way.
func (s *Store) Withdraw(ctx context.Context, orderID, actor, reason string) error {
	list, err := s.Amendments(ctx, orderID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State == registration.AmendmentPending {
			return s.endAmendment(ctx, &list[i], func(tx *Tx, a *Amendment, eventID string) error {
				busy, err := a.paying(tx)
				if err != nil {
					return err
				}
				if busy {
					return registration.Fail(registration.CodeConflict, "change.paying")
				}
				return errors.Join(a.move(tx, eventID, registration.AmendmentWithdrawn, actor, reason), a.mailOver(tx))
			})
		}
	}
	return nil
}

// paying reports whether money for the amendment may be on its way.
func (a *Amendment) paying(tx *Tx) (bool, error) {
	var busy int64
	err := tx.Row(`SELECT COUNT(*) FROM payments WHERE charge_id = $1 AND (state IN ('confirming', 'unknown')
		OR state = 'awaiting_deposit' AND asked NOT IN ('on_site', 'pay_later'))`, a.ChargeID).Scan(&busy)
	if err != nil {
		return false, fmt.Errorf("look for payments: %w", err)
	}
	return busy > 0, nil
}

// changes reports whether the amendment is about the registration.
func (a *Amendment) changes(registrationID string) bool {
	for i := range a.After {
		if a.After[i].ID == registrationID {
			return !registration.SameParts(a.Before[i:i+1], a.After[i:i+1])
		}
	}
	return false
}

// endAmendment ends a pending amendment by how, and gives back what it holds.
func (s *Store) endAmendment(ctx context.Context, known *Amendment, how func(tx *Tx, a *Amendment, eventID string) error) error {
	var eventID string
	if err := s.Row(ctx, `SELECT event_id FROM orders WHERE id = $1`, known.OrderID).Scan(&eventID); err != nil {
		return notFound(err, "order.unknown")
	}
	locks := Locks{Quotas: quotaIDs(eventID, known.Takes), Orders: []string{known.OrderID}}
	return s.Write(ctx, locks, func(tx *Tx) error {
		if err := tx.NeedOrder(known.OrderID); err != nil {
			return err
		}
		a, err := scanAmendment(tx.Row(`SELECT `+amendmentColumns+` FROM amendments WHERE id = $1`, known.ID))
		if err != nil {
			return err
		}
		if a.State != registration.AmendmentPending {
			return nil // somebody was first
		}
		if err := how(tx, &a, eventID); err != nil || a.State == registration.AmendmentPending {
			return err
		}
		return a.release(tx, eventID)
	})
}

const amendmentEnded = `state = 'pending' AND hold_until <= $1 AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.charge_id = amendments.charge_id
	AND (p.state IN ('confirming', 'unknown') OR (p.state = 'awaiting_deposit' AND p.deadline = 0)))`

// lapseAmendments ends changes whose hold has run out unpaid, by the rules of ExpireHolds, and returns how many.
func (s *Store) lapseAmendments(ctx context.Context) (int, error) {
	rows, err := s.Rows(ctx, `SELECT `+amendmentColumns+` FROM amendments WHERE `+amendmentEnded+` ORDER BY hold_until LIMIT 500`, ms(s.Now()))
	if err != nil {
		return 0, fmt.Errorf("find ended holds of changes: %w", err)
	}
	ended, err := scanAll(rows, scanAmendment)
	if err != nil {
		return 0, fmt.Errorf("find ended holds of changes: %w", err)
	}
	count := 0
	for i := range ended {
		err := s.endAmendment(ctx, &ended[i], func(tx *Tx, a *Amendment, eventID string) error {
			var still int64
			if err := tx.Row(`SELECT COUNT(*) FROM amendments WHERE id = $2 AND `+amendmentEnded, ms(tx.Now()), a.ID).Scan(&still); err != nil || still == 0 {
				return err
			}
			count++
			return errors.Join(a.move(tx, eventID, registration.AmendmentLapsed, payments.ActorSystem, ""), a.mailOver(tx))
		})
		if err != nil {
			return count, fmt.Errorf("change %s: %w", ended[i].ID, err)
		}
	}
	return count, nil
}

// withdrawWith ends the change that waits for its money when its order ends.
func withdrawWith(tx *Tx, o *registration.Order, actor, reason string) error {
	if o.Changed == 0 {
		return nil
	}
	a, err := openAmendment(tx, o.ID)
	if err != nil || a == nil {
		return err
	}
	if err := a.move(tx, o.EventID, registration.AmendmentWithdrawn, actor, reason); err != nil {
		return err
	}
	return a.release(tx, o.EventID)
}
