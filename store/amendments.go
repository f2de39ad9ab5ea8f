package store

import (
	"context"
	"fmt"
	"maps"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// Amendment is a change of what a paid order holds. Times are UTC.
type Amendment struct {
	ID         string
	OrderID    string
	ChargeID   string // "" when nothing is to be paid
	State      registration.AmendmentState
	Places     string           // held or none
	Takes      map[string]int64 // places by quota that it adds
	Gives      map[string]int64 // places by quota that it gives back when it is applied
	Before     []registration.Part
	After      []registration.Part
	Prices     registration.Prices // what the order costs more, per currency; below 0 when it costs less
	HoldUntil  time.Time
	HoldLimit  time.Time
	Extensions int
	Actor      string // who wanted it
	Reason     string
	CreatedAt  time.Time
	EndedAt    time.Time // zero while pending

	told []registration.Answers // of each registration when the change was planned: they say what a person who leaves gives back
}

const amendmentColumns = `id, order_id, charge_id, state, places, takes, gives, before, after, prices, hold_until, hold_limit, extensions, actor, reason, created_at, ended_at`

func scanAmendment(row scanner) (a Amendment, err error) {
	var until, limit, created, ended int64
	var takes, gives, before, after, prices string
	err = row.Scan(&a.ID, &a.OrderID, &a.ChargeID, &a.State, &a.Places, &takes, &gives, &before, &after, &prices, &until, &limit, &a.Extensions,
		&a.Actor, &a.Reason, &created, &ended)
	if err != nil {
		return a, err
	}
	a.HoldUntil, a.HoldLimit, a.CreatedAt, a.EndedAt = at(until), at(limit), at(created), at(ended)
	for _, c := range []struct {
		text string
		into any
	}{{takes, &a.Takes}, {gives, &a.Gives}, {before, &a.Before}, {after, &a.After}, {prices, &a.Prices}} {
		if err := fromJSON(c.text, c.into); err != nil {
			return a, err
		}
	}
	return a, nil
}

// Amendments lists the changes of an order, the first one first.
func (s *Store) Amendments(ctx context.Context, orderID string) ([]Amendment, error) {
	rows, err := s.Rows(ctx, `SELECT `+amendmentColumns+` FROM amendments WHERE order_id = $1 ORDER BY id`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read amendments: %w", err)
	}
	return scanAll(rows, scanAmendment)
}

func insertAmendment(tx *Tx, a *Amendment) error {
	_, err := tx.Exec(`INSERT INTO amendments (`+amendmentColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		a.ID, a.OrderID, a.ChargeID, a.State, a.Places, toJSON(a.Takes), toJSON(a.Gives), toJSON(a.Before), toJSON(a.After), toJSON(a.Prices),
		ms(a.HoldUntil), ms(a.HoldLimit), a.Extensions, a.Actor, a.Reason, ms(a.CreatedAt), ms(a.EndedAt))
	if err != nil {
		return fmt.Errorf("insert amendment: %w", err)
	}
	_, err = tx.Exec(`UPDATE orders SET changed = changed + 1 WHERE id = $1`, a.OrderID)
	if err != nil {
		return fmt.Errorf("count amendments: %w", err)
	}
	return nil
}

// money is the difference where there is one currency only, for the audit.
func (a *Amendment) money() *registration.Money {
	for cur, minor := range a.Prices {
		if len(a.Prices) == 1 {
			return &registration.Money{Minor: minor, Cur: cur}
		}
	}
	return nil
}

// audit writes the row of an amendment's change of state.
func (a *Amendment) audit(tx *Tx, eventID string, from registration.AmendmentState, actor, reason string) error {
	return auditRow(tx, audit{
		actor: actor, what: "amendment", eventID: eventID, orderID: a.OrderID, from: string(from), to: string(a.State), amount: a.money(), reason: reason,
	})
}

// move changes the amendment's state by a guarded update and writes its audit row. Places are the caller's.
func (a *Amendment) move(tx *Tx, eventID string, to registration.AmendmentState, actor, reason string) error {
	if err := tx.NeedOrder(a.OrderID); err != nil {
		return err
	}
	if !a.State.CanBecome(to) {
		return fmt.Errorf("amendment %s: %s cannot become %s", a.ID, a.State, to)
	}
	if a.EndedAt = tx.Now(); to == registration.AmendmentPending {
		a.EndedAt = time.Time{}
	}
	n, err := tx.Exec(`UPDATE amendments SET state = $3, ended_at = $4 WHERE id = $1 AND state = $2`, a.ID, a.State, to, ms(a.EndedAt))
	if err != nil {
		return fmt.Errorf("move amendment: %w", err)
	}
	if n == 0 {
		return moved("amendment")
	}
	from := a.State
	a.State = to
	return a.audit(tx, eventID, from, actor, reason)
}

// setPlaces writes whether the amendment has its places.
func (a *Amendment) setPlaces(tx *Tx, to string) error {
	n, err := tx.Exec(`UPDATE amendments SET places = $3 WHERE id = $1 AND places = $2`, a.ID, a.Places, to)
	if err != nil {
		return fmt.Errorf("set places: %w", err)
	}
	if n == 0 {
		return moved("places")
	}
	a.Places = to
	return nil
}

// release gives the places back that the amendment holds, once.
func (a *Amendment) release(tx *Tx, eventID string) error {
	if a.Places != placesHeld {
		return nil
	}
	if err := movePlaces(tx, giveBackHeld, eventID, a.Takes); err != nil {
		return err
	}
	return a.setPlaces(tx, placesNone)
}

// hold takes the amendment's places again if it has none; false when some are gone, and then none was taken.
func (a *Amendment) hold(tx *Tx, eventID string) (bool, error) {
	if a.Places == placesHeld {
		return true, nil
	}
	if ok, err := retakePlaces(tx, eventID, a.Takes); err != nil || !ok {
		return false, err
	}
	return true, a.setPlaces(tx, placesHeld)
}

// lines are what a document about the change shows.
func (a *Amendment) lines() []registration.Line { return registration.Between(a.Before, a.After) }

// sees is the amendment as the money path sees it; parts is what the order has now, others whether another change of it waits.
func (a *Amendment) sees(parts []registration.Part, others bool) *payments.Amendment {
	return &payments.Amendment{ID: a.ID, State: a.State, Fits: !others && registration.SameParts(parts, a.Before)}
}

// Due is what a change asks for: the difference in each currency in which there is one.
func (a *Amendment) Due() registration.Prices {
	due := maps.Clone(a.Prices)
	maps.DeleteFunc(due, func(_ registration.Currency, v int64) bool { return v <= 0 })
	return due
}
