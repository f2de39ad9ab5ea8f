package views

import (
	"slices"
	"strconv"
	"strings"

	"foyer/registration"
)

// VoucherText says in one sentence what a voucher does for somebody who uses it.
func VoucherText(l registration.Lang, v *registration.Voucher) string {
	switch {
	case v.Percent > 0:
		return T(l, "voucher.does.percent", "percent", strconv.FormatInt(v.Percent, 10))
	case !v.Lowers():
	case v.Off != nil:
		return T(l, "voucher.does.off", "amount", priceText(l, v.Off))
	case v.Fixed != nil:
		return T(l, "voucher.does.fixed", "amount", priceText(l, v.Fixed))
	}
	if v.Reserves > 0 && len(v.Reveals) == 0 {
		return T(l, "voucher.does.keep")
	}
	return T(l, "voucher.does.reveal")
}

// VoucherLabel names a field of the form that makes codes, without the remark that it may be left empty.
func VoucherLabel(l registration.Lang, field string) string {
	label, _, _ := strings.Cut(T(l, "console.vouchers.form."+field), " (")
	return label
}

// aboutVouchers names in a summary of mistakes the numbers and moments that one sentence is about.
func aboutVouchers(l registration.Lang, problems []Problem) []Problem {
	named := slices.Clone(problems)
	for i, p := range named {
		switch p.Key {
		case "console.vouchers.wrong.number", "console.vouchers.wrong.time", "console.vouchers.wrong.batch":
			named[i].Of = VoucherLabel(l, p.Field)
		}
	}
	return named
}

// EventCurrencies are the currencies in which anything of an event has a price, KRW first.
func EventCurrencies(e *registration.Event) []registration.Currency {
	all := registration.Prices{}
	for _, c := range e.Categories {
		for _, p := range c.Prices {
			for cur := range p {
				all[cur] = 0
			}
		}
	}
	for _, x := range e.Extras {
		for cur := range x.Price {
			all[cur] = 0
		}
	}
	return all.Currencies()
}

// scopeChoices are the categories and extras that a code may be for.
func scopeChoices(l registration.Lang, e *registration.Event) []ConsoleOption {
	var all []ConsoleOption
	for _, c := range e.Categories {
		all = append(all, ConsoleOption{c.ID, c.Name.In(l)})
	}
	for _, x := range e.Extras {
		all = append(all, ConsoleOption{x.ID, x.Name.In(l)})
	}
	return all
}

// hiddenChoices are the categories that a code may open.
func hiddenChoices(l registration.Lang, e *registration.Event) []ConsoleOption {
	var all []ConsoleOption
	for _, c := range e.Categories {
		if c.Hidden {
			all = append(all, ConsoleOption{c.ID, c.Name.In(l)})
		}
	}
	return all
}

// choiceIDs gives the first choice of a group the group's id, to which the summary of problems leads.
func choiceIDs(group, value string, i int) string {
	if i == 0 {
		return group
	}
	return group + "-" + value
}

func contains(list []string, s string) bool { return slices.Contains(list, s) }

// hintOr gives the text of key, "" when there is none.
func hintOr(l registration.Lang, key string) string { return wordOr(l, key, "") }
