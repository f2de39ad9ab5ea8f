package store

import (
	"context"
	"fmt"
	"time"
)

// ExtendHold keeps the places of a pending order for one hold longer, as registration.Order.Longer says. shown is the end of the hold that
// the attendee saw, so that the same form posted twice extends it once. It changes nothing, and does not fail, when the order or its
// hold is another one by now.
func (s *Store) ExtendHold(ctx context.Context, orderID string, shown time.Time, hold time.Duration) error {
	return s.Write(ctx, Locks{Orders: []string{orderID}}, func(tx *Tx) error {
		if err := tx.NeedOrder(orderID); err != nil {
			return err
		}
		o, err := scanOrder(tx.Row(`SELECT `+orderColumns+` FROM orders WHERE id = $1`, orderID))
		if err != nil {
			return err
		}
		until, can := o.Longer(hold, tx.Now())
		if !can || !o.HoldUntil.Equal(shown) {
			return nil
		}
		_, err = tx.Exec(`UPDATE orders SET hold_until = $2 WHERE id = $1 AND state = 'pending' AND hold_until = $3`, orderID, ms(until), ms(shown))
		if err != nil {
			return fmt.Errorf("extend hold: %w", err)
		}
		return nil
	})
}
