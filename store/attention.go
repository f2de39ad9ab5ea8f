package store

import (
	"context"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// AttentionEntry is a matter that a person must decide, with what they need to reach the payer. An entry of payments.AttentionStranger
// has neither order nor payment, but a channel.
type AttentionEntry struct {
	ID        string
	Kind      string // one of payments.Attention…
	EventID   string
	Channel   string // id in the event file, of an entry without a payment
	OrderID   string
	OrderCode string
	Name      string
	Email     string
	PaymentID string
	RefundID  string // "" when it is about the payment itself
	Since     time.Time
	Note      string
	Amount    registration.Money // of the refund that it is about; else captured, and what was asked for while nothing is
}

const (
	attentionColumns = `n.id, n.kind, n.event_id, COALESCE(c.key, ''), COALESCE(n.order_id, ''), COALESCE(o.code, ''), COALESCE(o.name, ''), COALESCE(o.email, ''),
		COALESCE(n.payment_id, ''), n.refund_id, n.since, n.note,
		CASE WHEN r.id IS NOT NULL THEN r.amount WHEN p.id IS NULL THEN n.amount WHEN p.captured > 0 THEN p.captured ELSE p.amount END,
		CASE WHEN r.id IS NOT NULL THEN r.currency WHEN p.id IS NULL THEN n.currency WHEN p.captured > 0 THEN p.captured_currency ELSE p.currency END`
	attentionFrom = ` FROM attention n LEFT JOIN orders o ON o.id = n.order_id LEFT JOIN payments p ON p.id = n.payment_id LEFT JOIN refunds r ON r.id = n.refund_id
		LEFT JOIN channels c ON c.id = n.channel_id`
)

func scanAttention(row scanner) (AttentionEntry, error) {
	var e AttentionEntry
	var since int64
	err := row.Scan(&e.ID, &e.Kind, &e.EventID, &e.Channel, &e.OrderID, &e.OrderCode, &e.Name, &e.Email, &e.PaymentID, &e.RefundID, &since, &e.Note,
		&e.Amount.Minor, &e.Amount.Cur)
	e.Since = at(since)
	return e, err
}

// Attention lists what a person must decide about an event, the longest waiting first, at most 500.
func (s *Store) Attention(ctx context.Context, eventID string) ([]AttentionEntry, error) {
	rows, err := s.Rows(ctx, `SELECT `+attentionColumns+attentionFrom+` WHERE n.event_id = $1 ORDER BY n.since, n.id LIMIT 500`, eventID)
	if err != nil {
		return nil, fmt.Errorf("list attention: %w", err)
	}
	return scanAll(rows, scanAttention)
}

// CountAttention counts what a person must decide about an event.
func (s *Store) CountAttention(ctx context.Context, eventID string) (int64, error) {
	var n int64
	if err := s.Row(ctx, `SELECT COUNT(*) FROM attention WHERE event_id = $1`, eventID).Scan(&n); err != nil {
		return 0, fmt.Errorf("count attention: %w", err)
	}
	return n, nil
}

// AttentionByID reads one entry; CodeNotFound when there is none.
func (s *Store) AttentionByID(ctx context.Context, id string) (AttentionEntry, error) {
	e, err := scanAttention(s.Row(ctx, `SELECT `+attentionColumns+attentionFrom+` WHERE n.id = $1`, clip(id, 64)))
	return e, notFound(err, "attention.unknown")
}

// closedAttention is the audit's word for an entry that a person has closed.
const closedAttention = "attention_closed"

// CloseAttention takes an entry off the list because a person says that it is dealt with, and writes that down.
//
// It fails with CodeNotFound when the entry is gone, and with CodeConflict while the gateway has not told what became of the
// payment or refund, or staff has not said what became of one that waits for them: such an entry leaves the list by itself then.
func (s *Store) CloseAttention(ctx context.Context, id, actor, reason string) error {
	e, err := s.AttentionByID(ctx, id)
	if err != nil {
		return err
	}
	locks := Locks{}
	if e.PaymentID != "" {
		locks = Locks{Orders: []string{e.OrderID}, Payments: []string{e.PaymentID}}
	}
	return s.Write(ctx, locks, func(tx *Tx) error {
		if err := mayClose(tx, e); err != nil {
			return err
		}
		if err := keepClosed(tx, e); err != nil {
			return err
		}
		n, err := tx.Exec(`DELETE FROM attention WHERE id = $1`, id)
		if err != nil {
			return fmt.Errorf("close attention: %w", err)
		}
		if n == 0 {
			return registration.Fail(registration.CodeNotFound, "attention.unknown")
		}
		return auditRow(tx, audit{
			actor: actor, what: "event", eventID: e.EventID, orderID: e.OrderID, paymentID: e.PaymentID, refundID: e.RefundID,
			from: e.Kind, to: closedAttention, reason: clip(closedNote(e, reason), 2000),
		})
	})
}

// keepClosed remembers that money without a payment was dealt with, so that the next comparison of its day does not list it again.
func keepClosed(tx *Tx, e AttentionEntry) error {
	if e.PaymentID != "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO strangers_closed (channel_id, mark, closed_at) SELECT channel_id, mark, $2 FROM attention WHERE id = $1
		ON CONFLICT DO NOTHING`, e.ID, ms(tx.Now()))
	if err != nil {
		return fmt.Errorf("remember what was closed: %w", err)
	}
	return nil
}

// closedNote is what the audit keeps of a closed entry: the person's words, and of money without a payment what was known of it.
func closedNote(e AttentionEntry, reason string) string {
	if e.PaymentID != "" {
		return reason
	}
	return reason + " (" + e.Amount.Format(registration.English) + ", " + e.Note + ")"
}

// mayClose refuses to close an entry while what it asks is still open: then nothing else reminds of the money.
func mayClose(tx *Tx, e AttentionEntry) error {
	query, id, key := "", e.RefundID, "attention.still_unknown"
	switch e.Kind {
	case payments.AttentionUnknown:
		query, id = `SELECT COUNT(*) FROM payments WHERE id = $1 AND state IN ('confirming', 'unknown')`, e.PaymentID
	case payments.AttentionRefundUnknown:
		query = `SELECT COUNT(*) FROM refunds WHERE id = $1 AND state IN ('sending', 'unknown')`
	case payments.AttentionRefundByHand, payments.AttentionRefundAccount:
		query, key = `SELECT COUNT(*) FROM refunds WHERE id = $1 AND state = 'requested'`, "attention.refund_waits"
	default:
		return nil
	}
	var n int64
	if err := tx.Row(query, id).Scan(&n); err != nil {
		return fmt.Errorf("read what the entry is about: %w", err)
	}
	if n > 0 {
		return registration.Fail(registration.CodeConflict, key)
	}
	return nil
}
