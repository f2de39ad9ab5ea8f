package registration

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Voucher is a code that changes what somebody pays, or opens a category that is not on show. Exactly one of Percent, Off and Fixed is
// set; none of them for a voucher that only reveals or keeps places.
type Voucher struct {
	Code      string    `json:"code"` // as CleanVoucher writes it
	Percent   int64     `json:"percent,omitempty"`
	Off       Prices    `json:"off,omitempty"`        // from the sum of the lines in scope, which never falls below 0
	Fixed     Prices    `json:"fixed,omitempty"`      // what one of each line in scope costs instead
	Uses      int64     `json:"uses,omitempty"`       // by all together; 0: any number
	PerPerson int64     `json:"per_person,omitempty"` // by one e-mail address; 0: any number
	From      time.Time `json:"from,omitzero"`
	Until     time.Time `json:"until,omitzero"`     // its last second, included
	Scope     []string  `json:"scope,omitempty"`    // categories and extras; empty: every category, no extra
	Reveals   []string  `json:"reveals,omitempty"`  // hidden categories that it opens
	Reserves  int64     `json:"reserves,omitempty"` // places of each quota of its categories that are kept for it, until Until
	Note      string    `json:"note,omitempty"`     // for staff
}

// MaxVoucher is how long a code may be, in characters.
const MaxVoucher = 32

var voucherCode = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{2,31}$`)

// CleanVoucher brings a typed code into the form in which codes are compared: capitals, no spaces, plain digits and hyphens. ok is false
// for what can be no code.
func CleanVoucher(typed string) (code string, ok bool) {
	line, ok := CleanLine(typed)
	if !ok {
		return "", false
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "‐", "-", "‑", "-", "–", "-", "—", "-", "−", "-", "－", "-").Replace(line))
	return code, voucherCode.MatchString(code)
}

// Usable says why the voucher cannot be used at now, or nil. How often it was used is the store's knowledge.
//
// It fails with CodeInvalid.
func (v *Voucher) Usable(now time.Time) error {
	switch {
	case !v.From.IsZero() && now.Before(v.From):
		return Fail(CodeInvalid, "voucher.early")
	case !v.Until.IsZero() && !now.Before(v.Until.Add(time.Second)):
		return Fail(CodeInvalid, "voucher.over")
	}
	return nil
}

// Counted reports whether the uses of the voucher are limited, and so counted.
func (v *Voucher) Counted() bool { return v != nil && (v.Uses > 0 || v.PerPerson > 0) }

// PerOrder is for how many people of one order the voucher is good at most, whoever has used it before.
func (v *Voucher) PerOrder() int64 {
	most := int64(Countless)
	for _, limit := range []int64{v.Uses, v.PerPerson} {
		if limit > 0 {
			most = min(most, limit)
		}
	}
	return most
}

// Countless is how many uses a voucher has that is limited per person only.
const Countless = 1_000_000_000

// VoucherQuota is the id of the quota that counts how often a voucher was used: uses are taken, held, sold and given back like places.
func VoucherQuota(code string) string { return voucherQuota + code }

const voucherQuota = "voucher:"

// IsVoucherQuota reports whether a quota counts uses of a voucher.
func IsVoucherQuota(id string) bool { return strings.HasPrefix(id, voucherQuota) }

// Opens reports whether a hidden category may be chosen with the voucher.
func (v *Voucher) Opens(category string) bool {
	return v != nil && slices.Contains(v.Reveals, category)
}

// Idle reports whether the voucher changes nothing for anybody: it takes nothing off, opens nothing and keeps no places.
func (v *Voucher) Idle() bool {
	return v.Percent == 0 && v.Fixed == nil && v.offNothing() && len(v.Reveals) == 0 && v.Reserves == 0
}

// offNothing reports whether the amounts that go off are none, or all 0.
func (v *Voucher) offNothing() bool {
	for _, n := range v.Off {
		if n != 0 {
			return false
		}
	}
	return true
}

// Lowers reports whether somebody pays less with the voucher.
func (v *Voucher) Lowers() bool { return v.Percent > 0 || v.Fixed != nil || !v.offNothing() }

func (v *Voucher) covers(l Line) bool {
	if len(v.Scope) == 0 {
		return l.Kind == LineCategory
	}
	return slices.Contains(v.Scope, l.ID)
}

// Discount is the line with which the voucher changes these lines: what it takes off, per currency, as a negative price. ok is false
// when it takes nothing off. A currency in which the voucher has no amount is not in it, so that nobody can pay past a voucher there.
func (v *Voucher) Discount(lines []Line) (line Line, ok bool) {
	if v == nil || (v.Percent == 0 && v.Off == nil && v.Fixed == nil) {
		return Line{}, false
	}
	line = Line{Kind: LineVoucher, ID: v.Code, Name: Text{Ko: "할인 코드 " + v.Code, En: "Voucher " + v.Code}, Quantity: 1, Unit: Prices{}}
	for cur := range Total(lines) {
		if off, known := v.off(lines, cur); known {
			line.Unit[cur] = -off
			ok = ok || off != 0
		}
	}
	return line, ok
}

// off is what the voucher takes off in one currency; known is false when it has no amount in it.
func (v *Voucher) off(lines []Line, cur Currency) (off int64, known bool) {
	var sum int64
	for _, l := range lines {
		if v.covers(l) {
			sum += l.Quantity * v.offOne(l.Unit[cur], cur)
		}
	}
	switch {
	case v.Off != nil:
		amount, has := v.Off[cur]
		return min(amount, sum), has
	case v.Fixed != nil:
		_, has := v.Fixed[cur]
		return sum, has
	}
	return sum, true
}

// offOne is what goes off one thing of a price: a share of it, rounded half up to the minor unit, what it costs above the fixed price,
// or, for an amount off the sum, all of it.
func (v *Voucher) offOne(price int64, cur Currency) int64 {
	switch {
	case v.Percent > 0:
		return (price*v.Percent + 50) / 100
	case v.Fixed != nil:
		return max(price-v.Fixed[cur], 0)
	}
	return price
}
