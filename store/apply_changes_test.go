package store

import (
	"testing"

	"foyer/registration"

	"github.com/google/go-cmp/cmp"
)

func TestAVoucherPutInFrontOfOthersIsOneChange(t *testing.T) {
	voucher := func(code string) registration.Voucher {
		return registration.Voucher{Code: code, Percent: 10, Note: "sponsor"}
	}
	was := registration.Event{Timezone: "Asia/Seoul", Vouchers: []registration.Voucher{voucher("ABC"), voucher("DEF")}}
	is := was
	is.Vouchers = append([]registration.Voucher{{Code: "NEW", Percent: 20}}, was.Vouchers...)
	var paths []string
	for _, c := range EventChanges(&was, &is) {
		paths = append(paths, c.Path)
	}
	if diff := cmp.Diff([]string{"vouchers.NEW.code", "vouchers.NEW.percent"}, paths); diff != "" {
		t.Errorf("what is told to change: %s", diff)
	}
}
