package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"foyer/registration"
)

// takePapers adds the papers that the people of the order cover to the places that it takes.
func (n *NewOrder) takePapers(taken map[string]int64) {
	registration.TakePapers(taken, n.Papers)
	for i := range n.More {
		registration.TakePapers(taken, n.More[i].Papers)
	}
}

// cover writes down who of the order covers which papers.
func (n *NewOrder) cover(tx *Tx, orderID string) error {
	if err := cover(tx, n.Event.ID, orderID, 0, n.Papers); err != nil {
		return err
	}
	for i := range n.More {
		if err := cover(tx, n.Event.ID, orderID, i+1, n.More[i].Papers); err != nil {
			return err
		}
	}
	return nil
}

// cover writes down for which papers a registration of an order is made. Their places are taken apart.
func cover(tx *Tx, eventID, orderID string, position int, numbers []string) error {
	for _, n := range numbers {
		rows, err := tx.Exec(`INSERT INTO coverings (order_id, number, position, event_id) VALUES ($1, $2, $3, $4) ON CONFLICT (order_id, number) DO NOTHING`,
			orderID, n, position, eventID)
		if err != nil {
			return fmt.Errorf("cover paper: %w", err)
		}
		if rows == 0 { // by another person of the same order
			return registration.Fail(registration.CodeConflict, "papers.covered")
		}
	}
	return nil
}

// CoverPapers makes an order cover these papers and no others, whatever categories, limits and the deadline say: staff have a reason. What
// one of its people covers already stays with them; what is new is covered by the registration at position. The same call again changes
// nothing.
//
// It fails with CodeConflict, key papers.covered, when another order covers one, with CodeNotFound when one is not listed, and with
// CodeConflict, key order.moved, when the order has no places or that registration is cancelled.
func (s *Store) CoverPapers(ctx context.Context, e *registration.Event, orderID string, position int, numbers []string, actor, reason string) error {
	was, err := s.PapersOf(ctx, orderID)
	if err != nil {
		return err
	}
	touched := map[string]int64{}
	registration.TakePapers(touched, numbers)
	for _, c := range was {
		registration.TakePapers(touched, []string{c.Number})
	}
	locks := Locks{Quotas: quotaIDs(e.ID, touched), Orders: []string{orderID}}
	return s.Write(ctx, locks, func(tx *Tx) error {
		if err := tx.NeedOrder(orderID); err != nil {
			return err
		}
		var text, places string
		if err := tx.Row(`SELECT taken, places FROM orders WHERE id = $1`, orderID).Scan(&text, &places); err != nil {
			return notFound(err, "order.unknown")
		}
		taken := map[string]int64{}
		if err := fromJSON(text, &taken); err != nil {
			return err
		}
		return moveCovers(tx, recovering{e, orderID, position, places, taken}, numbers, actor, reason)
	})
}

// recovering is the order whose papers change.
type recovering struct {
	event    *registration.Event
	orderID  string
	position int
	places   string
	taken    map[string]int64
}

// moveCovers moves the order from the papers that it covers to others.
func moveCovers(tx *Tx, r recovering, numbers []string, actor, reason string) error {
	if r.places == placesNone {
		return registration.Fail(registration.CodeConflict, "order.moved")
	}
	before, err := coveredBy(tx, r.orderID, anyone)
	if err != nil || slices.Equal(slices.Sorted(slices.Values(before)), slices.Sorted(slices.Values(numbers))) {
		return err
	}
	gone := slices.DeleteFunc(slices.Clone(before), func(n string) bool { return slices.Contains(numbers, n) })
	added := slices.DeleteFunc(slices.Clone(numbers), func(n string) bool { return slices.Contains(before, n) })
	if err := mustBeListed(tx, r.event.ID, added); err != nil {
		return err
	}
	if err := r.mustBeThere(tx); len(added) > 0 && err != nil {
		return err
	}
	back, more := map[string]int64{}, map[string]int64{}
	registration.TakePapers(back, gone)
	registration.TakePapers(more, added)
	giveBack := giveBackHeld
	if r.places == placesSold {
		giveBack = giveBackSold
	}
	if err := movePlaces(tx, giveBack, r.event.ID, back); err != nil {
		return err
	}
	if err := takePlaces(tx, r.event.ID, more, r.places == placesSold); err != nil {
		return err
	}
	for _, n := range gone {
		if _, err := tx.Exec(`DELETE FROM coverings WHERE order_id = $1 AND number = $2`, r.orderID, n); err != nil {
			return fmt.Errorf("uncover paper: %w", err)
		}
	}
	if err := cover(tx, r.event.ID, r.orderID, r.position, added); err != nil {
		return err
	}
	maps.DeleteFunc(r.taken, func(id string, _ int64) bool { return back[id] > 0 })
	maps.Copy(r.taken, more)
	n, err := tx.Exec(`UPDATE orders SET taken = $2 WHERE id = $1 AND places = $3`, r.orderID, toJSON(r.taken), r.places)
	if err != nil {
		return fmt.Errorf("count papers of order: %w", err)
	}
	if n == 0 {
		return moved("order")
	}
	text := strings.Join(before, ", ") + " → " + strings.Join(numbers, ", ")
	return auditRow(tx, audit{actor: actor, what: "staff", eventID: r.event.ID, orderID: r.orderID, to: "papers", reason: text + ": " + reason})
}

// mustBeThere refuses papers for somebody who is cancelled.
func (r recovering) mustBeThere(tx *Tx) error {
	var here int64
	err := tx.Row(`SELECT COUNT(*) FROM registrations WHERE order_id = $1 AND position = $2 AND cancelled_at = 0`, r.orderID, r.position).Scan(&here)
	if err == nil && here == 0 {
		err = moved("person")
	}
	return err
}

// anyone stands for all registrations of an order.
const anyone = -1

// coveredBy lists the papers of one registration of an order, or of anyone.
func coveredBy(tx *Tx, orderID string, position int) ([]string, error) {
	rows, err := tx.Rows(`SELECT number FROM coverings WHERE order_id = $1 AND (position = $2 OR $2 = -1) ORDER BY number`, orderID, position)
	if err != nil {
		return nil, fmt.Errorf("read papers of order: %w", err)
	}
	return scanAll(rows, func(r scanner) (n string, err error) { return n, r.Scan(&n) })
}

// mustBeListed refuses papers that the event does not have; CodeNotFound.
func mustBeListed(tx *Tx, eventID string, numbers []string) error {
	for _, n := range numbers {
		var one int64
		if err := tx.Row(`SELECT 1 FROM papers WHERE id = $1 AND NOT removed`, paperID(eventID, n)).Scan(&one); err != nil {
			return notFound(err, "papers.unknown")
		}
	}
	return nil
}

// PapersFree reports whether the papers of an order could be covered by it again: none of them is covered by another.
func (s *Store) PapersFree(ctx context.Context, eventID, orderID string) (bool, error) {
	mine, err := s.PapersOf(ctx, orderID)
	if err != nil {
		return false, err
	}
	var numbers []string
	for _, c := range mine {
		numbers = append(numbers, c.Number)
	}
	others, err := s.covers(ctx, eventID, numbers)
	return !slices.ContainsFunc(others, func(c Covering) bool { return c.OrderID != orderID }), err
}

// takePapersOf adds the papers that an order has been made for to the places that it takes again.
func (s *Store) takePapersOf(ctx context.Context, orderID string, taken map[string]int64) error {
	mine, err := s.PapersOf(ctx, orderID)
	for _, c := range mine {
		registration.TakePapers(taken, []string{c.Number})
	}
	return err
}
