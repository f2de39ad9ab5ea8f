package registration

import (
	"slices"
	"time"
)

// Amend gives the lines of a registration whose person chooses anew at now. What they have already keeps the price at which it was
// bought; what they add has today's. v is the voucher of the order, nil for none: what it takes off is reckoned anew, also after its
// time, because its use counts for this order already.
//
// It fails with CodeInvalid when the category is unknown, hidden or not on sale now, or an extra is unknown, over its limit or
// not for the category.
func (e *Event) Amend(r *Registration, want Cart, v *Voucher, now time.Time) ([]Line, error) {
	category, err := e.amendCategory(r, want.Category, v, now)
	if err != nil {
		return nil, err
	}
	lines := []Line{category}
	for id, n := range want.Extras {
		if x := e.Extra(id); x == nil && n > 0 {
			return nil, Fail(CodeInvalid, "register.extra.unknown")
		}
	}
	for i := range e.Extras {
		x := &e.Extras[i]
		n, had := want.Extras[x.ID], linesFor(r.Lines, LineExtra, x.ID)
		if n < 0 || n > max(int64(x.Max), quantityOf(had)) {
			return nil, Fail(CodeInvalid, "register.extra.quantity")
		}
		if n > 0 && !x.For(want.Category) && (want.Category != r.Category() || n > quantityOf(had)) {
			return nil, Fail(CodeInvalid, "register.extra.category")
		}
		lines = append(lines, amendExtra(x, had, n)...)
	}
	return append(lines, amendDiscount(r, lines, v)...), nil
}

// amendCategory is the category's line: the old one when it stays.
func (e *Event) amendCategory(r *Registration, id string, v *Voucher, now time.Time) (Line, error) {
	if had := linesFor(r.Lines, LineCategory, ""); len(had) > 0 && had[0].ID == id {
		return had[0], nil
	}
	cat, phase := e.Category(id), e.Phase(now)
	switch {
	case phase == nil:
		return Line{}, Fail(CodeInvalid, "change.category.over")
	case cat == nil || cat.Prices[phase.ID] == nil || (cat.Hidden && !v.Opens(cat.ID)):
		return Line{}, Fail(CodeInvalid, "register.category.choose")
	}
	return Line{Kind: LineCategory, ID: cat.ID, Name: cat.Name, Quantity: 1, Unit: cat.Prices[phase.ID]}, nil
}

// amendExtra gives the lines of n of an extra of which some were bought: those first, the oldest first, and today's price for the rest.
func amendExtra(x *Extra, had []Line, n int64) (lines []Line) {
	for _, l := range had {
		if l.Quantity = min(l.Quantity, n); l.Quantity > 0 {
			lines = append(lines, l)
			n -= l.Quantity
		}
	}
	if n == 0 {
		return lines
	}
	if last := len(lines) - 1; last >= 0 && lines[last].Unit.Equal(x.Price) {
		lines[last].Quantity += n
		return lines
	}
	return append(lines, Line{Kind: LineExtra, ID: x.ID, Name: x.Name, Quantity: n, Unit: x.Price})
}

// amendDiscount is what the voucher takes off the new lines. A voucher that cannot be read any more takes off what it did, as long as
// that much is left.
func amendDiscount(r *Registration, lines []Line, v *Voucher) []Line {
	i := slices.IndexFunc(r.Lines, func(l Line) bool { return l.Kind == LineVoucher })
	switch {
	case v != nil:
		if off, worth := v.Discount(lines); worth {
			return []Line{off}
		}
	case i >= 0:
		off := r.Lines[i]
		left := Total(lines)
		off.Unit = Prices{}
		for cur, n := range r.Lines[i].Unit {
			off.Unit[cur] = -min(-n, left[cur])
		}
		return []Line{off}
	}
	return nil
}

// AtNoDifference are lines that Amend has made for r at prices by which nothing more is to be paid: another category costs what the one
// before it did, and what is added of extras costs nothing. What goes takes its price with it.
func AtNoDifference(r *Registration, lines []Line) []Line {
	had, same := slices.Clone(r.Lines), []Line(nil)
	for _, l := range lines {
		switch l.Kind {
		case LineCategory:
			l.Unit = linesFor(r.Lines, LineCategory, "")[0].Unit
			same = append(same, l)
		case LineExtra:
			same = append(same, forNothing(l, had)...)
		case LineVoucher: // reckoned anew
		}
	}
	return append(same, amendDiscount(r, same, nil)...)
}

// forNothing splits an extra's line into as many as were had at its price, which are taken out of had, and the rest for nothing.
func forNothing(l Line, had []Line) []Line {
	kept := l
	kept.Quantity = 0
	for i := range had {
		if h := &had[i]; h.Kind == LineExtra && h.ID == l.ID && h.Unit.Equal(l.Unit) {
			n := min(h.Quantity, l.Quantity)
			h.Quantity, l.Quantity, kept.Quantity = h.Quantity-n, l.Quantity-n, kept.Quantity+n
		}
	}
	unit := Prices{}
	for cur := range l.Unit {
		unit[cur] = 0
	}
	l.Unit = unit
	return slices.DeleteFunc([]Line{kept, l}, func(l Line) bool { return l.Quantity == 0 })
}

// Cart is what the person of a registration has, as a choice.
func (r *Registration) Cart() Cart {
	c := Cart{Extras: map[string]int64{}}
	for _, l := range r.Lines {
		switch l.Kind {
		case LineCategory:
			c.Category = l.ID
		case LineExtra:
			c.Extras[l.ID] += l.Quantity
		case LineVoucher:
			c.Voucher = l.ID
		}
	}
	return c
}

// linesFor are the lines of a kind, those of one thing unless id is "".
func linesFor(lines []Line, kind LineKind, id string) []Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Kind != kind || (id != "" && l.ID != id) })
}

func quantityOf(lines []Line) (n int64) {
	for _, l := range lines {
		n += l.Quantity
	}
	return n
}

// PersonRefund is what goes back when one person of an order cancels at now: what the rule gives back of that person's share of what
// the order has kept so far, shared out by what each person's lines cost.
func (p *RefundPolicy) PersonRefund(o *Order, registration string, kept Money, now time.Time) Money {
	back, whole := Money{Cur: kept.Cur}, Total(LinesOf(o.Parts()))[kept.Cur]
	for _, r := range o.Registrations {
		if r.ID != registration || r.Gone || whole <= 0 || kept.Minor <= 0 {
			continue
		}
		kept.Minor = min(kept.Minor, whole) // more was withheld before, for good
		share := portion(kept.Minor, min(Total(r.Lines)[kept.Cur], whole), whole)
		back = p.Refund(r.Category(), Money{Minor: share, Cur: kept.Cur}, now)
	}
	return back
}

// ChangeRefund is what goes back of a difference when somebody of a category changes to something cheaper at now: the share that the
// rule gives back, without its fee; all of it when the event has no rule.
func (p *RefundPolicy) ChangeRefund(category string, less Money, now time.Time) Money {
	if p.Empty() || less.Minor <= 0 {
		return less
	}
	step, _ := p.Step(category, now)
	return Money{Minor: (less.Minor*step.Percent + 50) / 100, Cur: less.Cur}
}
