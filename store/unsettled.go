package store

import (
	"context"
	"fmt"
	"time"

	"foyer/payments"
)

// Unsettled is what still has to reach its end.
type Unsettled struct {
	Begun    int64     // payments that nobody has paid as far as is known, and whose window may still be open
	Closing  time.Time // by when those are closed that nobody pays, UTC
	Payments int64     // payments of which it is not known what became of them, and deposits whose deadline has passed
	Refunds  int64
	ByHand   int64 // of the refunds, those that wait for a person: to transfer the money, or to say where it goes
}

// All counts them together.
func (u Unsettled) All() int64 { return u.Begun + u.Payments + u.Refunds }

// Unsettled counts payments and refunds that still have to reach their end, in-flight ones included. What waits for its payer, and whose
// deadline has not passed, is not among them.
func (s *Store) Unsettled(ctx context.Context) (Unsettled, error) {
	var u Unsettled
	var closing int64
	err := s.Row(ctx, `SELECT COALESCE(SUM(CASE WHEN state = 'started' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN state IN ('confirming', 'unknown') OR (state = 'awaiting_deposit' AND deadline > 0 AND deadline <= $1) THEN 1 ELSE 0 END), 0),
			COALESCE(MAX(CASE WHEN state = 'started' AND last_capture > $1 THEN last_capture WHEN state = 'started' THEN last_capture + $2 ELSE 0 END), 0),
			(SELECT COUNT(*) FROM refunds WHERE state IN ('requested', 'sending', 'unknown')),
			(SELECT COUNT(*) FROM refunds r WHERE state = 'requested' AND EXISTS (SELECT 1 FROM attention a
				WHERE a.refund_id = r.id AND a.kind IN ('`+payments.AttentionRefundByHand+`', '`+payments.AttentionRefundAccount+`')))
		FROM payments WHERE state IN ('started', 'confirming', 'unknown', 'awaiting_deposit')`, ms(s.Now()), payments.Ending.Milliseconds()).
		Scan(&u.Begun, &u.Payments, &closing, &u.Refunds, &u.ByHand)
	if err != nil {
		return u, fmt.Errorf("count unsettled: %w", err)
	}
	u.Closing = at(closing)
	return u, nil
}
