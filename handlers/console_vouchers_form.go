package handlers

import (
	"crypto/rand"
	"strconv"
	"strings"

	"foyer/registration"
	"foyer/views"
)

// mostCodes is how many codes one form makes.
const mostCodes = 2000

// wish is what a form of codes asks for.
type wish struct {
	voucher registration.Voucher
	code    string // as typed; "" when codes are to be made up
	count   int64
}

// codes are the codes to make: the typed one, or made up ones of eight letters and digits without look-alikes.
func (w wish) codes() []string {
	if w.code != "" {
		return []string{w.code}
	}
	var all []string
	for range w.count {
		text := rand.Text() // base32 has no 0, 1, 8 and 9
		all = append(all, text[:4]+"-"+text[4:8])
	}
	return all
}

// typedVouchers reads the form as it was typed.
func typedVouchers(e *registration.Event, f form) views.VoucherForm {
	typed := views.VoucherForm{
		Batch: f.line("batch"), Count: f.line("count"), Code: f.line("code"), Kind: f.line("kind"), Percent: f.line("percent"), Uses: f.line("uses"),
		PerPerson: f.line("per_person"), Reserves: f.line("reserves"), From: f.line("from"), Until: f.line("until"), Note: f.line("note"),
		Scope: f["scope"], Reveals: f["reveals"], Amount: map[registration.Currency]string{},
	}
	for _, cur := range views.EventCurrencies(e) {
		typed.Amount[cur] = f.line("amount." + string(cur))
	}
	return typed
}

// wishOf turns the form into a voucher, or says what is wrong with it.
func wishOf(e *registration.Event, typed views.VoucherForm) (w wish, problems []views.Problem) {
	wrong := func(field, key string, args ...any) {
		problems = append(problems, views.Problem{Field: field, Key: key, Args: args})
	}
	number := func(field, text string, most int64) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		if text != "" && (err != nil || n < 1 || n > most) {
			wrong(field, "console.vouchers.wrong.number", "max", most)
		}
		return n
	}
	v := &w.voucher
	v.Note, w.count = typed.Note, max(number("count", typed.Count, mostCodes), 1)
	v.Uses, v.PerPerson = number("uses", typed.Uses, registration.MostUses), number("per_person", typed.PerPerson, registration.MostUses)
	v.Reserves = number("reserves", typed.Reserves, registration.MostUses)
	if typed.Code != "" {
		code, ok := registration.CleanVoucher(typed.Code)
		if w.code = code; !ok || w.count != 1 {
			wrong("code", "console.vouchers.wrong.code")
		}
	}
	if len(typed.Batch) > 60 {
		wrong("batch", "console.vouchers.wrong.batch")
	}
	v.Scope, v.Reveals = known(typed.Scope, func(id string) bool { return e.Category(id) != nil || e.Extra(id) != nil }),
		known(typed.Reveals, func(id string) bool { c := e.Category(id); return c != nil && c.Hidden })
	switch typed.Kind {
	case "percent":
		if v.Percent = number("percent", typed.Percent, 100); typed.Percent == "" {
			wrong("percent", "console.vouchers.wrong.number", "max", 100)
		}
	case "off", "fixed":
		prices, bad := amounts(typed)
		problems = append(problems, bad...)
		if typed.Kind == "off" {
			if v.Off = prices; len(bad) == 0 && v.Idle() {
				wrong("amount-"+string(prices.Currencies()[0]), "console.vouchers.wrong.zero")
			}
		} else {
			v.Fixed = prices
		}
	case "none":
		if v.Idle() {
			wrong("kind", "console.vouchers.wrong.nothing")
		}
	default:
		wrong("kind", "console.vouchers.wrong.kind")
	}
	if v.Reserves > 0 && (len(v.KeptIn(e)) == 0 || (v.Uses > 0 && v.Reserves > v.Uses)) {
		wrong("reserves", "console.vouchers.wrong.reserves")
	}
	var err error
	if v.From, err = registration.ParseMoment(typed.From, e.Location(), false); err != nil {
		wrong("from", "console.vouchers.wrong.time")
	}
	if v.Until, err = registration.ParseMoment(typed.Until, e.Location(), true); err != nil || (!v.Until.IsZero() && v.Until.Before(v.From)) {
		wrong("until", "console.vouchers.wrong.time")
	}
	return w, problems
}

// amounts reads a price in each currency in which one was typed; at least one is needed.
func amounts(typed views.VoucherForm) (registration.Prices, []views.Problem) {
	prices := registration.Prices{}
	var problems []views.Problem
	first := ""
	for cur, text := range typed.Amount {
		if first == "" || cur == registration.KRW {
			first = "amount-" + string(cur)
		}
		if text == "" {
			continue
		}
		n, wrong := typedAmount("amount-"+string(cur), text, cur)
		prices[cur], problems = n, append(problems, wrong...)
	}
	if len(prices) == 0 {
		_, problems = typedAmount(first, "", registration.Currency(strings.TrimPrefix(first, "amount-")))
	}
	return prices, problems
}

// typedAmount reads an amount in minor units as it was typed into a field, or says what is wrong with it.
func typedAmount(field, text string, cur registration.Currency) (int64, []views.Problem) {
	m, err := registration.ParseMoney(text, cur)
	most := registration.Money{Minor: registration.MaxAmount, Cur: cur}
	wrong := views.Problem{Field: field, Key: "amount.decimals", Args: []any{"currency", cur}}
	switch {
	case err == nil && m.Minor <= most.Minor:
		return m.Minor, nil
	case err == nil || (len(text) > len(most.Decimal()) && strings.Trim(text, "0123456789,.") == ""):
		wrong.Key, wrong.Args = "amount.most", []any{"max", most}
	case cur.Decimals() == 0:
		wrong.Key = "amount.whole"
	}
	return 0, []views.Problem{wrong}
}

// known keeps the ids that there are.
func known(ids []string, is func(string) bool) []string {
	var kept []string
	for _, id := range ids {
		if is(id) {
			kept = append(kept, id)
		}
	}
	return kept
}
