package store

import (
	"context"
	"fmt"
	"maps"

	"foyer/registration"
)

// aroundAmendment adds the quotas that a charge's amendment may touch to those of its order.
func (s *Store) aroundAmendment(ctx context.Context, chargeID string, quotas map[string]int64) error {
	a, err := scanAmendment(s.Row(ctx, `SELECT `+amendmentColumns+` FROM amendments WHERE charge_id = $1`, chargeID))
	if err != nil {
		return notFound(err, "order.unknown")
	}
	a.touch(quotas)
	return nil
}

// touch adds the quotas that the amendment moves places of.
func (a *Amendment) touch(quotas map[string]int64) {
	for _, moved := range []map[string]int64{a.Takes, a.Gives} {
		for key := range moved {
			quotas[key] += 0
		}
	}
}

// touchKept adds the quotas of places that a code had kept for the order.
func (s *Store) touchKept(ctx context.Context, orderID string, quotas map[string]int64) error {
	var text string
	if err := s.Row(ctx, `SELECT taken FROM orders WHERE id = $1`, orderID).Scan(&text); err != nil {
		return fmt.Errorf("read places: %w", err)
	}
	taken := map[string]int64{}
	err := fromJSON(text, &taken)
	for key := range taken {
		if isKept(key) {
			quotas[key] += 0
		}
	}
	return err
}

// readAmendment reads what a later charge is for, and whether its order is still as it was agreed to.
func (b *book) readAmendment() error {
	if b.charge.No == 1 {
		return nil
	}
	a, err := scanAmendment(b.tx.Row(`SELECT `+amendmentColumns+` FROM amendments WHERE charge_id = $1`, b.charge.ID))
	if err != nil {
		return notFound(err, "order.unknown")
	}
	if b.order.Registrations, err = registrationsIn(b.tx, b.order.ID); err != nil {
		return err
	}
	var others int64
	err = b.tx.Row(`SELECT COUNT(*) FROM amendments WHERE order_id = $1 AND state = 'pending' AND id <> $2`, b.order.ID, a.ID).Scan(&others)
	if err != nil {
		return fmt.Errorf("look for amendments: %w", err)
	}
	b.amendment = &a
	b.charge.Amendment = a.sees(b.order.Parts(), others > 0)
	return nil
}

// registrationsIn reads the registrations of an order inside a write.
func registrationsIn(tx *Tx, orderID string) ([]registration.Registration, error) {
	rows, err := tx.Rows(registrationsOf, orderID)
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	all, err := scanAll(rows, scanRegistration)
	if err != nil {
		return nil, fmt.Errorf("read registrations: %w", err)
	}
	return all, nil
}

// MoveAmendment changes the state of the charge's amendment. See payments.Book.
func (b *book) MoveAmendment(to registration.AmendmentState, actor, reason string) error {
	a := b.amendment
	if err := a.move(b.tx, b.order.EventID, to, actor, reason); err != nil {
		return err
	}
	b.charge.Amendment.State = to
	if to != registration.AmendmentApplied {
		return nil
	}
	if a.Places != placesHeld {
		return fmt.Errorf("amendment %s: places are %s, not held", a.ID, a.Places)
	}
	if err := movePlaces(b.tx, sellHeld, b.order.EventID, a.Takes); err != nil {
		return err
	}
	if err := a.setPlaces(b.tx, placesNone); err != nil {
		return err
	}
	taken, err := applyAmendment(b.tx, b.around.event, b.order, a, b.taken)
	b.taken = taken
	return err
}

// applyAmendment makes an order that is paid, or waits for approval, what an amendment says. What it adds is sold, or held, already; what it takes away is given back here, as far
// as the order has it. taken are the order's places before; it returns those after.
func applyAmendment(tx *Tx, e *registration.Event, o *registration.Order, a *Amendment, taken map[string]int64) (map[string]int64, error) {
	after, gives := placesAfter(taken, a.Takes, a.Gives)
	giveBack, places, state := giveBackSold, placesSold, registration.OrderPaid
	if o.State == registration.OrderAwaiting {
		giveBack, places, state = giveBackHeld, placesHeld, registration.OrderAwaiting
	}
	if err := movePlaces(tx, giveBack, o.EventID, gives); err != nil {
		return nil, err
	}
	for _, p := range a.After {
		if err := applyPart(tx, o, p); err != nil {
			return nil, err
		}
		if err := leaveAnswers(tx, e, o, p, a.Gives); err != nil {
			return nil, err
		}
	}
	if err := a.coverAnew(tx, o.EventID); err != nil {
		return nil, err
	}
	if err := a.reask(tx, e); err != nil {
		return nil, err
	}
	lines := registration.LinesOf(a.After)
	o.Prices = registration.Total(lines)
	n, err := tx.Exec(`UPDATE orders SET taken = $2, prices = $3, category = $4 WHERE id = $1 AND state = $5 AND places = $6`,
		o.ID, toJSON(after), toJSON(o.Prices), lines[0].ID, state, places)
	if err != nil {
		return nil, fmt.Errorf("amend order: %w", err)
	}
	if n == 0 {
		return nil, moved("order")
	}
	return after, nil
}

// placesAfter is what an order with these places has when it takes more and gives back, and what it gives back really.
func placesAfter(taken, takes, wanted map[string]int64) (after, gives map[string]int64) {
	after, gives = map[string]int64{}, map[string]int64{}
	for key, n := range taken {
		gives[key] = min(wanted[key], n) // the event may have come to count more since the order was made
		after[key] = n - gives[key]
		if gives[key] == 0 {
			delete(gives, key)
		}
	}
	for key, n := range takes {
		after[key] += n
	}
	for key, n := range taken { // a code keeps its place again once the order has too few for it
		if _, quota, kept := registration.KeptFor(key); kept && n > after[quota] {
			gives[key], after[key] = n-after[quota], after[quota]
		}
	}
	maps.DeleteFunc(after, func(_ string, n int64) bool { return n == 0 })
	return after, gives
}

// leaveAnswers takes out what a registration has answered whose places went back with its category.
func leaveAnswers(tx *Tx, e *registration.Event, o *registration.Order, p registration.Part, gives map[string]int64) error {
	r := o.Registration(p.ID)
	if r == nil || p.Cancelled || e == nil {
		return nil
	}
	kept := r.Answers.Leaves(e, p, gives)
	if kept.Equal(r.Answers) {
		return nil
	}
	if _, err := tx.Exec(`UPDATE registrations SET answers = $3 WHERE order_id = $1 AND id = $2`, o.ID, p.ID, answersText(kept)); err != nil {
		return fmt.Errorf("leave answers: %w", err)
	}
	return nil
}

// applyPart writes what one registration has now.
func applyPart(tx *Tx, o *registration.Order, p registration.Part) error {
	cancelled := int64(0)
	if p.Cancelled {
		cancelled = ms(tx.Now())
	}
	n, err := tx.Exec(`UPDATE registrations SET lines = $3, cancelled_at = CASE WHEN cancelled_at > 0 THEN cancelled_at ELSE $4 END WHERE order_id = $1 AND id = $2`,
		o.ID, p.ID, toJSON(p.Lines), cancelled)
	if err != nil {
		return fmt.Errorf("amend registration: %w", err)
	}
	if n != 1 {
		return moved("registration")
	}
	return nil
}
