package toss

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// payment is the gateway's payment object, as far as it is read. What decides about money is strict; the rest may be null, missing
// or of another type without harm, because the gateway adds and changes such members without notice.
type payment struct {
	PaymentKey string `json:"paymentKey"`
	OrderID    string `json:"orderId"`
	Status     string `json:"status"`
	Currency   string `json:"currency"`
	Total      number `json:"totalAmount"`
	Balance    number `json:"balanceAmount"`
	Last       text   `json:"lastTransactionKey"`
	Method     text   `json:"method"`
	ApprovedAt text   `json:"approvedAt"`
	Card       loose  `json:"card"`
	Cancels    loose  `json:"cancels"`
	Failure    loose  `json:"failure"`
	Receipt    loose  `json:"receipt"`
	Checkout   loose  `json:"checkout"`
	Virtual    loose  `json:"virtualAccount"`
	Easy       loose  `json:"easyPay"`
	Secret     text   `json:"secret"`
}

// cancel is one refund inside a payment.
type cancel struct {
	Amount number `json:"cancelAmount"`
	Key    text   `json:"transactionKey"`
	Status text   `json:"cancelStatus"`
}

// parsePayment reads a payment. It must at least say which payment it is and how it stands.
func parsePayment(body []byte) (payment, error) {
	var p payment
	if err := json.Unmarshal(body, &p); err != nil {
		return payment{}, fmt.Errorf("read payment: %w", err)
	}
	if !plain(p.PaymentKey, maxKey) || !plain(p.OrderID, maxOrderNo) || !plain(p.Status, maxCode) {
		return payment{}, errors.New("read payment: paymentKey, orderId or status is missing")
	}
	return p, nil
}

// outcome is the contract's account of a payment.
func (p *payment) outcome(mode registration.Mode) payments.Outcome {
	card := payments.Member[struct {
		Number    text `json:"number"`
		ApproveNo text `json:"approveNo"`
	}](p.Card)
	slip := payments.Member[struct {
		URL text `json:"url"`
	}](p.Receipt)
	out := payments.Outcome{
		Status: p.state(), GatewayID: p.PaymentKey, OrderNo: p.OrderID, Mode: mode, Method: p.word(),
		Card: payments.MaskedCard(string(card.Number)), Approve: only(string(card.ApproveNo), 40), Proof: payments.Link(string(slip.URL), maxLink, mode),
	}
	switch out.Status {
	case payments.StatusCaptured:
		out.Captured, out.Refunded = p.money()
		out.At = instant(p.ApprovedAt)
	case payments.StatusFailed:
		out.Reason = p.reason()
	case payments.StatusLapsed:
		out.Reason = keyLapsed
	case payments.StatusDeposit:
		out.Account, out.Deadline = p.account()
		out.Secret = only(string(p.Secret), maxKey)
	case payments.StatusPending, payments.StatusMissing:
	}
	return out
}

// state maps the gateway's status. A word that is new to us is pending: it ends nothing and is looked at again. An account whose deadline
// is over still waits in the gateway's words, and so in ours: a deposit of the last minute may be told of late, and whoever keeps the
// deadline decides when to stop waiting. A deposit that the bank took back makes the account wait again.
func (p *payment) state() payments.Status {
	switch p.Status {
	case "DONE", "PARTIAL_CANCELED":
		return payments.StatusCaptured
	case "CANCELED":
		if p.paid() {
			return payments.StatusCaptured
		}
		return payments.StatusFailed
	case "WAITING_FOR_DEPOSIT":
		return payments.StatusDeposit
	case "ABORTED":
		return payments.StatusFailed
	case "EXPIRED":
		return payments.StatusLapsed
	}
	return payments.StatusPending
}

// paid reports whether a cancelled payment had been paid before. An account that nobody paid into is cancelled without an
// approval; anything else that was cancelled after an approval, or lists what went back, had taken money.
func (p *payment) paid() bool {
	if p.ApprovedAt != "" {
		return true
	}
	account := payments.Member[map[string]any](p.Virtual)
	return account == nil && len(payments.Member[[]cancel](p.Cancels)) > 0
}

// money is what was taken in all and what went back of it. An account of it that cannot be ours never passes for an amount: in a
// currency that we cannot count in, it is zero of that currency as the gateway names it; with more decimals than the currency
// has, or with a balance that contradicts the total, it is the zero Money. Neither equals any price, so that the payment is
// not confirmed and goes before a person.
func (p *payment) money() (captured, refunded registration.Money) {
	cur := registration.Currency(p.Currency)
	if !cur.Known() {
		none := registration.Money{Cur: registration.Currency(only(p.Currency, 12))}
		return none, none
	}
	captured, err := registration.ParseMoney(string(p.Total), cur)
	if err != nil || captured.Minor <= 0 {
		return registration.Money{}, registration.Money{}
	}
	refunded, ok := p.gone(captured)
	if !ok {
		return registration.Money{}, registration.Money{}
	}
	return captured, refunded
}

// gone is what went back: the total less the balance, or the sum of the refunds where the balance is missing.
func (p *payment) gone(captured registration.Money) (registration.Money, bool) {
	sum := registration.Money{Cur: captured.Cur}
	if p.Balance != "" {
		left, err := registration.ParseMoney(string(p.Balance), captured.Cur)
		sum.Minor = captured.Minor - left.Minor
		return sum, err == nil && sum.Minor >= 0
	}
	for _, c := range payments.Member[[]cancel](p.Cancels) {
		m, err := registration.ParseMoney(string(c.Amount), captured.Cur)
		if err != nil {
			return sum, false
		}
		sum.Minor += m.Minor
	}
	if p.Status == "CANCELED" {
		sum = captured
	}
	return sum, sum.Minor <= captured.Minor
}

// reason is why a payment ended without money.
func (p *payment) reason() string {
	if p.Status == "CANCELED" {
		return keyCancelled
	}
	f := payments.Member[struct {
		Code text `json:"code"`
	}](p.Failure)
	return reason(string(f.Code))
}

// word is our word for the gateway's method, which answers in Korean unless it is asked for English. PayPal comes as a bare word where
// other wallets have an object, with or without a method of its own.
func (p *payment) word() string {
	switch p.Method {
	case "카드", "CARD", "Card":
		return string(payments.MethodCard)
	case "가상계좌", "VIRTUAL_ACCOUNT":
		return string(payments.MethodVirtualAccount)
	case "계좌이체", "TRANSFER":
		return string(payments.MethodTransfer)
	case "휴대폰", "MOBILE_PHONE":
		return string(payments.MethodPhone)
	case "해외간편결제", "FOREIGN_EASY_PAY":
		return string(payments.MethodPayPal)
	}
	switch wallet := payments.Member[string](p.Easy); {
	case wallet == "PAYPAL" || wallet == "페이팔":
		return string(payments.MethodPayPal)
	case p.Method == "간편결제":
		return string(payments.MethodEasyPay)
	case len(payments.Member[map[string]any](p.Virtual)) > 0:
		return string(payments.MethodVirtualAccount)
	}
	return ""
}

// korea is the zone of a time that the gateway writes without one.
var korea = time.FixedZone("KST", 9*60*60)

// instant reads a time, zero when it is none.
func instant(s text) time.Time {
	if t, err := time.Parse(time.RFC3339, string(s)); err == nil {
		return t.UTC()
	}
	t, err := time.ParseInLocation("2006-01-02T15:04:05", string(s), korea)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
