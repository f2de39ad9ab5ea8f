package registration

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAChangeAtNoDifferenceNeverCostsMore(t *testing.T) {
	price := func(n int64) Prices { return Prices{KRW: n, USD: n / 10} }
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(0, 500_000)
		day := Date{Year: 2027, Month: 7, Day: 22}
		e := &Event{Phases: []Phase{{ID: "p"}}, Timezone: "UTC", Starts: day, Ends: day}
		for _, id := range []string{"a", "b"} {
			e.Categories = append(e.Categories, Category{ID: id, Prices: map[string]Prices{"p": price(amount.Draw(t, id))}})
			e.Extras = append(e.Extras, Extra{ID: "x" + id, Price: price(amount.Draw(t, "x"+id)), Max: 5})
		}
		draw := func() Cart {
			n := rapid.Int64Range(0, 5)
			return Cart{Category: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "category"), Extras: map[string]int64{"xa": n.Draw(t, "xa"), "xb": n.Draw(t, "xb")}}
		}
		first, now := draw(), time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
		q, err := e.Price(first, now)
		if err != nil {
			t.Fatal(err)
		}
		r := &Registration{Lines: q.Lines}
		for range 3 {
			e.Categories[0].Prices["p"], e.Extras[0].Price = price(amount.Draw(t, "later")), price(amount.Draw(t, "later extra"))
			want := draw()
			lines, err := e.Amend(r, want, nil, now)
			if err != nil {
				t.Fatal(err)
			}
			same := AtNoDifference(r, lines)
			was, is := Total(r.Lines), Total(same)
			got := (&Registration{Lines: same}).Cart()
			if got.Category != want.Category || got.Extras["xa"] != want.Extras["xa"] || got.Extras["xb"] != want.Extras["xb"] {
				t.Fatalf("%+v becomes %+v", want, got)
			}
			more := want.Extras["xa"] >= r.Cart().Extras["xa"] && want.Extras["xb"] >= r.Cart().Extras["xb"]
			if is[KRW] > was[KRW] || is[USD] > was[USD] || (more && is[KRW] != was[KRW]) {
				t.Fatalf("%v costs %v, before %v", same, is, was)
			}
			r = &Registration{Lines: same}
		}
	})
}
