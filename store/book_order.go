package store

import (
	"cmp"
	"fmt"
	"time"

	"foyer/registration"
)

// MoveOrder changes the order's state by a guarded update and writes its audit row.
func (b *book) MoveOrder(to registration.OrderState, actor, reason string) error {
	if err := moveOrder(b.tx, b.order, to, actor, reason); err != nil {
		return err
	}
	return nil
}

// moveOrder is the one place where an existing order's state changes, but for expiry and renewal, whose guards say more.
func moveOrder(tx *Tx, o *registration.Order, to registration.OrderState, actor, reason string) error {
	if err := tx.NeedOrder(o.ID); err != nil {
		return err
	}
	if !o.State.CanBecome(to) {
		return fmt.Errorf("order %s: %s cannot become %s", o.Code, o.State, to)
	}
	var paidAt *int64
	if to == registration.OrderPaid {
		now := ms(tx.Now())
		paidAt = &now
	}
	n, err := tx.Exec(`UPDATE orders SET state = $3, paid_at = COALESCE($4, paid_at) WHERE id = $1 AND state = $2`,
		o.ID, o.State, to, paidAt)
	if err != nil {
		return fmt.Errorf("move order: %w", err)
	}
	if n == 0 {
		return moved("order")
	}
	from := o.State
	o.State = to
	return auditRow(tx, audit{actor: actor, what: "order", eventID: o.EventID, orderID: o.ID, from: string(from), to: string(to), reason: reason})
}

// Hold takes the order's places again if it has none; false when some are gone, and then none was taken, and when the event was called off
// before the change began: nobody pays for it any more.
func (b *book) Hold() (bool, error) {
	if b.around.event.CalledOff() {
		return false, nil
	}
	if b.amendment != nil {
		return b.amendment.hold(b.tx, b.order.EventID)
	}
	if b.places != placesNone {
		return true, nil
	}
	if ok, err := b.mayUseAgain(); err != nil || !ok {
		return false, err
	}
	if ok, err := retakePlaces(b.tx, b.order.EventID, b.taken); err != nil || !ok {
		return false, err
	}
	return true, b.setPlaces(placesHeld)
}

// retakePlaces holds places again, all or none; false when some are gone.
func retakePlaces(tx *Tx, eventID string, taken map[string]int64) (bool, error) {
	kept, err := keptLeft(tx, eventID, taken)
	if err != nil {
		return false, err
	}
	for key, n := range taken {
		id := quotaID(eventID, key)
		if err := tx.NeedQuota(id); err != nil {
			return false, err
		}
		left, err := placesLeft(tx, id)
		if err != nil {
			return false, fmt.Errorf("read places: %w", err)
		}
		if left+kept[key] < n && !isKept(key) {
			return false, nil
		}
	}
	rest, err := bringKept(tx, eventID, taken)
	if err != nil {
		return false, err
	}
	return true, takePlaces(tx, eventID, rest, false)
}

// PayOrder makes the order paid since its money came, and its held places sold, with its audit row, and fixes its currency if none is fixed.
func (b *book) PayOrder(c registration.Currency, actor, reason string) error {
	o, from := b.order, b.order.State
	if err := b.tx.NeedOrder(o.ID); err != nil {
		return err
	}
	if b.places != placesHeld || !from.CanBecome(registration.OrderPaid) {
		return fmt.Errorf("order %s: it is %s and its places are %s, so that it cannot be paid", o.Code, from, b.places)
	}
	if err := b.sell(); err != nil {
		return err
	}
	paidAt := b.tx.Now()
	if came := b.payment.PaidAt; !came.IsZero() && came.Before(paidAt) {
		paidAt = came
	}
	o.Currency = cmp.Or(o.Currency, c)
	n, err := b.tx.Exec(`UPDATE orders SET state = $2, paid_at = $3, places = $4, currency = $5,
			hold_until = CASE WHEN hold_until < $6 THEN $6 ELSE hold_until END WHERE id = $1 AND state = $7 AND places = $8`,
		o.ID, registration.OrderPaid, ms(paidAt), placesSold, o.Currency, ms(b.keep), from, b.places)
	if err != nil {
		return fmt.Errorf("pay order: %w", err)
	}
	if n == 0 {
		return moved("order")
	}
	o.State, b.places, b.keep = registration.OrderPaid, placesSold, time.Time{}
	return auditRow(b.tx, audit{actor: actor, what: "order", eventID: o.EventID, orderID: o.ID, from: string(from), to: string(o.State), reason: reason})
}

// sell turns the order's held places into sold ones, with those of the other orders of the batch if there is one.
func (b *book) sell() error {
	if b.batch == nil {
		return movePlaces(b.tx, sellHeld, b.order.EventID, b.taken)
	}
	for _, id := range quotaIDs(b.order.EventID, b.taken) {
		if err := b.tx.NeedQuota(id); err != nil {
			return err
		}
	}
	for key, n := range b.taken {
		b.batch.sold[quotaID(b.order.EventID, key)] += n
	}
	return nil
}

// Release gives the order's places back, held or sold, once.
func (b *book) Release() error {
	if b.amendment != nil {
		return b.amendment.release(b.tx, b.order.EventID)
	}
	return b.releaseOrder()
}

// releaseOrder gives back what the order itself has.
func (b *book) releaseOrder() error {
	query := giveBackHeld
	switch b.places {
	case placesNone:
		return nil
	case placesSold:
		query = giveBackSold
	}
	if err := movePlaces(b.tx, query, b.order.EventID, b.taken); err != nil {
		return err
	}
	return b.setPlaces(placesNone)
}

func (b *book) setPlaces(to string) error {
	n, err := b.tx.Exec(`UPDATE orders SET places = $3 WHERE id = $1 AND places = $2`, b.order.ID, b.places, to)
	if err != nil {
		return fmt.Errorf("set places: %w", err)
	}
	if n == 0 {
		return moved("places")
	}
	b.places = to
	return nil
}

// KeepHold keeps the order's places held until then, if that is later than agreed so far.
func (b *book) KeepHold(until time.Time) error {
	query, id := `UPDATE orders SET hold_until = $2 WHERE id = $1 AND hold_until < $2`, b.order.ID
	if b.amendment == nil && b.around.event.Unpaid == registration.UnpaidReprice {
		until = registration.Sooner(until, b.order.HoldLimit)
	}
	if b.amendment != nil {
		query, id = `UPDATE amendments SET hold_until = $2 WHERE id = $1 AND hold_until < $2`, b.amendment.ID
	}
	if b.amendment == nil && b.batch != nil {
		if until.After(b.keep) {
			b.keep = until
		}
		return nil
	}
	_, err := b.tx.Exec(query, id, ms(until))
	if err != nil {
		return fmt.Errorf("keep hold: %w", err)
	}
	return nil
}

// FixCurrency writes the order's currency with the first money.
func (b *book) FixCurrency(c registration.Currency) error {
	if b.order.Currency != "" {
		return nil
	}
	if _, err := b.tx.Exec(`UPDATE orders SET currency = $2 WHERE id = $1 AND currency = ''`, b.order.ID, c); err != nil {
		return fmt.Errorf("fix currency: %w", err)
	}
	b.order.Currency = c
	return nil
}
