package registration

import (
	"slices"
	"strings"
)

// Keeps reports whether the voucher keeps places for people of this category.
func (v *Voucher) Keeps(category string) bool {
	return v != nil && v.Reserves > 0 && (len(v.Scope) == 0 || slices.Contains(v.Scope, category) || v.Opens(category))
}

// KeptIn lists the quotas of the event in which the voucher keeps Reserves places each: those that count a category that it is for.
func (v *Voucher) KeptIn(e *Event) []string {
	var ids []string
	for _, q := range e.Quotas {
		if slices.ContainsFunc(q.Of, func(id string) bool { return e.Category(id) != nil && v.Keeps(id) }) {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

// KeptQuota is the id of the quota that counts the places of another quota which are kept for a voucher: as many as it reserves, held and
// sold by the orders that have used them. What is left of it is held in the other quota.
func KeptQuota(code, quota string) string { return VoucherQuota(code) + "/" + quota }

// KeptFor takes the id of such a quota apart; ok is false for any other quota.
func KeptFor(id string) (code, quota string, ok bool) {
	rest, is := strings.CutPrefix(id, voucherQuota)
	if !is {
		return "", "", false
	}
	return strings.Cut(rest, "/")
}
