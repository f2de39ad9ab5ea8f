package registration

import "strings"

// Agreed is what the person has agreed to, of what the event asks now; open says that they have still to be asked. order is what was agreed to
// when the order was made, by the one with the address payer: it is that person's own consent and nobody else's. Whoever comes instead of
// another agrees for themselves; each of the others where the event has consents of its own.
func (r *Registration) Agreed(e *Event, order []Consent, payer string) (given []Consent, open bool) {
	asks := r.State != Cancelled && e.State != StateCancelled
	switch {
	case r.Consents != nil:
		return r.Consents, asks && len(r.Consents) == 0
	case len(e.Consents) == 0 || (len(order) > 0 && strings.EqualFold(r.Person.Email, payer)):
		return order, false
	}
	return nil, asks
}

// Agreed is Agreed of one of the order's people.
func (o *Order) Agreed(e *Event, r *Registration) (given []Consent, open bool) {
	if o.Check {
		return o.Consents, false
	}
	return r.Agreed(e, o.Consents, o.Payer.Email)
}
