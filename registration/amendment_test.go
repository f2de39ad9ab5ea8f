package registration

import (
	"maps"
	"testing"
)

func TestWhoeverHasNoVoucherAnyMoreGivesItsUseBack(t *testing.T) {
	fee := func(id string) Line { return Line{Kind: LineCategory, ID: id, Quantity: 1, Unit: Prices{KRW: 100000}} }
	off := Line{Kind: LineVoucher, ID: "HALF", Quantity: 1, Unit: Prices{KRW: -50000}}
	o := &Order{Registrations: []Registration{
		{ID: "a", Lines: []Line{fee("member"), off}}, {ID: "b", Lines: []Line{fee("member"), off}}, {ID: "c", Lines: []Line{fee("member"), off}, Gone: true},
	}}
	for name, tc := range map[string]struct {
		change Part
		gives  int64
	}{
		"a category that the voucher is not for": {Part{ID: "a", Lines: []Line{fee("guest")}}, 1},
		"one that it is for":                     {Part{ID: "a", Lines: []Line{fee("student"), off}}, 0},
		"cancelled":                              {Part{ID: "b", Cancelled: true}, 1},
	} {
		after, ok := Replaced(o.Parts(), []Part{tc.change})
		takes, gives := o.MovedPlaces(&Event{}, after)
		want := map[string]int64{}
		if tc.gives > 0 {
			want[VoucherQuota("HALF")] = tc.gives
		}
		if !ok || len(takes) != 0 || !maps.Equal(gives, want) {
			t.Errorf("%s takes %v and gives %v, want %v", name, takes, gives, want)
		}
	}
}
