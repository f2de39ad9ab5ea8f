package toss

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"foyer/payments"
	"foyer/registration"
)

// windows are the methods, and what the gateway's browser script calls them.
var windows = map[payments.Method]string{
	payments.MethodCard:           "CARD",
	payments.MethodVirtualAccount: "VIRTUAL_ACCOUNT",
	payments.MethodTransfer:       "TRANSFER",
	payments.MethodPhone:          "MOBILE_PHONE",
	payments.MethodPayPal:         "FOREIGN_EASY_PAY",
}

// longestTerm is the longest time that the gateway lets an account wait for its deposit.
const longestTerm = 90 * 24 * time.Hour

// checkMethods checks the methods that a channel offers against its currency: PayPal takes dollars, and what is paid from a Korean bank
// account or telephone bill takes won.
func checkMethods(c *payments.Channel) error {
	for _, m := range c.Methods {
		method := payments.Method(m)
		switch {
		case windows[method] == "":
			return fmt.Errorf("toss: method must be card, virtual_account, transfer, phone or paypal, not %q", m)
		case method == payments.MethodPayPal && c.Currency != registration.USD:
			return fmt.Errorf("toss: paypal takes USD only, not %s", c.Currency)
		case method != payments.MethodPayPal && method != payments.MethodCard && c.Currency != registration.KRW:
			return fmt.Errorf("toss: %s takes KRW only, not %s", m, c.Currency)
		}
	}
	return nil
}

// offers reports whether the channel offers a method; a channel that names none takes cards.
func (g *gateway) offers(m payments.Method) bool {
	if len(g.channel.Methods) == 0 {
		return m == payments.MethodCard
	}
	return slices.Contains(g.channel.Methods, string(m))
}

// chosen is the method of an attempt. One that names none is paid by card, or by what the channel has instead.
func (g *gateway) chosen(a *payments.Attempt) (payments.Method, error) {
	m := a.Method
	if m == "" {
		m = payments.MethodCard
		if !g.offers(m) {
			m = payments.Method(g.channel.Methods[0])
		}
	}
	if !g.offers(m) {
		return "", fmt.Errorf("toss: the channel does not offer %q", m)
	}
	return m, nil
}

// options are what the window wants to know of one method beside what it is told of every payment, by the name of its member.
func (g *gateway) options(a *payments.Attempt, m payments.Method) (name string, value map[string]any, err error) {
	switch m {
	case payments.MethodCard:
		if g.channel.Cards == "overseas" {
			return "card", map[string]any{"useInternationalCardOnly": true, "language": language(a.Lang)}, nil
		}
		return "", nil, nil
	case payments.MethodVirtualAccount:
		value = receiptOf(a)
		due, err := dueDate(a)
		if due != "" {
			value["dueDate"] = due
		}
		return "virtualAccount", value, err
	case payments.MethodTransfer:
		return "transfer", receiptOf(a), nil
	case payments.MethodPayPal:
		return "foreignEasyPay", payPal(a), nil
	case payments.MethodPhone, payments.MethodEasyPay, payments.MethodBankTransfer, payments.MethodOnSite, payments.MethodPayLater:
	}
	return "", nil, nil
}

// dueDate is until when an account takes the deposit, in Korean time, as the gateway writes it; "" leaves it to the gateway's own week.
func dueDate(a *payments.Attempt) (string, error) {
	switch {
	case a.Due.IsZero():
		return "", nil
	case !a.StartedAt.IsZero() && (!a.Due.After(a.StartedAt) || a.Due.Sub(a.StartedAt) > longestTerm):
		return "", errors.New("toss: a virtual account waits for 90 days at most")
	}
	return a.Due.In(korea).Format("2006-01-02T15:04:05"), nil
}

// receiptOf is which kind of cash receipt the window asks the payer's number for; without one the window asks for the kind too.
func receiptOf(a *payments.Attempt) map[string]any {
	switch a.Bill.Kind {
	case payments.CashReceiptIncome:
		return map[string]any{"cashReceipt": map[string]any{"type": "소득공제"}}
	case payments.CashReceiptExpense:
		return map[string]any{"cashReceipt": map[string]any{"type": "지출증빙"}}
	case payments.CashReceiptNone:
	}
	return map[string]any{}
}

// payPal says where the payer is, and what is bought: PayPal protects the seller of what it was told of.
func payPal(a *payments.Attempt) map[string]any {
	country := a.Payer.Country
	if len(country) != 2 {
		country = "US"
	}
	return map[string]any{"provider": "PAYPAL", "country": country, "products": []map[string]any{{
		"name": orderName(a), "quantity": 1, "unitAmount": literal(a.Amount), "currency": string(a.Amount.Cur), "description": orderName(a),
	}}}
}
