package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// kindCheck is the kind of an order that a go-live check has made.
const kindCheck = "check"

// NewCheck asks for a go-live check of a channel.
type NewCheck struct {
	Event   *registration.Event
	Nonce   string // of the form: the same nonce again is the same check
	Amount  registration.Money
	Name    registration.Text // what the gateway shows as bought
	Person  registration.Person
	Lang    registration.Lang
	Actor   string
	HoldFor time.Duration
}

// PlaceCheck makes the order of a go-live check: it takes no place, is in no list, total or export, and its money goes back as soon as
// it was taken. The same nonce again gives the order made before.
func (s *Store) PlaceCheck(ctx context.Context, n NewCheck) (Placed, error) {
	placed := Placed{OrderID: newID(), Code: s.codes.next(s.Now()), Version: 1}
	prices := registration.Prices{n.Amount.Cur: n.Amount.Minor}
	row := newOrderRow(NewOrder{
		Event: n.Event, DraftID: "check-" + clip(n.Nonce, 64), Lang: n.Lang, Person: n.Person, Hold: n.HoldFor, HoldMax: n.HoldFor,
		Quote: registration.Quote{Prices: prices, Lines: []registration.Line{{Kind: registration.LineCategory, Name: n.Name, Quantity: 1, Unit: prices}}},
	}, placed, map[string]int64{})
	row.audit = audit{actor: n.Actor, what: "order", eventID: n.Event.ID, orderID: placed.OrderID, to: string(registration.OrderPending), reason: kindCheck}.columns(nil)
	err := s.Write(ctx, Locks{Orders: []string{placed.OrderID}}, func(tx *Tx) error {
		if err := row.insert(tx); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE orders SET kind = $2 WHERE id = $1`, placed.OrderID, kindCheck); err != nil {
			return fmt.Errorf("mark the check: %w", err)
		}
		return nil
	})
	if errors.Is(err, errPlacedBefore) {
		return s.PlacedFrom(ctx, "check-"+clip(n.Nonce, 64))
	}
	return placed, err
}

// ChannelCheck is what became of go-live checks of a channel.
type ChannelCheck struct {
	Passed    time.Time // when the newest one gave its money back, with the contract that the channel has now; zero: none yet
	OrderCode string    // of the newest check, "" before the first
	Payment   payments.State
	Refund    payments.RefundState // "" while there is none
}

// Checks gives the go-live checks of an event's channels by channel id; a channel without one is absent. Only live money counts.
func (s *Store) Checks(ctx context.Context, eventID string) (map[string]ChannelCheck, error) {
	rows, err := s.Rows(ctx, `SELECT c.id, o.code, p.state, COALESCE(r.state, ''), COALESCE(r.done_at, 0)
		FROM orders o JOIN payments p ON p.order_id = o.id JOIN channels c ON c.id = p.channel_id LEFT JOIN refunds r ON r.payment_id = p.id
		WHERE o.event_id = $1 AND o.kind = 'check' AND p.mode = 'live' AND p.merchant = c.merchant ORDER BY p.id, r.id`, eventID)
	if err != nil {
		return nil, fmt.Errorf("read go-live checks: %w", err)
	}
	found := map[string]ChannelCheck{}
	_, err = scanAll(rows, func(row scanner) (struct{}, error) {
		var id string
		var c ChannelCheck
		var done int64
		err := row.Scan(&id, &c.OrderCode, &c.Payment, &c.Refund, &done)
		c.Passed = found[id].Passed
		if c.Payment == payments.Surplus && c.Refund == payments.RefundDone {
			c.Passed = at(done)
		}
		found[id] = c
		return struct{}{}, err
	})
	return found, err
}

// Unchecked lists the channels that a live event offers, that reach a gateway, and that no go-live check has passed, by their ids in
// the event file. An event in test mode has none.
func (s *Store) Unchecked(ctx context.Context, e *registration.Event) ([]string, error) {
	if e.Mode != registration.Live {
		return nil, nil
	}
	checks, err := s.Checks(ctx, e.ID)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, ch := range e.Channels {
		if !ch.ByHand() && checks[e.ID+"/"+ch.ID].Passed.IsZero() {
			missing = append(missing, ch.ID)
		}
	}
	return missing, nil
}
