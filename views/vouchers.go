package views

import (
	"strconv"

	"foyer/registration"
)

// VoucherText says in one sentence what a voucher does for somebody who uses it.
func VoucherText(l registration.Lang, v *registration.Voucher) string {
	switch {
	case v.Percent > 0:
		return T(l, "voucher.does.percent", "percent", strconv.FormatInt(v.Percent, 10))
	case v.Off != nil:
		return T(l, "voucher.does.off", "amount", priceText(l, v.Off))
	case v.Fixed != nil:
		return T(l, "voucher.does.fixed", "amount", priceText(l, v.Fixed))
	}
	return T(l, "voucher.does.reveal")
}
