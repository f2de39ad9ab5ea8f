package handlers

import (
	"slices"
	"strings"

	"foyer/payments"
	"foyer/registration"
	"foyer/views"
)

// chosen reads the field channel: a channel's id for its first method, "id:method" for the others; nil when there is no such.
func chosen(e *registration.Event, value string) (*registration.ChannelOffer, payments.Method) {
	id, method, named := strings.Cut(value, ":")
	offer := e.Channel(id)
	if offer == nil || len(offer.Methods) == 0 {
		return nil, ""
	}
	if !named {
		return offer, payments.Method(offer.Methods[0])
	}
	if !slices.Contains(offer.Methods, method) {
		return nil, ""
	}
	return offer, payments.Method(method)
}

// cashReceiptFor reports whether Korean law knows a cash receipt for money paid that way.
func cashReceiptFor(c registration.ChannelOffer, method string) bool {
	m := payments.Method(method)
	return c.Currency == registration.KRW && !c.ByHand() && (m == payments.MethodVirtualAccount || m == payments.MethodTransfer)
}

// cashReceiptOf reads what the payer wants the tax office to be told; nothing for a method without cash receipts.
func cashReceiptOf(form form, c registration.ChannelOffer, m payments.Method) (payments.CashReceipt, *views.Problem) {
	kind := payments.CashReceiptKind(form.line("cash_receipt"))
	if !cashReceiptFor(c, string(m)) {
		return payments.CashReceipt{}, nil
	}
	switch kind {
	case payments.CashReceiptIncome:
		if n := digits(form.line("cash_phone")); (len(n) == 10 || len(n) == 11) && strings.HasPrefix(n, "01") {
			return payments.CashReceipt{Kind: kind, Number: n}, nil
		}
		return payments.CashReceipt{}, &views.Problem{Field: "cash_phone", Key: "cash.phone.wrong"}
	case payments.CashReceiptExpense:
		if n := digits(form.line("cash_business")); len(n) == 10 {
			return payments.CashReceipt{Kind: kind, Number: n}, nil
		}
		return payments.CashReceipt{}, &views.Problem{Field: "cash_business", Key: "cash.business.wrong"}
	case payments.CashReceiptNone:
	}
	return payments.CashReceipt{}, nil
}

// digits is text without the spaces and hyphens that people write into numbers; "" when anything else is in it.
func digits(text string) string {
	text = strings.NewReplacer("-", "", " ", "").Replace(text)
	if strings.Trim(text, "0123456789") != "" {
		return ""
	}
	return text
}
