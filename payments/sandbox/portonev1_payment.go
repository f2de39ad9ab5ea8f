package sandbox

import (
	"encoding/json"
	"slices"
	"time"

	"foyer/registration"
)

// portoneV1Object is the payment object. Amounts are in the currency's major unit, times in Unix seconds, 0 for what has not happened.
type portoneV1Object struct {
	ID        string  `json:"imp_uid"`
	OrderID   string  `json:"merchant_uid"`
	PayMethod string  `json:"pay_method"`
	Channel   string  `json:"channel"`
	Company   string  `json:"pg_provider"`
	Embedded  *string `json:"emb_pg_provider"`
	PgTid     string  `json:"pg_tid"`
	PgID      string  `json:"pg_id"`
	Sandbox   bool    `json:"sandbox"`
	Escrow    bool    `json:"escrow"`
	ApplyNum  *string `json:"apply_num"`
	BankCode  *string `json:"bank_code"`
	BankName  *string `json:"bank_name"`

	CardCode   *string `json:"card_code"`
	CardName   *string `json:"card_name"`
	CardQuota  int     `json:"card_quota"`
	CardNumber *string `json:"card_number"`
	CardType   *int    `json:"card_type"`

	VbankCode     *string `json:"vbank_code"`
	VbankName     *string `json:"vbank_name"`
	VbankNum      *string `json:"vbank_num"`
	VbankHolder   *string `json:"vbank_holder"`
	VbankDate     int64   `json:"vbank_date"`
	VbankIssuedAt int64   `json:"vbank_issued_at"`

	Name         string      `json:"name"`
	Amount       json.Number `json:"amount"`
	CancelAmount json.Number `json:"cancel_amount"`
	Currency     string      `json:"currency"`
	CustomData   *string     `json:"custom_data"`
	UserAgent    *string     `json:"user_agent"`

	Status       string              `json:"status"`
	StartedAt    int64               `json:"started_at"`
	PaidAt       int64               `json:"paid_at"`
	FailedAt     int64               `json:"failed_at"`
	CancelledAt  int64               `json:"cancelled_at"`
	FailReason   *string             `json:"fail_reason"`
	CancelReason *string             `json:"cancel_reason"`
	ReceiptURL   *string             `json:"receipt_url"`
	Cancels      []portoneV1Cancel   `json:"cancel_history"`
	Deposits     []portoneV1Deposit  `json:"deposit_history"`
	CancelSlips  []string            `json:"cancel_receipt_urls"`
	CashReceipt  bool                `json:"cash_receipt_issued"`
	CustomerUID  *string             `json:"customer_uid"`
	CustomerUse  *string             `json:"customer_uid_usage"`
	Promotion    *portoneV1Promotion `json:"promotion"`
}

// portoneV1Promotion is never there: the sandbox has no promotions.
type portoneV1Promotion struct{}

type portoneV1Cancel struct {
	PgTid     string      `json:"pg_tid"`
	Amount    json.Number `json:"amount"`
	At        int64       `json:"cancelled_at"`
	Reason    string      `json:"reason"`
	ID        string      `json:"cancellation_id"`
	ReceiptAt string      `json:"receipt_url"`
}

type portoneV1Deposit struct {
	PgTid     string      `json:"pg_tid"`
	Amount    json.Number `json:"amount"`
	Depositor string      `json:"depositor_name"`
	At        int64       `json:"deposited_at"`
}

// portoneV1Changed is when p came to where it stands.
func portoneV1Changed(p *Payment) time.Time {
	for _, e := range slices.Backward(p.Timeline) {
		if e.What != "webhook" {
			return e.At
		}
	}
	return p.RequestedAt
}

// seconds is a time as PortOne writes it.
func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

// object is p as the API shows it.
func (g *portoneV1) object(p *Payment) portoneV1Object {
	meta := p.Session.Metadata
	o := portoneV1Object{
		ID: p.ID, OrderID: p.OrderID, PayMethod: portoneV1Method(p), Channel: meta[portoneV1Device], Company: meta[portoneV1Company],
		PgTid: "sandbox" + p.ID[len("imp_"):], PgID: meta[portoneV1Shop], Sandbox: meta[portoneV1Live] == "", Name: p.OrderName,
		Amount: number(p, p.Amount), Currency: meta[portoneV1Custom], Status: g.status(p), StartedAt: seconds(p.RequestedAt),
		Cancels: []portoneV1Cancel{}, Deposits: []portoneV1Deposit{}, CancelSlips: []string{},
	}
	g.addRefunds(p, &o)
	switch p.State {
	case StateFailed:
		o.FailedAt, o.FailReason = seconds(portoneV1Changed(p)), optional("["+p.Failure+"] "+tossText(p.Failure, false))
	case StateCaptured:
		o.PaidAt, o.ApplyNum = seconds(p.CapturedAt), optional("00000000")
		o.ReceiptURL = optional(p.Session.BaseURL + "/_sandbox/payments/" + p.ID)
	case StateReady, StateAuthenticated, StateDeposit, StateExpired:
	}
	if p.Card != nil && p.State == StateCaptured {
		credit := 0
		o.CardCode, o.CardName, o.CardNumber, o.CardType = optional(portoneV1CardCodes[p.Card.Value]), optional(p.Card.Brand), optional(p.Card.Number), &credit
	}
	if p.Account != nil {
		o.VbankCode, o.VbankName, o.VbankNum, o.VbankHolder = optional(p.Account.Bank), optional("국민은행"), optional(p.Account.Number), optional(p.Account.Holder)
		o.VbankDate, o.VbankIssuedAt = seconds(p.Deadline), seconds(p.AuthenticatedAt)
		if p.State == StateCaptured {
			o.Deposits = append(o.Deposits, portoneV1Deposit{o.PgTid, o.Amount, "Payer", o.PaidAt})
		}
	}
	return o
}

// addRefunds shows what went back; what a bank took back is no refund of the gateway's.
func (g *portoneV1) addRefunds(p *Payment, o *portoneV1Object) {
	var sum int64
	for _, r := range p.Refunds {
		if r.Taken {
			continue
		}
		sum += r.Amount
		o.CancelledAt, o.CancelReason = seconds(r.At), optional(r.Reason)
		o.Cancels = append(o.Cancels, portoneV1Cancel{
			PgTid: o.PgTid, Amount: number(p, r.Amount), At: seconds(r.At), Reason: r.Reason, ID: r.ID,
			ReceiptAt: p.Session.BaseURL + "/_sandbox/payments/" + p.ID,
		})
	}
	o.CancelAmount = number(p, sum)
}

// portoneV1CardCodes are the codes of card companies; those from 10001 stand for cards issued abroad.
var portoneV1CardCodes = map[string]string{"kr": "367", "visa": "10005", "mastercard": "10004", "jcb": "10006", "amex": "10003"}

// portoneV1Method is PortOne's word for how p is paid.
func portoneV1Method(p *Payment) string {
	if p.Method == "" {
		return "card"
	}
	return p.Method
}

// portoneV1Minimum is the least that can be paid.
func portoneV1Minimum(p *Payment) bool { return p.Currency != registration.KRW || p.Amount >= 100 }
