package registration

import (
	"errors"
	"fmt"
	"strings"
)

// Currency is an ISO 4217 code in capitals, such as KRW or USD.
type Currency string

// The currencies that events are priced in today.
const (
	KRW Currency = "KRW"
	USD Currency = "USD"
	JPY Currency = "JPY"
	EUR Currency = "EUR"
)

// decimals holds the number of minor-unit digits of every currency that Foyer takes (ISO 4217).
var decimals = map[Currency]int{KRW: 0, JPY: 0, USD: 2, EUR: 2}

// Known reports whether Foyer can count in c.
func (c Currency) Known() bool { _, ok := decimals[c]; return ok }

// Decimals is the number of digits after the point: 0 for KRW, 2 for USD.
func (c Currency) Decimals() int { return decimals[c] }

// Money is an amount in the currency's minor unit: 15000 KRW is ₩15,000, 1500 USD is $15.00.
type Money struct {
	Minor int64
	Cur   Currency
}

// Decimal writes the amount with its decimals and no separators, as gateways and forms want it: "50000", "12.50".
func (m Money) Decimal() string {
	d := m.Cur.Decimals()
	sign, n := "", m.Minor
	if n < 0 {
		sign, n = "-", -n
	}
	if d == 0 {
		return fmt.Sprintf("%s%d", sign, n)
	}
	s := fmt.Sprintf("%0*d", d+1, n)
	return sign + s[:len(s)-d] + "." + s[len(s)-d:]
}

// Grouped writes the amount with thousands separators: "220,000", "1,234.50".
func (m Money) Grouped() string {
	s := m.Decimal()
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, frac, hasFrac := strings.Cut(s, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if hasFrac {
		b.WriteString("." + frac)
	}
	return sign + b.String()
}

// Format writes the amount for a reader: "220,000원" and "USD 120.00" in Korean, "KRW 220,000" and "USD 120.00" in English.
func (m Money) Format(l Lang) string {
	if l == Korean && m.Cur == KRW {
		return m.Grouped() + "원"
	}
	return string(m.Cur) + " " + m.Grouped()
}

// ErrAmount is returned for text that is not an amount of the currency.
var ErrAmount = errors.New("not an amount of this currency")

// maxDigits keeps every sum of amounts far from the ends of int64.
const maxDigits = 15

// withoutCommas takes the commas out of a whole number; ok is false when they do not stand between groups of three digits: elsewhere
// a comma may be meant for the decimal point.
func withoutCommas(whole string) (digits string, ok bool) {
	parts := strings.Split(whole, ",")
	for i, p := range parts {
		if len(parts) > 1 && (len(p) > 3 || p == "" || (i > 0 && len(p) != 3)) {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

// ParseMoney reads a decimal amount such as "50000", "50,000" or "12.50" in currency cur, without ever using a float.
// Fewer decimals than the currency has are fine, more are an error, zeros aside ("50000.00" is 50000 KRW).
// It returns ErrAmount for anything else, negative amounts included.
func ParseMoney(text string, cur Currency) (Money, error) {
	if !cur.Known() {
		return Money{}, fmt.Errorf("currency %q: %w", cur, ErrAmount)
	}
	whole, frac, _ := strings.Cut(strings.TrimSpace(text), ".")
	whole, grouped := withoutCommas(whole)
	if !grouped {
		return Money{}, ErrAmount
	}
	d := cur.Decimals()
	if len(frac) > d {
		if strings.Trim(frac[d:], "0") != "" {
			return Money{}, ErrAmount
		}
		frac = frac[:d]
	}
	digits := whole + frac + strings.Repeat("0", d-len(frac))
	if whole == "" || len(digits) > maxDigits {
		return Money{}, ErrAmount
	}
	var n int64
	for _, r := range digits {
		if r < '0' || r > '9' {
			return Money{}, ErrAmount
		}
		n = n*10 + int64(r-'0')
	}
	return Money{Minor: n, Cur: cur}, nil
}
