package registration

import (
	"errors"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAVoucherTakesOffWhatItsKindSays(t *testing.T) {
	lines := []Line{
		{Kind: LineCategory, ID: "member", Quantity: 1, Unit: Prices{KRW: 200000, USD: 16000}},
		{Kind: LineExtra, ID: "banquet", Quantity: 2, Unit: Prices{KRW: 60000, USD: 4500}},
	}
	tests := map[string]struct {
		voucher Voucher
		want    Prices // totals afterwards
	}{
		"percent of the category": {Voucher{Percent: 50}, Prices{KRW: 220000, USD: 17000}},
		"percent, rounded":        {Voucher{Percent: 33, Scope: []string{"banquet"}}, Prices{KRW: 280400, USD: 22030}},
		"an amount":               {Voucher{Off: Prices{KRW: 30000, USD: 2500}}, Prices{KRW: 290000, USD: 22500}},
		"more than it costs":      {Voucher{Off: Prices{KRW: 900000, USD: 90000}}, Prices{KRW: 120000, USD: 9000}},
		"a fixed price":           {Voucher{Fixed: Prices{KRW: 0, USD: 0}}, Prices{KRW: 120000, USD: 9000}},
		"never dearer":            {Voucher{Fixed: Prices{KRW: 999999, USD: 999999}}, Prices{KRW: 320000, USD: 25000}},
		"only in won":             {Voucher{Off: Prices{KRW: 30000}}, Prices{KRW: 290000}},
		"all of it":               {Voucher{Percent: 100, Scope: []string{"member", "banquet"}}, Prices{KRW: 0, USD: 0}},
		"nothing off":             {Voucher{Reveals: []string{"speaker"}}, Prices{KRW: 320000, USD: 25000}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			all := slices.Clone(lines)
			if off, ok := tc.voucher.Discount(lines); ok {
				all = append(all, off)
			}
			if got := Total(all); !got.Equal(tc.want) {
				t.Errorf("costs %v, want %v", got, tc.want)
			}
		})
	}
}

func TestAVoucherHasItsTimeAndScope(t *testing.T) {
	e := parse(t, small+`categories:
  - {id: member, name: M, prices: {regular: {KRW: 200000}}}
  - {id: student, name: S, prices: {regular: {KRW: 100000}}}
  - {id: speaker, name: S, hidden: true, prices: {regular: {KRW: 0}}}
channels: [{id: a, gateway: transfer, currency: KRW}]
`).Event
	from, until := seoul(t, "2027-03-01T00:00:00"), seoul(t, "2027-03-31T23:59:59")
	v := Voucher{Percent: 10, From: from, Until: until, Scope: []string{"member"}, Reveals: []string{"speaker"}}
	tests := map[string]struct {
		category string
		voucher  *Voucher
		now      time.Time
		want     string
	}{
		"in time":                     {"member", &v, from, ""},
		"within its last second":      {"member", &v, until.Add(999 * time.Millisecond), ""},
		"before":                      {"member", &v, from.Add(-time.Millisecond), "voucher.early"},
		"after":                       {"member", &v, until.Add(time.Second), "voucher.over"},
		"for somebody else's fee":     {"student", &v, from, "voucher.scope"},
		"a category that it reveals":  {"speaker", &v, from, ""},
		"a hidden category without":   {"speaker", nil, from, "register.category.choose"},
		"a hidden category, too late": {"speaker", &v, until.Add(time.Second), "voucher.over"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := e.PriceWith(Cart{Category: tc.category}, tc.voucher, tc.now)
			got := ""
			if e, ok := errors.AsType[*Error](err); ok {
				got = e.Key
			}
			if got != tc.want {
				t.Errorf("says %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCodesAreComparedAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]string{" kses-2027 ": "KSES-2027", "kses 2027": "KSES2027", "ＫＳＥＳ": "", "ab": "", "a/b/c": "", "early–bird": "EARLY-BIRD", "early—bird": "EARLY-BIRD", "early−bird": "EARLY-BIRD", "early‑bird": "EARLY-BIRD", "": ""} {
		code, ok := CleanVoucher(typed)
		if (want == "") == ok || (ok && code != want) {
			t.Errorf("%q becomes %q, %t; want %q", typed, code, ok, want)
		}
	}
}

// TestDiscountsAgreeWithASecondModel compares the voucher's arithmetic with one in exact fractions.
func TestDiscountsAgreeWithASecondModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 5_000_000)
		var lines []Line
		for i, id := range []string{"member", "banquet", "tour"} {
			kind := LineExtra
			if i == 0 {
				kind = LineCategory
			}
			lines = append(lines, Line{Kind: kind, ID: id, Quantity: rapid.Int64Range(1, 5).Draw(t, "n"), Unit: Prices{KRW: amount.Draw(t, id)}})
		}
		v := Voucher{Code: "X", Scope: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"member", "banquet", "tour"}), func(s string) string { return s }).Draw(t, "scope")}
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			v.Percent = rapid.Int64Range(1, 100).Draw(t, "percent")
		case 1:
			v.Off = Prices{KRW: amount.Draw(t, "off")}
		case 2:
			v.Fixed = Prices{KRW: amount.Draw(t, "fixed")}
		}
		all := slices.Clone(lines)
		if off, ok := v.Discount(lines); ok {
			all = append(all, off)
		}
		if got, want := Total(all)[KRW], modelTotal(lines, &v); got != want || got < 0 {
			t.Fatalf("costs %d, the model says %d", got, want)
		}
	})
}

// modelTotal prices one thing at a time in fractions.
func modelTotal(lines []Line, v *Voucher) int64 {
	total, inScope := int64(0), int64(0)
	for _, l := range lines {
		covered := slices.Contains(v.Scope, l.ID) || (len(v.Scope) == 0 && l.Kind == LineCategory)
		for range l.Quantity {
			price := l.Unit[KRW]
			if covered {
				switch {
				case v.Percent > 0:
					off := new(big.Rat).Mul(big.NewRat(price, 1), big.NewRat(v.Percent, 100))
					off.Add(off, big.NewRat(1, 2)) // half up
					price -= new(big.Int).Quo(off.Num(), off.Denom()).Int64()
				case v.Fixed != nil && v.Fixed[KRW] < price:
					price = v.Fixed[KRW]
				}
				inScope += price
			}
			total += price
		}
	}
	if v.Off != nil {
		total -= min(v.Off[KRW], inScope)
	}
	return total
}
