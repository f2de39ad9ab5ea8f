package registration

import (
	"maps"
	"slices"
)

// vouchers reads the key vouchers, once categories, extras and quotas are known.
func vouchers(f field, e *Event) []Voucher {
	var all []Voucher
	seen := map[string]string{}
	for _, item := range f.items() {
		v := voucher(item, e)
		item.once(seen, v.Code, "another voucher")
		all = append(all, v)
	}
	return all
}

// MostUses is the highest limit of uses that a voucher may have.
const MostUses = 100_000

func voucher(item field, e *Event) Voucher {
	o := item.object("code", "percent", "off", "fixed", "uses", "per_person", "from", "until", "scope", "reveals", "reserves", "note")
	v := Voucher{
		Off: o.at("off").maybePrices(), Fixed: o.at("fixed").maybePrices(), From: o.at("from").moment(false), Until: o.at("until").moment(true),
		Note: o.at("note").word(),
	}
	code, ok := CleanVoucher(o.need("code").word())
	if v.Code = code; !ok && !o.at("code").absent() {
		o.at("code").fail("%q must be 3 to %d letters, digits and hyphens", o.at("code").word(), MaxVoucher)
	}
	if p := o.at("percent"); !p.absent() {
		v.Percent = p.whole(1, 100)
	}
	if u := o.at("uses"); !u.absent() {
		v.Uses = u.whole(1, MostUses)
	}
	if u := o.at("per_person"); !u.absent() {
		v.PerPerson = u.whole(1, MostUses)
	}
	if n := o.at("reserves"); !n.absent() {
		v.Reserves = n.whole(1, MostUses)
	}
	v.Scope = o.at("scope").among(used(e.Categories, e.Extras), "a category or extra")
	v.Reveals = o.at("reveals").among(hidden(e), "a hidden category")
	checkVoucher(o, &v)
	if v.Reserves > 0 && len(v.KeptIn(e)) == 0 {
		o.at("reserves").fail("none of the code's categories is in a quota")
	}
	return v
}

// checkVoucher looks at what fits together.
func checkVoucher(o object, v *Voucher) {
	kinds := 0
	for _, has := range []bool{v.Percent > 0, v.Off != nil, v.Fixed != nil} {
		if has {
			kinds++
		}
	}
	switch {
	case kinds > 1:
		o.fail("percent, off and fixed exclude each other")
	case kinds == 0 && v.Idle():
		o.fail("does nothing: expected percent, off, fixed, reveals or reserves")
	case v.Off != nil && v.Idle():
		o.at("off").fail("takes nothing off: expected an amount above 0")
	case v.Uses > 0 && v.Reserves > v.Uses:
		o.at("reserves").fail("is more than uses")
	case !v.From.IsZero() && !v.Until.IsZero() && !v.From.Before(v.Until):
		o.at("until").fail("must come after from")
	}
}

func hidden(e *Event) map[string]string {
	ids := map[string]string{}
	for _, c := range e.Categories {
		if c.Hidden {
			ids[c.ID] = "a hidden category"
		}
	}
	return ids
}

// among reads a list of ids, each of which must be known; what says what they are.
func (f field) among(known map[string]string, what string) []string {
	var all []string
	for _, item := range f.items() {
		id := item.word()
		switch {
		case known[id] == "":
			item.fail("%q is not %s: expected one of %s", id, what, listed(slices.Sorted(maps.Keys(known))))
		case slices.Contains(all, id):
			item.fail("%q is here twice", id)
		}
		all = append(all, id)
	}
	return all
}

// maybePrices is prices for a member that may be left out.
func (f field) maybePrices() Prices {
	if f.absent() {
		return nil
	}
	return f.prices()
}

// yes reads true or false; false when absent.
func (f field) yes() bool {
	if f.absent() {
		return false
	}
	if f.value().Tag != "!!bool" {
		f.fail("%q is not true or false", f.word())
		return false
	}
	return f.value().Value == "true" || f.value().Value == "True" || f.value().Value == "TRUE"
}
