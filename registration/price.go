package registration

import (
	"slices"
	"time"
)

// Cart is what somebody has chosen: one category and quantities of extras by id, perhaps with a voucher's code.
type Cart struct {
	Category string           `json:"category"`
	Extras   map[string]int64 `json:"extras"`
	Voucher  string           `json:"voucher,omitempty"` // as CleanVoucher writes it
}

// Quote is a priced cart.
type Quote struct {
	Phase  string
	Lines  []Line
	Prices Prices // total per currency in which every line has a price

	Voucher *Voucher `json:",omitempty"` // that was used
}

// Places adds up what the quote takes from each quota of the event, with the options that its people chose, and one use of its voucher.
func (q Quote) Places(e *Event, answers ...Answers) map[string]int64 {
	taken := PlacesOf(e, q.Lines)
	for _, given := range answers {
		given.takePlaces(e, taken)
	}
	if q.Voucher.Counted() {
		taken[VoucherQuota(q.Voucher.Code)] = 1
	}
	return taken
}

// Price prices the cart at now without a voucher; see PriceWith.
func (e *Event) Price(c Cart, now time.Time) (Quote, error) { return e.PriceWith(c, nil, now) }

// PriceWith prices the cart at now, in every currency in which each line has a price. v is the voucher of c.Voucher, nil for none.
//
// It fails with CodeClosed when registration is not open, and with CodeInvalid when the category is unknown, hidden or not on sale, an
// extra is unknown, over its limit or not for the category, or the voucher cannot be used.
func (e *Event) PriceWith(c Cart, v *Voucher, now time.Time) (Quote, error) {
	phase := e.Phase(now)
	if e.WindowAt(now) != WindowOpen || phase == nil {
		return Quote{}, Fail(CodeClosed, "register.closed")
	}
	cat := e.Category(c.Category)
	if v != nil {
		if err := v.Usable(now); err != nil {
			return Quote{}, err
		}
	}
	if cat == nil || cat.Prices[phase.ID] == nil || (cat.Hidden && !v.Opens(cat.ID)) {
		return Quote{}, Fail(CodeInvalid, "register.category.choose")
	}
	lines, err := e.lines(cat, cat.Prices[phase.ID], c)
	if err != nil {
		return Quote{}, err
	}
	off, worth := v.Discount(lines)
	switch {
	case worth:
		lines = append(lines, off)
	case v != nil && !v.Opens(cat.ID) && !v.Keeps(cat.ID):
		return Quote{}, Fail(CodeInvalid, "voucher.scope")
	}
	return Quote{Phase: phase.ID, Lines: lines, Prices: Total(lines), Voucher: v}, nil
}

// lines are a category at a price, and the extras of a cart.
func (e *Event) lines(cat *Category, price Prices, c Cart) ([]Line, error) {
	lines := []Line{{Kind: LineCategory, ID: cat.ID, Name: cat.Name, Quantity: 1, Unit: price}}
	known := 0
	for _, x := range e.Extras {
		n, chosen := c.Extras[x.ID]
		if chosen {
			known++
		}
		if n < 0 || n > int64(x.Max) {
			return nil, Fail(CodeInvalid, "register.extra.quantity")
		}
		if n > 0 && !x.For(cat.ID) {
			return nil, Fail(CodeInvalid, "register.extra.category")
		}
		if n > 0 {
			lines = append(lines, Line{Kind: LineExtra, ID: x.ID, Name: x.Name, Quantity: n, Unit: x.Price})
		}
	}
	if known != len(c.Extras) {
		return nil, Fail(CodeInvalid, "register.extra.unknown")
	}
	return lines, nil
}

// Total adds lines up, per currency in which each of them has a price.
func Total(lines []Line) Prices {
	total := Prices{}
	if len(lines) == 0 {
		return total
	}
	for cur := range lines[0].Unit {
		if !slices.ContainsFunc(lines, func(l Line) bool { _, ok := l.Unit[cur]; return !ok }) {
			for _, l := range lines {
				total[cur] += l.Unit[cur] * l.Quantity
			}
		}
	}
	return total
}

// Currencies lists the currencies of p in a fixed order: KRW first, then by code.
func (p Prices) Currencies() []Currency {
	var all []Currency
	for c := range p {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b Currency) int {
		switch {
		case a == b:
			return 0
		case a == KRW || (b != KRW && a < b):
			return -1
		}
		return 1
	})
	return all
}

// Equal reports whether both hold the same prices.
func (p Prices) Equal(o Prices) bool {
	if len(p) != len(o) {
		return false
	}
	for c, v := range p {
		if w, ok := o[c]; !ok || w != v {
			return false
		}
	}
	return true
}
