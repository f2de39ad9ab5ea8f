package allat

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"foyer/payments"
	"foyer/registration"
)

// What a request without the window puts into allat_enc_data: this in front, then names and values in the clear between two control
// characters. Its sixth digit says that it is not encrypted, so it must never leave without TLS.
const (
	encPrefix    = "00000010"
	encSeparator = "\x03"
	encEnd       = "\x18"
)

// encData writes the values of a request that no window was part of.
func encData(fields []pair) string {
	var b strings.Builder
	b.WriteString(encPrefix)
	for _, f := range fields {
		b.WriteString(f.name + encSeparator + f.value + encEnd)
	}
	return b.String()
}

// Refund cancels r.Amount of a payment, all or a part. It must never be sent twice: AllatPay takes every cancel for a new one.
//
// A *payments.Refusal is final. What was paid into a virtual account cannot be given back by a call: that is refused without one,
// code VBANK. ErrBusy means that it was not sent, ErrNoAnswer that it may have happened.
func (g *gateway) Refund(ctx context.Context, r payments.RefundAttempt) (payments.RefundOutcome, error) {
	kind, err := g.sendable(&r)
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	got, err := g.post(ctx, opCancel, g.cancel, []pair{
		{"allat_shop_id", g.shop},
		{"allat_enc_data", encData([]pair{
			{"allat_shop_id", g.shop}, {"allat_order_no", r.OrderNo}, {"allat_amt", amount(r.Amount)}, {"allat_pay_type", kind},
			{"allat_seq_no", r.GatewayID}, {"allat_test_yn", g.testing()}, {"allat_opt_pin", "NOUSE"}, {"allat_opt_mod", "APP"},
		})},
	})
	if err != nil {
		return payments.RefundOutcome{}, err
	}
	return g.cancelled(got, &r)
}

// sendable checks a refund before it is sent, and gives AllatPay's word for the method of its payment.
func (g *gateway) sendable(r *payments.RefundAttempt) (kind string, err error) {
	switch {
	case r.Method == payments.MethodVirtualAccount:
		return "", fmt.Errorf("allat: refund not sent: %w", &payments.Refusal{Code: "VBANK", Key: keyFailed})
	case !plain(r.GatewayID, maxID) || !plain(r.OrderNo, maxOrderNo):
		return "", errors.New("allat: refund not sent: the payment's numbers are missing")
	case r.Amount.Cur != g.currency || r.Amount.Minor <= 0 || len(amount(r.Amount)) > 10:
		return "", fmt.Errorf("allat: refund not sent: the amount must be more than zero of %s", g.currency)
	case r.Balance.Minor < r.Amount.Minor:
		return "", errors.New("allat: refund not sent: it is more than the balance")
	}
	for word, m := range payTypes {
		if m == r.Method {
			return word, nil
		}
	}
	return "CARD", nil
}

// cancelled reads the reply of a cancel. One that moved money of the other mode than the channel's is no refund of ours.
func (g *gateway) cancelled(got reply, r *payments.RefundAttempt) (payments.RefundOutcome, error) {
	mode, ok := modeOf(got["reply_cd"])
	switch {
	case !ok:
		return payments.RefundOutcome{}, opCancel.refuse(got["reply_cd"])
	case mode == registration.Test && g.channel.Mode == registration.Live:
		return payments.RefundOutcome{}, fmt.Errorf("allat: cancel: in test only: %w", &payments.Refusal{Code: codeTest, Key: keyChannel})
	case mode != g.channel.Mode:
		return payments.RefundOutcome{}, noAnswer(opCancel, errors.New("real money went back in a test channel"))
	}
	gone := registration.Money{Minor: r.Captured.Minor - r.Balance.Minor + r.Amount.Minor, Cur: g.currency}
	if left, ok := got.money("remain_amt", g.currency); ok && left.Minor <= r.Captured.Minor {
		gone.Minor = r.Captured.Minor - left.Minor
	}
	return payments.RefundOutcome{Refunded: gone}, nil
}
