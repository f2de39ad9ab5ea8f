package views

import (
	"strings"

	"foyer/registration"
)

// isFree reports whether p has prices and all of them are nothing.
func isFree(p registration.Prices) bool {
	for _, minor := range p {
		if minor != 0 {
			return false
		}
	}
	return len(p) > 0
}

// costsNothing reports whether nothing of an event costs anything.
func costsNothing(e *registration.Event) bool {
	for _, c := range e.Categories {
		for _, p := range c.Prices {
			if !isFree(p) {
				return false
			}
		}
	}
	for _, x := range e.Extras {
		if !isFree(x.Price) {
			return false
		}
	}
	return true
}

// amountText is a sum as a bill shows it: nothing to pay is free, in whatever currency.
func amountText(l registration.Lang, m registration.Money) string {
	if m.Minor == 0 {
		return T(l, "price.free")
	}
	return m.Format(l)
}

// billed are the prices that a bill shows: free is free, without a column for each currency.
func billed(p registration.Prices) registration.Prices {
	if isFree(p) {
		return registration.Prices{p.Currencies()[0]: 0}
	}
	return p
}

// lineAmount is the price of a whole line in one currency.
func lineAmount(x registration.Line, c registration.Currency) registration.Money {
	return registration.Money{Minor: x.Unit[c] * x.Quantity, Cur: c}
}

// priceText writes all prices of p in one line: "150,000원 또는 USD 120.00".
func priceText(l registration.Lang, p registration.Prices) string {
	if isFree(p) {
		return T(l, "price.free")
	}
	var all []string
	for _, c := range p.Currencies() {
		all = append(all, registration.Money{Minor: p[c], Cur: c}.Format(l))
	}
	return strings.Join(all, T(l, "price.or"))
}

// taxText says how the prices of an event relate to value added tax.
func taxText(l registration.Lang, t registration.Tax) string {
	switch t {
	case registration.TaxIncluded:
		return T(l, "tax.included")
	case registration.TaxExempt:
		return T(l, "tax.exempt")
	case registration.TaxNone:
		return T(l, "tax.none")
	}
	return ""
}

// paragraphs cuts an organizer's text at its blank lines.
func paragraphs(text string) []string {
	var all []string
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}
