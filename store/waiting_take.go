package store

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"foyer/registration"
)

// take takes the places of an order that is not plain: first those that an offer of the waiting list holds for it. What the offer holds
// and the order does not need is free again.
func (n *NewOrder) take(tx *Tx, taken map[string]int64, sell bool) error {
	if n.Offer == nil {
		return takeKept(tx, n.Event, n.Quote.Voucher, taken, sell)
	}
	if err := n.offerStands(tx); err != nil {
		return err
	}
	mine, spare, rest := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for key, has := range n.Offer.Needs {
		if m := min(has, taken[key]); m > 0 {
			mine[key] = m
		}
		if has > mine[key] {
			spare[key] = has - mine[key]
		}
	}
	for key, wants := range taken {
		if wants > mine[key] {
			rest[key] = wants - mine[key]
		}
	}
	if sell {
		if err := movePlaces(tx, sellHeld, n.Event.ID, mine); err != nil {
			return err
		}
	}
	if err := movePlaces(tx, giveBackHeld, n.Event.ID, spare); err != nil {
		return err
	}
	if err := takeKept(tx, n.Event, n.Quote.Voucher, rest, sell); err != nil {
		return err
	}
	maps.DeleteFunc(taken, func(key string, _ int64) bool { return isKept(key) })
	for key, has := range rest {
		if isKept(key) {
			taken[key] = has
		}
	}
	return nil
}

// noteKept writes into the order which of its places a voucher had kept.
func (n *NewOrder) noteKept(tx *Tx, orderID string, taken map[string]int64) error {
	if n.Quote.Voucher == nil || n.Quote.Voucher.Reserves == 0 {
		return nil
	}
	_, err := tx.Exec(`UPDATE orders SET taken = $2 WHERE id = $1`, orderID, toJSON(taken))
	return wrapped("note kept places", err)
}

// offerStands fails with CodeConflict when the order's offer is over, and tells apart the same form posted twice.
func (n *NewOrder) offerStands(tx *Tx) error {
	var placed int64
	if err := tx.Row(`SELECT COUNT(*) FROM orders WHERE draft_id = $1`, n.DraftID).Scan(&placed); err != nil {
		return fmt.Errorf("look for the draft's order: %w", err)
	}
	if placed > 0 {
		return errPlacedBefore
	}
	var stands int64
	err := tx.Row(`SELECT COUNT(*) FROM waiting WHERE id = $1 AND state = 'offered' AND offer_until > $2`, n.Offer.ID, ms(tx.Now())).Scan(&stands)
	if err == nil && stands == 0 {
		err = registration.Fail(registration.CodeConflict, "waiting.over")
	}
	return err
}

// tookOffer ends the offer that the order was made from: its places are the order's now. It fails with CodeConflict when the offer is
// over; then nothing of the order remains.
func (n *NewOrder) tookOffer(tx *Tx, orderID string) error {
	if n.Offer == nil {
		return nil
	}
	changed, err := tx.Exec(`UPDATE waiting SET state = 'taken', order_id = $2, ended_at = $3 WHERE id = $1 AND state = 'offered' AND offer_until > $3`,
		n.Offer.ID, orderID, ms(tx.Now()))
	if err != nil {
		return fmt.Errorf("take offer: %w", err)
	}
	if changed == 0 {
		return registration.Fail(registration.CodeConflict, "waiting.over")
	}
	from := WaitingEntry{EventID: n.Offer.EventID, Code: n.Offer.Code, State: registration.WaitingOffered}
	return waitingAudit(tx, &from, registration.WaitingTaken, "attendee")
}

// holdFor is how long the order's places are held: as long as those of its offer would have been, if that is longer.
func (n *NewOrder) holdFor(now time.Time) time.Duration {
	if n.Offer == nil {
		return n.Hold
	}
	return max(n.Hold, n.Offer.OfferUntil.Sub(now))
}

// offerQuotas adds the quotas of the order's offer, and those in which its voucher keeps places, to those that it takes places of.
func (n *NewOrder) offerQuotas(quotas []string) []string {
	kept := n.Quote.Voucher != nil && n.Quote.Voucher.Reserves > 0
	if n.Offer == nil && !kept {
		return quotas
	}
	all := slices.Clone(quotas)
	if n.Offer != nil {
		all = append(all, quotaIDs(n.Event.ID, n.Offer.Needs)...)
	}
	if kept {
		all = append(all, keptQuotas(n.Event, n.Quote.Voucher)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
