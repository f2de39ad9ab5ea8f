package store

import (
	"context"
	"crypto/subtle"
	"fmt"

	"foyer/payments"
)

// Names under which values are sealed, beside the id of their row.
const (
	sealedSecret  = "secret"
	sealedAccount = "account"
)

// sealSecret seals what a gateway's notifications about a payment will carry; "" when it is not known.
func sealSecret(k *Keys, p *payments.Payment) (string, error) {
	if p.Secret == "" {
		return "", nil
	}
	text, err := k.Seal(p.Secret, p.ID, sealedSecret)
	if err != nil {
		return "", fmt.Errorf("seal the secret of payment %s: %w", p.ID, err)
	}
	return text, nil
}

// HookSecret reports, in constant time, whether a notification brought the secret that the payment's notifications carry. A payment
// without one takes any.
func (s *Store) HookSecret(ctx context.Context, paymentID, brought string) (bool, error) {
	var sealed string
	if err := s.Row(ctx, `SELECT secret FROM payments WHERE id = $1`, paymentID).Scan(&sealed); err != nil {
		return false, notFound(err, "payment.unknown")
	}
	if sealed == "" {
		return true, nil
	}
	secret, err := s.keys.Open(sealed, paymentID, sealedSecret)
	if err != nil {
		return false, fmt.Errorf("open the secret of payment %s: %w", paymentID, err)
	}
	return subtle.ConstantTimeCompare([]byte(secret), []byte(brought)) == 1, nil
}

// sealAccount seals where a refund's money goes, for it is personal data; "" when nobody has told.
func sealAccount(k *Keys, r *payments.Refund) (string, error) {
	if r.Account == (payments.Account{}) {
		return "", nil
	}
	text, err := k.Seal(toJSON(r.Account), r.ID, sealedAccount)
	if err != nil {
		return "", fmt.Errorf("seal the account of refund %s: %w", r.ID, err)
	}
	return text, nil
}

// refundAccount reads where a refund's money goes; empty when nobody has told.
func (s *Store) refundAccount(ctx context.Context, refundID string) (payments.Account, error) {
	var a payments.Account
	var sealed string
	if err := s.Row(ctx, `SELECT account FROM refunds WHERE id = $1`, refundID).Scan(&sealed); err != nil {
		return a, notFound(err, "refund.unknown")
	}
	if sealed == "" {
		return a, nil
	}
	text, err := s.keys.Open(sealed, refundID, sealedAccount)
	if err != nil {
		return a, fmt.Errorf("open the account of refund %s: %w", refundID, err)
	}
	return a, fromJSON(text, &a)
}
