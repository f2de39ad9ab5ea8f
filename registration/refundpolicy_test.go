package registration

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestTheRefundFollowsTheDateAndTheCategory(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2027, 6, d, 14, 59, 59, 0, time.UTC) }
	p := RefundPolicy{
		Steps: []RefundStep{{day(10), 100}, {day(20), 50}}, ByCategory: map[string][]RefundStep{"speaker": {{day(25), 100}}, "workshop": {}},
		Fee: Prices{KRW: 10000},
	}
	tests := map[string]struct {
		category string
		paid     Money
		now      time.Time
		want     int64
	}{
		"all of it, less the fee":        {"member", Money{200000, KRW}, day(1), 190000},
		"within the last second":         {"member", Money{200000, KRW}, day(10).Add(999 * time.Millisecond), 190000},
		"half":                           {"member", Money{200001, KRW}, day(10).Add(time.Second), 90001},
		"nothing after the last step":    {"member", Money{200000, KRW}, day(21), 0},
		"steps of the category's own":    {"speaker", Money{200000, KRW}, day(21), 190000},
		"a category without any":         {"workshop", Money{200000, KRW}, day(1), 0},
		"no fee in another currency":     {"member", Money{16000, USD}, day(1), 16000},
		"the fee is more than the share": {"member", Money{15000, KRW}, day(15), 0},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := p.Refund(tc.category, tc.paid, tc.now); got != (Money{tc.want, tc.paid.Cur}) {
				t.Errorf("gives %+v back, want %d", got, tc.want)
			}
		})
	}
	if got := new(RefundPolicy).Refund("member", Money{200000, KRW}, day(1)); got.Minor != 0 {
		t.Errorf("no rule gives %+v back", got)
	}
}

// TestRefundsAgreeWithASecondModel: a walk through the calendar in exact fractions; never more than was paid, never less than nothing,
// and never more later than sooner.
func TestRefundsAgreeWithASecondModel(t *testing.T) {
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 100), 0, 5, rapid.ID).Draw(t, "days")
		slices.Sort(days)
		p := RefundPolicy{Fee: Prices{KRW: rapid.Int64Range(0, 50_000).Draw(t, "fee")}}
		percent := int64(100)
		for _, d := range days {
			percent = rapid.Int64Range(0, percent).Draw(t, "percent")
			p.Steps = append(p.Steps, RefundStep{Until: start.AddDate(0, 0, d), Percent: percent})
		}
		paid := Money{rapid.Int64Range(0, 1_000_000).Draw(t, "paid"), KRW}
		before := paid.Minor
		for second := 0; second <= 101*86400; second += 86399 {
			now := start.Add(time.Duration(second) * time.Second)
			want := int64(0)
			for _, s := range slices.Backward(p.Steps) {
				if !now.After(s.Until) {
					exact := new(big.Rat).SetFrac64(paid.Minor*s.Percent, 100)
					exact.Add(exact, big.NewRat(1, 2))
					want = max(new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()-p.Fee[KRW], 0)
				}
			}
			got := p.Refund("any", paid, now).Minor
			if got != want || got > before {
				t.Fatalf("at %v %d goes back, the model says %d, before it were %d", now, got, want, before)
			}
			before = got
		}
	})
}

// TestAnOrdersRefundIsNeverMoreThanWasPaidForIt, whatever its people cost, and all of it when the rule gives everything back.
func TestAnOrdersRefundIsNeverMoreThanWasPaidForIt(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var o Order
		for range rapid.IntRange(1, 6).Draw(t, "people") {
			o.Registrations = append(o.Registrations, Registration{Lines: []Line{
				{Kind: LineCategory, ID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "category"), Quantity: 1, Unit: Prices{KRW: rapid.Int64Range(0, 500_000).Draw(t, "price")}},
			}})
		}
		paid := Money{rapid.Int64Range(0, 3_000_000).Draw(t, "paid"), KRW}
		percent := rapid.Int64Range(0, 100).Draw(t, "percent")
		p := RefundPolicy{Steps: []RefundStep{{now.AddDate(0, 1, 0), percent}}, Fee: Prices{KRW: rapid.SampledFrom([]int64{0, 10_000}).Draw(t, "fee")}}
		back := p.OrderRefund(&o, paid, now)
		most := Money{min(paid.Minor, Total(LinesOf(o.Parts()))[KRW]), KRW}
		if back.Minor < 0 || back.Minor > most.Minor || back.Cur != paid.Cur {
			t.Fatalf("%v goes back of %v", back, paid)
		}
		if percent == 100 && p.Fee[KRW] == 0 && back != most {
			t.Fatalf("only %v goes back of %v", back, paid)
		}
	})
}

// TestWhoCancelOneByOneGetNoMoreThanAllAtOnce: what was kept of those who have left is not shared out among those who stay.
func TestWhoCancelOneByOneGetNoMoreThanAllAtOnce(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	p := RefundPolicy{Steps: []RefundStep{{now.AddDate(0, 1, 0), 50}}, Fee: Prices{KRW: 10_000}}
	o := Order{Currency: KRW}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		o.Registrations = append(o.Registrations, Registration{ID: id, Lines: []Line{{Kind: LineCategory, ID: "member", Quantity: 1, Unit: Prices{KRW: 220_000}}}})
	}
	kept := Money{1_100_000, KRW}
	if got := p.OrderRefund(&o, kept, now); got.Minor != 500_000 {
		t.Errorf("all at once get %v", got)
	}
	for i := range o.Registrations {
		r := &o.Registrations[i]
		back := p.PersonRefund(&o, r.ID, kept, now)
		if i == len(o.Registrations)-1 {
			back = p.OrderRefund(&o, kept, now) // the last one is the order
		}
		if back.Minor != 100_000 {
			t.Errorf("%s gets %v", r.ID, back)
		}
		kept.Minor, r.Gone = kept.Minor-back.Minor, true
	}
}
