package bootpay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"foyer/payments"
)

// errOther says that an answer is about something that was not asked for.
var errOther = errors.New("answer is about another receipt")

// cancelRequest is the body of a refund. The amount is always written, for a whole refund too: then Bootpay can never give back
// more than was decided, and a repeat is the same bytes. Bootpay refuses an id that it has seen.
type cancelRequest struct {
	ReceiptID string      `json:"receipt_id"`
	ID        string      `json:"cancel_id"`
	Price     json.Number `json:"cancel_price"`
	Username  string      `json:"cancel_username"`
	Message   string      `json:"cancel_message"`
}

// Refund gives r.Amount back under r.Key. It reads the receipt first: when what has gone back is not what r.Captured and r.Balance
// say, it does nothing. A repeat under the same key has the effect of one, because Bootpay takes an id only once and because the
// receipt shows what an earlier send did.
//
// A *payments.Refusal that is neither Settled nor Passing is final. ErrBusy means that the refund was not sent, ErrRunning that an
// earlier one is still being worked on.
func (g *gateway) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	if err := sendable(&r); err != nil {
		return payments.RefundOutcome{}, err
	}
	before, err := g.look(ctx, r.GatewayID)
	if err != nil {
		return payments.RefundOutcome{}, payments.NothingSent(err)
	}
	if err := refundable(&before, &r); err != nil {
		return payments.RefundOutcome{}, err
	}
	in := cancelRequest{ReceiptID: r.GatewayID, ID: r.Key, Price: literal(r.Amount), Username: "foyer", Message: cut(r.Reason, 100)}
	if in.Message == "" {
		in.Message = "refund"
	}
	after, err := g.post(ctx, opCancel, "/v2/cancel", in)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	return refundedBy(&before, &after, &r)
}

// sendable checks a refund before anything is asked.
func sendable(r *payments.RefundAttempt) error {
	switch {
	case !plain(r.GatewayID, maxReceipt):
		return errors.New("bootpay: refund not sent: the receipt id is missing")
	case !plain(r.Key, 255):
		return errors.New("bootpay: refund not sent: no usable key")
	case !r.Amount.Cur.Known() || r.Amount.Minor <= 0:
		return errors.New("bootpay: refund not sent: the amount must be more than zero of a known currency")
	case r.Balance.Minor < 0 || (r.Balance.Minor > 0 && (r.Balance.Cur != r.Amount.Cur || r.Balance.Minor < r.Amount.Minor)):
		return errors.New("bootpay: refund not sent: it is more than the balance")
	}
	return nil
}

// refundable checks what the receipt says before the refund: an earlier send may have done it, or somebody at Bootpay's console.
func refundable(before *receipt, r *payments.RefundAttempt) error {
	captured, gone := before.money()
	refusal := &payments.Refusal{Key: keyAmount}
	switch {
	case before.ReceiptID != r.GatewayID:
		return payments.NothingSent(noAnswer(opLookup, errOther))
	case before.status == StatusCancelling:
		return fmt.Errorf("bootpay: cancel: %w", payments.ErrRunning)
	case !before.status.Charged():
		refusal.Code, refusal.Key = "NOT_CHARGED", keyFailed
	case captured.Cur != r.Amount.Cur:
		refusal.Code = "CURRENCY_DIFFERS"
	case captured.Minor > 0 && gone == captured:
		refusal.Code, refusal.Key, refusal.Settled = "RC_ALREADY_CANCELLED", keyFailed, true
	case r.Balance.Minor > 0 && captured.Minor-gone.Minor != r.Balance.Minor:
		refusal.Code = "BALANCE_DIFFERS"
	case captured.Minor-gone.Minor < r.Amount.Minor:
		refusal.Code = "MORE_THAN_IS_LEFT"
	default:
		return nil
	}
	return fmt.Errorf("bootpay: refund not sent: %w", refusal)
}

// refundedBy reads Bootpay's account of a refund. An account of another receipt, or of less than was asked for, tells nothing.
func refundedBy(before, after *receipt, r *payments.RefundAttempt) (payments.RefundOutcome, error) {
	_, was := before.money()
	captured, gone := after.money()
	switch {
	case after.ReceiptID != r.GatewayID:
		return payments.RefundOutcome{}, noAnswer(opCancel, errOther)
	case after.status == StatusCancelling:
		return payments.RefundOutcome{GatewayID: r.Key, Refunded: gone, Pending: true}, nil
	case after.status != StatusCancelled && after.status != StatusPaid, captured.Cur != r.Amount.Cur, gone.Minor < was.Minor+r.Amount.Minor:
		return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("answer does not show the refund"))
	}
	return payments.RefundOutcome{GatewayID: r.Key, Refunded: gone}, nil
}
