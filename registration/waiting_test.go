package registration

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

func TestOffersGoDownTheLine(t *testing.T) {
	one := func(ids ...string) map[string]int64 {
		needs := map[string]int64{}
		for _, id := range ids {
			needs[id] = 1
		}
		return needs
	}
	tests := map[string]struct {
		free   map[string]int64
		line   []map[string]int64
		paused bool
		offers []int
		short  map[string]int64
	}{
		"the first gets the one place":               {map[string]int64{"hall": 1}, []map[string]int64{one("hall"), one("hall")}, false, []int{0}, map[string]int64{"hall": 1}},
		"all get one, and nobody waits":              {map[string]int64{"hall": 2}, []map[string]int64{one("hall"), one("hall")}, false, []int{0, 1}, nil},
		"who lacks another quota lets the next pass": {map[string]int64{"hall": 1, "room": 0}, []map[string]int64{one("hall", "room"), one("hall")}, false, []int{1}, map[string]int64{"room": 1}},
		"while paused the place is put by":           {map[string]int64{"hall": 1}, []map[string]int64{one("hall"), one("hall")}, true, nil, map[string]int64{"hall": 2}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			offers, short := Offers(maps.Clone(tc.free), tc.line, tc.paused)
			if len(offers) != len(tc.offers) || (len(offers) > 0 && offers[0] != tc.offers[0]) || !maps.Equal(short, tc.short) {
				t.Errorf("offers %v, short %v; want %v, %v", offers, short, tc.offers, tc.short)
			}
		})
	}
}

// Whoever gets nothing lacks a place in a quota that is said to be short, and nobody gets what is not there.
func TestOffersGiveWhatIsFreeAndNoMore(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		quotas := []string{"a", "b", "c"}
		count := rapid.MapOf(rapid.SampledFrom(quotas), rapid.Int64Range(1, 2))
		free := rapid.MapOf(rapid.SampledFrom(quotas), rapid.Int64Range(0, 4)).Draw(rt, "free")
		line := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) map[string]int64 {
			needs := count.Draw(rt, "needs")
			needs["a"] = max(needs["a"], 1)
			return needs
		}), 0, 8).Draw(rt, "line")
		was := maps.Clone(free)
		offers, short := Offers(free, line, rapid.Bool().Draw(rt, "paused"))
		given := map[int]bool{}
		for _, i := range offers {
			given[i] = true
			for id, n := range line[i] {
				was[id] -= n
			}
		}
		for id, n := range was {
			if n < 0 {
				rt.Fatalf("%d places of %s were offered that are not there", -n, id)
			}
		}
		for i, needs := range line {
			waits := false
			for id := range needs {
				waits = waits || short[id] > 0
			}
			if !given[i] && !waits {
				rt.Fatalf("number %d goes on waiting for %v and nothing is short: %v", i, needs, short)
			}
		}
	})
}
