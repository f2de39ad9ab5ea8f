package registration

import (
	"testing"
	"time"
)

func TestStaffPriceWhatIsNotOnSale(t *testing.T) {
	day := func(month time.Month) time.Time { return time.Date(2027, month, 1, 0, 0, 0, 0, time.UTC) }
	e := &Event{
		Timezone: "UTC", Starts: Date{2027, 7, 22}, Ends: Date{2027, 7, 23}, Phases: []Phase{{ID: "early", Until: day(5)}, {ID: "regular", Until: day(6)}, {ID: "onsite"}},
		Categories: []Category{
			{ID: "member", Prices: map[string]Prices{"early": {KRW: 100}, "regular": {KRW: 200}}},
			{ID: "speaker", Hidden: true, Prices: map[string]Prices{"regular": {KRW: 0, USD: 0}}},
			{ID: "never"},
		},
		Extras: []Extra{{ID: "banquet", Price: Prices{KRW: 50}, Max: 2}, {ID: "book", Price: Prices{USD: 5}, Max: 1}},
	}
	tests := map[string]struct {
		cart Cart
		at   time.Time
		set  Prices
		want int64 // -1: refused
	}{
		"early":            {Cart{Category: "member"}, day(4), nil, 100},
		"regular":          {Cart{Category: "member", Extras: map[string]int64{"banquet": 2}}, day(5).Add(time.Minute), nil, 300},
		"after its phases": {Cart{Category: "member"}, day(7), nil, 200},
		"after the event":  {Cart{Category: "member"}, day(9), nil, 200},
		"before its phase": {Cart{Category: "speaker"}, day(4), nil, 0},
		"at another price": {Cart{Category: "member", Extras: map[string]int64{"banquet": 1}}, day(4), Prices{KRW: 70}, 120},
		"never on sale":    {Cart{Category: "never"}, day(4), nil, -1},
		"never, at one":    {Cart{Category: "never"}, day(4), Prices{KRW: 5}, 5},
		"unknown":          {Cart{Category: "x"}, day(4), nil, -1},
		"unknown extra":    {Cart{Category: "member", Extras: map[string]int64{"x": 1}}, day(4), nil, -1},
		"two moneys":       {Cart{Category: "member", Extras: map[string]int64{"book": 1}}, day(4), nil, -1},
		"too many":         {Cart{Category: "member", Extras: map[string]int64{"banquet": 3}}, day(4), nil, -1},
	}
	for name, tc := range tests {
		q, err := e.PriceByStaff(tc.cart, tc.set, tc.at)
		if (err != nil) != (tc.want < 0) || err == nil && q.Prices[KRW] != tc.want {
			t.Errorf("%s: %v, %v, want %d", name, q.Prices, err, tc.want)
		}
		if free := q.Free(); err == nil && (free.Prices[KRW] != 0 || len(free.Prices) != len(q.Prices) || tc.want > 0 && q.Prices[KRW] == 0) {
			t.Errorf("%s: for nothing it costs %v", name, free.Prices)
		}
	}
}
