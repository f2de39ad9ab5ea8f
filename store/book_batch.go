package store

import (
	"fmt"
	"maps"
	"slices"

	"foyer/registration"
)

// batch is the books of one change. What each of them would write for itself, and none of them reads, is written for all at its end.
type batch struct {
	tx      *Tx
	books   []*book
	numbers map[string]numbers                     // of receipt series, by id
	sold    map[string]int64                       // places that go from held to sold, by quota
	people  map[string][]registration.Registration // by order; nil until somebody asks
}

// numbers is a receipt series: the number that was given last before the change, and the one that was given last now.
type numbers struct{ before, last int64 }

func newBatch(tx *Tx) *batch {
	return &batch{tx: tx, numbers: map[string]numbers{}, sold: map[string]int64{}}
}

func (c *batch) add(b *book) { c.books, b.batch = append(c.books, b), c }

// close writes what was kept for the end.
func (c *batch) close() error {
	for _, b := range c.books {
		if err := b.write(); err != nil {
			return err
		}
	}
	if err := insertPayments.flush(c.tx); err != nil { // receipts name them
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(c.sold)) {
		if err := movePlacesOf(c.tx, sellHeld, id, c.sold[id]); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.numbers)) {
		n, err := c.tx.Exec(`UPDATE series SET last = $3 WHERE id = $1 AND last = $2`, id, c.numbers[id].before, c.numbers[id].last)
		if err != nil {
			return fmt.Errorf("count receipts: %w", err)
		}
		if n == 0 {
			return moved("series")
		}
	}
	return c.tx.flush()
}

// next gives the next number of a series, whose row is locked.
func (c *batch) next(series string) (int64, error) {
	if err := c.tx.NeedSeries(series); err != nil {
		return 0, err
	}
	n, known := c.numbers[series]
	if !known {
		if err := c.tx.Row(`SELECT last FROM series WHERE id = $1`, series).Scan(&n.before); err != nil {
			return 0, fmt.Errorf("count receipts: %w", err)
		}
		n.last = n.before
	}
	n.last++
	c.numbers[series] = n
	return n.last, nil
}

// registrations are the people of an order.
func (c *batch) registrations(orderID string) ([]registration.Registration, error) {
	if c.people == nil {
		ids := make([]string, len(c.books))
		for i, b := range c.books {
			ids[i] = b.around.orderID
		}
		var err error
		if c.people, err = registrationsBy(c.tx, ids); err != nil {
			return nil, err
		}
	}
	return c.people[orderID], nil
}

// write brings the payment's row and the order's hold up to what was done: one guarded update, however many steps there were.
func (b *book) write() error {
	if !b.keep.IsZero() {
		if _, err := b.tx.Exec(`UPDATE orders SET hold_until = $2 WHERE id = $1 AND hold_until < $2`, b.order.ID, ms(b.keep)); err != nil {
			return fmt.Errorf("keep hold: %w", err)
		}
	}
	p := &b.row
	if b.fresh {
		intent := int64(0)
		if b.intent != nil {
			intent = *b.intent
		}
		return insertPaymentIn(b.tx, p, p.State, b.secret, intent)
	}
	if !b.unsaved {
		return nil
	}
	n, err := b.tx.Exec(`UPDATE payments SET candidate = $2, sent = $3, captured = $4, captured_currency = $5, verified_at = $6,
			idempotency_key = $7, send_open = $8, lease_until = $9, lease_owner = $10, confirmed_at = $11, next_look = $12, looks = $13,
			reason = $14, method = $15, card = $16, approve = $17, proof = $18, launch = $19,
			account = $20, deadline = $21, paid_at = $22, last_capture = $23, secret = CASE WHEN $24 <> '' THEN $24 ELSE secret END,
			gateway_id = NULLIF($25, ''), state = $26, intent_at = COALESCE($27, intent_at) WHERE id = $1 AND state = $28`,
		p.ID, p.Candidate, p.Sent, p.Captured.Minor, p.Captured.Cur, ms(p.VerifiedAt), p.Key, p.SendOpen, ms(p.LeaseUntil), p.LeaseOwner,
		ms(p.ConfirmedAt), ms(p.NextLook), p.Looks, p.Reason, p.Method, p.Card, p.Approve, p.Proof, string(p.Launch),
		toJSON(p.Account), ms(p.Deadline), ms(p.PaidAt), ms(p.LastCapture), b.secret, p.GatewayID, p.State, b.intent, b.was)
	if err != nil {
		return fmt.Errorf("save payment: %w", err)
	}
	if n == 0 {
		return moved("payment")
	}
	return nil
}
