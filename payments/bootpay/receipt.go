package bootpay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// receipt is Bootpay's receipt, as far as it is read. What decides about money is strict; the rest may be null, missing or of another
// type without harm.
type receipt struct {
	ReceiptID   string `json:"receipt_id"`
	OrderID     text   `json:"order_id"`
	Price       number `json:"price"`
	Cancelled   number `json:"cancelled_price"`
	Currency    text   `json:"currency"`
	Sandbox     *bool  `json:"sandbox"`
	Code        number `json:"status"`
	Method      text   `json:"method_symbol"`
	Origin      text   `json:"method_origin_symbol"`
	PurchasedAt text   `json:"purchased_at"`
	URL         text   `json:"receipt_url"`
	Card        loose  `json:"card_data"`
	Account     loose  `json:"vbank_data"`

	status Status
}

// parseReceipt reads a receipt. It must at least say which one it is, how it stands, and whether it is of the test mode.
func parseReceipt(body []byte) (receipt, error) {
	var r receipt
	if err := json.Unmarshal(body, &r); err != nil {
		return receipt{}, fmt.Errorf("read receipt: %w", err)
	}
	n, err := strconv.Atoi(string(r.Code))
	if err != nil || !plain(r.ReceiptID, maxReceipt) || r.Sandbox == nil {
		return receipt{}, errors.New("read receipt: receipt_id, status or sandbox is missing")
	}
	r.status = Status(n)
	return r, nil
}

// notOurs stands for an order number that cannot be one of ours.
const notOurs = "-"

// orderNo is the order number of the receipt, never empty.
func (r *receipt) orderNo() string {
	if s := only(string(r.OrderID), maxOrderNo); s != "" {
		return s
	}
	return notOurs
}

// mode is test for a receipt of the project's test setting.
func (r *receipt) mode() registration.Mode {
	if *r.Sandbox {
		return registration.Test
	}
	return registration.Live
}

// outcome is the contract's account of a receipt.
func (r *receipt) outcome() payments.Outcome {
	card := payments.Member[struct {
		Number    text `json:"card_no"`
		ApproveNo text `json:"card_approve_no"`
		URL       text `json:"receipt_url"`
	}](r.Card)
	out := payments.Outcome{
		Status: r.status.state(), GatewayID: r.ReceiptID, OrderNo: r.orderNo(), Mode: r.mode(), Method: r.method(),
		Card: payments.MaskedCard(string(card.Number)), Approve: only(string(card.ApproveNo), 40),
	}
	switch out.Status {
	case payments.StatusCaptured:
		out.Captured, out.Refunded = r.money()
		out.At = instant(r.PurchasedAt)
		if out.Proof = payments.Link(string(r.URL), maxLink, out.Mode); out.Proof == "" {
			out.Proof = payments.Link(string(card.URL), maxLink, out.Mode)
		}
	case payments.StatusFailed:
		out.Reason = keyFailed
		if r.status == StatusConfirmFailed {
			out.Reason = keyCard
		}
	case payments.StatusLapsed:
		out.Reason = keyLapsed
	case payments.StatusDeposit:
		out.Deadline = instant(payments.Member[struct {
			Until text `json:"expired_at"`
		}](r.Account).Until)
	case payments.StatusPending, payments.StatusMissing:
	}
	return out
}

// currency is what the receipt is in: won, where it does not say.
func (r *receipt) currency() registration.Currency {
	if r.Currency == "" {
		return registration.KRW
	}
	return registration.Currency(strings.ToUpper(string(r.Currency)))
}

// price is what was asked for; false when it is not an amount.
func (r *receipt) price() (registration.Money, bool) {
	m, err := registration.ParseMoney(string(r.Price), r.currency())
	return m, err == nil && m.Minor > 0
}

// money is what was taken in all and what went back of it. Amounts that cannot be true never pass for an amount: in a currency that we
// cannot count in, they are zero of that currency; with too many decimals, or more gone than was taken, they are the zero Money.
// Neither equals any price, so that the payment is not confirmed and goes before a person.
func (r *receipt) money() (captured, refunded registration.Money) {
	cur := r.currency()
	if !cur.Known() {
		none := registration.Money{Cur: registration.Currency(only(string(cur), 12))}
		return none, none
	}
	captured, ok := r.price()
	refunded = registration.Money{Cur: cur}
	switch {
	case !ok:
		return registration.Money{}, registration.Money{}
	case r.Cancelled != "":
		m, err := registration.ParseMoney(string(r.Cancelled), cur)
		if err != nil || m.Minor > captured.Minor || (m.Minor == 0 && r.status == StatusCancelled) {
			return registration.Money{}, registration.Money{}
		}
		refunded = m
	case r.status == StatusCancelled:
		refunded = captured
	}
	return captured, refunded
}

// method is our word for the script's; wallets have many.
func (r *receipt) method() string {
	for _, m := range []text{r.Origin, r.Method} {
		switch m {
		case "card", "card_rebill", "card_rebill_rest":
			return "card"
		case "bank":
			return "transfer"
		case "vbank":
			return "virtual_account"
		case "phone":
			return "mobile"
		}
	}
	if r.Method != "" {
		return "easy_pay"
	}
	return ""
}

// korea is the zone of a time that Bootpay writes without one.
var korea = time.FixedZone("KST", 9*60*60)

// instant reads a time, zero when it is none.
func instant(s text) time.Time {
	if t, err := time.Parse(time.RFC3339, string(s)); err == nil {
		return t.UTC()
	}
	t, err := time.ParseInLocation(time.DateTime, string(s), korea)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
