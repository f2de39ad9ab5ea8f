package payments

import (
	"fmt"
	"testing"
	"time"

	"foyer/registration"

	"pgregory.net/rapid"
)

var (
	noon = time.Date(2027, 7, 1, 3, 0, 0, 0, time.UTC)
	july = Day{From: noon.Add(-12 * time.Hour), To: noon.Add(12 * time.Hour)}
)

func krw(n int64) registration.Money { return registration.Money{Minor: n, Cur: registration.KRW} }

func TestCompare(t *testing.T) {
	paid := Entry{PaymentID: "p", OrderNo: "F1", GatewayID: "g1", Approve: "0012", Captured: krw(1000), At: noon}
	back := paid
	back.Refunds = []EntryRefund{{GatewayID: "r1", Amount: krw(300), At: noon}, {Amount: krw(200), At: noon}}
	late := paid
	late.At = july.To.Add(time.Hour)
	tests := map[string]struct {
		ours   []Entry
		theirs []Transaction
		want   []DifferenceKind
	}{
		"both have it":                   {[]Entry{paid}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}}, nil},
		"by our number":                  {[]Entry{paid}, []Transaction{{OrderNo: "F1", Amount: krw(1000), At: noon}}, nil},
		"by the approval number":         {[]Entry{paid}, []Transaction{{Approve: "0012", Amount: krw(1000), At: noon}}, nil},
		"a stranger's approval number":   {[]Entry{paid, {Approve: "0012", Captured: krw(5), At: noon}}, []Transaction{{Approve: "0012", Amount: krw(1000), At: noon}}, []DifferenceKind{OnlyOurs, OnlyOurs, OnlyTheirs}},
		"they do not":                    {[]Entry{paid}, nil, []DifferenceKind{OnlyOurs}},
		"we do not":                      {nil, []Transaction{{GatewayID: "g9", Amount: krw(10), At: noon}}, []DifferenceKind{OnlyTheirs}},
		"without a time":                 {nil, []Transaction{{GatewayID: "g9", Amount: krw(10)}}, []DifferenceKind{OnlyTheirs}},
		"of another day":                 {nil, []Transaction{{GatewayID: "g9", Amount: krw(10), At: july.To}}, nil},
		"amounts differ":                 {[]Entry{paid}, []Transaction{{GatewayID: "g1", Amount: krw(999), At: noon}}, []DifferenceKind{AmountsDiffer}},
		"across midnight":                {[]Entry{late}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}}, nil},
		"we think it failed":             {[]Entry{{GatewayID: "g1"}}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}}, []DifferenceKind{OnlyTheirs}},
		"of another channel":             {[]Entry{{GatewayID: "g1", Elsewhere: true}}, []Transaction{{GatewayID: "g1", Amount: krw(1), At: noon}}, nil},
		"refunds in other order":         {[]Entry{back}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}, {GatewayID: "g1", Refund: true, Amount: krw(200), At: noon}, {GatewayID: "g1", RefundID: "r1", Refund: true, Amount: krw(300), At: noon}}, nil},
		"refunds in one sum":             {[]Entry{back}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}, {GatewayID: "g1", Refund: true, Amount: krw(500), At: noon}}, nil},
		"a refund of ours is not theirs": {[]Entry{back}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}, {GatewayID: "g1", RefundID: "r1", Refund: true, Amount: krw(300), At: noon}}, []DifferenceKind{OnlyOurs}},
		"a refund of another amount":     {[]Entry{back}, []Transaction{{GatewayID: "g1", Amount: krw(1000), At: noon}, {GatewayID: "g1", RefundID: "r1", Refund: true, Amount: krw(301), At: noon}, {GatewayID: "g1", Refund: true, Amount: krw(200), At: noon}}, []DifferenceKind{AmountsDiffer}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := Compare(july, tc.ours, tc.theirs)
			kinds := map[DifferenceKind]int{}
			for _, d := range got {
				kinds[d.Kind]++
			}
			for _, k := range tc.want {
				kinds[k]--
			}
			for k, n := range kinds {
				if n != 0 || len(got) != len(tc.want) {
					t.Fatalf("%s: %d too many: %+v", k, n, got)
				}
			}
		})
	}
}

// side is what a plain sum knows of one payment in one direction.
type side struct {
	payment string
	refund  bool
}

// TestDifferencesAddUpToWhatTheSumsDiffer compares Compare with a second model that knows nothing but sums: whatever the two
// lists hold, the differences of a payment account for exactly the difference of its sums, and there are none when nothing was changed.
func TestDifferencesAddUpToWhatTheSumsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var ours []Entry
		var theirs []Transaction
		want := map[side]int64{}
		amounts := rapid.SampledFrom([]int64{100, 200, 300})
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			return noon.Add(time.Duration(rapid.IntRange(-600, 600).Draw(t, "minute")) * time.Minute)
		})
		changed := false
		// book puts a movement into both lists, or, when the world is bad, into one of them or with another amount.
		book := func(s side, orderNo string, add func(registration.Money, time.Time)) {
			amount, how := amounts.Draw(t, "amount"), rapid.IntRange(0, 9).Draw(t, "how")
			if how != 1 {
				add(krw(amount), moment.Draw(t, "our time"))
				want[s] += amount
			}
			if how == 2 {
				changed = true
				return
			}
			stated := amount
			if how == 3 {
				stated += 50
			}
			changed = changed || how == 1 || how == 3
			want[s] -= stated
			theirs = append(theirs, Transaction{OrderNo: orderNo, Refund: s.refund, Amount: krw(stated), At: moment.Draw(t, "their time")})
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "payments") {
			e := Entry{PaymentID: fmt.Sprint("p", i), OrderNo: fmt.Sprint("F", i)}
			book(side{e.PaymentID, false}, e.OrderNo, func(m registration.Money, at time.Time) { e.Captured, e.At = m, at })
			for range rapid.IntRange(0, 3).Draw(t, "refunds") {
				book(side{e.PaymentID, true}, e.OrderNo, func(m registration.Money, at time.Time) {
					e.Refunds = append(e.Refunds, EntryRefund{Amount: m, At: at})
				})
			}
			ours = append(ours, e)
		}
		theirs = rapid.Permutation(theirs).Draw(t, "their order")
		got := Compare(july, ours, theirs)
		if !changed && len(got) > 0 {
			t.Fatalf("nothing was changed, yet: %+v", got)
		}
		for _, d := range got {
			want[side{d.Entry.PaymentID, d.Refund}] -= d.Ours.Minor - d.Theirs.Amount.Minor
		}
		for s, n := range want {
			if n != 0 {
				t.Fatalf("%+v: %d unexplained by %+v\nOURS %+v\nTHEIRS %+v", s, n, got, ours, theirs)
			}
		}
	})
}
