// Package transfer is the gateway without a company behind it: money that goes straight to the organizer's bank account, is paid at
// the desk, or is paid by an institution after the event. Only staff knows whether it came.
package transfer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"foyer/payments"
)

// methods are the ways to pay that this gateway has.
var methods = []payments.Method{payments.MethodBankTransfer, payments.MethodOnSite, payments.MethodPayLater}

// startWindow is how long a payment may stay begun without having been told to the payer: nothing lies between.
const startWindow = time.Minute

type gateway struct{ channel payments.Channel }

var (
	_ payments.Gateway = (*gateway)(nil)
	_ payments.Adapter = New
)

// New makes the gateway of a channel. Its error is one sentence about the setting that does not fit. No transport is needed.
func New(c payments.Channel, _ payments.Transport) (payments.Gateway, error) {
	if len(c.Methods) == 0 {
		return nil, fmt.Errorf("transfer: methods is missing: expected some of bank_transfer, on_site, pay_later")
	}
	for _, m := range c.Methods {
		switch {
		case !slices.Contains(methods, payments.Method(m)):
			return nil, fmt.Errorf("transfer: no method %q: expected bank_transfer, on_site or pay_later", m)
		case m == string(payments.MethodBankTransfer) && !c.Account.Complete():
			return nil, fmt.Errorf("transfer: account is missing: bank_transfer needs bank, number and holder")
		}
	}
	return &gateway{channel: c}, nil
}

// Capabilities says that everything is in the hands of staff: nobody can be asked and nothing is sent.
func (g *gateway) Capabilities() payments.Capabilities {
	return payments.Capabilities{Merchant: "transfer", PartialRefund: true, Manual: true, LastConfirm: startWindow}
}

// Begin has nowhere to send a browser.
func (g *gateway) Begin(_ context.Context, a payments.Attempt) (payments.Launch, error) {
	return payments.Launch{Gateway: "transfer", OrderNo: a.OrderNo}, nil
}

// Settle tells where the money of an attempt goes, and until when: to the organizer's account within its term, or to the desk while the
// event lasts. What is paid later has no deadline. It makes no call.
func (g *gateway) Settle(_ context.Context, a payments.Attempt) (payments.Outcome, error) {
	out := payments.Outcome{
		Status: payments.StatusDeposit, GatewayID: a.OrderNo, OrderNo: a.OrderNo, Mode: g.channel.Mode, Method: string(a.Method),
	}
	switch a.Method {
	case payments.MethodBankTransfer:
		out.Account, out.Deadline = g.channel.Account, a.Due
	case payments.MethodOnSite:
		out.Deadline = a.EventOver
	case payments.MethodPayLater:
	case payments.MethodCard, payments.MethodVirtualAccount, payments.MethodTransfer, payments.MethodPhone, payments.MethodEasyPay, payments.MethodPayPal:
		return payments.Outcome{}, fmt.Errorf("transfer: no method %q", a.Method)
	}
	return out, nil
}

// Lookup answers ErrNoInquiry: nobody can be asked.
func (g *gateway) Lookup(context.Context, payments.Attempt) (payments.Outcome, error) {
	return payments.Outcome{}, payments.ErrNoInquiry
}

// Refund answers ErrBusy: staff transfers the money back and says so.
func (g *gateway) Refund(context.Context, payments.RefundAttempt) (payments.RefundOutcome, error) {
	return payments.RefundOutcome{}, fmt.Errorf("transfer: staff transfers refunds: %w", payments.ErrBusy)
}

// ParseReturn reads nothing: no browser comes back.
func (g *gateway) ParseReturn(payments.Request) (payments.Return, error) {
	return payments.Return{}, nil
}

// ParseWebhook takes nothing: nobody sends any.
func (g *gateway) ParseWebhook(payments.Request) ([]payments.Hint, error) {
	return nil, fmt.Errorf("transfer: nobody sends notifications: %w", payments.ErrSignature)
}

// Transactions answers ErrNoInquiry: the bank's statement is read by people.
func (g *gateway) Transactions(context.Context, payments.Day) ([]payments.Transaction, error) {
	return nil, payments.ErrNoInquiry
}
