package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
)

const paymentColumns = `id, order_id, event_id, charge_id, charge_no, channel_id, gateway, mode, merchant, attempt, token, order_no, state, amount, currency,
	candidate, sent, COALESCE(gateway_id, ''), captured, captured_currency, verified_at, idempotency_key, send_open, lease_until, lease_owner,
	started_at, confirmed_at, last_capture, next_look, looks, reason, method, card, approve, proof, lang, launch,
	asked, cash_receipt, account, deadline, paid_at`

func scanPayment(row scanner) (payments.Payment, error) {
	var p payments.Payment
	var verified, lease, started, confirmed, last, next, deadline, paid int64
	var launch, bill, account string
	err := row.Scan(&p.ID, &p.OrderID, &p.EventID, &p.ChargeID, &p.ChargeNo, &p.ChannelID, &p.Gateway, &p.Mode, &p.Merchant, &p.Attempt, &p.Token,
		&p.OrderNo, &p.State, &p.Amount.Minor, &p.Amount.Cur, &p.Candidate, &p.Sent, &p.GatewayID, &p.Captured.Minor, &p.Captured.Cur, &verified,
		&p.Key, &p.SendOpen, &lease, &p.LeaseOwner, &started, &confirmed, &last, &next, &p.Looks, &p.Reason, &p.Method, &p.Card, &p.Approve,
		&p.Proof, &p.Lang, &launch, &p.Asked, &bill, &account, &deadline, &paid)
	p.VerifiedAt, p.LeaseUntil, p.StartedAt, p.ConfirmedAt = at(verified), at(lease), at(started), at(confirmed)
	p.LastCapture, p.NextLook, p.Launch, p.Deadline, p.PaidAt = at(last), at(next), []byte(launch), at(deadline), at(paid)
	if err != nil {
		return p, err
	}
	return p, errors.Join(fromJSON(bill, &p.Bill), fromJSON(account, &p.Account))
}

func (s *Store) onePayment(ctx context.Context, where string, args ...any) (payments.Payment, error) {
	p, err := scanPayment(s.Row(ctx, `SELECT `+paymentColumns+` FROM payments WHERE `+where, args...))
	return p, notFound(err, "payment.unknown")
}

// Payment reads one payment; CodeNotFound when there is none.
func (s *Store) Payment(ctx context.Context, id string) (payments.Payment, error) {
	return s.onePayment(ctx, `id = $1`, id)
}

// PaymentByToken reads the payment of a hand-over page.
func (s *Store) PaymentByToken(ctx context.Context, token string) (payments.Payment, error) {
	return s.onePayment(ctx, `token = $1`, token)
}

// PaymentByOrderNo finds a payment by our number at the gateway, among all channels of the merchant and in this channel, whose keys may
// have been another contract's when the payment began.
func (s *Store) PaymentByOrderNo(ctx context.Context, merchant, channelID, orderNo string) (payments.Payment, error) {
	return s.onePayment(ctx, `order_no = $1 AND (merchant = $2 OR channel_id = $3)`, orderNo, merchant, channelID)
}

// PaymentByGatewayID finds a payment by the gateway's id, among all channels of the merchant.
func (s *Store) PaymentByGatewayID(ctx context.Context, merchant, gatewayID string) (payments.Payment, error) {
	return s.onePayment(ctx, `merchant = $1 AND gateway_id = $2`, merchant, gatewayID)
}

// Payments lists an order's payments by attempt, the first one first.
func (s *Store) Payments(ctx context.Context, orderID string) ([]payments.Payment, error) {
	rows, err := s.Rows(ctx, `SELECT `+paymentColumns+` FROM payments WHERE order_id = $1 ORDER BY attempt`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read payments: %w", err)
	}
	return scanAll(rows, scanPayment)
}

// Refund reads one refund, with the account to which its money goes; CodeNotFound when there is none.
func (s *Store) Refund(ctx context.Context, id string) (payments.Refund, error) {
	r, err := scanRefund(s.Row(ctx, `SELECT `+refundColumns+refundsFrom+` WHERE r.id = $1`, id))
	if err != nil {
		return r, notFound(err, "refund.unknown")
	}
	r.Account, err = s.refundAccount(ctx, id)
	return r, err
}

// RefundsOf lists the refunds of an order's payments in the order of their making.
func (s *Store) RefundsOf(ctx context.Context, orderID string) ([]payments.Refund, error) {
	rows, err := s.Rows(ctx, `SELECT `+refundColumns+refundsFrom+` WHERE r.order_id = $1 ORDER BY r.id`, orderID)
	if err != nil {
		return nil, fmt.Errorf("read refunds: %w", err)
	}
	return scanAll(rows, scanRefund)
}

// DuePayments lists payments to look up at now, the longest due first; every unsettled one when ignoreBackoff.
func (s *Store) DuePayments(ctx context.Context, now time.Time, ignoreBackoff bool, limit int) ([]string, error) {
	if ignoreBackoff {
		return s.ids(ctx, `SELECT id FROM payments WHERE next_look > 0 OR state IN ('started', 'confirming', 'unknown', 'awaiting_deposit')
			ORDER BY next_look LIMIT $1`, limit)
	}
	return s.ids(ctx, `SELECT id FROM payments WHERE next_look > 0 AND next_look <= $1 ORDER BY next_look LIMIT $2`, ms(now), limit)
}

// DueRefunds lists refunds to send or look up at now; every open one when ignoreBackoff.
func (s *Store) DueRefunds(ctx context.Context, now time.Time, ignoreBackoff bool, limit int) ([]string, error) {
	if ignoreBackoff {
		now = now.AddDate(1, 0, 0)
	}
	return s.ids(ctx, `SELECT id FROM refunds WHERE state IN ('requested', 'sending', 'unknown') AND next_try > 0 AND next_try <= $1 ORDER BY next_try LIMIT $2`, ms(now), limit)
}

func (s *Store) ids(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := s.Rows(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list due work: %w", err)
	}
	return scanAll(rows, func(r scanner) (id string, err error) { return id, r.Scan(&id) })
}

// EndLeases ends the leases of an earlier process. Only for SQLite, where one process serves at a time; call it at its start.
func (s *Store) EndLeases(ctx context.Context, owner string) error {
	if s.engine != SQLite {
		return nil
	}
	return s.Write(ctx, Locks{}, func(tx *Tx) error {
		_, err := tx.Exec(`UPDATE payments SET lease_until = 0 WHERE lease_until > 0 AND lease_owner <> $1`, owner)
		return err
	})
}
