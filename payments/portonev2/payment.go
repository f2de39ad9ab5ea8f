package portonev2

import (
	"errors"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// payment is PortOne's payment object, as far as it is read. What decides about money is strict; the rest may be null, missing or of
// another type without harm, because new kinds of methods and states come without notice.
type payment struct {
	ID            string `json:"id"`            // our order number
	TransactionID string `json:"transactionId"` // the try that the object speaks of
	StoreID       string `json:"storeId"`
	Status        string `json:"status"`
	Currency      text   `json:"currency"`
	Amount        loose  `json:"amount"`
	Cancellations loose  `json:"cancellations"`
	Channel       loose  `json:"channel"`
	Method        loose  `json:"method"`
	Failure       loose  `json:"failure"`
	PaidAt        text   `json:"paidAt"`
	ReceiptURL    text   `json:"receiptUrl"`
}

// check makes sure that the object is the payment that was asked for, and of our store.
func (p *payment) check(paymentID, store string) error {
	switch {
	case !payments.Plain(p.TransactionID, maxID) || !payments.Plain(p.Status, maxCode):
		return errors.New("read payment: transactionId or status is missing")
	case p.ID != paymentID:
		return errors.New("read payment: it is about another payment")
	case p.StoreID != store:
		return errors.New("read payment: it is of another store")
	}
	return nil
}

// outcome is the contract's account of a payment. Money whose channel does not say whether it is a test tells nothing: it is
// ErrNoAnswer.
func (p *payment) outcome() (payments.Outcome, error) {
	out := payments.Outcome{Status: p.state(), GatewayID: p.TransactionID, OrderNo: p.ID, Mode: p.mode()}
	m := payments.Member[method](p.Method)
	out.Method = m.word()
	switch out.Status {
	case payments.StatusCaptured:
		if out.Mode == "" {
			return payments.Outcome{}, noAnswer(opLookup, errors.New("the channel's type is missing"))
		}
		out.Captured, out.Refunded = p.money()
		out.Card, out.Approve = m.slip()
		out.Proof, out.At = payments.Link(string(p.ReceiptURL), maxLink, out.Mode), instant(p.PaidAt)
	case payments.StatusFailed:
		out.Reason = p.reason()
	case payments.StatusDeposit:
		out.Deadline, out.Account = instant(m.Until), m.account()
	case payments.StatusPending, payments.StatusMissing, payments.StatusLapsed:
	}
	return out, nil
}

// mode is what the payment's channel is for. The same secret and store serve test and live channels, and test money looks as paid as
// any: this member alone tells them apart.
func (p *payment) mode() registration.Mode {
	c := payments.Member[struct {
		Type text `json:"type"`
	}](p.Channel)
	switch c.Type {
	case "LIVE":
		return registration.Live
	case "TEST":
		return registration.Test
	}
	return ""
}

// state maps PortOne's status. A word that is new to us is pending: it ends nothing and is looked at again.
func (p *payment) state() payments.Status {
	switch p.Status {
	case "PAID", "PARTIAL_CANCELLED":
		return payments.StatusCaptured
	case "CANCELLED":
		if p.paid() {
			return payments.StatusCaptured
		}
		return payments.StatusFailed
	case "VIRTUAL_ACCOUNT_ISSUED":
		return payments.StatusDeposit
	case "FAILED":
		return payments.StatusFailed
	}
	return payments.StatusPending
}

// paid reports whether a cancelled payment had been paid before. An account that nobody paid into is cancelled without a time of
// payment; of any other method only what was paid is cancelled.
func (p *payment) paid() bool {
	return p.PaidAt != "" || payments.Member[method](p.Method).word() != "virtual_account"
}

// reason is why a payment ended without money.
func (p *payment) reason() string {
	if p.Status == "CANCELLED" {
		return keyCancelled
	}
	f := payments.Member[struct {
		Company text `json:"pgCode"`
	}](p.Failure)
	return reason("", string(f.Company))
}

// method is how the payer paid. An easy payment may have a card inside.
type method struct {
	Type     text  `json:"type"`
	Approval text  `json:"approvalNumber"`
	Card     loose `json:"card"`
	Inside   loose `json:"easyPayMethod"`
	Until    text  `json:"expiredAt"`
	Bank     text  `json:"bank"`
	Number   text  `json:"accountNumber"`
	Holder   text  `json:"remitteeName"`
}

// word is our word for the method.
func (m method) word() string {
	switch m.Type {
	case "PaymentMethodCard":
		return "card"
	case "PaymentMethodEasyPay":
		return "easy_pay"
	case "PaymentMethodVirtualAccount":
		return "virtual_account"
	case "PaymentMethodTransfer":
		return "transfer"
	case "PaymentMethodMobile":
		return string(payments.MethodPhone)
	}
	return ""
}

// slip is the card's masked number and the approval's number, where the contract shows them.
func (m method) slip() (card, approve string) {
	if inside := payments.Member[method](m.Inside); m.Card == nil && inside.Card != nil {
		m = inside
	}
	c := payments.Member[struct {
		Number text `json:"number"`
	}](m.Card)
	return payments.MaskedCard(string(c.Number)), payments.OnlyPlain(string(m.Approval), 40)
}

// instant reads a time, zero when it is none.
func instant(s text) time.Time {
	t, err := time.Parse(time.RFC3339, string(s))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
