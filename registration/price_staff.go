package registration

import "time"

// PriceByStaff prices a cart that staff fill in for somebody: hidden categories and a closed window do not matter, and a category that is
// not on sale now costs what it cost when it was last on sale. Prices in set replace the category's; nil leaves them.
//
// It fails with CodeInvalid when the category is unknown or never has a price, or an extra is unknown or over its limit, or when the category
// and the extras have no price in the same currency.
func (e *Event) PriceByStaff(c Cart, set Prices, now time.Time) (Quote, error) {
	cat := e.Category(c.Category)
	if cat == nil {
		return Quote{}, Fail(CodeInvalid, "register.category.choose")
	}
	phase, price := e.priceAt(cat, now)
	if len(set) > 0 {
		price = set
	}
	if price == nil {
		return Quote{}, Fail(CodeInvalid, "register.category.choose")
	}
	lines, err := e.lines(cat, price, c)
	if err != nil {
		return Quote{}, err
	}
	total := Total(lines)
	if len(total) == 0 { // nobody could pay it
		return Quote{}, Fail(CodeInvalid, "handmade.no_currency")
	}
	return Quote{Phase: phase, Lines: lines, Prices: total}, nil
}

// priceAt is what a category costs at now, else what it cost in the last phase before, else in the first one that has a price.
func (e *Event) priceAt(cat *Category, now time.Time) (phase string, price Prices) {
	current := e.Phase(now)
	passed := false
	for i := range e.Phases {
		p := &e.Phases[i]
		if cat.Prices[p.ID] != nil && (price == nil || !passed) {
			phase, price = p.ID, cat.Prices[p.ID]
		}
		passed = passed || p == current
	}
	return phase, price
}

// Free is the quote at no price in every currency that it has one in: somebody is invited.
func (q Quote) Free() Quote {
	lines := make([]Line, len(q.Lines))
	for i, l := range q.Lines {
		unit := Prices{}
		for cur := range l.Unit {
			unit[cur] = 0
		}
		l.Unit = unit
		lines[i] = l
	}
	q.Lines, q.Prices = lines, Total(lines)
	return q
}
