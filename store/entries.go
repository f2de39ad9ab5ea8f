package store

import (
	"context"
	"fmt"
	"slices"

	"foyer/payments"
)

// entriesAtOnce is how many names one query asks for.
const entriesAtOnce = 200

// movedAt is when a payment's money was captured, as the gateway tells; before version 3 of the schema, when it told us.
const movedAt = `CASE WHEN p.paid_at > 0 THEN p.paid_at ELSE p.verified_at END`

const (
	entryColumns = `p.id, e.slug, o.code, p.order_no, COALESCE(p.gateway_id, ''), p.approve, p.channel_id,
		CASE WHEN p.state IN ('confirmed', 'surplus') THEN p.captured ELSE 0 END, p.captured_currency, ` + movedAt
	entriesFrom = ` FROM payments p JOIN orders o ON o.id = p.order_id JOIN events e ON e.id = p.event_id`
)

// Entries reads our books for comparing them with a gateway's: the channel's payments that moved money within the span, and those of
// its contract that the gateway's list names, each once.
func (s *Store) Entries(ctx context.Context, q payments.EntryQuery) ([]payments.Entry, error) {
	found := map[string]payments.Entry{}
	read := func(where string, args ...any) error {
		rows, err := s.Rows(ctx, `SELECT `+entryColumns+entriesFrom+` WHERE `+where, args...)
		if err != nil {
			return fmt.Errorf("read entries: %w", err)
		}
		list, err := scanAll(rows, func(row scanner) (payments.Entry, error) { return scanEntry(row, q.ChannelID) })
		for _, e := range list {
			found[e.PaymentID] = e
		}
		return err
	}
	from, to := ms(q.Span.From), ms(q.Span.To)
	if err := read(`p.channel_id = $1 AND p.verified_at > 0 AND `+movedAt+` >= $2 AND `+movedAt+` < $3`, q.ChannelID, from, to); err != nil {
		return nil, err
	}
	if err := read(`p.channel_id = $1 AND p.id IN (SELECT r.payment_id FROM refunds r WHERE r.state = 'done' AND r.done_at >= $2 AND r.done_at < $3)`,
		q.ChannelID, from, to); err != nil {
		return nil, err
	}
	for names := range slices.Chunk(q.OrderNos, entriesAtOnce) {
		list, args := placeholders(clipAll(names), q.ChannelID, q.Merchant)
		if err := read(`p.order_no IN (`+list+`) AND (p.channel_id = $1 OR p.merchant = $2)`, args...); err != nil {
			return nil, err
		}
	}
	for names := range slices.Chunk(q.GatewayIDs, entriesAtOnce) {
		list, args := placeholders(clipAll(names), q.ChannelID, q.Merchant)
		if err := read(`p.gateway_id IN (`+list+`) AND (p.channel_id = $1 OR p.merchant = $2)`, args...); err != nil {
			return nil, err
		}
	}
	return s.withRefunds(ctx, found)
}

func clipAll(names []string) []string {
	short := make([]string, len(names))
	for i, n := range names {
		short[i] = clip(n, 300)
	}
	return short
}

func scanEntry(row scanner, channelID string) (payments.Entry, error) {
	var e payments.Entry
	var channel string
	var verified int64
	err := row.Scan(&e.PaymentID, &e.Event, &e.Order, &e.OrderNo, &e.GatewayID, &e.Approve, &channel, &e.Captured.Minor, &e.Captured.Cur, &verified)
	e.At, e.Elsewhere = at(verified), channel != channelID
	return e, err
}

// withRefunds adds the refunds that are done, and gives the entries in the order of their making.
func (s *Store) withRefunds(ctx context.Context, found map[string]payments.Entry) ([]payments.Entry, error) {
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, entriesAtOnce) {
		list, args := placeholders(some)
		rows, err := s.Rows(ctx, `SELECT payment_id, gateway_id, amount, currency, done_at FROM refunds WHERE state = 'done' AND payment_id IN (`+list+`)
			ORDER BY done_at, id`, args...)
		if err != nil {
			return nil, fmt.Errorf("read refunds: %w", err)
		}
		_, err = scanAll(rows, func(row scanner) (struct{}, error) {
			var id string
			var r payments.EntryRefund
			var done int64
			err := row.Scan(&id, &r.GatewayID, &r.Amount.Minor, &r.Amount.Cur, &done)
			r.At = at(done)
			e := found[id]
			e.Refunds = append(e.Refunds, r)
			found[id] = e
			return struct{}{}, err
		})
		if err != nil {
			return nil, fmt.Errorf("read refunds: %w", err)
		}
	}
	all := make([]payments.Entry, len(ids))
	for i, id := range ids {
		all[i] = found[id]
	}
	return all, nil
}

// RaiseStrangers puts money at a gateway that no payment of ours stands for on the attention list of the channel's event. What is
// listed already stays as it is, and what a person has closed stays closed: those marks are returned.
func (s *Store) RaiseStrangers(ctx context.Context, channelID string, all []payments.Transaction) (closed []string, err error) {
	if len(all) == 0 {
		return nil, nil
	}
	err = s.Write(ctx, Locks{}, func(tx *Tx) error {
		closed = nil
		for _, t := range all {
			mark := clip(t.Mark(), 300)
			var dealt int64
			if err := tx.Row(`SELECT COUNT(*) FROM strangers_closed WHERE channel_id = $1 AND mark = $2`, channelID, mark).Scan(&dealt); err != nil {
				return fmt.Errorf("look for what was closed: %w", err)
			}
			if dealt > 0 {
				closed = append(closed, t.Mark())
				continue
			}
			_, err := tx.Exec(`INSERT INTO attention (id, kind, event_id, order_id, payment_id, refund_id, since, note, channel_id, mark, amount, currency)
				SELECT $1, $2, c.event_id, NULL, NULL, '', $3, $4, c.id, $5, $6, $7 FROM channels c WHERE c.id = $8
				ON CONFLICT DO NOTHING`,
				newID(), payments.AttentionStranger, ms(tx.Now()), strangerNote(t), mark, t.Amount.Minor, t.Amount.Cur, channelID)
			if err != nil {
				return fmt.Errorf("raise attention: %w", err)
			}
		}
		return nil
	})
	return closed, err
}

// strangerNote is what is known of the money, for finding it at the gateway.
func strangerNote(t payments.Transaction) string {
	note := ""
	add := func(name, value string) {
		if value = clip(value, 120); value != "" {
			if note != "" {
				note += ", "
			}
			note += name + " " + value
		}
	}
	if t.Refund {
		note = "refund"
	}
	add("id", t.GatewayID)
	add("refund id", t.RefundID)
	add("order no", t.OrderNo)
	add("approval", t.Approve)
	add("method", t.Method)
	if !t.At.IsZero() {
		add("at", t.At.UTC().Format("2006-01-02T15:04:05Z"))
	}
	return note
}
