package portonev1

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// payment is PortOne's payment object, as far as it is read. What decides about money is strict; the rest may be null, missing or of
// another type without harm.
type payment struct {
	ID        string `json:"imp_uid"`
	OrderNo   text   `json:"merchant_uid"`
	State     string `json:"status"`
	Sandbox   *bool  `json:"sandbox"`
	PayMethod text   `json:"pay_method"`
	Company   text   `json:"pg_provider"`
	Shop      text   `json:"pg_id"`

	Amount   number `json:"amount"` // in the currency's major unit, like the sums below
	Gone     number `json:"cancel_amount"`
	Currency text   `json:"currency"`
	Cancels  loose  `json:"cancel_history"`

	PaidAt     moment `json:"paid_at"`
	CardNumber text   `json:"card_number"`
	Approval   text   `json:"apply_num"`
	ReceiptURL text   `json:"receipt_url"`

	AccountBank   text   `json:"vbank_name"`
	AccountCode   text   `json:"vbank_code"`
	AccountNumber text   `json:"vbank_num"`
	AccountHolder text   `json:"vbank_holder"`
	AccountUntil  moment `json:"vbank_date"`
}

// cancellation is one refund of a payment.
type cancellation struct {
	ID     text   `json:"cancellation_id"`
	Amount number `json:"amount"`
	At     moment `json:"cancelled_at"`
	Reason text   `json:"reason"`
}

// The states of a payment. There is none for a partial refund, and what the state is after one is not said: it never decides about
// refunds here.
const (
	stateReady     = "ready"
	statePaid      = "paid"
	stateFailed    = "failed"
	stateCancelled = "cancelled"
)

// moment is a time in Unix seconds, zero for 0, null and anything else.
type moment struct{ time.Time }

// UnmarshalJSON takes a whole number of seconds and ignores everything else.
func (m *moment) UnmarshalJSON(b []byte) error {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil && n > 0 && n < 1<<40 {
		m.Time = time.Unix(n, 0).UTC()
	}
	return nil
}

// cancels are the payment's refunds; ok is false when the list cannot be read.
func (p *payment) cancels() (all []cancellation, ok bool) {
	if len(p.Cancels) == 0 {
		return nil, true
	}
	return all, json.Unmarshal(p.Cancels, &all) == nil
}

// check makes sure that the object is a payment, and says whether it is a test.
func (p *payment) check() error {
	if !payments.Plain(p.ID, maxID) || !payments.Plain(p.State, maxCode) || p.Sandbox == nil {
		return errors.New("read payment: imp_uid, status or sandbox is missing")
	}
	return nil
}

// mode is what the payment's channel is for. The same keys serve test and live channels, and test money looks as paid as any. Old
// channels may not say so; then the shop id that the company gives to everybody does.
func (p *payment) mode() registration.Mode {
	if *p.Sandbox || slices.Contains(testShops, string(p.Shop)) {
		return registration.Test
	}
	return registration.Live
}

// status maps PortOne's state. A word that is new to us is pending: it ends nothing and is looked at again.
func (p *payment) status() payments.Status {
	switch p.State {
	case statePaid:
		return payments.StatusCaptured
	case stateCancelled:
		if p.paid() {
			return payments.StatusCaptured
		}
		return payments.StatusFailed
	case stateFailed:
		return payments.StatusFailed
	case stateReady:
		if p.account() != (payments.Account{}) {
			return payments.StatusDeposit
		}
	}
	return payments.StatusPending
}

// paid reports whether a cancelled payment had been paid before. An account that nobody paid into is cancelled without a time of
// payment and without money that went back.
func (p *payment) paid() bool {
	return !p.PaidAt.IsZero() || (p.PayMethod != vbank && strings.Trim(string(p.Gone), "0.") != "")
}

// account is the virtual account that was issued, the zero Account while there is none.
func (p *payment) account() payments.Account {
	if p.PayMethod != vbank || !payments.Plain(string(p.AccountNumber), 32) || p.AccountNumber == "unknown" {
		return payments.Account{}
	}
	bank := cut(string(p.AccountBank), 60)
	if bank == "" {
		bank = payments.OnlyPlain(string(p.AccountCode), 10)
	}
	return payments.Account{Bank: bank, Number: string(p.AccountNumber), Holder: cut(string(p.AccountHolder), 60)}
}

// notOurs stands for an order number that cannot be one of ours.
const notOurs = "-"

// orderNo is the payment's order number, never empty.
func (p *payment) orderNo() string {
	if s := payments.OnlyPlain(string(p.OrderNo), maxOrderNo); s != "" {
		return s
	}
	return notOurs
}

// outcome is the contract's account of a payment.
func (p *payment) outcome() payments.Outcome {
	out := payments.Outcome{Status: p.status(), GatewayID: p.ID, OrderNo: p.orderNo(), Mode: p.mode(), Method: p.method()}
	switch out.Status {
	case payments.StatusCaptured:
		out.Captured, out.Refunded = p.money()
		out.Card, out.Approve = payments.MaskedCard(string(p.CardNumber)), payments.OnlyPlain(string(p.Approval), 40)
		out.Proof, out.At = payments.Link(string(p.ReceiptURL), maxLink, out.Mode), p.PaidAt.Time
	case payments.StatusDeposit:
		out.Account, out.Deadline = p.account(), p.AccountUntil.Time
	case payments.StatusFailed: // fail_reason is a sentence of the company's: what the browser brought says more
		if p.State == stateCancelled {
			out.Reason = keyCancelled
		}
	case payments.StatusPending, payments.StatusMissing, payments.StatusLapsed:
	}
	return out
}

// method is our word for how the payer paid.
func (p *payment) method() string {
	if companies[string(p.Company)].only == payments.MethodEasyPay {
		return string(payments.MethodEasyPay)
	}
	for m, theirs := range payMethods {
		if string(p.PayMethod) == theirs {
			return string(m)
		}
	}
	if slices.Contains(wallets, string(p.PayMethod)) {
		return string(payments.MethodEasyPay)
	}
	return ""
}

// money is what was taken in all and what went back of it. An account of it that cannot be true never passes for an amount: in a
// currency that we cannot count in, it is zero of that currency; with too many decimals, with more gone than was taken, or where the
// sum and the list of what went back contradict each other, it is the zero Money. Neither equals any price, so that the payment is
// not confirmed and goes before a person.
func (p *payment) money() (captured, refunded registration.Money) {
	cur := registration.Currency(p.Currency)
	if !cur.Known() {
		none := registration.Money{Cur: registration.Currency(payments.OnlyPlain(string(cur), 12))}
		return none, none
	}
	captured, err := registration.ParseMoney(string(p.Amount), cur)
	gone, ok := p.gone(cur)
	if err != nil || captured.Minor <= 0 || !ok || gone > captured.Minor {
		return registration.Money{}, registration.Money{}
	}
	return captured, registration.Money{Minor: gone, Cur: cur}
}

// gone is what went back in minor units: the sum, which the rows of the list must not exceed. A list that is shorter is one that was not
// written in whole.
func (p *payment) gone(cur registration.Currency) (sum int64, ok bool) {
	all, ok := p.cancels()
	if !ok {
		return 0, false
	}
	var rows int64
	for _, c := range all {
		m, err := registration.ParseMoney(string(c.Amount), cur)
		if err != nil {
			return 0, false
		}
		rows += m.Minor
	}
	sum = rows
	if p.Gone != "" {
		m, err := registration.ParseMoney(string(p.Gone), cur)
		if err != nil || rows > m.Minor {
			return 0, false
		}
		sum = m.Minor
	}
	return sum, sum > 0 || p.State != stateCancelled
}
