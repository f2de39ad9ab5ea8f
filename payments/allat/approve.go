package allat

import (
	"cmp"
	"context"
	"errors"

	"foyer/payments"
	"foyer/registration"
)

// errNotWhole says that a reply claims success and lacks what would prove it.
var errNotWhole = errors.New("reply of a success lacks order number, amount, kind or transaction number")

// Settle asks for the approval with the ticket in a.GatewayID: the only call that takes money. The outcome's GatewayID is AllatPay's
// number of the payment (seq_no), and its Mode is what the reply says: 0001 is test money wherever it comes from.
//
// It must never be sent twice for one ticket. ErrBusy means that it was not sent; ErrNoAnswer that it may have taken the money, and
// then nobody but KG Allat's own administration can tell. A *payments.Refusal is Declined: the ticket is used up, the payer may begin
// again.
func (g *gateway) Settle(ctx context.Context, a payments.Attempt) (payments.Outcome, error) {
	if err := g.sound(&a); err != nil {
		return payments.Outcome{}, err
	}
	if !payments.Visible(a.GatewayID, maxTicket) {
		return payments.Outcome{}, errors.New("allat: nothing to approve: allat_enc_data is missing")
	}
	r, err := g.post(ctx, opApprove, g.approval, []pair{
		{"allat_shop_id", g.shop}, {"allat_amt", amount(a.Amount)}, {"allat_enc_data", a.GatewayID},
	})
	if err != nil {
		return payments.Outcome{}, err
	}
	if _, ok := modeOf(r["reply_cd"]); !ok {
		return payments.Outcome{}, opApprove.refuse(r["reply_cd"])
	}
	return g.outcome(r, &a)
}

// payTypes are AllatPay's words for methods.
var payTypes = map[string]payments.Method{
	"CARD": payments.MethodCard, "ABANK": payments.MethodTransfer, "VBANK": payments.MethodVirtualAccount, "HP": payments.MethodPhone,
}

// outcome reads the reply of a success.
func (g *gateway) outcome(r reply, a *payments.Attempt) (payments.Outcome, error) {
	amt, ok := r.money("amt", g.currency)
	if !ok || r["order_no"] == "" || r["pay_type"] == "" || !plain(r["seq_no"], maxID) {
		return payments.Outcome{}, noAnswer(opApprove, errNotWhole)
	}
	mode, _ := modeOf(r["reply_cd"])
	out := payments.Outcome{
		Status: payments.StatusCaptured, GatewayID: r["seq_no"], OrderNo: r["order_no"], Mode: mode, Method: methodOf(r["pay_type"]),
	}
	if r["pay_type"] == "VBANK" {
		return account(r, a, amt, out)
	}
	out.Captured, out.Refunded = amt, registration.Money{Cur: g.currency}
	out.At, out.Card, out.Approve = moment(r["approval_ymdhms"]), payments.MaskedCard(r["card_no"]), only(r["approval_no"], 30)
	return out, nil
}

// account reads the virtual account that was issued: nothing has been paid into it yet.
func account(r reply, a *payments.Attempt, amt registration.Money, out payments.Outcome) (payments.Outcome, error) {
	if amt != a.Amount || r["account_no"] == "" {
		return payments.Outcome{}, noAnswer(opApprove, errors.New("account is for another amount, or has no number"))
	}
	out.Status, out.Deadline = payments.StatusDeposit, dayEnd(r["income_limit_ymd"])
	out.Account = payments.Account{
		Bank: fit(cmp.Or(r["bank_nm"], r["bank_id"]), 40), Number: fit(r["account_no"], 40), Holder: fit(r["account_nm"], 60),
	}
	return out, nil
}

// methodOf is our word for a kind of payment; one that is new to us keeps its own.
func methodOf(kind string) string {
	if m, ok := payTypes[kind]; ok {
		return string(m)
	}
	return only(kind, 20)
}

// Lookup answers ErrNoInquiry: AllatPay has no way to ask what became of a payment.
func (g *gateway) Lookup(context.Context, payments.Attempt) (payments.Outcome, error) {
	return payments.Outcome{}, payments.ErrNoInquiry
}

// Transactions answers ErrNoInquiry: AllatPay has no list.
func (g *gateway) Transactions(context.Context, payments.Day) ([]payments.Transaction, error) {
	return nil, payments.ErrNoInquiry
}
