package registration

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// sheet is a price list as a volunteer would keep it: by hand, one row for each thing. A price below 0 stands for none.
type sheet struct {
	ends   []time.Time                 // of each phase but the last
	fees   map[string]map[string]int64 // category/phase → currency → price
	extras map[string]map[string]int64
	most   map[string]int64
}

var sheetCurrencies = []Currency{KRW, USD}

// drawSheet draws a price list, and the event that an organizer would make of it.
func drawSheet(t *rapid.T) (sheet, *Event) {
	start := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	s := sheet{fees: map[string]map[string]int64{}, extras: map[string]map[string]int64{}, most: map[string]int64{}}
	e := &Event{Timezone: "UTC", Starts: Date{2027, 12, 1}, Ends: Date{2027, 12, 2}}
	prices := func(name string) (map[string]int64, Prices) {
		row, p := map[string]int64{}, Prices{}
		for _, c := range sheetCurrencies {
			row[string(c)] = rapid.Int64Range(-1, 30).Draw(t, name+string(c)) * rapid.SampledFrom([]int64{1, 7, 10_000}).Draw(t, "unit")
			if row[string(c)] >= 0 {
				p[c] = row[string(c)]
			}
		}
		return row, p
	}
	phases := rapid.IntRange(1, 3).Draw(t, "phases")
	for i := range phases {
		p := Phase{ID: fmt.Sprint("phase", i)}
		if i < phases-1 {
			start = start.Add(time.Duration(rapid.IntRange(1, 1000).Draw(t, "length")) * time.Hour)
			s.ends, p.Until = append(s.ends, start), start
		}
		e.Phases = append(e.Phases, p)
	}
	for _, id := range []string{"member", "student"} {
		c := Category{ID: id, Prices: map[string]Prices{}}
		for i, p := range e.Phases {
			if rapid.IntRange(0, 4).Draw(t, "sold") > 0 {
				s.fees[fmt.Sprint(id, "/", i)], c.Prices[p.ID] = prices(id)
			}
		}
		e.Categories = append(e.Categories, c)
	}
	for _, id := range []string{"dinner", "guest"} {
		x := Extra{ID: id, Max: rapid.IntRange(1, 4).Draw(t, "max")}
		s.extras[id], x.Price = prices(id)
		s.most[id] = int64(x.Max)
		e.Extras = append(e.Extras, x)
	}
	return s, e
}

// ask looks the sum up in the list, one thing at a time; ok is false for what is not sold.
func (s sheet) ask(category string, extras map[string]int64, now time.Time, c Currency) (sum int64, ok bool) {
	phase := 0
	for _, end := range s.ends {
		if now.Sub(end) >= time.Second { // the second of the deadline still counts
			phase++
		}
	}
	row, sold := s.fees[fmt.Sprint(category, "/", phase)]
	if !sold || row[string(c)] < 0 {
		return 0, false
	}
	sum = row[string(c)]
	for id, n := range extras {
		for range n {
			if s.extras[id][string(c)] < 0 {
				return 0, false
			}
			sum += s.extras[id][string(c)]
		}
	}
	return sum, true
}

// TestPricesAgreeWithASecondModel compares what an order would cost with a price list kept by hand: in every currency in which all of it
// has a price, and in no other.
func TestPricesAgreeWithASecondModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, e := drawSheet(t)
		now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "hour")) * time.Hour)
		if len(s.ends) > 0 && rapid.IntRange(0, 3).Draw(t, "at the edge") > 0 {
			now = rapid.SampledFrom(s.ends).Draw(t, "end").Add(rapid.SampledFrom([]time.Duration{-time.Millisecond, 0, 999 * time.Millisecond, time.Second}).Draw(t, "by"))
		}
		cart := Cart{Category: rapid.SampledFrom([]string{"member", "student", "member", "student", "nobody"}).Draw(t, "category"), Extras: map[string]int64{}}
		tooMany, only := false, map[string]string{} // extras that are for one category
		for i := range e.Extras {
			if id := rapid.SampledFrom([]string{"", "", "member", "student"}).Draw(t, "for"); id != "" {
				e.Extras[i].Categories, only[e.Extras[i].ID] = []string{id}, id
			}
		}
		for _, id := range []string{"dinner", "guest"} {
			n := rapid.Int64Range(0, s.most[id]).Draw(t, id)
			if rapid.IntRange(0, 9).Draw(t, "wrong") == 0 {
				n = rapid.SampledFrom([]int64{-1, s.most[id] + 1}).Draw(t, id)
			}
			if n != 0 {
				cart.Extras[id] = n
				tooMany = tooMany || n < 0 || n > s.most[id] || (n > 0 && only[id] != "" && only[id] != cart.Category)
			}
		}
		quote, err := e.Price(cart, now)
		_, sold := s.fees[fmt.Sprint(cart.Category, "/", slices.IndexFunc(e.Phases, func(p Phase) bool { return p.ID == e.Phase(now).ID }))]
		if tooMany || !sold {
			if err == nil {
				t.Fatalf("%+v is sold for %v", cart, quote.Prices)
			}
			return
		}
		if err != nil {
			t.Fatalf("%+v: %v", cart, err)
		}
		for _, c := range sheetCurrencies {
			want, ok := s.ask(cart.Category, cart.Extras, now, c)
			if got, priced := quote.Prices[c]; priced != ok || got != want {
				t.Fatalf("%+v costs %d %s (%t), the list says %d (%t)", cart, got, c, priced, want, ok)
			}
		}
	})
}
