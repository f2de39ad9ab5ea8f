package registration

// Quotes are the priced carts of an order's people, in the people's order.
type Quotes []Quote

// Lines are the lines of all people, one person's after the other's.
func (q Quotes) Lines() []Line {
	var all []Line
	for _, one := range q {
		all = append(all, one.Lines...)
	}
	return all
}

// Prices adds up what all people come to, per currency in which each of their lines has a price.
func (q Quotes) Prices() Prices {
	if len(q) == 1 {
		return q[0].Prices
	}
	return Total(q.Lines())
}

// Places adds up what all people take from each quota of the event, with the options that they chose (answers stand in the order of the
// people) and what was answered once for the order. Each person for whom a limited voucher counts takes one use of it.
func (q Quotes) Places(e *Event, answers []Answers, forOrder Answers) map[string]int64 {
	taken := map[string]int64{}
	for i, one := range q {
		var given Answers
		if i < len(answers) {
			given = answers[i]
		}
		for quota, n := range one.Places(e, given) {
			taken[quota] += n
		}
	}
	forOrder.takePlaces(e, taken)
	return taken
}

// Voucher is the voucher that people of the order use, and how many of them do; nil for none. An order has one at most.
func (q Quotes) Voucher() (v *Voucher, uses int64) {
	for _, one := range q {
		if one.Voucher != nil {
			v, uses = one.Voucher, uses+1
		}
	}
	return v, uses
}
